"""A quiet plot for the charts: fixed ranges, thin pens, no menus, no mouse, the theme's colours."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from app.theme.colours import Colours, colours_of
from app.theme.fonts import console_font

Tick = tuple[float, str]
_AXIS_PIXELS = 11
_LEFT_WIDTH, _BOTTOM_HEIGHT = 46, 18
_TICK_PIXELS = 13


class Plot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph ships no types
    """A line plot with ``series`` curves. Ranges never follow the data: a fixed range halves the cost of a frame.

    A pen width above 1 costs four times as much in Qt's raster engine, so every line is one pixel.
    """

    def __init__(self, name: str, y_range: tuple[float, float], series: int, parent: QWidget | None = None) -> None:
        super().__init__(parent, enableMenu=False)
        self._left: list[Tick] = []
        self._y_range = y_range
        self._fitted_at = 0
        self.setAccessibleName(name)
        self.setMouseEnabled(False, False)
        self.hideButtons()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(self.Shape.NoFrame)
        self.setMinimumHeight(44)
        self.curves = [self.plot(connect="finite") for _ in range(series)]
        self._limits: list[pg.InfiniteLine] = []
        self._dress(colours_of(self.palette()))

    def set_y_range(self, y_range: tuple[float, float]) -> None:
        self._y_range = y_range
        self._fit()

    def set_x_range(self, x_range: tuple[float, float]) -> None:
        self.setXRange(*x_range, padding=0)

    def set_ticks(self, left: Sequence[Tick], bottom: Sequence[Tick]) -> None:
        """Label the axes; of the left ones some are left out where there is no room."""
        self._left = list(left)
        self.getAxis("bottom").setTicks([list(bottom)])
        self._fit()

    def add_limit(self, value: float) -> pg.InfiniteLine:
        """A dashed horizontal line that the data is held against."""
        line = pg.InfiniteLine(pos=value, angle=0)
        self.addItem(line)
        self._limits.append(line)
        self._dress(colours_of(self.palette()))
        return line

    def draw(self, x: NDArray[np.float64], columns: NDArray[np.float64]) -> None:
        """Draw (n,) times against (n, series) values; NaN is a gap."""
        if self.height() != self._fitted_at:
            self._fit()
        for curve, column in zip(self.curves, columns.T, strict=True):
            curve.setData(x, column)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_limits"):
            self._dress(colours_of(self.palette()))
        super().changeEvent(event)

    def _fit(self) -> None:
        """Thin out the left ticks to the height there is, and leave half a label above and below the range."""
        self._fitted_at = self.height()
        room = max(2 * _TICK_PIXELS, self._fitted_at - _BOTTOM_HEIGHT)
        step = next((step for step in (1, 2) if len(self._left) / step * _TICK_PIXELS < room), 4)
        self.getAxis("left").setTicks([self._left[::step]])
        low, high = self._y_range
        margin = (high - low) * (_TICK_PIXELS / 2) / (room - _TICK_PIXELS)
        self.setYRange(low - margin, high + margin, padding=0)

    def _dress(self, colours: Colours) -> None:
        self.setBackground(QColor(colours.panel))
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.setPen(QColor(colours.line))
            axis.setTextPen(QColor(colours.ink_soft))
            axis.setStyle(tickFont=console_font(_AXIS_PIXELS), tickLength=-3, hideOverlappingLabels=False)
        self.getAxis("left").setWidth(_LEFT_WIDTH)
        self.getAxis("bottom").setHeight(_BOTTOM_HEIGHT)
        for curve, colour in zip(self.curves, colours.series, strict=False):
            curve.setPen(pg.mkPen(colour, width=1))
        for line in self._limits:
            line.setPen(pg.mkPen(colours.ink_soft, width=1, style=Qt.PenStyle.DashLine))
