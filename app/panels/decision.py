"""The decision panel: what was chosen, from which distribution, why, and how long it took."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.console_model import ConsoleModel
from app.models.wording import action_text, hand_name, milliseconds, receipt_text, sentence
from app.panels.distribution import Distribution
from app.panels.panel import Panel, label
from app.panels.scrolled import SCROLL_GAP, scrolled
from engine.words import Decision, Receipt, Snapshot, Solution


class DecisionPanel(Panel):
    """The last decision; a fallback is said plainly."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Decision", parent)
        self._shown: tuple[Decision | None, Solution | None, Receipt | None] | None = None
        self.hand = label("small")
        self.action = label("headline", "No decision yet")
        self.fallback = label("warning", wrap=True)
        self.facts, self._receipt = label("small", wrap=True), label("small", wrap=True)
        self.reasons = label("", wrap=True)
        self.reasons.setTextFormat(Qt.TextFormat.PlainText)
        self.distribution = Distribution()
        self.header.addWidget(self.hand)
        self.body.addWidget(self.action)
        self.body.addWidget(self.fallback)
        self.body.addWidget(scrolled(self._content()), 1)
        self.fallback.hide()

    def refresh(self, model: ConsoleModel) -> None:
        snapshot = model.snapshot
        if snapshot is None:
            return
        self._show_hand(snapshot)
        shown = snapshot.decision, snapshot.solution, snapshot.last_receipt
        if shown != self._shown:
            self._shown = shown
            self._show(*shown)

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, SCROLL_GAP, 0)
        column.setSpacing(6)
        for widget in (self.distribution, self.facts, self.reasons, self._receipt):
            column.addWidget(widget)
        column.addStretch(1)
        return content

    def _show_hand(self, snapshot: Snapshot) -> None:
        decision, state = snapshot.decision, snapshot.state
        if decision is None:
            text = ""
        elif state is not None and state.hand_id == decision.hand_id:
            text = hand_name(decision.hand_id)
        else:
            text = f"earlier {hand_name(decision.hand_id)}"
        self.hand.setText(text)
        self.hand.setToolTip("" if decision is None else decision.hand_id)

    def _show(self, decision: Decision | None, solution: Solution | None, receipt: Receipt | None) -> None:
        self.action.setText("No decision yet" if decision is None else action_text(decision.action))
        self.distribution.show_actions(
            () if decision is None else decision.distribution, None if decision is None else decision.action
        )
        self.fallback.setVisible(decision is not None and decision.fallback)
        self.facts.setText("" if decision is None else facts_text(decision, solution))
        self.reasons.setText("" if decision is None else "\n".join(f"• {sentence(why)}" for why in decision.reasons))
        self.fallback.setText("Fallback: the safe action, not a solved one")
        self._receipt.setText(sentence(receipt_text(receipt)))


def facts_text(decision: Decision, solution: Solution | None) -> str:
    """Equity, source and the time each step used."""
    facts = [] if solution is None else [f"equity {solution.equity:.1%}"]
    facts.append(f"source {decision.source}")
    facts += [f"{step} {milliseconds(took)}" for step, took in decision.timings_ns.items()]
    return sentence(" · ".join(facts))
