"""The alarm list (ISA-18.2): what needs the operator, the most urgent first, with what to do and its page."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.models.alarm_rows import COLUMNS, WAITING, AlarmRows, meaning
from app.models.console_model import ConsoleModel
from app.models.wording import STALE_AFTER_NS, sentence, utc_text
from app.panels.page_view import PageView
from app.panels.panel import Panel, label, quiet_button
from app.panels.scrolled import SCROLL_GAP, scrolled
from app.panels.tables import plain_table
from app.theme.colours import ON_RED, ON_YELLOW, STOP_RED, colours_of
from app.theme.fonts import console_font
from app.theme.shapes import paint_shape
from engine.safety.alarms import SHELF_MINUTES
from engine.words import AlarmState, AlarmView, Priority

ACKNOWLEDGE_KEY = "Ctrl+K"
SHELVE_KEY = "Ctrl+Shift+K"
_ROW = 22
_WIDTHS = {0: 92, 1: 66, 3: 72}
_SHAPES = {Priority.LOW: "dot", Priority.MEDIUM: "triangle", Priority.HIGH: "diamond", Priority.URGENT: "octagon"}
_SHELVE = f"Put it out of the way; it comes back by itself after {SHELF_MINUTES} minutes ({SHELVE_KEY})"
_BRING_BACK = f"Take it off the shelf now ({SHELVE_KEY})"
_NOT_SHELVED = "The alarm of a stop cannot be shelved"
_SILENT = "No word from the engine: this list may be out of date."


class AlarmsPanel(Panel):
    """The list above, the selected alarm below. ``acknowledge``, ``shelve`` and ``unshelve`` are given a key."""

    def __init__(
        self,
        acknowledge: Callable[[str], None],
        shelve: Callable[[str], None],
        unshelve: Callable[[str], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Alarms", parent)
        self._acknowledge, self._shelve, self._unshelve = acknowledge, shelve, unshelve
        self._chosen = ""
        self.rows = AlarmRows(self)
        self.table = plain_table(self.rows, "Alarm list", row=_ROW, widths=_WIDTHS, wide=COLUMNS.index("Alarm"))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setItemDelegateForColumn(0, _PriorityDelegate(self.rows, self.table))
        self.table.setMinimumHeight(_ROW)
        self.word, self.stale = label("small"), label("warning", _SILENT, wrap=True)
        self.headline, self.facts = label("figure", wrap=True), label("small", wrap=True)
        self.response, self.raised = label("", wrap=True), label("small", wrap=True)
        self.response.setTextFormat(Qt.TextFormat.PlainText)
        self.empty = label("soft", "No alarms. Nothing needs you now.")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.seen = quiet_button("Acknowledge", f"You have seen it and act on it ({ACKNOWLEDGE_KEY})", self.acknowledge)
        self.later = quiet_button("Shelve", _SHELVE, self.shelve)
        self.read = quiet_button("Page", "Read the page of the selected alarm", self.open_page)
        self.page = PageView()
        self.page.left.connect(self.close_page)
        self.stack = self._stack()
        for widget in (self.word, self.read, self.later, self.seen):
            self.header.addWidget(widget)
        self.body.addWidget(self.stale)
        self.body.addWidget(self.stack, 1)
        self.stale.hide()
        self.table.selectionModel().currentRowChanged.connect(self._on_chosen)
        self._show_chosen()

    def refresh(self, model: ConsoleModel) -> None:
        snapshot = model.snapshot
        if snapshot is None:
            return
        silent = model.silent_ns >= STALE_AFTER_NS
        if silent is self.stale.isHidden():
            self.stale.setVisible(silent)
        if snapshot.alarms != self.rows.alarms:
            self.rows.show_alarms(snapshot.alarms)
            self._keep_chosen()
            self._show_chosen()

    @property
    def chosen(self) -> AlarmView | None:
        """The selected alarm."""
        row = self.rows.row_of(self._chosen)
        return self.rows.alarms[row] if row >= 0 else None

    def acknowledge(self) -> None:
        """Acknowledge the selected alarm; when it needs none, the first that does."""
        chosen = self.chosen
        waiting = [alarm for alarm in self.rows.alarms if alarm.state in WAITING]
        if chosen is not None and chosen in waiting:
            self._acknowledge(chosen.key)
        elif waiting:
            self._acknowledge(waiting[0].key)

    def shelve(self) -> None:
        """Put the selected alarm on the shelf, or take it off."""
        chosen = self.chosen
        if chosen is None:
            return
        if chosen.state is AlarmState.SHELVED:
            self._unshelve(chosen.key)
        elif chosen.may_shelve:
            self._shelve(chosen.key)

    def choose(self, key: str) -> None:
        """Select an alarm."""
        row = self.rows.row_of(key)
        if row >= 0:
            self.table.selectRow(row)

    def open_page(self) -> None:
        """Read the page of the selected alarm."""
        if self.chosen is not None:
            self.show_page(self.chosen.page)

    def show_page(self, page: str) -> None:
        """Read a page in place of the list."""
        self.page.show_page(page)
        self.stack.setCurrentWidget(self.page)

    def close_page(self) -> None:
        self.stack.setCurrentIndex(0)

    def _stack(self) -> QStackedWidget:
        shown = QWidget()
        column = QVBoxLayout(shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.empty, 1)
        column.addWidget(self.table, 3)
        self._below = scrolled(self._details())
        column.addWidget(self._below, 2)
        stack = QStackedWidget()
        stack.addWidget(shown)
        stack.addWidget(self.page)
        return stack

    def _details(self) -> QWidget:
        details = QWidget()
        column = QVBoxLayout(details)
        column.setContentsMargins(0, 0, SCROLL_GAP, 0)
        column.setSpacing(3)
        for widget in (self.headline, self.facts, self.response, self.raised):
            column.addWidget(widget)
        column.addStretch(1)
        return details

    def _on_chosen(self, current: QModelIndex) -> None:
        self._chosen = self.rows.alarms[current.row()].key if current.isValid() else ""
        self._show_chosen()

    def _keep_chosen(self) -> None:
        """The operator's choice stays with its alarm; without one, the most urgent is chosen."""
        if not self.rows.alarms:
            self._chosen = ""
            return
        row = max(0, self.rows.row_of(self._chosen))
        if self.table.currentIndex().row() != row:
            self.table.selectRow(row)

    def _show_chosen(self) -> None:
        alarms, chosen = self.rows.alarms, self.chosen
        waiting = sum(alarm.state in WAITING for alarm in alarms)
        self.word.setText(f"{waiting} to acknowledge" if waiting else "all acknowledged" if alarms else "")
        self.empty.setHidden(bool(alarms))
        self.table.setVisible(bool(alarms))
        # No taller than its rows, so that what is said of the chosen one stands right below.
        self.table.setMaximumHeight(_ROW * max(1, len(alarms)) + 2)
        self._below.setVisible(chosen is not None)
        self.seen.setEnabled(waiting > 0)
        self.read.setEnabled(chosen is not None)
        self._show_shelf(chosen)
        if chosen is not None:
            self.headline.setText(chosen.title)
            self.facts.setText(sentence(chosen.detail))
            self.facts.setHidden(not chosen.detail)
            self.response.setText(f"What to do: {chosen.response}")
            self.raised.setText(raised_text(chosen))

    def _show_shelf(self, chosen: AlarmView | None) -> None:
        shelved = chosen is not None and chosen.state is AlarmState.SHELVED
        may = chosen is not None and (shelved or chosen.may_shelve)
        self.later.setEnabled(may)
        self.later.setText("Bring back" if shelved else "Shelve")
        self.later.setToolTip(_BRING_BACK if shelved else _SHELVE if may or chosen is None else _NOT_SHELVED)


