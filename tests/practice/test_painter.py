"""The picture: every element is there, on one flat colour with quiet around it, in both themes at any size."""

import itertools

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.practice.geometry import (
    MARKER_DICTIONARY,
    MARKER_IDS,
    SLOTS,
    Area,
    boxes,
    control_at,
    describe,
    placement,
)
from app.practice.painter import render
from app.practice.themes import THEMES, Theme
from app.practice.view import BACK, ControlView, FieldView, Look, SeatView, TableView
from engine.game.cards import DECK

SIZES = ((760, 475), (960, 600), (1280, 800), (1500, 820))
CASES = list(itertools.product(THEMES.values(), SIZES))
IDS = [f"{theme.name}-{width}x{height}" for theme, (width, height) in CASES]
Pixels = NDArray[np.uint8]

STATUSES = ("in", "folded", "all-in", "out", "in", "in")
FULL = TableView(
    hand_number=128,
    seats=tuple(
        SeatView(seat, status, "Spruce", 10420 + seat, 1888 + seat, (BACK, "Td"))
        for seat, status in enumerate(STATUSES)
    ),
    hole=("Ad", "Kc"),
    board=("7s", "8h", "Td", "Qc", "2s"),
    pot=14240,
    turn=0,
    controls=(
        ControlView("fold", True),
        ControlView("call", True, 11820),
        ControlView("raise", True, 12240),
        ControlView("all-in", True, 120000),
    ),
    field=FieldView("1112240", enabled=True, focused=True),
    turn_left=0.5,
    wait_left=0.5,
)
EMPTY = TableView(0, tuple(SeatView(seat) for seat in range(6)))
TEXTS = [
    name
    for name in boxes()
    if name.rpartition(".")[2] in {"name", "stack", "bet", "word", "amount", "text", "pot", "hand_number"}
    and name != "control.amount"
]


def pixels(image: QImage) -> Pixels:
    """(height, width, 3) uint8."""
    data = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return data[:, : image.width(), :3].copy()


def crop(picture: Pixels, area: Area) -> Pixels:
    """The whole pixels inside a design area."""
    box = placement(picture.shape[1], picture.shape[0]).to_pixels(area)
    left, top = int(np.ceil(box.x)), int(np.ceil(box.y))
    return picture[top : int(box.y + box.height), left : int(box.x + box.width)]


def flat(piece: Pixels) -> bool:
    return bool((piece == piece[:1, :1]).all())


@pytest.mark.parametrize(("theme", "size"), CASES, ids=IDS)
def test_every_element_is_drawn_and_gone_when_it_does_not_apply(
    qapp: QApplication, theme: Theme, size: tuple[int, int]
) -> None:
    full = pixels(render(FULL, theme, *size, Look(caret=True)))
    empty = pixels(render(EMPTY, theme, *size))
    for name, area in boxes().items():
        element = name.rpartition(".")[2]
        if element in {"pod", "button", "turn"} or name.startswith("marker."):
            continue
        if element == "timer" and not name.startswith("seat.0"):
            continue
        if element == "status" and STATUSES[int(name.split(".")[1])] == "in":
            continue
        if element == "caret":
            assert not (crop(full, area) == crop(empty, area)).all(), name
            continue
        assert not flat(crop(full, area)), f"{name} is not drawn"
        if name.startswith("seat.") or name in {"hand_number", "control.amount.text", "next_hand"}:
            assert flat(crop(empty, area)), f"{name} is drawn although it does not apply"


