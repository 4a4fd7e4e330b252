"""The event log: the newest rows in view unless the operator scrolled away, and copied as text on request."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.models.console_model import ConsoleModel
from app.models.event_rows import EventRows
from app.panels.panel import Panel, quiet_button
from app.panels.tables import plain_table
from app.theme.colours import ON_RED, ON_YELLOW, STOP_RED, colours_of
from app.theme.shapes import paint_shape

_ROW = 20
_LEVEL_WIDTH, _TIME_WIDTH = 84, 96
_SHAPES = {"info": "dot", "warning": "triangle", "alarm": "octagon"}


class EventsPanel(Panel):
    """The log of the session; a table of level, time and text."""

    def __init__(self, rows: EventRows, parent: QWidget | None = None) -> None:
        super().__init__("Events", parent)
        self._rows = rows
        self._seen = 0
        widths = {0: _LEVEL_WIDTH, 1: _TIME_WIDTH}
        self.table = plain_table(rows, "Event log", row=_ROW, widths=widths, wide=2)
        self.table.setItemDelegateForColumn(0, _LevelDelegate(self.table))
        self.newest = quiet_button("Newest", "Scroll down to the newest event", self._scroll_down)
        self.copy_button = quiet_button("Copy", "Copy the selected rows, or all of them (Ctrl+C)", self.copy)
        self.header.addWidget(self.newest)
        self.header.addWidget(self.copy_button)
        QShortcut(QKeySequence.StandardKey.Copy, self.table, self.copy, context=Qt.ShortcutContext.WidgetShortcut)
        self.body.addWidget(self.table, 1)
        self.newest.hide()
        self._following = True
        bar = self.table.verticalScrollBar()
        bar.valueChanged.connect(self._note_scroll)
        # More rows and a lower panel alike: whoever looks at the newest goes on looking at it.
        bar.rangeChanged.connect(self._follow)

    def refresh(self, model: ConsoleModel) -> None:
        """The table draws itself; only the count of unseen rows is left to say."""
        if self._following:
            self._seen = model.events.received
            self._follow()
        unseen = model.events.received - self._seen
        self.newest.setVisible(unseen > 0)
        self.newest.setText(f"Newest ({unseen} new)")

    def copy(self) -> None:
        """Put the selected rows, or all rows, on the clipboard."""
        selected = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        QApplication.clipboard().setText(self._rows.text(selected or range(self._rows.rowCount())))

    def _follow(self) -> None:
        if self._following:
            bar = self.table.verticalScrollBar()
            bar.setValue(bar.maximum())

    def _note_scroll(self, value: int) -> None:
        self._following = value >= self.table.verticalScrollBar().maximum()

    def _scroll_down(self) -> None:
        self.table.scrollToBottom()


class _LevelDelegate(QStyledItemDelegate):
    """Paints a level as shape, word and colour."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        level = str(index.data())
        box = QRectF(option.rect)
        colours = colours_of(option.palette)
        ground, ink = {
            "alarm": (STOP_RED, ON_RED),
            "warning": (colours.amber_ground, ON_YELLOW),
        }.get(level, (None, colours.ink_soft))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if ground is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(box.adjusted(2, 2, -8, -2), 3, 3)
        paint_shape(painter, _SHAPES.get(level, "dot"), QRectF(box.x() + 7, box.center().y() - 4.5, 9, 9), QColor(ink))
        painter.setPen(QColor(ink))
        painter.drawText(box.adjusted(21, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, level)
        painter.restore()
