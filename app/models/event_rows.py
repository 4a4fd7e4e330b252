"""The event log as a table model: the newest thousand rows, added in one step however many arrive."""

from collections import deque
from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.models.wording import clock_part
from engine.words import Event

CAPACITY = 1000
COLUMNS = ("Level", "Time (UTC)", "Event")
_ROOT = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


class EventRows(QAbstractTableModel):
    """Rows of events, oldest first, never more than CAPACITY."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: deque[Event] = deque(maxlen=CAPACITY)
        self.received = 0

    def add(self, events: Sequence[Event]) -> None:
        """Append events; the oldest rows make room."""
        self.received += len(events)
        newest = list(events)[-CAPACITY:]
        if newest:
            self._drop(len(self._rows) + len(newest) - CAPACITY)
            self.beginInsertRows(_ROOT, len(self._rows), len(self._rows) + len(newest) - 1)
            self._rows.extend(newest)
            self.endInsertRows()

    def event_at(self, row: int) -> Event:
        return self._rows[row]

    def text(self, rows: Sequence[int]) -> str:
        """Rows as tab-separated lines, for the clipboard."""
        return "\n".join("\t".join(self.fields(self._rows[row])) for row in rows)

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        return self.fields(self._rows[index.row()])[index.column()]

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return COLUMNS[section] if 0 <= section < len(COLUMNS) else None

    def _drop(self, count: int) -> None:
        if count <= 0:
            return
        self.beginRemoveRows(_ROOT, 0, count - 1)
        for _ in range(count):
            self._rows.popleft()
        self.endRemoveRows()

    @staticmethod
    def fields(event: Event) -> tuple[str, str, str]:
        """The columns of one row."""
        return event.level, clock_part(event.utc), event.text
