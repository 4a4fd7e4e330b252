"""Registration: scale and offset to a fraction of a pixel, or the reason why there are none."""

import random

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from app.practice.themes import THEMES
from app.teach.practice_table import labelled
from engine.vision.learn import LabelledFrame
from engine.vision.registration import Area, Placement, Registrar, RegistrationError
from tests.vision.painted import pack_of, registered
from tests.vision.random_views import random_view

pytestmark = pytest.mark.usefixtures("qapp")
Pixels = NDArray[np.uint8]
WITHIN = 0.35
"""Pixels that any point of the design may lie from its place."""


def painted(width: int, height: int, theme: str = "felt") -> LabelledFrame:
    view, look = random_view(random.Random(width))
    return labelled(view, THEMES[theme], width, height, look)


def farthest(found: Placement, true: Placement) -> float:
    """The greatest error of the design's corners, in pixels."""
    width, height = pack_of("felt").design
    return max(
        abs((found.scale - true.scale) * at + offset)
        for end, offset in ((width, found.left - true.left), (height, found.top - true.top))
        for at in (0, end)
    )


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", [(760, 475), (811, 700), (1003, 627), (1499, 640), (1900, 1100)])
def test_a_table_that_fills_its_window_is_placed(size: tuple[int, int], theme: str) -> None:
    frame = painted(*size, theme)
    assert farthest(registered(theme, frame.pixels), frame.placement) < WITHIN


def test_a_table_anywhere_in_a_larger_picture_is_found_and_found_again() -> None:
    frame = painted(840, 525)
    larger = np.full((800, 1300, 4), 90, np.uint8)
    larger[173 : 173 + 525, 311 : 311 + 840] = frame.pixels
    true = Placement(frame.placement.scale, frame.placement.left + 311, frame.placement.top + 173)
    found = registered("felt", larger)
    assert farthest(found, true) < WITHIN
    pack = pack_of("felt")
    again = Registrar(pack.dictionary, pack.markers, pack.design).register(larger, near=found)
    assert farthest(again, true) < WITHIN


def marker_box(frame: LabelledFrame, index: int) -> tuple[slice, slice]:
    box = frame.placement.box(list(pack_of("felt").markers.values())[index])
    return slice(box.y, box.y + box.height), slice(box.x, box.x + box.width)


@pytest.mark.parametrize("index", range(4))
def test_a_hidden_marker_is_no_table(index: int) -> None:
    frame = painted(960, 600)
    pixels = frame.pixels.copy()
    pixels[marker_box(frame, index)] = 255
    with pytest.raises(RegistrationError, match="not to be seen"):
        registered("felt", pixels)


def stretched(pixels: Pixels) -> Pixels:
    return cv2.resize(pixels, None, fx=1.04, fy=1.0).astype(np.uint8, copy=False)


def torn(pixels: Pixels) -> Pixels:
    shifted = pixels.copy()
    shifted[300:] = np.roll(shifted[300:], 6, axis=1)
    return shifted


def turned(pixels: Pixels) -> Pixels:
    around = cv2.getRotationMatrix2D((480.0, 300.0), 1.5, 1.0)
    return cv2.warpAffine(pixels, around, (960, 600)).astype(np.uint8, copy=False)


def mirrored(pixels: Pixels) -> Pixels:
    return np.ascontiguousarray(pixels[:, ::-1])


def cut_off(pixels: Pixels) -> Pixels:
    return np.ascontiguousarray(pixels[:, 90:])


def tiny(pixels: Pixels) -> Pixels:
    return cv2.resize(pixels, (40, 25)).astype(np.uint8, copy=False)


@pytest.mark.parametrize("change", [stretched, torn, turned, mirrored, cut_off, tiny], ids=lambda f: str(f.__name__))
def test_a_picture_that_one_scale_does_not_explain_is_refused(change: object) -> None:
    assert callable(change)
    with pytest.raises(RegistrationError):
        registered("felt", change(painted(960, 600).pixels))


def test_a_table_that_moved_away_is_not_taken_for_where_it_was() -> None:
    frame = painted(840, 525)
    pack = pack_of("felt")
    moved = np.full((700, 1000, 4), 90, np.uint8)
    moved[100:625, 100:940] = frame.pixels
    with pytest.raises(RegistrationError):
        Registrar(pack.dictionary, pack.markers, pack.design).register(moved, near=frame.placement)


def test_a_box_holds_every_pixel_that_an_area_touches() -> None:
    placement = Placement(0.75, 10.5, 20.25)
    box = placement.box(Area(10, 10, 20, 20))
    assert (box.x, box.y, box.x + box.width, box.y + box.height) == (18, 27, 33, 43)


def test_an_area_is_resampled_to_the_same_picture_at_every_scale() -> None:
    cuts = []
    for width, height in ((960, 600), (1280, 800)):
        view, _ = random_view(random.Random(4))
        frame = labelled(view, THEMES["felt"], width, height)
        cuts.append(frame.placement.rectify(frame.pixels, pack_of("felt").boxes["pot"], 120, 40).astype(np.int16))
    assert cuts[0].shape == (40, 120, 3)
    assert np.corrcoef(cuts[0].ravel(), cuts[1].ravel())[0, 1] > 0.9
