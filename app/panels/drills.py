"""The drills panel: what is due and why, one run with live progress, its criteria and figures, its report."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt, QUrl
from PySide6.QtGui import QColor, QDesktopServices, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.models.console_model import ConsoleModel
from app.models.drill_rows import DrillRow, DrillRows, drill_rows
from app.models.drill_runner import DrillRunner
from app.panels.drill_details import DrillDetails
from app.panels.panel import Panel, label, quiet_button
from app.panels.tables import plain_table
from app.theme.colours import colours_of
from app.theme.shapes import paint_shape
from engine.words import CertificateStatus

_ROW, _STATE_WIDTH = 22, 66
_ARMED = "Disarm first: a drill loads the machine, and the eyes must not be late for it."
_OWN_PLACE = "It runs in a process and a state of its own, and never touches this engine"


class DrillsPanel(Panel):
    """The list at the left, the chosen drill at the right."""

    def __init__(self, runner: DrillRunner, parent: QWidget | None = None) -> None:
        super().__init__("Drills", parent)
        self._runner = runner
        self._certificates: tuple[CertificateStatus, ...] = ()
        self._armed = False
        self._chosen = ""
        self.rows = DrillRows(self)
        self.table = plain_table(self.rows, "Drills", row=_ROW, widths={1: _STATE_WIDTH}, wide=0)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setItemDelegateForColumn(0, _StateDelegate(self.rows, self.table))
        self.details = DrillDetails()
        self.word = label("small")
        self.problem = label("warning", wrap=True)
        self.run_button = quiet_button("Run", _OWN_PLACE, self.run)
        self.due_button = quiet_button("Run all due", _OWN_PLACE, self.run_due)
        self.cancel_button = quiet_button("Cancel", "End the drill, and those that wait for it", self._runner.cancel)
        self.report_button = quiet_button("Report", "Open the report of the last run in the browser", self.open_report)
        for widget in (self.word, self.report_button, self.cancel_button, self.due_button, self.run_button):
            self.header.addWidget(widget)
        self.body.addWidget(self.problem)
        self._lay_out()
        self.problem.hide()
        self.table.selectionModel().currentRowChanged.connect(self._on_chosen)
        self._runner.changed.connect(self._show)

    def refresh(self, model: ConsoleModel) -> None:
        """The list is asked for when the panel is first seen."""
        self._runner.load()
        snapshot = model.snapshot
        if snapshot is not None and (snapshot.certificates, snapshot.armed) != (self._certificates, self._armed):
            self._certificates, self._armed = snapshot.certificates, snapshot.armed
            self._show()

    @property
    def chosen(self) -> DrillRow | None:
        row = self.rows.row_of(self._chosen)
        return self.rows.rows[row] if row >= 0 else None

    def choose(self, name: str) -> None:
        """Select a drill."""
        row = self.rows.row_of(name)
        if row >= 0:
            self.table.selectRow(row)

    def run(self) -> None:
        """Run the chosen drill."""
        if self.chosen is not None and not self._armed:
            self._runner.run([self.chosen.name])

    def run_due(self) -> None:
        """Run every drill that is due, one after the other."""
        if not self._armed:
            self._runner.run([row.name for row in self.rows.rows if row.due and row.state == "due"])

    def open_report(self) -> None:
        """Open the HTML report; where nothing opens it, say where it lies."""
        run = self._runner.runs.get(self._chosen)
        if run is not None and run.report and not QDesktopServices.openUrl(QUrl.fromLocalFile(run.report)):
            self._say(f"Nothing here opens a report. It lies in {run.report}")

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self.table, 9)
        row.addWidget(self.details, 11)
        self.body.addLayout(row, 1)

    def _on_chosen(self, current: QModelIndex) -> None:
        self._chosen = self.rows.rows[current.row()].name if current.isValid() else ""
        self._say("")
        self._show_chosen()

    def _show(self) -> None:
        """Draw the list anew after anything has moved on."""
        runner = self._runner
        self.rows.show_rows(drill_rows(runner.entries, self._certificates, runner.runs, runner.queue))
        if self.rows.rows and not self.table.currentIndex().isValid():
            self.table.selectRow(max(0, self.rows.row_of(self._chosen)))
        self._show_word()
        self._show_chosen()
        self._say(f"The drills cannot be listed: {runner.list_problem}" if runner.list_problem else "")

    def _show_word(self) -> None:
        due, current = sum(row.due for row in self.rows.rows), self._runner.current
        if current is not None:
            self.word.setText(f"DRILL: {current.title}")
        elif not self.rows.rows:
            self.word.setText("" if self._runner.list_problem else "asking for the list …")
        elif self._certificates:
            self.word.setText((f"{due} due" if due else "none due") + (" · disarm to run" if self._armed else ""))
        else:
            self.word.setText("none asked for by this profile")

    def _show_chosen(self) -> None:
        row, runner = self.chosen, self._runner
        entry = next((each for each in runner.entries if row is not None and each.name == row.name), None)
        self.details.setVisible(entry is not None)
        running = runner.current is not None
        self.run_button.setEnabled(row is not None and not self._armed and row.state not in ("running", "waits"))
        self.due_button.setEnabled(not self._armed and any(each.state == "due" for each in self.rows.rows))
        for button in (self.run_button, self.due_button):
            button.setToolTip(_ARMED if self._armed else _OWN_PLACE)
        self.cancel_button.setVisible(running)
        run = None if row is None else runner.runs.get(row.name)
        self.report_button.setEnabled(run is not None and bool(run.report))
        if row is not None and entry is not None:
            self.details.show_drill(entry, row, run)

    def _say(self, text: str) -> None:
        if text != self.problem.text() or self.problem.isHidden() is bool(text):
            self.problem.setText(text)
            self.problem.setVisible(bool(text))


class _StateDelegate(QStyledItemDelegate):
    """Paints a title with the mark of its state before it."""

    def __init__(self, rows: DrillRows, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = rows

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row, colours, box = self._rows.rows[index.row()], colours_of(option.palette), QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(colours.bar))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        amber = row.state in ("due", "failed", "no result")
        mark = QRectF(box.x() + 5, box.center().y() - 5, 10, 10)
        paint_shape(painter, row.mark, mark, QColor(colours.amber if amber else colours.ink_soft))
        painter.setPen(QColor(colours.ink))
        room = box.adjusted(22, 0, -4, 0)
        text = painter.fontMetrics().elidedText(row.title, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()
