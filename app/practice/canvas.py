"""Keeps the painted picture of the table: paints it anew only when its content, look, theme or size changes."""

from dataclasses import replace

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter

from app.practice.disturbance import LIVE_NOISE, NONE, spoil
from app.practice.geometry import boxes, placement
from app.practice.painter import paint_clocks, paint_still, shown_cards
from app.practice.themes import Theme
from app.practice.truth_log import now
from app.practice.view import Look, TableView

FADE_NS = 120_000_000


class Canvas:
    """One picture: ``view`` is what it shows, ``disturbed`` what spoils it, ``look`` the marks of the pointer."""

    def __init__(self, view: TableView, theme: Theme) -> None:
        self.view = view
        self._theme = theme
        self.look = Look()
        self.disturbed = NONE
        self._disturbances = 0
        self._fade_start = 0
        self._still: QImage | None = None

    def show(self, view: TableView) -> None:
        """Show other content; cards that are new fade in."""
        before, after = shown_cards(self.view), shown_cards(view)
        fresh = frozenset(name for name, card in after.items() if before.get(name) != card)
        if fresh:
            self._fade_start = now()
        self.view = replace(view, arriving=fresh or self.view.arriving, arrived=self.view.arrived)
        self.fade()

    def fade(self) -> bool:
        """Move the fading cards on; False when none fades."""
        fading = bool(self.view.arriving)
        if fading:
            arrived = min(1.0, (now() - self._fade_start) / FADE_NS)
            arriving = frozenset() if arrived >= 1 else self.view.arriving
            self.view = replace(self.view, arriving=arriving, arrived=arrived)
        self._still = None
        return fading

    def set_look(self, look: Look) -> bool:
        """Whether the look is another than before."""
        if look == self.look:
            return False
        self.look = look
        self._still = None
        return True

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._still = None

    def disturb(self, what: str) -> None:
        """Spoil the picture from the next painting on; each call has another pattern. ``NONE`` ends it."""
        self.disturbed = what
        self._disturbances += 1
        self._still = None

    def draw(self, painter: QPainter, width: int, height: int, ratio: float) -> None:
        """Draw on a client area of ``width`` x ``height`` logical pixels at the device pixel ratio."""
        device_width, device_height = round(width * ratio), round(height * ratio)
        painter.drawImage(0, 0, self._picture(device_width, device_height, ratio))
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        paint_clocks(painter, self.view, self._theme, device_width, device_height)
        painter.restore()

    def _picture(self, width: int, height: int, ratio: float) -> QImage:
        still = self._still
        if still is None or (still.width(), still.height()) != (width, height) or self.disturbed == LIVE_NOISE:
            still = self._still = self._paint(width, height)
        still.setDevicePixelRatio(ratio)
        return still

    def _paint(self, width: int, height: int) -> QImage:
        image = QImage(width, height, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        paint_still(painter, self.view, self._theme, width, height, self.look)
        painter.end()
        if self.disturbed == LIVE_NOISE:
            self._disturbances += 1
        spoil(image, self.disturbed, self.view, self._theme, placement(width, height), self._disturbances)
        return image

    def clock_region(self, width: int, height: int) -> QRect:
        """The logical pixels of the bar that is running."""
        name = f"seat.{self.view.turn}.timer" if self.view.turn >= 0 else "next_hand"
        area = placement(width, height).to_pixels(boxes()[name])
        return QRect(int(area.x) - 1, int(area.y) - 1, int(area.width) + 4, int(area.height) + 4)
