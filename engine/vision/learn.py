"""Learns a layout pack from labelled frames: looks, glyphs, words, pictures, and what distance to accept.

A label says what a region shows. Frames of several scales teach how much resampling blurs; what is accepted follows
from the distances measured on the very frames learned from, never from a constant that happened to work.
"""

import hashlib
import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.vision.pack import CANONICAL_FONT, LINE_HEIGHT, SCHEMA, Templates, digest_of, templates
from engine.vision.registration import Area, Placement
from engine.vision.sampling import best_two, distances, line_patch, picture
from engine.vision.text import Coverage, GlyphReader, Glyphs, TextLook, background, coverage, inked

FIGURES = "0123456789"
MAXIMUM_LIKENESSES = 4
"""Templates kept of an empty place at one scale."""
KEPT = 2
"""Samples kept of one thing at one scale."""
BEARING = 2
"""Columns of a cell left of the ink of the character that sets the pen."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelledFrame:
    """A frame (height, width, 4) BGRA with what its regions show.

    ``texts``: region -> (look, text); ``pictures``: region -> name of what is shown.
    """

    pixels: NDArray[np.uint8]
    placement: Placement
    texts: dict[str, tuple[str, str]]
    pictures: dict[str, str]


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How a text region is set: its font size in design units and the kind of words it holds ("" for figures)."""

    font_size: int
    words: str


@dataclass(frozen=True, slots=True)
class PictureStyle:
    """What a picture region holds and the size its templates are kept at."""

    kind: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Description:
    """The layout to learn: boxes by region in design units, and how each is read."""

    client: str
    theme: str
    window: dict[str, str]
    design: tuple[int, int]
    markers: dict[str, Any]
    boxes: dict[str, Area]
    texts: dict[str, TextStyle]
    pictures: dict[str, PictureStyle]


@dataclass(frozen=True, slots=True, eq=False)
class _TextSample:
    region: str
    words: str
    look: str
    text: str
    patch: NDArray[np.uint8]
    scale: float


@dataclass(frozen=True, slots=True, eq=False)
class _PictureSample:
    kind: str
    name: str
    patch: NDArray[np.uint8]
    scale: float


def learn(description: Description, frames: Iterable[LabelledFrame], folder: Path) -> dict[str, tuple[float, float]]:
    """Write a pack into ``folder`` and return what is accepted: kind -> (limit, margin).

    Frames are taken one at a time. Of one thing at one scale two samples are kept, from different regions.
    """
    texts, shown = _sampled(description, frames)
    looks = _looks(texts)
    figures, words = _covers(texts, looks)
    glyphs, word_sets, pictures = _glyphs(figures), _sets(words), _sets(shown)
    accepted = _accepted_figures(figures) | _accepted(words) | _accepted(shown)
    arrays = {f"templates.{kind}": _bytes(known) for kind, known in (word_sets | pictures).items()}
    arrays |= {f"glyphs.{width}": np.rint(cells * 255).astype(np.uint8) for width, (_, cells) in glyphs.cells.items()}
    scales = sorted({found.scale for found in texts})
    _write(folder, _meta(description, scales, looks, glyphs, word_sets | pictures, accepted), arrays)
    return accepted


def _covers(
    texts: Sequence[_TextSample], looks: dict[str, dict[str, TextLook]]
) -> tuple[list[tuple[str, Coverage, float]], list[_PictureSample]]:
    """The figures as (text, coverage, scale), and the words as pictures of their coverage."""
    figures: list[tuple[str, Coverage, float]] = []
    words: list[_PictureSample] = []
    for found in texts:
        cover = coverage(found.patch, looks[found.region][found.look])
        if found.words:
            words.append(_PictureSample(found.words, found.text, np.rint(cover * 255).astype(np.uint8), found.scale))
        else:
            figures.append((found.text, cover, found.scale))
    return figures, words


def _sampled(
    description: Description, frames: Iterable[LabelledFrame]
) -> tuple[list[_TextSample], list[_PictureSample]]:
    texts: dict[tuple[object, ...], list[_TextSample]] = defaultdict(list)
    looks_seen: set[tuple[str, str, bool]] = set()
    pictures: dict[tuple[object, ...], list[_PictureSample]] = defaultdict(list)
    for frame in frames:
        scale = round(frame.placement.scale, 3)
        for region, (look, text) in frame.texts.items():
            style = description.texts[region]
            kept = texts[(look, text, scale, style.words or description.boxes[region].width, style.font_size)]
            key = (region, look, bool(text))
            if len(kept) < KEPT or key not in looks_seen:
                looks_seen.add(key)
                patch = line_patch(frame.pixels, frame.placement, description.boxes[region], style.font_size)
                kept.append(_TextSample(region, style.words, look, text, patch, scale))
        for region, name in frame.pictures.items():
            known = description.pictures[region]
            seen = pictures[(known.kind, name, scale)]
            cut = picture(frame.pixels, frame.placement, description.boxes[region], known.width, known.height)
            if len(seen) < 3 * KEPT and not any(np.array_equal(cut, other.patch) for other in seen):
                seen.append(_PictureSample(known.kind, name, cut, scale))
    return [found for kept in texts.values() for found in kept], [cut for seen in pictures.values() for cut in seen]


