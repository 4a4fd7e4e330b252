"""A decision's distribution as bars: how often each action, and what it is worth in chips."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.models.wording import action_text, signed_chips
from app.theme.colours import Colours, colours_of
from app.theme.fonts import console_font
from engine.game.actions import Action
from engine.words import ActionValue

_ROW, _HEADING = 24, 18
_NAME, _PERCENT, _EV = 104, 58, 64
# From here on a tenth of a chip says nothing, and its figure would not fit.
_WHOLE_CHIPS_FROM = 100


class Distribution(QWidget):
    """One row an action: its name, a bar of its frequency, per cent, and EV in chips. The chosen row is bold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions: tuple[ActionValue, ...] = ()
        self._chosen: Action | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Distribution over actions; EV in chips")
        self.setToolTip("How often each action is taken (per cent) and its expected value in chips")

    def show_actions(self, actions: tuple[ActionValue, ...], chosen: Action | None) -> None:
        self._actions, self._chosen = actions, chosen
        self.setAccessibleDescription(
            "; ".join(f"{action_text(each.action)} {each.frequency:.0%} EV {each.ev:+.2f}" for each in actions)
        )
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, _HEADING + _ROW * len(self._actions) if self._actions else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            colours = colours_of(self.palette())
            if self._actions:
                painter.setFont(console_font(12))
                self._paint_cells(painter, 0, _HEADING, ("Action", "how often", "EV, chips"), colours.ink_soft)
            for line, each in enumerate(self._actions):
                self._paint_row(painter, _HEADING + line * _ROW, each, colours)

    def _paint_row(self, painter: QPainter, top: int, each: ActionValue, colours: Colours) -> None:
        chosen = each.action == self._chosen
        painter.setFont(console_font(13, QFont.Weight.DemiBold if chosen else QFont.Weight.Normal))
        room = max(0, self.width() - _NAME - _PERCENT - _EV)
        bar = QRectF(_NAME, top + 6, room, _ROW - 12)
        painter.fillRect(bar, QColor(colours.line))
        filled = QRectF(bar.x(), bar.y(), bar.width() * min(1.0, max(0.0, each.frequency)), bar.height())
        painter.fillRect(filled, QColor(colours.bar_chosen if chosen else colours.bar))
        value = signed_chips(each.ev, 0 if abs(each.ev) >= _WHOLE_CHIPS_FROM else 1)
        cells = action_text(each.action), f"{each.frequency:.1%}", value
        self._paint_cells(painter, top, _ROW, cells, colours.ink)

    def _paint_cells(self, painter: QPainter, top: int, height: int, cells: tuple[str, str, str], ink: str) -> None:
        """Action, frequency and EV in their columns."""
        painter.setPen(QColor(ink))
        action, frequency, value = cells
        middle = Qt.AlignmentFlag.AlignVCenter
        right = middle | Qt.AlignmentFlag.AlignRight
        end = self.width() - _EV
        painter.drawText(QRectF(0, top, _NAME - 6, height), middle, action)
        painter.drawText(QRectF(end - _NAME, top, _NAME, height), right, frequency)
        painter.drawText(QRectF(end, top, _EV, height), right, value)
