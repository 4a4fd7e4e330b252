"""The readiness list: every check with how to mend it, and the second step of arming."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.panels.mark import Mark
from app.panels.panel import label
from app.panels.scrolled import scrolled
from engine.words import CheckResult

_ROW, _MOST_HEIGHT = 23, 240


class ReadinessList(QFrame):
    """Opens under the strip. Signals: ``arm_wanted``, ``check_wanted``, ``dismissed``."""

    arm_wanted = Signal()
    check_wanted = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("readiness")
        self.setAccessibleName("Readiness checks")
        self.title = label("figure")
        self.arm_button = self._button("Arm now", "primary", "Give the bot leave to press", self.arm_wanted)
        self.check_button = self._button("Check again", "", "Run all checks again", self.check_wanted)
        self.close_button = self._button("Close", "", "Close this list; nothing is armed", self.dismissed)
        self._content = QWidget()
        self._grid = QGridLayout(self._content)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(3, 1)
        self._area = scrolled(self._content)
        self._lay_out()
        self.hide()

    def show_busy(self, words: str) -> None:
        """While a check or the arming runs."""
        self.title.setText(words)
        self.arm_button.setEnabled(False)
        self.check_button.setEnabled(False)

    def show_checks(self, checks: Sequence[CheckResult], *, may_arm: bool, refused: bool = False) -> None:
        """List results, the failed ones first. ``refused``: they are what stood in the way of arming."""
        ordered = sorted(checks, key=lambda check: check.ok)
        failed = sum(not check.ok for check in checks)
        self.title.setText(_title(len(checks), failed, refused))
        self.arm_button.setEnabled(may_arm and bool(checks) and not failed)
        self.check_button.setEnabled(True)
        self._fill(ordered)
        self._area.setFixedHeight(min(_MOST_HEIGHT, self._wanted_height(len(ordered))))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.title)
        top.addStretch(1)
        for button in (self.arm_button, self.check_button, self.close_button):
            top.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 9, 14, 10)
        column.addLayout(top)
        column.addWidget(self._area)

    def _wanted_height(self, rows: int) -> int:
        """The list's height in pixels with every detail broken to the width there is."""
        return max(_ROW * max(1, rows), self._grid.totalHeightForWidth(self._area.viewport().width()))

    def _button(self, text: str, name: str, tip: str, signal: object) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setToolTip(tip)
        button.clicked.connect(signal)
        return button

    def _fill(self, checks: Sequence[CheckResult]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for row, check in enumerate(checks):
            self._grid.addWidget(_mark(check), row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(label("", "passes" if check.ok else "fails"), row, 1, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(label("", check.name), row, 2, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(label("soft", _detail(check), wrap=True), row, 3)


def _title(count: int, failed: int, refused: bool) -> str:
    if not count:
        return "Nothing is checked yet"
    if refused:
        return f"Not armed: {failed} of the checks failed"
    return f"Not ready: {failed} of {count} checks fail" if failed else f"Ready: all {count} checks pass"


def _mark(check: CheckResult) -> Mark:
    return Mark("check") if check.ok else Mark("cross", abnormal=True)


def _detail(check: CheckResult) -> str:
    return check.detail if check.ok or not check.advice else f"{check.detail} · {check.advice}"
