"""The 13 x 13 grid of hand classes, painted as one widget: each cell's bar is as high as its class is held, and split
by how often each action is taken.
"""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.models.grid_model import Grid, class_at, class_name
from app.models.grid_text import CellText, cell_text
from app.theme.action_colours import ActionColours, action_colours, colour_of, pattern_of
from app.theme.colours import Colours, colours_of
from app.theme.fonts import console_font
from engine.game.cards import RANKS

SIDE = 13
_NAMES_FROM = QSize(22, 22)
"""Pixels of a cell from which its name has room above the bar."""
_NAME_HEIGHT = 11
_HEADING = 14
_RANKS = RANKS[::-1]
_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
_NAME = "Strategy grid of 169 classes of hands; the arrow keys move, Home goes to the hero's hand"


class HandGrid(QWidget):
    """Signal ``current_changed``: another cell is looked at, by the mouse or the keyboard (``current``)."""

    current_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid: Grid | None = None
        self.hero_class: int | None = None
        self.current = 0
        self.painted = 0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(_NAME)

    @property
    def text(self) -> CellText | None:
        """The words of the cell that is looked at."""
        return None if self.grid is None else cell_text(self.grid, self.current, self.hero_class)

    def show_grid(self, grid: Grid | None, hero_class: int | None) -> None:
        """Show a grid; the hero's class is outlined. The same grid again costs nothing."""
        if grid is self.grid and hero_class == self.hero_class:
            return
        if hero_class is not None and hero_class != self.hero_class:
            self.current = hero_class
        self.grid, self.hero_class = grid, hero_class
        self._tell()
        self.update()

    def look_at(self, place: int) -> None:
        """Move to a cell."""
        if place != self.current:
            self.current = place
            self._tell()
            self.update()

    def cell(self, place: int) -> QRectF:
        """Where a cell is, in pixels of the widget."""
        left, top, width, height = self._frame()
        row, column = divmod(place, SIDE)
        x, y = round(left + column * width), round(top + row * height)
        return QRectF(x, y, round(left + (column + 1) * width) - x - 1, round(top + (row + 1) * height) - y - 1)

    def place_at(self, point: QPoint | QPointF) -> int | None:
        """The cell under a point; None beside the grid."""
        left, top, width, height = self._frame()
        row, column = int((point.y() - top) // height), int((point.x() - left) // width)
        return class_at(row, column) if 0 <= row < SIDE and 0 <= column < SIDE else None

    def sizeHint(self) -> QSize:
        return QSize(460, 420)

    def minimumSizeHint(self) -> QSize:
        return QSize(_HEADING + SIDE * 8, 20)

    def event(self, event: QEvent) -> bool:
        """Each cell has a tooltip of its own."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            place = self.place_at(event.pos())
            if place is not None and self.grid is not None:
                words = cell_text(self.grid, place, self.hero_class).spoken
                QToolTip.showText(event.globalPos(), words, self, self.cell(place).toRect())
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position())
        if place is not None:
            self.look_at(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            row, column = divmod(self.current, SIDE)
            self.look_at(class_at((row + step[0]) % SIDE, (column + step[1]) % SIDE))
        elif event.key() == Qt.Key.Key_Home:
            self.look_at(self.current if self.hero_class is None else self.hero_class)
        else:
            super().keyPressEvent(event)
            return
        words = self.text
        if words is not None:
            corner = self.cell(self.current).bottomRight().toPoint()
            QToolTip.showText(self.mapToGlobal(corner), words.spoken, self)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted += 1
        with QPainter(self) as painter:
            colours, actions = colours_of(self.palette()), action_colours(self.palette())
            self._paint_headings(painter, colours)
            for place in range(SIDE * SIDE):
                self._paint_cell(painter, place, colours, actions)
            if self.grid is None:
                return
            if self.hero_class is not None:
                self._outline(painter, self.hero_class, QColor(colours.ink), 3)
            focused = self.hasFocus()
            self._outline(
                painter, self.current, QColor(colours.focus if focused else colours.faint), 2 if focused else 1
            )

    def _tell(self) -> None:
        words = self.text
        self.setAccessibleDescription("" if words is None else words.spoken)
        self.current_changed.emit()

    def _frame(self) -> tuple[float, float, float, float]:
        """Left and top of the cells, and a cell's width and height; never narrower than high."""
        height = max(1.0, (self.height() - _HEADING) / SIDE)
        width = max(1.0, (self.width() - _HEADING) / SIDE)
        return _HEADING, _HEADING, width, min(height, width)

    def _paint_headings(self, painter: QPainter, colours: Colours) -> None:
        painter.setFont(console_font(10))
        painter.setPen(QColor(colours.ink_soft))
        for number, rank in enumerate(_RANKS):
            across, down = self.cell(class_at(0, number)), self.cell(class_at(number, 0))
            painter.drawText(QRectF(across.x(), 0, across.width(), _HEADING), Qt.AlignmentFlag.AlignCenter, rank)
            painter.drawText(QRectF(0, down.y(), _HEADING - 2, down.height()), Qt.AlignmentFlag.AlignCenter, rank)

    def _paint_cell(self, painter: QPainter, place: int, colours: Colours, actions: ActionColours) -> None:
        box, grid = self.cell(place), self.grid
        held = grid is not None and grid.held(place)
        painter.fillRect(box, QColor(colours.raised if held else colours.panel))
        if not held or grid is None:
            return
        _, _, width, height = self._frame()
        named = width >= _NAMES_FROM.width() and height >= _NAMES_FROM.height()
        if named:
            painter.setFont(console_font(10))
            painter.setPen(QColor(colours.ink))
            painter.drawText(
                QRectF(box.x() + 1, box.y(), box.width(), _NAME_HEIGHT),
                Qt.AlignmentFlag.AlignVCenter,
                class_name(place),
            )
        room = box.adjusted(0, _NAME_HEIGHT if named else 0, 0, 0)
        high = max(1.0, room.height() * min(1.0, float(grid.weight[place])))
        _paint_bar(painter, QRectF(room.x(), room.bottom() - high, room.width(), high), grid, place, actions)

    def _outline(self, painter: QPainter, place: int, colour: QColor, width: int) -> None:
        """Around the cell, so that a low bar is not hidden."""
        painter.setPen(QPen(colour, width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.cell(place).adjusted(-0.5, -0.5, 0.5, 0.5))


def _paint_bar(painter: QPainter, bar: QRectF, grid: Grid, place: int, actions: ActionColours) -> None:
    """One cell's bar: the actions side by side, in their order."""
    if not grid.columns:
        painter.fillRect(bar, colour_of("range", 0.0, actions))
        return
    left = bar.x()
    for column, share in zip(grid.columns, grid.shares[:, place], strict=True):
        part = QRectF(left, bar.y(), bar.width() * float(share), bar.height())
        paint_action(painter, part, column.role, column.size, actions)
        left += part.width()


def paint_action(painter: QPainter, box: QRectF, role: str, size: float, actions: ActionColours) -> None:
    """Fill a box as an action looks: its colour, and its pattern in the theme's ground."""
    colour = colour_of(role, size, actions)
    painter.fillRect(box, colour)
    pattern = pattern_of(role)
    if pattern is not Qt.BrushStyle.NoBrush and box.width() >= 1:
        light = QColor(255, 255, 255, 110) if colour.lightness() < 128 else QColor(0, 0, 0, 110)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(light)
        brush = painter.brush()
        brush.setStyle(pattern)
        painter.fillRect(box, brush)
