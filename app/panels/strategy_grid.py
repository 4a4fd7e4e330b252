"""The strategy panel: what a whole range does at a place of the solution, as a 13 x 13 grid with its details."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.models.console_model import ConsoleModel
from app.models.grid_model import GridError, Grids, decode
from app.models.solver_rows import NO_SOLVE_YET, method, moved_on
from app.models.wording import STALE_AFTER_NS, sentence
from app.panels.action_legend import ActionLegend
from app.panels.hand_grid import HandGrid
from app.panels.panel import Panel, label
from app.panels.scrolled import SCROLL_GAP, scrolled
from engine.words import Snapshot, Solution
from engine.words.thought import SolverView

_LEAST_ASIDE, _MOST_ASIDE = 132, 230

_POPUP = 190
"""Pixels of width in which every place can be read."""


class StrategyPanel(Panel):
    """The grid with a choice of seat and place, the range's frequencies and the details of one class beside it.

    A solution is decoded once, when it comes.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Strategy", parent)
        self.decoded = 0
        self._solution: Solution | None = None
        self._grids: Grids | None = None
        self._problem = ""
        self.seat, self.place = _choice("Whose range", 6), _choice("Place in the solution", 10)
        self.grid, self.legend = HandGrid(), ActionLegend()
        self.empty, self.warning = label("soft", NO_SOLVE_YET, wrap=True), label("warning", wrap=True)
        self.aggregate, self.cell, self.pairs = (
            label("small", wrap=True),
            label("", wrap=True),
            label("small", wrap=True),
        )
        for each in (self.cell, self.pairs, self.empty):
            each.setTextFormat(Qt.TextFormat.PlainText)
        self.pairs.setToolTip("Expected value in big blinds, folding at 0, where it is known")
        self.header.addWidget(self.seat)
        self.header.addWidget(self.place)
        self._content = self._lay_out()
        for widget in (self.warning, self.empty):
            self.body.addWidget(widget)
        self.body.addWidget(self._content, 1)
        self.body.addStretch(0)
        self.seat.currentIndexChanged.connect(self._on_seat)
        self.place.currentIndexChanged.connect(self._show_grid)
        self.grid.current_changed.connect(self._show_cell)
        self.warning.hide()
        self._show_grids()

    @property
    def grids(self) -> Grids | None:
        """What of the solution can be looked at."""
        return self._grids

    def refresh(self, model: ConsoleModel) -> None:
        snapshot = model.snapshot
        if snapshot is None:
            return
        if snapshot.solver.solution is not self._solution:
            self._take(snapshot.solver)
        self._say(self.empty, "" if self._grids is not None else self._problem or _nothing(snapshot.solver))
        self._say(self.warning, _warning(model.silent_ns) if self._grids is not None else "")
        self._say(self.aggregate, self._range_text(snapshot))

    def _range_text(self, snapshot: Snapshot) -> str:
        """How large the range is, and whether the table has moved on from its spot."""
        grid, solved = self.grid.grid, snapshot.solver.state
        if grid is None or solved is None:
            return ""
        text = f"{grid.pairs:.0f} pairs, {grid.part:.0%} of all"
        return f"Earlier spot · {text}" if moved_on(solved, snapshot.state) else f"Range: {text}"

    def _take(self, view: SolverView) -> None:
        self._solution, self._grids, self._problem = view.solution, None, ""
        if view.solution is not None and view.state is not None and (view.solution.nodes or view.solution.ranges):
            self.decoded += 1
            try:
                self._grids = decode(view.solution, view.state)
            except GridError as error:
                self._problem = f"This solution cannot be shown: {error}"
        self._show_grids()

    def _show_grids(self) -> None:
        """Fill the choices anew; the seat that was chosen stays so where it can."""
        grids, wanted = self._grids, self.seat.currentData()
        self._content.setVisible(grids is not None)
        for choice in (self.seat, self.place):
            choice.setVisible(grids is not None)
        self.seat.blockSignals(True)
        self.seat.clear()
        for number, name in () if grids is None else grids.seats:
            self.seat.addItem(name, number)
        self.seat.setCurrentIndex(max(0, self.seat.findData(wanted)))
        self.seat.blockSignals(False)
        self._on_seat()

    def _on_seat(self) -> None:
        grids, seat = self._grids, self.seat.currentData()
        wanted = self.place.currentText()
        self.place.blockSignals(True)
        self.place.clear()
        for grid in () if grids is None or seat is None else grids.of(seat):
            self.place.addItem(grid.path, grid)
        self.place.setCurrentIndex(max(0, self.place.findText(wanted)))
        self.place.blockSignals(False)
        self._show_grid()

    def _show_grid(self) -> None:
        grid, grids = self.place.currentData(), self._grids
        own = grids is not None and grid is not None and grid.seat == grids.hero
        self.grid.show_grid(grid, grids.hero_class if own and grids is not None else None)
        self.legend.show_grid(grid)
        self._show_cell()

    def _show_cell(self) -> None:
        words = self.grid.text
        self.cell.setText("" if words is None else words.title)
        self.pairs.setText("" if words is None else "\n".join(words.lines))

    def _lay_out(self) -> QWidget:
        aside, content = QWidget(), QWidget()
        column = QVBoxLayout(aside)
        column.setContentsMargins(0, 0, SCROLL_GAP, 0)
        column.setSpacing(5)
        for widget in (self.aggregate, self.legend, self.cell, self.pairs):
            column.addWidget(widget)
        column.addStretch(1)
        area = scrolled(aside)
        area.setMinimumWidth(_LEAST_ASIDE)
        area.setMaximumWidth(_MOST_ASIDE)
        row = QHBoxLayout(content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.grid, 5)
        row.addWidget(area, 3)
        return content

    @staticmethod
    def _say(where: QLabel, text: str) -> None:
        if text != where.text():
            where.setText(text)
        if where.isHidden() is bool(text):
            where.setVisible(bool(text))


def _nothing(view: SolverView) -> str:
    """Why there is no grid."""
    if view.state is None:
        return NO_SOLVE_YET
    if view.running:
        return "Solving: the strategy is shown when it is found"
    if view.solution is None:
        return "No answer to the last spot"
    return f"{sentence(method(view.solution, view.state.street))}: this method gives no ranges to look at"


def _warning(silent_ns: int) -> str:
    return "Not current: the engine is silent" if silent_ns >= STALE_AFTER_NS else ""


def _choice(name: str, letters: int) -> QComboBox:
    made = QComboBox()
    made.setObjectName("small")
    made.setAccessibleName(name)
    made.setToolTip(name)
    made.setMinimumContentsLength(letters)
    made.view().setMinimumWidth(_POPUP)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return made
