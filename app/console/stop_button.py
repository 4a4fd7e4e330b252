"""The panic stop on the screen: it acts when it goes down, before any drawing, whatever its looks say."""

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.theme.colours import STOP_RED, STOP_YELLOW, Colours, colours_of
from app.theme.fonts import console_font
from app.theme.shapes import paint_shape
from engine.words import Mode, Snapshot

_PRESS_KEYS = {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Select}


class StopLook(Enum):
    """What the button says of itself. Red on yellow is kept for a stop that works."""

    WORKS = "Esc or Ctrl+."
    NOTHING_ARMED = "works · nothing is armed"
    DISCONNECTED = "actuator not connected"
    STOPPED = "stopped and latched"
    UNKNOWN = "waiting for the engine"


def stop_look(snapshot: Snapshot | None) -> StopLook:
    """The look that is true of a snapshot."""
    if snapshot is None:
        return StopLook.UNKNOWN
    if snapshot.mode is Mode.STOPPED:
        return StopLook.STOPPED
    if not snapshot.armed:
        return StopLook.NOTHING_ARMED
    return StopLook.WORKS if snapshot.actuator_alive else StopLook.DISCONNECTED


class StopButton(QAbstractButton):
    """Calls ``stop`` on press, with any mouse button or key. It is never disabled."""

    def __init__(self, stop: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stop = stop
        self._handled = False
        self.look = StopLook.UNKNOWN
        self.setText("PANIC STOP")
        self.setAccessibleName("Panic stop")
        self.setToolTip("Cut the actuator now (Esc or Ctrl+.). Latched until a reset.")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.pressed.connect(self._on_pressed)

    def show_look(self, look: StopLook) -> None:
        if look is not self.look:
            self.look = look
            self.setAccessibleDescription(look.value)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(174, 58)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._stop()
        self._handled = True
        super().mousePressEvent(event)
        self._handled = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _PRESS_KEYS and not event.isAutoRepeat():
            self._stop()
        self._handled = True
        super().keyPressEvent(event)
        self._handled = False

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter, colours_of(self.palette()))

    def _on_pressed(self) -> None:
        """A press that came neither by mouse nor by key: assistive technology."""
        if not self._handled:
            self._stop()

    def _paint(self, painter: QPainter, colours: Colours) -> None:
        works = self.look in (StopLook.WORKS, StopLook.NOTHING_ARMED)
        ground, ink = (STOP_YELLOW, STOP_RED) if works else (colours.line, colours.ink_soft)
        plate = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(_edge(self, colours, ink))
        painter.setBrush(QColor(ground).darker(112 if self.isDown() else 100))
        painter.drawRoundedRect(plate, 6, 6)
        paint_shape(painter, "octagon", QRectF(plate.x() + 10, plate.y() + 10, 20, 20), QColor(ink))
        painter.setPen(QColor(ink))
        painter.setFont(console_font(17, QFont.Weight.Bold))
        painter.drawText(plate.adjusted(36, 8, 0, 0), Qt.AlignmentFlag.AlignTop, self.text())
        painter.setFont(console_font(11, QFont.Weight.DemiBold))
        painter.drawText(plate.adjusted(11, 0, 0, -7), Qt.AlignmentFlag.AlignBottom, self.look.value)


def _edge(button: QWidget, colours: Colours, ink: str) -> QPen:
    return QPen(QColor(colours.focus), 3) if button.hasFocus() else QPen(QColor(ink), 1)
