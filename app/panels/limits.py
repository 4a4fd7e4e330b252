"""The risk limits: for each what is used and left in words, over a bar of what is left."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.models.risk_rows import LimitRow
from app.theme.colours import Colours, colours_of
from app.theme.fonts import console_font

_ROW, _BAR = 31, 5
_TITLE, _GAP = 88, 6


class LimitTable(QWidget):
    """Paints the rows; what is left fills the bar, and is amber when it is little."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[LimitRow, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Risk limits; the bars show what is left")

    def show_rows(self, rows: tuple[LimitRow, ...]) -> None:
        if rows != self.rows:
            self.rows = rows
            self.setAccessibleDescription("; ".join(f"{row.title} {row.used}, {row.left}" for row in rows))
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(260, _ROW * len(self.rows))

    def event(self, event: QEvent) -> bool:
        """Each row has a tooltip of its own."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            row = event.pos().y() // _ROW
            if 0 <= row < len(self.rows):
                QToolTip.showText(event.globalPos(), self.rows[row].tip, self)
                return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            colours = colours_of(self.palette())
            for line, row in enumerate(self.rows):
                self._paint_row(painter, line * _ROW, row, colours)

    def _paint_row(self, painter: QPainter, top: int, row: LimitRow, colours: Colours) -> None:
        height = _ROW - _BAR - _GAP
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(console_font(13, QFont.Weight.DemiBold if row.low else QFont.Weight.Normal))
        painter.setPen(QColor(colours.ink))
        painter.drawText(QRectF(0, top, _TITLE, height), middle, row.title)
        painter.setFont(console_font(12))
        metrics = painter.fontMetrics()
        room = self.width() - _TITLE - metrics.horizontalAdvance(row.left) - 2 * _GAP
        used = metrics.elidedText(row.used, Qt.TextElideMode.ElideRight, max(0, room))
        painter.drawText(QRectF(_TITLE, top, max(0, room), height), middle, used)
        painter.setPen(QColor(colours.amber if row.low else colours.ink_soft))
        painter.drawText(QRectF(0, top, self.width(), height), middle | Qt.AlignmentFlag.AlignRight, row.left)
        bar = QRectF(0, top + height + 1, self.width(), _BAR)
        painter.fillRect(bar, QColor(colours.line))
        ink = QColor(colours.amber if row.low else colours.bar_chosen)
        painter.fillRect(QRectF(bar.x(), bar.y(), bar.width() * row.share_left, bar.height()), ink)
