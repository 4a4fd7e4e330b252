"""The solver panel: which spot, by which method, how far from an equilibrium, and how long it took."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from app.models.console_model import ConsoleModel
from app.models.solver_rows import Convergence, SolverFacts, convergence, solver_facts
from app.models.wording import STALE_AFTER_NS
from app.panels.charts import ChartPanel
from app.panels.panel import label, quiet_button
from app.panels.plot import Plot
from app.panels.scrolled import SCROLL_GAP, scrolled
from engine.clock import SECOND
from engine.words import Snapshot
from engine.words.thought import SolverView

_PLOT_FROM = 180
"""Pixels of height from which there is room for the chart."""
_LOG_PER_CENT = (-2.0, 2.0)
_LEAST_ITERATIONS = 100
_BAR_HEIGHT = 6


class SolverPanel(ChartPanel):
    """Facts above, exploitability by time or iterations below, logarithmic, between fixed ranges."""

    def __init__(self) -> None:
        super().__init__("Solver", Plot("Exploitability in per cent of the pot", _LOG_PER_CENT, 1))
        self.facts: SolverFacts | None = None
        self._scale: tuple[bool, float] | None = None
        self._line: tuple[object, ...] | None = None
        self.by = quiet_button("by time", "What the chart's axis counts: time or iterations", self._turn)
        self.by.setCheckable(True)
        self.headline, self.kept = label("figure", wrap=True), label("small", wrap=True)
        self.spot, self.closeness = label("small", wrap=True), label("", wrap=True)
        self.time, self.bar = label("small", wrap=True), QProgressBar()
        self.work, self.detail = label("small", wrap=True), label("small", wrap=True)
        self.warning, self.empty = label("warning", wrap=True), label("soft", wrap=True)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(_BAR_HEIGHT)
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName("Time used of the solver's budget")
        self.header.addWidget(self.by)
        self._area = scrolled(self._content())
        self.body.insertWidget(1, self.warning)
        self.body.insertWidget(2, self._area, 1)
        self.body.insertWidget(3, self.empty)
        self.plot.setToolTip("How much the best reply would win, in per cent of the pot, while the solve went on")
        for each in (self.warning, self.empty, self.bar, self.plot):
            each.hide()

    def draw(self, model: ConsoleModel, snapshot: Snapshot) -> None:
        view = snapshot.solver
        facts = solver_facts(view, snapshot.state, model.silent_ns, STALE_AFTER_NS)
        if facts != self.facts:
            self.facts = facts
            self._show(facts)
        line = view.points, view.budget_ns, view.running, self.by.isChecked()
        if line != self._line:
            self._line = line
            self._draw_line(view)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little height, the facts are worth more than the chart."""
        super().resizeEvent(event)
        self._line = None
        self._fit()

    def _show(self, facts: SolverFacts) -> None:
        texts = {
            self.headline: " · ".join(filter(None, (facts.headline, facts.source))),
            self.spot: facts.spot,
            self.closeness: facts.closeness,
            self.time: f"Time {facts.time}{', over its budget' if facts.over else ''}" if facts.time else "",
            self.work: facts.work,
            self.kept: facts.kept,
            self.detail: facts.detail,
            self.warning: facts.warning,
        }
        for where, text in texts.items():
            where.setText(text)
            where.setVisible(bool(text))
        self.bar.setVisible(bool(facts.time))
        self.bar.setValue(round(1000 * facts.share))

    def _turn(self) -> None:
        self.by.setText("by iterations" if self.by.isChecked() else "by time")
        self._line = None

    def _draw_line(self, view: SolverView) -> None:
        line = convergence(view)
        measured = len(line.exploitability) > 0
        self.empty.setText("" if measured else _nothing(view))
        self._fit()
        if not measured or self.plot.isHidden():
            return
        at = line.iterations if self.by.isChecked() else line.seconds
        self._fit_axis(view, line)
        heights = np.clip(np.log10(line.exploitability), *_LOG_PER_CENT)
        # A last value that stays is drawn to where it stands, so that a single one can be seen.
        end = at[-1] + (self._scale[1] if self._scale is not None else 1.0) / 100
        self.plot.draw(np.append(at, end), np.append(heights, heights[-1])[:, None])

    def _fit(self) -> None:
        room, measured = self.height() >= _PLOT_FROM, not self.empty.text()
        self.plot.setVisible(room and measured and self.facts is not None)
        self.empty.setVisible(bool(self.empty.text()))

    def _fit_axis(self, view: SolverView, line: Convergence) -> None:
        """A fixed range: the budget, or iterations that grow by doubling."""
        counted = self.by.isChecked()
        if counted:
            span = float(_LEAST_ITERATIONS)
            while span < np.nanmax(line.iterations, initial=0.0):
                span *= 2
        else:
            span = max(view.budget_ns / SECOND, float(line.seconds[-1]))
        if self._scale == (counted, span):
            return
        self._scale = counted, span
        self.plot.set_x_range((0.0, span * 1.15))
        unit = "" if counted else " s"
        bottom = [(span * part / 4, f"{span * part / 4:.3g}{unit}") for part in range(5)]
        self.plot.set_ticks([(-2, "0.01%"), (-1, "0.1%"), (0, "1%"), (1, "10%"), (2, "100%")], bottom)

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, SCROLL_GAP, 0)
        column.setSpacing(4)
        lines = (self.headline, self.closeness, self.time, self.work, self.spot, self.kept, self.detail)
        for widget in lines:
            widget.setTextFormat(Qt.TextFormat.PlainText)
            column.addWidget(widget)
        column.insertWidget(lines.index(self.time) + 1, self.bar)
        column.addStretch(1)
        return content


def _nothing(view: SolverView) -> str:
    """Why there is no curve; nothing where the headline says it already."""
    if view.state is None:
        return "The chart begins with the first solve"
    if view.running:
        return "Nothing measured yet"
    return "This answer's exploitability was not measured on the way"
