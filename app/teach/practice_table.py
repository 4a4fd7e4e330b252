"""What each region of a painted practice table shows, and the specimens that teach its layout pack."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from app.practice import geometry
from app.practice.painter import render
from app.practice.themes import Theme
from app.practice.view import CONTROL_KINDS, ControlView, FieldView, Look, SeatView, TableView
from engine.game.cards import DECK
from engine.vision.learn import Description, LabelledFrame, PictureStyle, TextStyle
from engine.vision.registration import Area, Placement

SIZES = ((2560, 1600), (1920, 1200), (1600, 1000), (1280, 800), (1120, 700), (960, 600), (840, 525), (760, 475))
"""Client areas the pack is learned at, largest first: twice the design down to the smallest the table allows."""
WORDS = {"fold": "Fold", "check": "Check", "call": "Call", "bet": "Bet", "raise": "Raise to", "all-in": "All-in"}
BADGES = {"in": "", "folded": "FOLDED", "all-in": "ALL-IN", "out": "OUT", "empty": "empty"}


def description(theme: str) -> Description:
    """The practice table's layout in one theme, without anything learned."""
    layout = geometry.describe()
    boxes = {name: Area(box.x, box.y, box.width, box.height) for name, box in geometry.boxes().items()}
    boxes |= {name: box.grown(-2) for name, box in boxes.items() if name.endswith(".turn")}
    texts = {name: text for name in boxes if (text := _text_style(name)) is not None}
    pictures = {name: shown for name in boxes if (shown := _picture_style(name)) is not None}
    markers = layout["markers"]
    assert isinstance(markers, dict)
    window = {"title": "Pitboss Practice Table", "class": "pitboss-table"}
    size = (geometry.DESIGN_WIDTH, geometry.DESIGN_HEIGHT)
    return Description("practice", theme, window, size, markers, boxes, texts, pictures)


def _text_style(name: str) -> TextStyle | None:
    end = name.rpartition(".")[2]
    match end:
        case "stack":
            return TextStyle(32 if name == "seat.0.stack" else 28, "")
        case "bet":
            return TextStyle(26, "")
        case "pot":
            return TextStyle(28, "")
        case "hand_number":
            return TextStyle(24, "")
        case "word":
            return TextStyle(25, name.removesuffix(".word"))
        case "text":
            return TextStyle(27, "")
        case "amount" if name != "control.amount":
            return TextStyle(27, "")
        case _:
            return None


def _picture_style(name: str) -> PictureStyle | None:
    head, _, end = name.rpartition(".")
    if head in ("hole", "board"):
        return PictureStyle(head, 44, 61)
    if end == "status":
        return PictureStyle("status.0" if name == "seat.0.status" else "status", 50, 18)
    if end == "turn":
        return PictureStyle("turn.0" if name == "seat.0.turn" else "turn", 4, 24)
    if end == "button" and head.startswith("seat"):
        return PictureStyle("disc", 20, 20)
    return None


def pixels_of(image: QImage) -> NDArray[np.uint8]:
    """An RGB32 picture as (height, width, 4) uint8 in BGRA order."""
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return flat[:, : image.width()].copy()


def labelled(view: TableView, theme: Theme, width: int, height: int, look: Look | None = None) -> LabelledFrame:
    """One painted picture with the labels of everything in it."""
    marks = look or Look()
    image = pixels_of(render(view, theme, width, height, marks))
    place = geometry.placement(width, height)
    texts = _seat_texts(view) | _control_texts(view, marks)
    texts |= {"pot": ("plain", f"{view.pot:,}"), "hand_number": ("plain", f"#{view.hand_number}")}
    return LabelledFrame(image, Placement(place.scale, place.left, place.top), texts, _pictures(view))


def _seat_texts(view: TableView) -> dict[str, tuple[str, str]]:
    texts = {}
    for seat in view.seats:
        shown = ("plain", f"{seat.stack:,}") if seat.present else ("empty", "")
        texts[f"seat.{seat.seat}.stack"] = shown
        texts[f"seat.{seat.seat}.bet"] = ("plain", f"{seat.bet:,}" if seat.bet else "")
    return texts


