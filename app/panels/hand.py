"""The hand panel: the consistent state that decisions stand on, as text and cards."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.models.console_model import ConsoleModel
from app.models.wording import STREETS, chips, hand_name, history_lines, sentence, state_warning
from app.panels.cards import CardRow
from app.panels.panel import Panel, label
from app.panels.scrolled import SCROLL_GAP, scrolled
from app.panels.seats import SeatTable, seat_rows
from engine.game.state import TableState

_CARD_PLACES = 7
# What stands in the cards' line beside them: margins, gaps, a scroll bar, and a pot of five figures.
_BESIDE_CARDS = 114


class HandPanel(Panel):
    """Street, cards, pot, seats and history of the hand in progress; a reason when there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Hand", parent)
        self._state: TableState | None = None
        self.street, self._pot = label("small"), label("figure")
        self._pot.setToolTip("Pot in chips, this street's bets included")
        self.problem = label("warning", wrap=True)
        self.hole, self.board = CardRow(2, "Hole cards"), CardRow(5, "Board cards")
        self.seats, self._history = SeatTable(), label("small", wrap=True)
        self._history.setTextFormat(Qt.TextFormat.RichText)
        self._history.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.header.addWidget(self.street)
        self.body.addWidget(self.problem)
        self.body.addWidget(scrolled(self._content()), 1)
        self._show_state(None)
        self._show_problem("")

    def refresh(self, model: ConsoleModel) -> None:
        snapshot = model.snapshot
        if snapshot is None:
            return
        self._show_problem(state_warning(snapshot, model.silent_ns))
        if snapshot.state != self._state:
            self._show_state(snapshot.state)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for row in (self.hole, self.board):
            row.fit_card((self.width() - _BESIDE_CARDS) / _CARD_PLACES)

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, SCROLL_GAP, 0)
        column.setSpacing(8)
        column.addLayout(self._cards())
        column.addWidget(self.seats)
        column.addWidget(self._history)
        column.addStretch(1)
        return content

    def _cards(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        for column, (name, widget) in enumerate((("You", self.hole), ("Board", self.board), ("Pot", self._pot))):
            grid.addWidget(label("small", name), 0, column)
            grid.addWidget(widget, 1, column, Qt.AlignmentFlag.AlignVCenter)
        grid.setColumnStretch(2, 1)
        return grid

    def _show_problem(self, problem: str) -> None:
        if problem != self.problem.text() or self.problem.isHidden() is bool(problem):
            self.problem.setText(problem)
            self.problem.setVisible(bool(problem))

    def _show_state(self, state: TableState | None) -> None:
        self._state = state
        self.seats.show_rows(seat_rows(state))
        if state is None:
            self._clear()
            return
        self.street.setText(f"{STREETS[state.street]} · {hand_name(state.hand_id)}")
        self.street.setToolTip(state.hand_id)
        self._pot.setText(chips(state.pot))
        self.hole.show_cards(state.hole)
        self.board.show_cards(state.board)
        lines = history_lines(state)
        self._history.setText("<br>".join(f"<b>{street}</b>&nbsp; {sentence(text)}" for street, text in lines))

    def _clear(self) -> None:
        self.street.setText("no hand in progress")
        self.street.setToolTip("")
        self._pot.clear()
        self._history.clear()
        self.hole.show_cards(())
        self.board.show_cards(())
