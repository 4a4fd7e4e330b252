"""Layout packs: everything the eyes know about one client in one theme, validated and checksummed on load.

A pack is a folder with ``pack.json`` (regions, markers, looks, window rule) and ``templates.npz`` (cards, words,
glyphs), whose SHA-256 the JSON holds. Boxes are in design units.
"""

import hashlib
import json
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from engine.vision.registration import Area
from engine.vision.text import Glyphs, TextLook

SCHEMA = 1
CANONICAL_FONT = 28
"""Pixels of the font size to which every text box is resampled."""
LINE_HEIGHT = 36
"""Rows of a canonical text line."""


class LayoutPackError(ValueError):
    """A layout pack that is missing, damaged or not for this program; says which and what to do."""


@dataclass(frozen=True, slots=True)
class TextRegion:
    """A box of text: its design font size, the looks it is known in, and the words it can hold ("" for figures)."""

    area: Area
    font_size: int
    looks: tuple[TextLook, ...]
    words: str


@dataclass(frozen=True, slots=True)
class ImageRegion:
    """A box that shows one of a set of pictures (cards, badges, marks), named by ``kind``."""

    area: Area
    kind: str


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The greatest distance accepted and the smallest lead over the runner-up, both in mean squared difference."""

    limit: float
    margin: float


@dataclass(frozen=True, slots=True, eq=False)
class Templates:
    """Named templates of one kind at ``width`` x ``height``, flattened: (n, values) float32 in [0, 1].

    Several may share a name (the same thing at several scales); ``energy`` holds the squared norms. In the ``order``
    that puts a name's templates side by side, those of ``kinds[i]`` begin at ``firsts[i]``.
    """

    width: int
    height: int
    names: tuple[str, ...]
    rows: NDArray[np.float32]
    energy: NDArray[np.float32]
    order: NDArray[np.intp]
    kinds: tuple[str, ...]
    firsts: NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class LayoutPack:
    """A loaded pack."""

    client: str
    theme: str
    window_title: str
    window_class: str
    design: tuple[int, int]
    scales: tuple[float, float]
    dictionary: str
    markers: dict[int, Area]
    boxes: dict[str, Area]
    texts: dict[str, TextRegion]
    images: dict[str, ImageRegion]
    glyphs: Glyphs
    templates: dict[str, Templates]
    accepted: dict[str, Acceptance]
    digest: str


def templates(width: int, height: int, names: tuple[str, ...], pictures: NDArray[np.uint8]) -> Templates:
    """Templates from pictures (n, height, width[, 3]) uint8."""
    rows = np.ascontiguousarray(pictures.reshape(len(names), -1).astype(np.float32) / 255.0)
    order = np.argsort(names, kind="stable")
    kinds, firsts = np.unique(np.array(names)[order], return_index=True)
    return Templates(width, height, names, rows, (rows**2).sum(axis=1), order, tuple(kinds.tolist()), firsts)


def load(folder: Path) -> LayoutPack:
    """Read and validate a pack; LayoutPackError when anything is missing, altered or of another schema."""
    meta, digest, blob = _meta(folder)
    try:
        with np.load(BytesIO(blob), allow_pickle=False) as arrays:
            return _built(meta, {name: arrays[name] for name in arrays.files}, digest)
    except (LookupError, TypeError, ValueError, AttributeError, OSError, EOFError, BadZipFile) as error:
        raise LayoutPackError(f"the layout pack {folder} is damaged ({error}): {_ADVICE}") from error


_ADVICE = "restore it, or build it again with: pitboss layout build"


def _meta(folder: Path) -> tuple[dict[str, Any], str, bytes]:
    """The description, its checksum, and the very bytes of the templates that were checked."""
    try:
        text = (folder / "pack.json").read_bytes()
        blob = (folder / "templates.npz").read_bytes()
        meta = json.loads(text)
    except (OSError, ValueError) as error:
        raise LayoutPackError(f"the layout pack {folder} cannot be read ({error}): {_ADVICE}") from error
    if not isinstance(meta, dict) or meta.get("schema") != SCHEMA:
        raise LayoutPackError(f"the layout pack {folder} is not of schema {SCHEMA}: {_ADVICE}")
    if hashlib.sha256(blob).hexdigest() != meta.get("templates_sha256"):
        raise LayoutPackError(f"the templates of {folder} do not match their checksum: {_ADVICE}")
    stated = meta.pop("pack_sha256", None)
    if stated != digest_of(meta):
        raise LayoutPackError(f"the description of {folder} does not match its checksum: {_ADVICE}")
    return meta, str(stated), blob


def digest_of(meta: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON of a pack's description."""
    return hashlib.sha256(json.dumps(meta, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _built(meta: dict[str, Any], arrays: dict[str, NDArray[Any]], digest: str) -> LayoutPack:
    boxes = {name: Area(*box) for name, box in meta["boxes"].items()}
    return LayoutPack(
        client=meta["client"],
        theme=meta["theme"],
        window_title=meta["window"]["title"],
        window_class=meta["window"]["class"],
        design=(meta["design"][0], meta["design"][1]),
        scales=(meta["scales"][0], meta["scales"][1]),
        dictionary=meta["markers"]["dictionary"],
        markers={int(number): boxes[f"marker.{at}"] for at, number in enumerate(meta["markers"]["ids"])},
        boxes=boxes,
        texts={name: _text_region(boxes[name], text) for name, text in meta["texts"].items()},
        images={name: ImageRegion(boxes[name], kind) for name, kind in meta["images"].items()},
        glyphs=_glyphs(meta["glyphs"], arrays),
        templates={
            kind: templates(known["size"][0], known["size"][1], tuple(known["names"]), arrays[f"templates.{kind}"])
            for kind, known in meta["templates"].items()
        },
        accepted={kind: Acceptance(float(limit), float(margin)) for kind, (limit, margin) in meta["accepted"].items()},
        digest=digest,
    )


def _colour(value: Any) -> tuple[float, float, float]:
    blue, green, red = value
    return float(blue), float(green), float(red)


def _text_region(area: Area, text: dict[str, Any]) -> TextRegion:
    looks = tuple(TextLook(look["name"], _colour(look["background"]), _colour(look["ink"])) for look in text["looks"])
    return TextRegion(area, int(text["font_size"]), looks, str(text["words"]))


def _glyphs(meta: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Glyphs:
    cells = {
        int(width): ("".join(names), arrays[f"glyphs.{width}"].astype(np.float32) / 255.0)
        for width, names in meta["cells"].items()
    }
    return Glyphs(cells, {name: int(at) for name, at in meta["bearings"].items()}, int(meta["height"]))