class _PriorityDelegate(QStyledItemDelegate):
    """Paints a priority as shape and word; red for what comes before all else, amber for what is soon."""

    def __init__(self, rows: AlarmRows, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = rows

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        alarm = self._rows.alarms[index.row()]
        colours, box = colours_of(option.palette), QRectF(option.rect)
        ground, ink = _dress(alarm, colours.amber_ground)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(colours.bar))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if ground:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(box.adjusted(2, 2, -8, -2), 3, 3)
        colour = QColor(ink or colours.ink)
        mark = QRectF(box.x() + 7, box.center().y() - 5, 10, 10)
        paint_shape(painter, _SHAPES[alarm.priority], mark, colour)
        painter.setPen(colour)
        painter.setFont(console_font(12, QFont.Weight.DemiBold if alarm.state in WAITING else QFont.Weight.Normal))
        painter.drawText(box.adjusted(23, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, str(index.data()))
        painter.restore()


def _dress(alarm: AlarmView, amber: str) -> tuple[str, str]:
    """Ground and ink of a priority; colour only for what is not acknowledged yet, and never for low."""
    if alarm.state not in WAITING or alarm.priority is Priority.LOW:
        return "", ""
    return (STOP_RED, ON_RED) if alarm.priority >= Priority.HIGH else (amber, ON_YELLOW)


def raised_text(alarm: AlarmView) -> str:
    """When it was raised, how often, and its state in words."""
    times = f", {alarm.times} times by now" if alarm.times > 1 else ""
    return f"Raised {utc_text(alarm.raised_utc)}{times}. {meaning(alarm)}"
