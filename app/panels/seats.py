"""The seats of a hand as a small table: who, where, how much, and who is to act."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.models.positions import position_names
from app.models.wording import chips, seat_name, seat_status
from app.theme.colours import Colours, colours_of
from app.theme.fonts import console_font
from app.theme.shapes import paint_shape
from engine.game.state import TableState

_ROW, _MOST_ROWS = 21, 6
_HEADINGS = ("", "Seat", "Pos", "Stack", "Bet", "")
# Shares of the width; numbers are set to the right.
_SHARES = (0.05, 0.2, 0.15, 0.2, 0.16, 0.24)
_RIGHT = {3, 4}


@dataclass(frozen=True, slots=True)
class SeatRow:
    """What is shown of one seat."""

    name: str
    position: str
    stack: str
    bet: str
    status: str

    @property
    def cells(self) -> tuple[str, ...]:
        return "", self.name, self.position, self.stack, self.bet, self.status


def seat_rows(state: TableState | None) -> tuple[SeatRow, ...]:
    """The seats dealt in, in seat order; amounts in chips."""
    if state is None:
        return ()
    positions = position_names(state)
    return tuple(
        SeatRow(
            seat_name(state, seat.seat),
            positions[seat.seat],
            chips(seat.stack),
            chips(seat.bet) if seat.bet else "",
            seat_status(state, seat),
        )
        for seat in state.seats
    )


class SeatTable(QWidget):
    """Paints the rows; folded seats are faint, the seat to act is marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[SeatRow, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Seats; stacks and bets in chips")

    def show_rows(self, rows: tuple[SeatRow, ...]) -> None:
        if rows != self.rows:
            self.rows = rows
            self.setAccessibleDescription("; ".join(" ".join(filter(None, row.cells)) for row in rows))
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(260, _ROW * (1 + max(2, min(_MOST_ROWS, len(self.rows)))))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colours = colours_of(self.palette())
            painter.setFont(console_font(12))
            self._paint_cells(painter, 0, _HEADINGS, QColor(colours.ink_soft))
            painter.fillRect(QRectF(0, _ROW - 1, self.width(), 1), QColor(colours.line))
            for line, row in enumerate(self.rows, 1):
                self._paint_row(painter, line, row, colours)

    def _paint_row(self, painter: QPainter, line: int, row: SeatRow, colours: Colours) -> None:
        to_act = row.status == "to act"
        painter.setFont(console_font(13, QFont.Weight.DemiBold if to_act else QFont.Weight.Normal))
        ink = QColor(colours.faint if row.status == "folded" else colours.ink)
        self._paint_cells(painter, line, row.cells, ink)
        if to_act:
            painter.save()
            middle = line * _ROW + _ROW / 2
            painter.translate(5, middle)
            painter.rotate(90)
            paint_shape(painter, "triangle", QRectF(-4, -4, 8, 8), ink)
            painter.restore()

    def _paint_cells(self, painter: QPainter, line: int, cells: tuple[str, ...], ink: QColor) -> None:
        painter.setPen(ink)
        left = 0.0
        for column, (text, share) in enumerate(zip(cells, _SHARES, strict=True)):
            width = share * self.width()
            side = Qt.AlignmentFlag.AlignRight if column in _RIGHT else Qt.AlignmentFlag.AlignLeft
            box = QRectF(left, line * _ROW, width, _ROW)
            if column == len(cells) - 1:
                box.adjust(10, 0, 0, 0)
            painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, text)
            left += width
