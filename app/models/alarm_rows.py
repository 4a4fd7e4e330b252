"""The alarms as a table: priority, time, what it is, and where it is in its life."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from app.models.wording import clock_part
from app.theme.fonts import console_font
from engine.words import AlarmState, AlarmView

COLUMNS = ("Priority", "Raised (UTC)", "Alarm", "State")
STATES = {
    AlarmState.UNACKNOWLEDGED: "new",
    AlarmState.ACKNOWLEDGED: "seen",
    AlarmState.RETURNED_UNACKNOWLEDGED: "over, new",
    AlarmState.NORMAL: "",
    AlarmState.SHELVED: "shelved",
}
MEANING = {
    AlarmState.UNACKNOWLEDGED: "It stands, and nobody has acknowledged it.",
    AlarmState.ACKNOWLEDGED: "It stands, and has been acknowledged.",
    AlarmState.RETURNED_UNACKNOWLEDGED: "It is over, and nobody has acknowledged it.",
    AlarmState.NORMAL: "",
    AlarmState.SHELVED: "It is shelved, and comes back by itself.",
}
WAITING = frozenset({AlarmState.UNACKNOWLEDGED, AlarmState.RETURNED_UNACKNOWLEDGED})
_ROOT = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


class AlarmRows(QAbstractTableModel):
    """Rows in the order in which the engine gives them. A row that stays keeps its selection."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.alarms: tuple[AlarmView, ...] = ()

    def show_alarms(self, alarms: tuple[AlarmView, ...]) -> None:
        if alarms == self.alarms:
            return
        if [each.key for each in alarms] == [each.key for each in self.alarms]:
            self.alarms = alarms
            self.dataChanged.emit(self.index(0, 0), self.index(len(alarms) - 1, len(COLUMNS) - 1))
            return
        self.beginResetModel()
        self.alarms = alarms
        self.endResetModel()

    def row_of(self, key: str) -> int:
        """The row of an alarm; -1 when it is not in the list."""
        return next((row for row, each in enumerate(self.alarms) if each.key == key), -1)

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.alarms)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        alarm = self.alarms[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return fields(alarm)[index.column()]
            case Qt.ItemDataRole.ToolTipRole:
                return meaning(alarm) if index.column() == len(COLUMNS) - 1 else summary(alarm)
            case Qt.ItemDataRole.FontRole if alarm.state in WAITING:
                return console_font(12, QFont.Weight.DemiBold)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return COLUMNS[section] if 0 <= section < len(COLUMNS) else None


def fields(alarm: AlarmView) -> tuple[str, str, str, str]:
    """The columns of one row."""
    return alarm.priority.name.lower(), clock_part(alarm.raised_utc)[:8], alarm.title, STATES[alarm.state]


def meaning(alarm: AlarmView) -> str:
    """The state of an alarm in words."""
    if alarm.shelved_min:
        return f"It is shelved, and comes back by itself within {alarm.shelved_min} min."
    return MEANING[alarm.state]


def summary(alarm: AlarmView) -> str:
    return f"{alarm.title}: {alarm.detail}" if alarm.detail else alarm.title