def _control_texts(view: TableView, look: Look) -> dict[str, tuple[str, str]]:
    texts = {}
    for name, control in zip(CONTROL_KINDS, view.controls, strict=True):
        state = "disabled"
        if control.enabled:
            state = "pressed" if look.pressed == name else "hover" if look.hover == name else "plain"
        texts[f"control.{name}.word"] = (state, WORDS[control.kind])
        if name != "fold":
            shown = control.enabled and control.amount
            texts[f"control.{name}.amount"] = (state, f"{control.amount:,}" if shown else "")
    field = view.field
    state = "disabled" if not field.enabled else "selected" if field.selected and field.text else "plain"
    texts["control.amount.text"] = (state, field.text)
    return texts


def _pictures(view: TableView) -> dict[str, str]:
    pictures = {f"hole.{index}": card for index, card in enumerate(view.hole)}
    pictures |= {f"board.{index}": card for index, card in enumerate(view.board)}
    for seat in view.seats:
        pictures[f"seat.{seat.seat}.status"] = BADGES[seat.status]
        pictures[f"seat.{seat.seat}.turn"] = "turn" if view.turn == seat.seat else ""
        pictures[f"seat.{seat.seat}.button"] = "D" if view.button == seat.seat else ""
    return pictures


def specimens() -> Iterator[tuple[TableView, Look]]:
    """Views that together show every card, figure, word, badge and look."""
    yield from ((view, Look()) for view in _card_views())
    yield from ((view, Look()) for view in _figure_views())
    yield from _control_views()


def _seats(stack: int, bet: int, statuses: tuple[str, ...] = ("in",) * 6) -> tuple[SeatView, ...]:
    return tuple(
        SeatView(seat, status, "" if status == "empty" else "Specimen", stack, 0 if status == "empty" else bet)
        for seat, status in enumerate(statuses)
    )


def _card_views() -> Iterator[TableView]:
    blank = TableView(8, _seats(8, 8))
    yield blank
    for start in range(0, 52, 5):
        board = tuple(DECK[(start + offset) % 52] for offset in range(5))
        yield replace(blank, board=board)
    for start in range(0, 52, 2):
        yield replace(blank, hole=(DECK[start], DECK[start + 1]))


def _figure_views() -> Iterator[TableView]:
    for number in (8, *(808 + 10 * figure for figure in range(10)), 8888, 1234, 20967, 53071):
        statuses = ("in", "folded", "all-in", "out", "in", "in")
        yield TableView(8, _seats(number, number, statuses), pot=number, button=number % 6, turn=number % 6)
    yield TableView(8, _seats(8, 0, ("folded", "empty", "in", "empty", "folded", "empty")), button=0, turn=2)
    yield TableView(8, _seats(8, 0, ("all-in", "in", "empty", "in", "empty", "all-in")), button=1, turn=3)
    yield TableView(8, _seats(8, 0, ("out", "out", "folded", "all-in", "out", "folded")), button=3, turn=5)


def _control_views() -> Iterator[tuple[TableView, Look]]:
    calm = TableView(8, _seats(8, 0), turn=0)
    for number in (8, 808, 8888, 12345):
        for kinds in (("fold", "check", "bet", "all-in"), ("fold", "call", "raise", "all-in")):
            amounts = (0, 0 if "check" in kinds else number, number, number)
            on = tuple(ControlView(kind, True, amount) for kind, amount in zip(kinds, amounts, strict=True))
            off = tuple(ControlView(kind) for kind in kinds)
            field = FieldView(str(number), True)
            yield replace(calm, controls=on, field=field), Look()
            yield replace(calm, controls=on, field=replace(field, focused=True, selected=True)), Look()
            yield replace(calm, controls=off), Look()
            for name in CONTROL_KINDS:
                yield replace(calm, controls=on, field=replace(field, text="")), Look(hover=name)
                yield replace(calm, controls=on, field=field), Look(hover=name, pressed=name)
    for text in ("8888888", "8888", *(f"8{figure}8" for figure in range(10))):
        yield replace(calm, field=FieldView(text, True)), Look()
