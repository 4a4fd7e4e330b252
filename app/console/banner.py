"""The panic banner: what stopped the bot, when, how far over the limit, and what to do. Only a reset removes it."""

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from app.models.wording import OPERATOR_STOPS, cause_title, sentence, stop_page, utc_text
from app.panels.panel import label
from app.theme.colours import ON_RED
from engine.words import Cause, Mode, PanicStopEvent, Snapshot


class PanicBanner(QFrame):
    """Shown while the mode is STOPPED; it has no control to close it. Signal ``page_wanted``: the stop's page."""

    page_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setAccessibleName("Panic stop banner")
        self.shown: tuple[PanicStopEvent | None, str] | None = None
        self.title, self.when = label("bannerTitle", wrap=True), label("bannerWhen")
        self.measured, self.advice = label("bannerMeasured", wrap=True), label("bannerAdvice", wrap=True)
        self.advice.linkActivated.connect(self.page_wanted)
        self._lay_out()
        self.hide()

    def refresh(self, snapshot: Snapshot) -> None:
        stopped = snapshot.mode is Mode.STOPPED or snapshot.panic is not None
        if stopped and (snapshot.panic, snapshot.mode_reason) != self.shown:
            self.shown = snapshot.panic, snapshot.mode_reason
            self._write(snapshot.panic, snapshot.mode_reason)
        if stopped is self.isHidden():
            self.setVisible(stopped)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 10, 16, 12)
        grid.setVerticalSpacing(4)
        grid.addWidget(self.title, 0, 0)
        grid.addWidget(self.when, 0, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.measured, 1, 0, 1, 2)
        grid.addWidget(self.advice, 2, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        for each in (self.title, self.when, self.measured):
            each.setTextFormat(Qt.TextFormat.PlainText)
            each.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.advice.setTextFormat(Qt.TextFormat.RichText)
        self.advice.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)

    def _write(self, panic: PanicStopEvent | None, reason: str) -> None:
        if panic is None:
            advice, cause = "Find out why, then reset.", Cause.LATCH_UNREADABLE
            self.title.setText(f"STOPPED · {sentence(reason) or 'no reason is recorded'}")
            self.when.setText("time not recorded")
            self.measured.hide()
        else:
            advice, cause = f"What to do: {panic.advice}", panic.cause
            self.title.setText(f"STOPPED · {cause_title(cause)}")
            self.when.setText(utc_text(panic.utc))
            self.measured.setText(f"Measured {panic.measured} · limit {panic.limit}")
            self.measured.setVisible(bool(panic.measured) and cause not in OPERATOR_STOPS)
        self.advice.setText(f"{escape(advice, quote=False)} {_link(cause)}")
        self.setAccessibleDescription(f"{self.title.text()} {self.when.text()} {self.measured.text()} {advice}")


def _link(cause: Cause) -> str:
    """A link to the page of a stop's alarm; its words do not break."""
    return f'<a href="{stop_page(cause)}" style="color: {ON_RED}">More\N{NO-BREAK SPACE}about\N{NO-BREAK SPACE}it</a>'
