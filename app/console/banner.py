"""The panic banner: what stopped the bot, when, how far over the limit, and what to do. Only a reset removes it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from app.models.wording import OPERATOR_STOPS, cause_title, sentence, utc_text
from app.panels.panel import label
from engine.words import Mode, PanicStopEvent, Snapshot


class PanicBanner(QFrame):
    """Shown while the mode is STOPPED; it has no control to close it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setAccessibleName("Panic stop banner")
        self.shown: tuple[PanicStopEvent | None, str] | None = None
        self.title, self.when = label("bannerTitle", wrap=True), label("bannerWhen")
        self.measured, self.advice = label("bannerMeasured", wrap=True), label("bannerAdvice", wrap=True)
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
        for each in self.findChildren(QLabel):
            each.setTextFormat(Qt.TextFormat.PlainText)
            each.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def _write(self, panic: PanicStopEvent | None, reason: str) -> None:
        if panic is None:
            self.title.setText(f"STOPPED · {sentence(reason) or 'no reason is recorded'}")
            self.when.setText("time not recorded")
            self.measured.hide()
            self.advice.setText("Find out why, then reset.")
        else:
            self.title.setText(f"STOPPED · {cause_title(panic.cause)}")
            self.when.setText(utc_text(panic.utc))
            self.measured.setText(f"Measured {panic.measured} · limit {panic.limit}")
            self.measured.setVisible(bool(panic.measured) and panic.cause not in OPERATOR_STOPS)
            self.advice.setText(f"What to do: {panic.advice}")
        self.setAccessibleDescription(" ".join(each.text() for each in self.findChildren(QLabel)))
