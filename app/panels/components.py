"""The components as a small table: state, since when, whether the work moves on, and restarts."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.models.health_rows import HealthRow
from app.theme.colours import ON_YELLOW, Colours, colours_of
from app.theme.fonts import console_font
from app.theme.shapes import paint_shape

_ROW, _DETAIL, _MARK = 22, 17, 20
_HEADINGS = ("Part", "State", "for", "Work", "Restarts")
SHARES = (0.19, 0.20, 0.225, 0.185, 0.20)
_RIGHT = 3
GAP, DOT_ROOM = 8, 14


class ComponentTable(QWidget):
    """Paints the rows; one that is unwell has its state on amber and its reason below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[HealthRow, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Health of the components")
        self.setToolTip(
            "Work counts what each part has finished; a filled dot beside it means that it went on within the "
            "last two seconds. Restarts counts those so far, and those that are left before the bot stops."
        )

    def show_rows(self, rows: tuple[HealthRow, ...]) -> None:
        if rows != self.rows:
            self.rows = rows
            self.setAccessibleDescription("; ".join(_spoken(row) for row in rows))
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(260, _ROW + sum(_height(row) for row in self.rows) if self.rows else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colours = colours_of(self.palette())
            if not self.rows:
                return
            painter.setFont(console_font(12))
            self._paint_cells(painter, 0, _HEADINGS, QColor(colours.ink_soft))
            painter.fillRect(QRectF(0, _ROW - 1, self.width(), 1), QColor(colours.line))
            top = _ROW
            for row in self.rows:
                self._paint_row(painter, top, row, colours)
                top += _height(row)

    def _paint_row(self, painter: QPainter, top: int, row: HealthRow, colours: Colours) -> None:
        ink = QColor(colours.faint if row.off else colours.ink)
        painter.setFont(console_font(13))
        if row.abnormal:
            self._paint_state(painter, top, row, colours)
        cells = (row.name, "" if row.abnormal else row.state, row.since, row.work, row.restarts)
        self._paint_cells(painter, top, cells, ink)
        if row.work:
            right = self._left(_RIGHT) + SHARES[_RIGHT] * self._room()
            dot = QRectF(right - GAP - 9, top + _ROW / 2 - 4, 8, 8)
            paint_shape(painter, "dot" if row.moving else "ring", dot, QColor(colours.ink_soft))
        if row.abnormal and row.detail:
            painter.setFont(console_font(12))
            painter.setPen(QColor(colours.ink_soft))
            box = QRectF(self._left(1), top + _ROW - 2, self.width() - self._left(1), _DETAIL)
            text = painter.fontMetrics().elidedText(row.detail, Qt.TextElideMode.ElideRight, int(box.width()))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_state(self, painter: QPainter, top: int, row: HealthRow, colours: Colours) -> None:
        """The state as shape and word on an amber ground."""
        font = console_font(12, QFont.Weight.DemiBold)
        width = QFontMetrics(font).horizontalAdvance(row.state) + 24
        plate = QRectF(self._left(1) - 5, top + 2, width, _ROW - 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.amber_ground))
        painter.drawRoundedRect(plate, 3, 3)
        paint_shape(painter, "triangle", QRectF(plate.x() + 5, plate.center().y() - 4.5, 9, 9), QColor(ON_YELLOW))
        painter.setFont(font)
        painter.setPen(QColor(ON_YELLOW))
        painter.drawText(plate.adjusted(18, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, row.state)
        painter.setFont(console_font(13))

    def _paint_cells(self, painter: QPainter, top: int, cells: tuple[str, ...], ink: QColor) -> None:
        painter.setPen(ink)
        for column, (text, share) in enumerate(zip(cells, SHARES, strict=True)):
            box = QRectF(self._left(column), top, share * self._room() - GAP, _ROW)
            side = Qt.AlignmentFlag.AlignLeft
            if column == _RIGHT:
                side = Qt.AlignmentFlag.AlignRight
                box.adjust(0, 0, -DOT_ROOM, 0)
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
            painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, shown)

    def _room(self) -> float:
        return float(self.width())

    def _left(self, column: int) -> float:
        return sum(SHARES[:column]) * self._room()


def _height(row: HealthRow) -> int:
    return _ROW + (_DETAIL if row.abnormal and row.detail else 0)


def _spoken(row: HealthRow) -> str:
    parts = (row.name, row.state, f"for {row.since}", row.restarts and f"restarts {row.restarts}", row.detail)
    return " ".join(filter(None, parts))
