"""The actions of a strategy grid with their looks, and how often the whole range takes each."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.models.grid_model import Grid
from app.panels.hand_grid import paint_action
from app.theme.action_colours import action_colours
from app.theme.colours import Colours, colours_of
from app.theme.fonts import console_font

_ROW, _KEY, _GAP, _BAR, _NUMBER = 25, 12, 6, 5, 40


class ActionLegend(QWidget):
    """One row an action: its look, its name, the range's frequency, and that as a bar below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid: Grid | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Frequencies of the whole range")

    def show_grid(self, grid: Grid | None) -> None:
        if grid is self.grid:
            return
        self.grid = grid
        self.setAccessibleDescription("; ".join(f"{name} {share:.1%}" for name, share in self.rows))
        self.updateGeometry()
        self.update()

    @property
    def rows(self) -> list[tuple[str, float]]:
        """Each action's name and frequency."""
        grid = self.grid
        if grid is None:
            return []
        return [(column.text, float(share)) for column, share in zip(grid.columns, grid.totals, strict=True)]

    def sizeHint(self) -> QSize:
        return QSize(150, _ROW * len(self.rows))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, _ROW * len(self.rows))

    def paintEvent(self, event: QPaintEvent) -> None:
        grid = self.grid
        if grid is None:
            return
        with QPainter(self) as painter:
            for line, (name, share) in enumerate(self.rows):
                self._paint_row(painter, line, name, share, grid)

    def _paint_row(self, painter: QPainter, line: int, name: str, share: float, grid: Grid) -> None:
        colours: Colours = colours_of(self.palette())
        actions, column = action_colours(self.palette()), grid.columns[line]
        top, height = line * _ROW, _ROW - _BAR - 3
        paint_action(painter, QRectF(0, top + (height - _KEY) / 2, _KEY, _KEY), column.role, column.size, actions)
        painter.setFont(console_font(12))
        painter.setPen(QColor(colours.ink))
        middle = Qt.AlignmentFlag.AlignVCenter
        left, room = _KEY + _GAP, self.width() - _KEY - _GAP - _NUMBER
        shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, max(0, room))
        painter.drawText(QRectF(left, top, room, height), middle, shown)
        number = QRectF(self.width() - _NUMBER, top, _NUMBER, height)
        painter.drawText(number, middle | Qt.AlignmentFlag.AlignRight, f"{share:.1%}")
        bar = QRectF(left, top + height, self.width() - left, _BAR)
        painter.fillRect(bar, QColor(colours.line))
        bar.setWidth(bar.width() * min(1.0, share))
        paint_action(painter, bar, column.role, column.size, actions)