def _looks(texts: Sequence[_TextSample]) -> dict[str, dict[str, TextLook]]:
    """Background and ink of each look, measured on the largest frame that shows it with text."""
    found: dict[str, dict[str, TextLook]] = defaultdict(dict)
    for sample in sorted(texts, key=lambda sample: (-sample.scale, not sample.text)):
        if sample.look not in found[sample.region]:
            base, _ = background(sample.patch)
            ink = _ink(sample.patch, base) if sample.text else base
            found[sample.region][sample.look] = TextLook(sample.look, _triple(base), _triple(ink))
    return {region: _with_ink(looks) for region, looks in found.items()}


def _with_ink(looks: dict[str, TextLook]) -> dict[str, TextLook]:
    """Looks in which no text was ever seen get the ink of another: any ink there is then far from a glyph."""
    inks = [look.ink for look in looks.values() if look.ink != look.background]
    return {
        name: TextLook(name, look.background, inks[0] if look.ink == look.background else look.ink)
        for name, look in looks.items()
    }


def _ink(patch: NDArray[np.uint8], base: NDArray[np.float32]) -> NDArray[np.float32]:
    """The colour farthest from the background: the median of the farthest hundredth of the pixels."""
    flat = patch.reshape(-1, 3).astype(np.float32)
    order = np.argsort(((flat - base) ** 2).sum(axis=1))
    return np.median(flat[order[-max(3, len(order) // 100) :]], axis=0).astype(np.float32)


def _triple(colour: NDArray[np.float32]) -> tuple[float, float, float]:
    blue, green, red = (float(value) for value in colour)
    return blue, green, red


# glyphs


def _glyphs(samples: list[tuple[str, Coverage, float]]) -> Glyphs:
    """Cells of figures, comma and number sign, their pens set by the figure 8 at the same scale."""
    by_text: dict[float, dict[str, Coverage]] = defaultdict(dict)
    for text, cover, scale in samples:
        by_text[scale].setdefault(text, cover)
    largest = by_text[max(by_text)]
    advance = (_ink_width(largest["8888888"]) - _ink_width(largest["8"])) / 6
    comma = _ink_width(largest["8,888"]) - _ink_width(largest["8888"])
    sign = _ink_width(largest["#8"]) - _ink_width(largest["8"])
    cells: dict[int, list[tuple[str, Coverage]]] = defaultdict(list)
    for texts in by_text.values():
        for name, cell in _cells_of(texts, advance, comma, sign):
            cells[cell.shape[1]] += [(name, cell), (name, _half_a_column_on(cell))]
    bearings = {name: _bearing(cell) for width in cells for name, cell in reversed(cells[width])}
    stacked = {
        width: ("".join(name for name, _ in found), np.stack([cell for _, cell in found]))
        for width, found in cells.items()
    }
    return Glyphs(stacked, {name: at for name, at in bearings.items() if name != ","}, LINE_HEIGHT)


def _cells_of(texts: dict[str, Coverage], advance: float, comma: float, sign: float) -> Iterable[tuple[str, Coverage]]:
    width = round(advance)
    for figure in FIGURES:
        cover = texts[f"8{figure}8"]
        yield figure, _cell(cover, _pen(cover) + round(advance), width)
    cover = texts["8,888"]
    yield ",", _cell(cover, _pen(cover) + round(advance), round(comma))
    cover = texts["#8"]
    yield "#", _cell(cover, _pen(cover), round(sign))


def _pen(cover: Coverage) -> int:
    span = inked(cover)
    assert span is not None, "a labelled text without ink"
    return max(0, span[0] - BEARING)


def _cell(cover: Coverage, start: int, width: int) -> Coverage:
    return cover[1 : 1 + LINE_HEIGHT, start : start + width]


def _half_a_column_on(cell: Coverage) -> Coverage:
    """The cell as it looks when its ink lies between two columns: the pen's place is known to whole columns only."""
    moved = cell.copy()
    moved[:, 1:] = (cell[:, 1:] + cell[:, :-1]) / 2
    return moved


def _bearing(cell: Coverage) -> int:
    span = inked(cell)
    return BEARING if span is None else span[0]


def _ink_width(cover: Coverage) -> int:
    span = inked(cover)
    assert span is not None, "a labelled text without ink"
    return span[1] - span[0]


# words and pictures


def _sets(samples: Sequence[_PictureSample]) -> dict[str, Templates]:
    """One template for each name and scale of a kind, more for what is empty: it shows whatever lies below."""
    kinds: dict[str, dict[tuple[str, bytes], _PictureSample]] = defaultdict(dict)
    kept: dict[tuple[str, str, float], int] = defaultdict(int)
    for cut in samples:
        kept[cut.kind, cut.name, cut.scale] += 1
        if kept[cut.kind, cut.name, cut.scale] > (MAXIMUM_LIKENESSES if cut.name in ("", "empty") else 1):
            continue
        kinds[cut.kind].setdefault((cut.name, cut.patch.tobytes()), cut)
    return {kind: _set(list(found.values())) for kind, found in kinds.items()}


def _set(found: list[_PictureSample]) -> Templates:
    height, width = found[0].patch.shape[:2]
    return templates(width, height, tuple(cut.name for cut in found), np.stack([cut.patch for cut in found]))


# what to accept


def _accept(true: list[float], leads: list[float]) -> tuple[float, float]:
    """Limit and margin from distances of right matches and their leads: room on both sides, in equal ratios."""
    worst, lead = max(true), min(leads)
    return float(max(np.sqrt(max(worst, 1e-5) * lead) / 2, 2.5 * worst)), float(lead / 3)


def _accepted_figures(figures: list[tuple[str, Coverage, float]]) -> dict[str, tuple[float, float]]:
    """What to accept of figures: each scale read with glyphs learned from the others."""
    true, leads = [], []
    for left_out in sorted({scale for _, _, scale in figures}):
        reader = GlyphReader(_glyphs([sample for sample in figures if sample[2] != left_out]))
        for text, cover, scale in figures:
            if scale != left_out or not text:
                continue
            read, worst, runner_up = reader.read(cover)
            if read != text:
                raise ValueError(f"the glyphs learned read {text!r} as {read!r} at scale {scale:.2f}")
            true.append(worst)
            leads.append(runner_up - worst)
    return {"figures": _accept(true, leads)}


def _accepted(samples: Sequence[_PictureSample]) -> dict[str, tuple[float, float]]:
    """What to accept of each kind: each scale compared with templates of the others."""
    kinds = sorted({cut.kind for cut in samples})
    return {kind: _accepted_kind([cut for cut in samples if cut.kind == kind]) for kind in kinds}


def _accepted_kind(samples: list[_PictureSample]) -> tuple[float, float]:
    true, leads = [], []
    for left_out in sorted({cut.scale for cut in samples}):
        known = _set([cut for cut in samples if cut.scale != left_out])
        for cut in samples:
            if cut.scale == left_out:
                name, distance, runner_up = best_two(distances(cut.patch.reshape(-1).astype(np.float32) / 255.0, known))
                if name != cut.name:
                    raise ValueError(f"{cut.kind}: {cut.name!r} is taken for {name!r} at scale {cut.scale:.2f}")
                true.append(distance)
                leads.append(min(runner_up - distance, 1.0))
    return _accept(true, leads)


# writing


def _bytes(known: Templates) -> NDArray[np.uint8]:
    values = known.rows.size // (len(known.names) * known.width * known.height)
    shape = (len(known.names), known.height, known.width) + ((values,) if values > 1 else ())
    return np.rint(known.rows * 255).astype(np.uint8).reshape(shape)


def _meta(
    description: Description,
    scales: Sequence[float],
    looks: dict[str, dict[str, TextLook]],
    glyphs: Glyphs,
    known: dict[str, Templates],
    accepted: dict[str, tuple[float, float]],
) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "client": description.client,
        "theme": description.theme,
        "window": description.window,
        "design": list(description.design),
        "scales": [min(scales), max(scales)],
        "markers": description.markers,
        "font": CANONICAL_FONT,
        "boxes": {name: [box.x, box.y, box.width, box.height] for name, box in description.boxes.items()},
        "texts": {name: _text_meta(style, looks[name]) for name, style in description.texts.items()},
        "images": {name: style.kind for name, style in description.pictures.items()},
        "templates": {
            kind: {"size": [found.width, found.height], "names": list(found.names)} for kind, found in known.items()
        },
        "glyphs": {
            "height": glyphs.height,
            "bearings": glyphs.bearings,
            "cells": {str(width): list(names) for width, (names, _) in glyphs.cells.items()},
        },
        "accepted": {kind: [round(limit, 6), round(margin, 6)] for kind, (limit, margin) in accepted.items()},
    }


def _text_meta(style: TextStyle, looks: dict[str, TextLook]) -> dict[str, Any]:
    return {
        "font_size": style.font_size,
        "words": style.words,
        "looks": [
            {"name": look.name, "background": list(look.background), "ink": list(look.ink)} for look in looks.values()
        ],
    }


def _write(folder: Path, meta: dict[str, Any], arrays: dict[str, NDArray[np.uint8]]) -> None:
    """Templates first, then the description that holds their checksum: a half-written pack is refused."""
    folder.mkdir(parents=True, exist_ok=True)
    blob = _archive(arrays)
    meta["templates_sha256"] = hashlib.sha256(blob).hexdigest()
    meta["pack_sha256"] = digest_of(meta)
    (folder / "templates.npz").write_bytes(blob)
    (folder / "pack.json").write_text(json.dumps(meta, indent=1, sort_keys=True) + "\n")


def _archive(arrays: dict[str, NDArray[np.uint8]]) -> bytes:
    """A compressed npz whose bytes depend on its content alone (numpy's own carries the time of day)."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(arrays):
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(arrays[name]), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, member.getvalue(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
