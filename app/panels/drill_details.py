"""One drill in full: what it proves, how far it is, and every criterion with what was measured."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from app.models.drill_rows import DrillRow
from app.models.drill_runner import CriterionResult, DrillEntry, DrillRun
from app.models.wording import sentence
from app.panels.mark import Mark
from app.panels.notice import Notice
from app.panels.panel import label
from app.panels.scrolled import SCROLL_GAP, scrolled


class DrillDetails(QWidget):
    """Shows a drill and its last run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[DrillEntry, DrillRow, DrillRun | None] | None = None
        self.title, self.state = label("figure", wrap=True), Notice()
        self.purpose, self.figures = label("", wrap=True), label("small", wrap=True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setRange(0, 1000)
        self.progress.setFixedHeight(6)
        self.progress.setAccessibleName("Progress of the drill")
        self._lines: list[QLabel] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self.area = scrolled(self._content())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self.title, self.state, self.progress):
            column.addWidget(widget)
        column.addWidget(self.area, 1)
        self.progress.hide()

    def show_drill(self, entry: DrillEntry, row: DrillRow, run: DrillRun | None) -> None:
        """Show a drill with its state and its last run of this session."""
        shown = entry, row, run
        if shown == self._shown:
            return
        before, self._shown = self._shown, shown
        running = run is not None and not run.over
        self.title.setText(entry.title)
        self.state.say(state_text(row, run), abnormal=_abnormal(row, run))
        self.progress.setVisible(running)
        self.progress.setValue(0 if run is None else round(run.done * 1000))
        self.purpose.setText(sentence(entry.purpose))
        self.figures.setText("" if run is None else "\n".join(f"{name}: {value}" for name, value in run.figures))
        criteria = _criteria(entry, run)
        if before is None or criteria != _criteria(before[0], before[2]):
            self._fill(criteria)

    def criteria(self) -> list[str]:
        """The lines of the criteria as shown."""
        return [line.text() for line in self._lines]

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, SCROLL_GAP, 0)
        column.setSpacing(6)
        column.addWidget(self.purpose)
        column.addLayout(self._grid)
        column.addWidget(self.figures)
        column.addStretch(1)
        return content

    def _fill(self, criteria: tuple[CriterionResult, ...]) -> None:
        self._lines.clear()
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for row, each in enumerate(criteria):
            line = label("soft" if each.passed else "", _line(each), wrap=True)
            line.setTextFormat(Qt.TextFormat.PlainText)
            self._grid.addWidget(_mark(each), row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(line, row, 1)
            self._lines.append(line)


def state_text(row: DrillRow, run: DrillRun | None) -> str:
    """Where the drill is, in words."""
    if run is not None and not run.over:
        return f"{run.done:.0%} · {sentence(run.step)}"
    if run is not None and run.problem:
        return f"{sentence(row.state)}: {run.problem}"
    said = not row.state or row.why.lower().startswith(row.state)
    return sentence(row.why) if said else f"{sentence(row.state)}: {row.why}"


def _abnormal(row: DrillRow, run: DrillRun | None) -> bool:
    return row.state == "failed" or (run is not None and run.over and bool(run.problem) and run.problem != "cancelled")


def _criteria(entry: DrillEntry, run: DrillRun | None) -> tuple[CriterionResult, ...]:
    return run.criteria if run is not None and run.criteria else tuple(map(CriterionResult, entry.criteria))


def _mark(criterion: CriterionResult) -> Mark:
    if criterion.passed is None:
        return Mark("dot")
    return Mark("check") if criterion.passed else Mark("cross", abnormal=True)


def _line(criterion: CriterionResult) -> str:
    """The criterion, and once it is judged the verdict in a word with what was measured against what."""
    if criterion.passed is None:
        return sentence(criterion.text)
    verdict = "Passed" if criterion.passed else "FAILED"
    limit = f" (limit {criterion.limit})" if criterion.limit else ""
    return f"{sentence(criterion.text)}\n{verdict}: {criterion.measured}{limit}"
