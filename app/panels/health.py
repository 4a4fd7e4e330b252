"""The health panel: how every component is, what the bot does without, and the time budget of a decision."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from app.models.conditions import DEGRADED
from app.models.console_model import ConsoleModel
from app.models.health_rows import ProgressWatch
from app.models.wording import sentence
from app.panels.budgets import BudgetTable, is_over
from app.panels.components import ComponentTable
from app.panels.panel import Panel, label
from app.panels.scrolled import SCROLL_GAP, scrolled
from engine.words import Degradation, Snapshot

_BESIDE_FROM = 720
_NOTHING = "Nothing is watched yet: the components report once the engine runs."


class HealthPanel(Panel):
    """Components above, stages below; in the header what is not well, in a word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Health", parent)
        self._watch = ProgressWatch()
        self.word = label("small")
        self.without = label("warning", wrap=True)
        self.nothing = label("soft", _NOTHING, wrap=True)
        self.components, self.budgets = ComponentTable(), BudgetTable()
        self.budget_title = label("small")
        self.header.addWidget(self.word)
        self.body.addWidget(scrolled(self._content()), 1)
        self.without.hide()

    def refresh(self, model: ConsoleModel) -> None:
        snapshot = model.snapshot
        if snapshot is None:
            return
        self.components.show_rows(self._watch.rows(snapshot))
        self.nothing.setHidden(bool(snapshot.health))
        self.budgets.show_stages(snapshot.budget)
        self.budget_title.setHidden(not snapshot.budget)
        self.budget_title.setText(budget_text(snapshot))
        self._show_word(snapshot)

    def _show_word(self, snapshot: Snapshot) -> None:
        text = without_text(snapshot.degraded)
        if text != self.without.text() or self.without.isHidden() is bool(text):
            self.without.setText(text)
            self.without.setToolTip(
                "\n".join(sentence(DEGRADED[each]) for each in Degradation if each in snapshot.degraded)
            )
            self.without.setVisible(bool(text))
        unwell = [row.name.lower() for row in self.components.rows if row.abnormal]
        slow = [str(stage.stage) for stage in snapshot.budget if is_over(stage)]
        words = [f"not well: {', '.join(unwell)}"] if unwell else []
        words += [f"over its time: {', '.join(slow)}"] if slow else []
        self.word.setText(" · ".join(words) or ("all well" if snapshot.health else ""))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside each other where that leaves both readable, else one above the other."""
        super().resizeEvent(event)
        wide = self.width() >= _BESIDE_FROM
        self._parts.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)

    def _content(self) -> QWidget:
        content = QWidget()
        self._parts = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._parts.setSpacing(24)
        self._parts.addLayout(_column(self.nothing, self.components), 1)
        self._parts.addLayout(_column(self.budget_title, self.budgets), 1)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, SCROLL_GAP, 0)
        column.setSpacing(6)
        column.addWidget(self.without)
        column.addLayout(self._parts)
        column.addStretch(1)
        return content


def _column(*widgets: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(4)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch(1)
    return column


def without_text(degraded: frozenset[Degradation]) -> str:
    """What the bot does without, by name; what each means is said under the strip."""
    names = [str(each) for each in Degradation if each in degraded]
    return f"Playing {' · '.join(names)}" if names else ""


def budget_text(snapshot: Snapshot) -> str:
    """The whole of a decision's time, and how many were measured."""
    whole = sum(stage.share_ms for stage in snapshot.budget)
    count = max((stage.count for stage in snapshot.budget), default=0)
    return f"Time for a decision: {whole:.0f} ms in all · measured {count} times · figures in ms"
