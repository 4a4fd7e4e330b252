"""The drills as a table: what each is called, and whether it is due, running, passed or failed."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.models.drill_runner import DrillEntry, DrillRun
from engine.words import CertificateStatus

COLUMNS = ("Drill", "State")
_ROOT = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class DrillRow:
    """One drill as listed. ``mark`` is a shape, ``why`` says more than the one word of ``state``."""

    name: str
    title: str
    state: str
    mark: str
    why: str
    due: bool


def drill_rows(
    entries: tuple[DrillEntry, ...],
    certificates: tuple[CertificateStatus, ...],
    runs: Mapping[str, DrillRun],
    queue: list[str],
) -> tuple[DrillRow, ...]:
    """The drills in the order of the list."""
    known = {each.drill: each for each in certificates}
    return tuple(_row(each, known.get(each.name), runs.get(each.name), each.name in queue) for each in entries)


def _row(entry: DrillEntry, certificate: CertificateStatus | None, run: DrillRun | None, waits: bool) -> DrillRow:
    state, mark, why = _state(certificate, run, waits)
    due = certificate is not None and not certificate.current
    return DrillRow(entry.name, entry.title, state, mark, why, due)


def _state(certificate: CertificateStatus | None, run: DrillRun | None, waits: bool) -> tuple[str, str, str]:
    if waits:
        return "waits", "dot", "It runs after the one before it."
    if run is not None and not run.over:
        return "running", "half", run.step
    if run is not None and run.passed is not None:
        return ("passed", "check", "Passed just now.") if run.passed else ("failed", "cross", "Failed just now.")
    if run is not None:
        return "no result", "triangle", run.problem
    if certificate is None:
        return "", "dot", "Not asked for by this profile."
    return ("passed", "check", certificate.detail) if certificate.current else ("due", "triangle", certificate.detail)


class DrillRows(QAbstractTableModel):
    """The rows for a view."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[DrillRow, ...] = ()

    def show_rows(self, rows: tuple[DrillRow, ...]) -> None:
        if rows == self.rows:
            return
        if [row.name for row in rows] == [row.name for row in self.rows]:
            self.rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(COLUMNS) - 1))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def row_of(self, name: str) -> int:
        """The row of a drill; -1 when it is not in the list."""
        return next((row for row, each in enumerate(self.rows) if each.name == name), -1)

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (row.title, row.state)[index.column()]
        return row.why if role == Qt.ItemDataRole.ToolTipRole else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return COLUMNS[section] if 0 <= section < len(COLUMNS) else None
