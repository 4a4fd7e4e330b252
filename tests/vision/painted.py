"""Painted tables with labels, and what a pack's recogniser makes of them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.vision.learn import LabelledFrame
from engine.vision.pack import LayoutPack, load
from engine.vision.recognise import Recogniser, Seen
from engine.vision.registration import Placement, Registrar

LAYOUTS = Path(__file__).parents[2] / "resources" / "layouts" / "practice"


@cache
def pack_of(theme: str) -> LayoutPack:
    return load(LAYOUTS / theme)


def registered(theme: str, pixels: NDArray[np.uint8]) -> Placement:
    """Where the table lies in a picture; RegistrationError when that is not certain."""
    pack = pack_of(theme)
    return Registrar(pack.dictionary, pack.markers, pack.design).register(pixels)


def shown(frame: LabelledFrame, name: str) -> str:
    """What a region shows by its label."""
    return frame.texts[name][1] if name in frame.texts else frame.pictures[name]


@dataclass(frozen=True, slots=True)
class Score:
    """Elements of a picture: how many there are, the accepted ones that are wrong, and the unknown ones."""

    elements: int
    wrong: tuple[str, ...]
    unknown: tuple[str, ...]


def score(regions: dict[str, Seen], *truths: LabelledFrame) -> Score:
    """The regions against one frame's labels, or against several when each of them would be right."""
    accepted = {name: seen.value for name, seen in regions.items() if seen.strain <= 1}
    wrong = [
        f"{name}: {value!r} is not {shown(truths[0], name)!r}"
        for name, value in accepted.items()
        if value not in {shown(truth, name) for truth in truths}
    ]
    return Score(len(regions), tuple(wrong), tuple(name for name in regions if name not in accepted))


def read(theme: str, pixels: NDArray[np.uint8], placement: Placement) -> dict[str, Seen]:
    """Every region of a picture, read by a recogniser that has seen nothing before."""
    return Recogniser(pack_of(theme)).read(pixels, placement)
