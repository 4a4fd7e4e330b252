"""Paints a table view: the same picture for the window and offscreen, at any size."""

from functools import cache

import cv2
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from app.practice.card_art import draw_card
from app.practice.fonts import font
from app.practice.geometry import (
    DESIGN_WIDTH,
    MARKER_DICTIONARY,
    MARKER_IDS,
    MARKER_MODULE,
    Area,
    boxes,
    placement,
)
from app.practice.themes import Theme
from app.practice.view import CONTROL_KINDS, ControlView, Look, SeatView, TableView

NO_LOOK = Look()
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTRE = Qt.AlignmentFlag.AlignCenter
_STATUS_WORDS = {"folded": "FOLDED", "all-in": "ALL-IN", "out": "OUT"}
_CONTROL_WORDS = {
    "fold": "Fold",
    "check": "Check",
    "call": "Call",
    "bet": "Bet",
    "raise": "Raise to",
    "all-in": "All-in",
}


def render(view: TableView, theme: Theme, width: int, height: int, look: Look = NO_LOOK) -> QImage:
    """The picture offscreen: RGB32, ``width`` x ``height`` pixels. Needs a QGuiApplication for its fonts."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    paint(painter, view, theme, width, height, look)
    painter.end()
    return image


def paint(painter: QPainter, view: TableView, theme: Theme, width: int, height: int, look: Look = NO_LOOK) -> None:
    """Paint the whole picture on a client area of ``width`` x ``height`` logical pixels."""
    paint_still(painter, view, theme, width, height, look)
    paint_clocks(painter, view, theme, width, height)


def paint_still(
    painter: QPainter, view: TableView, theme: Theme, width: int, height: int, look: Look = NO_LOOK
) -> None:
    """Paint everything but the running bars: what may be kept until the content, the look or the size changes."""
    painter.save()
    painter.fillRect(QRectF(0, 0, width, height), QColor(theme.room))
    _enter_design(painter, width, height)
    _paint_felt(painter, theme)
    _paint_markers(painter)
    _paint_centre(painter, view, theme)
    for seat in view.seats:
        _paint_seat(painter, view, seat, theme)
    _paint_cards(painter, view, theme)
    _paint_controls(painter, view, theme, look)
    painter.restore()


def paint_clocks(painter: QPainter, view: TableView, theme: Theme, width: int, height: int) -> None:
    """Paint the running bars over the still picture."""
    painter.save()
    _enter_design(painter, width, height)
    if view.turn >= 0:
        _bar(painter, boxes()[f"seat.{view.turn}.timer"], view.turn_left, theme)
    if view.wait_left >= 0:
        _bar(painter, boxes()["next_hand"], view.wait_left, theme)
    painter.restore()


def _enter_design(painter: QPainter, width: int, height: int) -> None:
    """From here on the painter works in design units."""
    place = placement(width, height)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.translate(place.left, place.top)
    painter.scale(place.scale, place.scale)


def _rectangle(area: Area) -> QRectF:
    return QRectF(area.x, area.y, area.width, area.height)


def _fill(
    painter: QPainter, area: Area, colour: str, radius: float = 0.0, edge: str = "", edge_width: float = 1
) -> None:
    painter.setPen(QPen(QColor(edge), edge_width) if edge else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(_rectangle(area), radius, radius)


def _text(
    painter: QPainter,
    area: Area,
    text: str,
    face: QFont,
    colour: str,
    alignment: Qt.AlignmentFlag = _LEFT,
) -> None:
    painter.setFont(face)
    painter.setPen(QColor(colour))
    painter.drawText(_rectangle(area), alignment, text)


def _paint_felt(painter: QPainter, theme: Theme) -> None:
    oval = Area(60, 78, DESIGN_WIDTH - 120, 568)
    _fill(painter, oval.grown(9), theme.rail, 293)
    _fill(painter, oval, theme.felt, 284)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(theme.line), 2))
    painter.drawRoundedRect(_rectangle(oval.grown(-12)), 272, 272)


@cache
def _marker_modules(identity: int) -> tuple[tuple[bool, ...], ...]:
    """The 7 x 7 modules of a marker, True for black."""
    dictionary = cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, MARKER_DICTIONARY))
    bitmap = cv2.aruco.generateImageMarker(dictionary, identity, 7)
    return tuple(tuple(bool(module == 0) for module in row) for row in bitmap)


def _paint_markers(painter: QPainter) -> None:
    for index, identity in enumerate(MARKER_IDS):
        area = boxes()[f"marker.{index}"]
        painter.fillRect(_rectangle(area.grown(MARKER_MODULE)), QColor("#ffffff"))
        painter.fillRect(_rectangle(area), QColor("#000000"))
        for row, modules in enumerate(_marker_modules(identity)):
            for column, black in enumerate(modules):
                if not black:
                    _paint_module(painter, area, row, column)


def _paint_module(painter: QPainter, area: Area, row: int, column: int) -> None:
    left, top = area.x + column * MARKER_MODULE, area.y + row * MARKER_MODULE
    painter.fillRect(QRectF(left, top, MARKER_MODULE, MARKER_MODULE), QColor("#ffffff"))


def _paint_centre(painter: QPainter, view: TableView, theme: Theme) -> None:
    if view.hand_number:
        _text(painter, boxes()["hand_number"], f"#{view.hand_number}", font(24), theme.text)
    semibold = font(24, QFont.Weight.DemiBold)
    _text(painter, boxes()["pot.label"], "Pot", semibold, theme.quiet_text, _RIGHT)
    _text(painter, boxes()["pot"], f"{view.pot:,}", font(28), theme.felt_text)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for index, card in enumerate(view.board):
        if not card:
            painter.setPen(QPen(QColor(theme.line), 2))
            painter.drawRoundedRect(_rectangle(boxes()[f"board.{index}"].grown(-1)), 8, 8)


def _paint_seat(painter: QPainter, view: TableView, seat: SeatView, theme: Theme) -> None:
    area = {name: boxes()[f"seat.{seat.seat}.{name}"] for name in ("pod", "turn", "name", "stack")}
    if not seat.present:
        _fill(painter, area["pod"], theme.room, 14, theme.outline, 2)
        return
    turn = view.turn == seat.seat
    _fill(painter, area["pod"], theme.plate, 14, theme.turn if turn else theme.plate_edge, 3 if turn else 2)
    if turn:
        _fill(painter, area["turn"], theme.turn)
    _text(painter, area["name"], seat.name, font(20, QFont.Weight.DemiBold), theme.name_text)
    _text(painter, area["stack"], f"{seat.stack:,}", font(32 if seat.seat == 0 else 28), theme.text)
    _paint_status(painter, seat, theme)
    _paint_bet(painter, seat, theme)
    if view.button == seat.seat:
        _paint_button(painter, boxes()[f"seat.{seat.seat}.button"], theme)


def _paint_status(painter: QPainter, seat: SeatView, theme: Theme) -> None:
    word = _STATUS_WORDS.get(seat.status, "")
    if not word:
        return
    area = boxes()[f"seat.{seat.seat}.status"]
    all_in = seat.status == "all-in"
    _fill(painter, area, theme.all_in_badge if all_in else theme.badge, 6)
    _text(painter, area, word, font(17), theme.all_in_text if all_in else theme.badge_text, _CENTRE)


def _paint_bet(painter: QPainter, seat: SeatView, theme: Theme) -> None:
    if not seat.bet:
        return
    chip = _rectangle(boxes()[f"seat.{seat.seat}.chip"])
    painter.setPen(QPen(QColor(theme.chip_edge), 3))
    painter.setBrush(QColor(theme.chip))
    painter.drawEllipse(chip.adjusted(2, 2, -2, -2))
    pen = QPen(QColor(theme.chip_edge), 2)
    pen.setDashPattern([2.0, 2.0])
    painter.setPen(pen)
    painter.drawEllipse(chip.adjusted(7, 7, -7, -7))
    _text(painter, boxes()[f"seat.{seat.seat}.bet"], f"{seat.bet:,}", font(26), theme.felt_text)


def _paint_button(painter: QPainter, area: Area, theme: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.disc))
    painter.drawEllipse(_rectangle(area))
    _text(painter, area, "D", font(20), theme.disc_text, _CENTRE)


def _paint_cards(painter: QPainter, view: TableView, theme: Theme) -> None:
    for name, card in shown_cards(view).items():
        painter.setOpacity(view.arrived if name in view.arriving else 1.0)
        draw_card(painter, card, _rectangle(boxes()[name]), theme)
    painter.setOpacity(1.0)


def shown_cards(view: TableView) -> dict[str, str]:
    """Every card that is shown, by the name of its box."""
    named = {f"board.{index}": card for index, card in enumerate(view.board)}
    named |= {f"hole.{index}": card for index, card in enumerate(view.hole)}
    for seat in view.seats[1:]:
        named |= {f"seat.{seat.seat}.card.{index}": card for index, card in enumerate(seat.cards)}
    return {name: card for name, card in named.items() if card}


def _bar(painter: QPainter, area: Area, fraction: float, theme: Theme) -> None:
    painter.fillRect(_rectangle(area), QColor(theme.track))
    painter.fillRect(QRectF(area.x, area.y, area.width * min(1.0, max(0.0, fraction)), area.height), QColor(theme.turn))


def _paint_controls(painter: QPainter, view: TableView, theme: Theme, look: Look) -> None:
    for name, control in zip(CONTROL_KINDS, view.controls, strict=True):
        _paint_control(painter, name, control, theme, look)
    _paint_field(painter, view, theme, look)


def _paint_control(painter: QPainter, name: str, control: ControlView, theme: Theme, look: Look) -> None:
    colour = theme.disabled
    if control.enabled:
        fill = QColor(theme.action[name])
        shade = fill.darker(130) if look.pressed == name else fill.lighter(115) if look.hover == name else fill
        colour = shade.name()
    _fill(painter, boxes()[f"control.{name}"], colour, 10)
    text = theme.action_text if control.enabled else theme.disabled_text
    _text(painter, boxes()[f"control.{name}.word"], _CONTROL_WORDS[control.kind], font(25), text)
    if control.enabled and control.amount:
        _text(painter, boxes()[f"control.{name}.amount"], f"{control.amount:,}", font(27), text, _RIGHT)


def _paint_field(painter: QPainter, view: TableView, theme: Theme, look: Look) -> None:
    field = view.field
    area = boxes()["control.amount"]
    _fill(painter, area, theme.field if field.enabled else theme.disabled, 10)
    if field.enabled and (field.focused or look.hover == "amount"):
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.focus), 3 if field.focused else 1.5))
        painter.drawRoundedRect(_rectangle(area.grown(-2)), 9, 9)
    text = boxes()["control.amount.text"]
    if field.selected and field.text:
        painter.fillRect(_rectangle(text.grown(4)), QColor(theme.field_selected))
    _text(painter, text, field.text, font(27), theme.field_text, _RIGHT)
    if field.enabled and field.focused and look.caret and not field.selected:
        painter.fillRect(_rectangle(boxes()["control.amount.caret"]), QColor(theme.field_text))
