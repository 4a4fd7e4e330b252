"""A row of playing cards, drawn small, and smaller still where the panel is narrow."""

from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme.colours import Colours, colours_of
from app.theme.fonts import console_font
from app.theme.shapes import suit_path

_WIDTH, _HEIGHT, _GAP = 34, 46, 5
_SMALLEST_WIDTH = 20
_SUIT_NAMES = {"c": "clubs", "d": "diamonds", "h": "hearts", "s": "spades"}


class CardRow(QWidget):
    """Cards side by side; places without a card are outlines."""

    def __init__(self, places: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._places = places
        self._cards: tuple[str, ...] = ()
        self._scale = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    @property
    def cards(self) -> tuple[str, ...]:
        return self._cards

    def show_cards(self, cards: tuple[str, ...]) -> None:
        if cards != self._cards:
            self._cards = cards
            self.setAccessibleDescription(", ".join(f"{card[0]} of {_SUIT_NAMES[card[1]]}" for card in cards))
            self.update()

    def fit_card(self, width: float) -> None:
        """Give each card, with the gap beside it, so many pixels, between the smallest and the usual size."""
        scale = min(1.0, max(_SMALLEST_WIDTH / _WIDTH, width / (_WIDTH + _GAP)))
        if scale != self._scale:
            self._scale = scale
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(ceil(self._scale * (self._places * (_WIDTH + _GAP) - _GAP + 1)), ceil(self._scale * (_HEIGHT + 1)))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(self._scale, self._scale)
            colours = colours_of(self.palette())
            for place in range(self._places):
                box = QRectF(0.5 + place * (_WIDTH + _GAP), 0.5, _WIDTH - 1, _HEIGHT - 1)
                card = self._cards[place] if place < len(self._cards) else ""
                _paint_card(painter, box, card, colours)


def _paint_card(painter: QPainter, box: QRectF, card: str, colours: Colours) -> None:
    painter.setPen(QPen(QColor(colours.control_line if card else colours.line), 1))
    painter.setBrush(QColor(colours.card) if card else QColor(0, 0, 0, 0))
    painter.drawRoundedRect(box, 4, 4)
    if not card:
        return
    ink = QColor(colours.card_red if card[1] in "dh" else colours.card_black)
    painter.setPen(ink)
    painter.setFont(console_font(18, QFont.Weight.DemiBold))
    rank = "10" if card[0] == "T" else card[0]
    painter.drawText(QRectF(box.x(), box.y() + 3, box.width(), 22), Qt.AlignmentFlag.AlignCenter, rank)
    painter.fillPath(suit_path(card[1], QRectF(box.center().x() - 7, box.y() + 26, 14, 14)), ink)
