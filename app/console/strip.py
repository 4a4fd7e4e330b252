"""The strip at the top: mode, readiness and the controls, in the same place whatever happens; two rows when narrow."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.console.arrangement import is_narrow
from app.console.elided import ElidedText
from app.console.mode_badge import ModeBadge
from app.console.stop_button import StopButton, stop_look
from app.models.wording import MODE_MEANING, is_finishing, readiness, reason_text, sentence
from app.theme.fonts import console_font
from engine.words import Mode, Snapshot

_ACTING = (Mode.LIVE, Mode.SAFE, Mode.HOLD)
_HEIGHT, _ROW_HEIGHT, _PADDING = 78, 42, 14
_BUSY = "Wait …"
_FINISH, _FINISHING = "Finish safely", "Finishing …"
_FINISH_TIP = (
    "End in order: check or fold to the end of this hand, then stand by (Ctrl+F). Nothing is bet any more. "
    "To cut the bot off at once, use PANIC STOP."
)
_ARM_TIP = "Check readiness; arming is a second step (Ctrl+R)"
_DRILL_TIP = "A drill is running: it loads the machine. Wait for its end, or cancel it in the drills panel."


class Strip(QFrame):
    """Holds the controls as attributes; the window connects them. ``busy`` names the commands that run."""

    def __init__(self, stop: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.badge = ModeBadge()
        self.word = QPushButton("Not ready")
        self.word.setObjectName("readinessWord")
        self.word.setToolTip("What stands in the way, and how to mend it")
        self.reason = ElidedText()
        self.standby = _button("Standby", "Disarm: nothing acts (Ctrl+D)", "Ctrl+D", "first")
        self.shadow = _button("Shadow", "Decide, but never act", "", "middle")
        self.arm = _button("Arm …", _ARM_TIP, "Ctrl+R", "last")
        self.finish = _button(_FINISH, _FINISH_TIP, "Ctrl+F")
        self.reset = _button("Reset", "Clear a stop; leads to STANDBY, never to arming", "")
        self.stop = StopButton(stop)
        self._narrow: bool | None = None
        self._drill = False
        self._lay_out()

    def refresh(
        self, snapshot: Snapshot | None, busy: Callable[[str], bool], *, closing: bool = False, drill: bool = False
    ) -> None:
        """Show a snapshot; None when the engine is silent. Then, and when closing, only the stop may be used.

        ``drill``: one is running, and nothing is armed beside it.
        """
        self._drill = drill
        self.stop.show_look(stop_look(snapshot))
        self.badge.show_mode(None if snapshot is None else snapshot.mode)
        self._show_words(snapshot)
        self._enable(None if closing else snapshot, busy)

    def _show_words(self, snapshot: Snapshot | None) -> None:
        if snapshot is None:
            self.word.setText("Not ready")
            self.reason.show_text("no word from the engine")
            return
        ready = readiness(snapshot)
        self.word.setText(ready.word)
        # Why it is stopped is the banner's to say.
        why = "" if snapshot.mode is Mode.STOPPED else reason_text(snapshot.mode_reason)
        reasons = filter(None, (ready.reason, why))
        self.reason.show_text(sentence("; ".join(reasons)) or MODE_MEANING[snapshot.mode])

    def _enable(self, snapshot: Snapshot | None, busy: Callable[[str], bool]) -> None:
        mode = None if snapshot is None else snapshot.mode
        acting = mode in _ACTING or (snapshot is not None and snapshot.armed)
        stopped = mode in (None, Mode.STOPPED)
        self._set(self.standby, not stopped and mode is not Mode.STANDBY, "Standby", busy("disarm"))
        self._set(self.shadow, not stopped and mode is not Mode.SHADOW, "Shadow", busy("shadow"))
        self._set(self.arm, not stopped and not acting and not self._drill, "Armed" if acting else "Arm …", busy("arm"))
        _set_tip(self.arm, _DRILL_TIP if self._drill else _ARM_TIP)
        finishing = snapshot is not None and is_finishing(snapshot)
        may_finish = acting and not stopped and not finishing
        self._set(self.finish, may_finish, _FINISHING if finishing else _FINISH, busy("finish"))
        self._set(self.reset, mode is Mode.STOPPED, "Reset", busy("reset"))
        _mark(self.standby, mode is Mode.STANDBY)
        _mark(self.shadow, mode is Mode.SHADOW)
        _mark(self.arm, acting and not stopped)

    @staticmethod
    def _set(button: QPushButton, enabled: bool, text: str, busy: bool) -> None:
        if button.hasFocus() and not enabled:
            # Not on to whatever comes next: no key acts that the operator has not gone to.
            button.window().setFocus()
        button.setEnabled(enabled and not busy)
        _set_text(button, _BUSY if busy else text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(is_narrow(self.width()))

    def _arrange(self, narrow: bool) -> None:
        """The controls beside the words, or in a row of their own below; the stop stays in its corner."""
        if narrow is self._narrow:
            return
        self._narrow = narrow
        self.setFixedHeight(_HEIGHT + (_ROW_HEIGHT if narrow else 0))
        if narrow:
            self._rows.addWidget(self._controls)
        else:
            self._top.insertWidget(2, self._controls)
        # Now, not at the next turn of the event loop: the stop is never drawn in another place.
        self._rows.activate()

    def _lay_out(self) -> None:
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(8, 9, 8, 9)
        self._rows.setSpacing(8)
        self._top = QHBoxLayout()
        self._top.setSpacing(10)
        self._top.addWidget(self.badge)
        self._top.addLayout(self._words(), 1)
        self._top.addWidget(self.stop)
        self._rows.addLayout(self._top)
        self._controls = self._made_controls()
        self._arrange(False)

    def _words(self) -> QVBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self.word, 0, Qt.AlignmentFlag.AlignLeft)
        words.addWidget(self.reason, 2)
        return words

    def _made_controls(self) -> QWidget:
        controls = QWidget()
        row = QHBoxLayout(controls)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for button in (self.standby, self.shadow, self.arm):
            row.addWidget(button)
        row.addStretch(1)
        row.addSpacing(10)
        row.addWidget(self.reset)
        row.addSpacing(10)
        row.addWidget(self.finish)
        return controls


def _button(text: str, tip: str, shortcut: str, segment: str = "") -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAccessibleName(text.rstrip(" …"))
    button.setMinimumHeight(34)
    # The width of the boldest text it will bear: no control may move when another speaks.
    widest = max(
        QFontMetrics(console_font(weight=QFont.Weight.DemiBold)).horizontalAdvance(each) for each in (text, _BUSY)
    )
    button.setFixedWidth(widest + 2 * _PADDING)
    if shortcut:
        button.setShortcut(shortcut)
    if segment:
        button.setProperty("segment", segment)
    return button


def _set_text(button: QPushButton, text: str) -> None:
    """A new text drops the shortcut, so it is set only when it changes, and the shortcut is kept."""
    if button.text() != text:
        shortcut = button.shortcut()
        button.setText(text)
        button.setShortcut(shortcut)


def _set_tip(button: QPushButton, tip: str) -> None:
    if button.toolTip() != tip:
        button.setToolTip(tip)


def _mark(button: QPushButton, current: bool) -> None:
    if bool(button.property("current")) is not current:
        button.setProperty("current", current)
        button.style().unpolish(button)
        button.style().polish(button)