@pytest.mark.parametrize(("theme", "size"), CASES, ids=IDS)
def test_every_text_has_four_units_of_one_colour_around_it(
    qapp: QApplication, theme: Theme, size: tuple[int, int]
) -> None:
    picture = pixels(render(FULL, theme, *size))
    for name in TEXTS:
        area = boxes()[name]
        outer = area.grown(3.5)
        strips = (
            Area(outer.x, outer.y, outer.width, 3),
            Area(outer.x, area.y + area.height + 0.5, outer.width, 3),
            Area(outer.x, outer.y, 3, outer.height),
            Area(area.x + area.width + 0.5, outer.y, 3, outer.height),
        )
        pieces = [piece.reshape(-1, 3) for piece in (crop(picture, strip) for strip in strips) if piece.size]
        assert len(np.unique(np.concatenate(pieces), axis=0)) == 1, f"{name} touches something"


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_all_52_cards_differ_clearly_at_60_percent(qapp: QApplication, theme: Theme) -> None:
    hero, _, *others = EMPTY.seats
    for element in ("board.0", "hole.0", "seat.1.card.0"):
        faces = []
        for card in (*DECK, BACK):
            seats = (hero, SeatView(1, "in", cards=(card, "")), *others)
            view = TableView(1, seats, (card, ""), (card, "", "", "", ""))
            faces.append(crop(pixels(render(view, theme, 768, 480)), boxes()[element]).astype(np.float64))
        stack = np.stack(faces)
        for index, face in enumerate(stack):
            distances = np.abs(stack - face).mean(axis=(1, 2, 3))
            distances[index] = np.inf
            assert distances.min() > 2.0, f"{(*DECK, BACK)[index]} looks like {(*DECK, BACK)[distances.argmin()]}"


@pytest.mark.parametrize(("theme", "size"), CASES, ids=IDS)
def test_the_four_markers_are_found_in_their_corners(qapp: QApplication, theme: Theme, size: tuple[int, int]) -> None:
    picture = pixels(render(FULL, theme, *size))
    dictionary = cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, MARKER_DICTIONARY))
    corners, ids, _ = cv2.aruco.ArucoDetector(dictionary).detectMarkers(picture)
    assert sorted(int(found) for found in ids.flatten()) == sorted(MARKER_IDS)
    place = placement(*size)
    for found, quad in zip(ids.flatten(), corners, strict=True):
        area = place.to_pixels(boxes()[f"marker.{MARKER_IDS.index(int(found))}"])
        assert np.abs(quad.reshape(4, 2)[0] - (area.x, area.y)).max() < 1.5


def test_the_same_view_gives_the_same_pixels(qapp: QApplication) -> None:
    theme = THEMES["felt"]
    assert (pixels(render(FULL, theme, 960, 600)) == pixels(render(FULL, theme, 960, 600))).all()


def test_hover_press_and_focus_change_looks_but_no_text(qapp: QApplication) -> None:
    theme = THEMES["felt"]
    plain = pixels(render(FULL, theme, 1280, 800))
    for look in (Look(hover="call"), Look(pressed="call")):
        marked = pixels(render(FULL, theme, 1280, 800, look))
        box = boxes()["control.call.amount"]
        assert not (crop(plain, box) == crop(marked, box)).all()
        ink = [crop(picture, box).min(axis=2) > 200 for picture in (plain, marked)]
        assert (ink[0] == ink[1]).mean() > 0.99


def test_boxes_lie_inside_the_design_and_readable_ones_do_not_overlap() -> None:
    texts = [boxes()[name] for name in TEXTS]
    for first, second in itertools.combinations(texts, 2):
        apart = (
            first.x + first.width <= second.x
            or second.x + second.width <= first.x
            or first.y + first.height <= second.y
            or second.y + second.height <= first.y
        )
        assert apart
    assert all(area.x >= 0 and area.y >= 0 for area in boxes().values())
    assert all(area.x + area.width <= 1280 and area.y + area.height <= 800 for area in boxes().values())


def test_a_point_finds_its_control() -> None:
    area = boxes()["control.raise"]
    assert control_at(area.x + 1, area.y + 1) == "raise"
    assert control_at(area.x - 3, area.y + 1) == ""


def test_the_description_names_every_box_and_slot() -> None:
    described = describe()
    assert described["boxes"] == {name: [a.x, a.y, a.width, a.height] for name, a in boxes().items()}
    assert all(slots[0] == 0 and len(slots) == players for players, slots in SLOTS.items())
