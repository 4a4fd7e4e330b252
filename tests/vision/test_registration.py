"""Registration on drawn markers: the table is placed wherever it lies, and what is not certain is refused."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.vision.registration import Placement, Registrar, RegistrationError
from tests.vision.painted import pack_of

PACK = pack_of("felt")
FILLING = Placement(0.625, 0.0, 0.0)


@pytest.fixture(scope="module")
def registrar() -> Registrar:
    return Registrar(PACK.dictionary, PACK.markers, PACK.design)


def drawn(place: Placement, width: int, height: int, without: tuple[int, ...] = ()) -> NDArray[np.uint8]:
    """The markers of the layout at a place, on white: (height, width, 4) uint8."""
    dictionary = cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, PACK.dictionary))
    design = np.full((PACK.design[1] * 2, PACK.design[0] * 2), 255, np.uint8)
    for number, area in PACK.markers.items():
        x, y, side = round(2 * area.x), round(2 * area.y), round(2 * area.width)
        if number not in without:
            design[y : y + side, x : x + side] = cv2.aruco.generateImageMarker(dictionary, number, side)
    small = cv2.resize(design, None, fx=place.scale / 2, fy=place.scale / 2, interpolation=cv2.INTER_AREA)
    picture = np.full((height, width, 4), 255, np.uint8)
    left, top = round(place.left), round(place.top)
    picture[top : top + small.shape[0], left : left + small.shape[1], :3] = small[:, :, None]
    return picture


def assert_at(found: Placement, place: Placement) -> None:
    assert found.scale == pytest.approx(place.scale, abs=0.001)
    assert (found.left, found.top) == pytest.approx((place.left, place.top), abs=0.4)


@pytest.mark.parametrize(
    ("place", "width", "height"),
    [
        pytest.param(FILLING, 800, 500, id="fills its window"),
        pytest.param(Placement(0.625, 0.0, 40.0), 800, 580, id="in the middle of a taller window"),
        pytest.param(Placement(0.625, 90.0, 70.0), 1000, 600, id="anywhere in a window"),
        pytest.param(Placement(1.25, 0.0, 0.0), 1600, 1000, id="large"),
    ],
)
def test_the_table_is_placed(registrar: Registrar, place: Placement, width: int, height: int) -> None:
    pixels = drawn(place, width, height)
    found = registrar.register(pixels)
    assert_at(found, place)
    assert_at(registrar.register(pixels, found), place)


def test_a_place_known_from_before_is_not_believed(registrar: Registrar) -> None:
    moved = drawn(Placement(0.625, 90.0, 70.0), 1000, 600)
    with pytest.raises(RegistrationError):
        registrar.register(moved, FILLING)


@pytest.mark.parametrize("missing", sorted(PACK.markers))
def test_every_marker_is_needed(registrar: Registrar, missing: int) -> None:
    with pytest.raises(RegistrationError, match="not to be seen"):
        registrar.register(drawn(FILLING, 800, 500, without=(missing,)))


def test_markers_that_no_one_scale_explains_are_refused(registrar: Registrar) -> None:
    stretched = cv2.resize(drawn(FILLING, 800, 500), (900, 500)).astype(np.uint8, copy=False)
    with pytest.raises(RegistrationError):
        registrar.register(stretched)
