"""The practice table's window: shows a play, takes presses and keys, and logs every one of them."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QCursor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.practice import amount_field
from app.practice.canvas import Canvas
from app.practice.disturbance import FREEZE, NONE
from app.practice.geometry import MINIMUM_HEIGHT, MINIMUM_WIDTH, control_at, placement
from app.practice.play import Play
from app.practice.presenter import content, facts
from app.practice.shown_log import ShownLog
from app.practice.themes import Theme
from app.practice.truth_log import TruthLog, now
from app.practice.view import Look

TITLE = "Pitboss Practice Table"
_TICK_MS = 100
_FADE_STEP_MS = 16
_CARET_NS = 530_000_000
_ACTION_KEYS = {
    Qt.Key.Key_F: "fold",
    Qt.Key.Key_C: "call",
    Qt.Key.Key_R: "raise",
    Qt.Key.Key_A: "all-in",
    Qt.Key.Key_Return: "raise",
    Qt.Key.Key_Enter: "raise",
}
_BUTTONS = {
    Qt.MouseButton.LeftButton: "left",
    Qt.MouseButton.RightButton: "right",
    Qt.MouseButton.MiddleButton: "middle",
}


class TableWindow(QWidget):
    """Shows a play and works its controls. Signals: ``shown`` after the first picture, ``closed`` when closed."""

    shown = Signal()
    closed = Signal()

    def __init__(self, play: Play, theme: Theme, log: TruthLog) -> None:
        super().__init__()
        self.setWindowTitle(TITLE)
        self.setMinimumSize(MINIMUM_WIDTH, MINIMUM_HEIGHT)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._play, self._log = play, log
        self._canvas = Canvas(play.view, theme)
        self._facts = facts(play.dealer)
        self._shown_log = ShownLog(log)
        self._frozen = self._ever_shown = False
        self._pressed, self._pressed_turn = "", (0, 0)
        self._tick_timer = self._repeat(_TICK_MS, self._tick)
        self._fade_timer = self._repeat(_FADE_STEP_MS, self._fade)
        self._tick_timer.start()
        play.changed.connect(self._content_changed)

    def _repeat(self, milliseconds: int, call: Callable[[], None]) -> QTimer:
        timer = QTimer(self, interval=milliseconds, timerType=Qt.TimerType.PreciseTimer)
        timer.timeout.connect(call)
        return timer

    # What is shown

    def set_theme(self, theme: Theme) -> None:
        self._canvas.set_theme(theme)
        self._refresh()

    def disturb(self, what: str) -> None:
        """Spoil the picture (``disturbance.DISTURBANCES``) until ``NONE``; FREEZE stops all painting."""
        if what == FREEZE:
            self._frozen = True
            self._log.write("disturb", {"what": what})
            return
        self._frozen = False
        self._canvas.disturb(what)
        self._shown_log.disturbed(what)
        self._content_changed()

    def _content_changed(self) -> None:
        if self._frozen:
            return
        self._facts = facts(self._play.dealer)
        self._canvas.show(self._play.view)
        if self._canvas.view.arriving:
            self._fade_timer.start()
        self._refresh()

    def _refresh(self) -> None:
        if not self._frozen:
            self.update()

    def _fade(self) -> None:
        if self._frozen or not self._canvas.fade():
            self._fade_timer.stop()
        self._refresh()

    def _tick(self) -> None:
        if self._frozen:
            return
        clocks = self._play.view
        canvas = self._canvas
        canvas.view = replace(canvas.view, turn_left=clocks.turn_left, wait_left=clocks.wait_left)
        self._set_look(replace(canvas.look, caret=now() // _CARET_NS % 2 == 0 and canvas.view.field.focused))
        self.update(self.rect() if canvas.disturbed != NONE else canvas.clock_region(self.width(), self.height()))

    def _set_look(self, look: Look) -> None:
        if not self._frozen and self._canvas.set_look(look):
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._canvas.draw(painter, self.width(), self.height(), self.devicePixelRatioF())
        painter.end()
        record = content(self._canvas.view) | self._facts | {"disturbed": self._canvas.disturbed}
        self._shown_log.painted(record)
        QTimer.singleShot(0, self._flushed)

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        # Qt paints and hands the picture to the screen inside this event: right after it is the true moment.
        if event.type() == QEvent.Type.UpdateRequest:
            self._flushed()
        return handled

    def _flushed(self) -> None:
        if self._shown_log.flushed():
            self._play.seen()
        if not self._ever_shown:
            self._ever_shown = True
            self.shown.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._tick_timer.stop()
        self._fade_timer.stop()
        self.closed.emit()
        super().closeEvent(event)

    # The pointer

    def _control_at(self, point: QPointF) -> str:
        return control_at(*placement(self.width(), self.height()).to_design(point.x(), point.y()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._set_look(replace(self._canvas.look, hover=self._control_at(event.position())))

    def leaveEvent(self, event: QEvent) -> None:
        self._set_look(replace(self._canvas.look, hover=""))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        control = self._control_at(event.position())
        refusal = self._play.refusal(control)
        if event.button() != Qt.MouseButton.LeftButton:
            refusal = "not the left button"
        self._log_press("press", control, refusal, event)
        if control != "amount":
            self._play.edit(amount_field.left)
        if refusal:
            return
        self._pressed, self._pressed_turn = control, self._play.turn_token
        self._set_look(replace(self._canvas.look, pressed=control))
        if control == "amount":
            self._play.use(control)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A button acts when it is let go over itself, in the turn in which it was pressed."""
        pressed = self._pressed
        if event.button() != Qt.MouseButton.LeftButton or not pressed:
            return
        self._pressed = ""
        self._set_look(replace(self._canvas.look, pressed=""))
        if pressed == "amount":
            return
        control = self._control_at(event.position())
        refusal = self._play.refusal(control)
        if control != pressed or self._play.turn_token != self._pressed_turn:
            refusal = "let go elsewhere or in another turn"
        self._log_press("release", pressed, refusal, event)
        if not refusal:
            self._play.use(control)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def _log_press(self, kind: str, control: str, refusal: str, event: QMouseEvent) -> None:
        at, screen = event.position().toPoint(), event.globalPosition().toPoint()
        self._log.write(
            kind,
            {
                "x": at.x(),
                "y": at.y(),
                "screen_x": screen.x(),
                "screen_y": screen.y(),
                "button": _BUTTONS.get(event.button(), "other"),
                "control": self._play.kind_of(control),
                "used": not refusal,
                "reason": refusal,
            },
        )

    # The keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        control_held = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if edit := self._edit_of(key, control_held, event.text()):
            self._key_pressed(event, "amount")
            self._play.edit(edit)
        elif key in _ACTION_KEYS and not control_held and not event.isAutoRepeat():
            control = _ACTION_KEYS[key]
            if not self._key_pressed(event, control):
                self._play.use(control)
        else:
            super().keyPressEvent(event)

    def _edit_of(self, key: Qt.Key, control_held: bool, text: str) -> amount_field.Edit | None:
        if control_held:
            return amount_field.focused if key == Qt.Key.Key_A else None
        if len(text) == 1 and text in "0123456789":
            return lambda field: amount_field.typed(field, text)
        edits = {
            Qt.Key.Key_Backspace: amount_field.erased,
            Qt.Key.Key_Tab: amount_field.focused,
            Qt.Key.Key_Escape: amount_field.left,
        }
        return edits.get(key)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab belongs to the table: it goes to the amount field."""
        return False

    def _key_pressed(self, event: QKeyEvent, control: str) -> str:
        """Log a key that acts; why it cannot, or ""."""
        refusal = self._play.refusal(control)
        at = QCursor.pos()
        here = self.mapFromGlobal(at)
        self._log.write(
            "press",
            {
                "x": here.x(),
                "y": here.y(),
                "screen_x": at.x(),
                "screen_y": at.y(),
                "button": "key",
                "key": Qt.Key(event.key()).name.removeprefix("Key_"),
                "control": self._play.kind_of(control),
                "used": not refusal,
                "reason": refusal,
            },
        )
        return refusal
