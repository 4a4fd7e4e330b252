"""The cards, drawn by us: a big rank at the upper left, a big suit below it, and a patterned back."""

from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from app.practice.fonts import font
from app.practice.themes import Theme
from app.practice.view import BACK

_SIDE = 100.0


@cache
def _suit_path(suit: str) -> QPainterPath:
    """The outline of a suit in a square of 100, y downwards (Qt flattens curves when it unites paths: be large)."""
    return {"c": _club, "d": _diamond, "h": _heart, "s": _spade}[suit]()


def _diamond() -> QPainterPath:
    path = QPainterPath(QPointF(50, 0))
    for x, y in ((88, 50), (50, 100), (12, 50)):
        path.lineTo(x, y)
    path.closeSubpath()
    return path


def _heart() -> QPainterPath:
    path = QPainterPath(QPointF(50, 98))
    path.cubicTo(30, 76, 0, 58, 0, 30)
    path.cubicTo(0, 2, 38, -6, 50, 24)
    path.cubicTo(62, -6, 100, 2, 100, 30)
    path.cubicTo(100, 58, 70, 76, 50, 98)
    return path


def _stem() -> QPainterPath:
    path = QPainterPath(QPointF(46, 60))
    path.quadTo(46, 88, 28, 99)
    path.lineTo(72, 99)
    path.quadTo(54, 88, 54, 60)
    path.closeSubpath()
    return path


def _spade() -> QPainterPath:
    path = QPainterPath(QPointF(50, 0))
    path.cubicTo(62, 20, 98, 36, 98, 60)
    path.cubicTo(98, 84, 66, 88, 50, 66)
    path.cubicTo(34, 88, 2, 84, 2, 60)
    path.cubicTo(2, 36, 38, 20, 50, 0)
    return path.united(_stem())


def _club() -> QPainterPath:
    path = _stem()
    for x, y in ((50, 23.5), (23.5, 58.5), (76.5, 58.5)):
        leaf = QPainterPath()
        leaf.addEllipse(QPointF(x, y), 22.8, 22.8)
        path = path.united(leaf)
    return path


def draw_card(painter: QPainter, card: str, box: QRectF, theme: Theme) -> None:
    """Draw "As", ``BACK`` or nothing ("") so that it fills ``box``."""
    if not card:
        return
    radius = box.height() * 0.07
    painter.setPen(QPen(QColor(theme.card_edge), 1))
    painter.setBrush(QColor(theme.card))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    if card == BACK:
        _draw_back(painter, box, theme)
    else:
        _draw_face(painter, card, box, theme)


def _draw_face(painter: QPainter, card: str, box: QRectF, theme: Theme) -> None:
    rank, suit = ("10" if card[0] == "T" else card[0]), card[1]
    colour = QColor(theme.suits[suit])
    painter.setPen(colour)
    painter.setFont(font(round(box.height() * 0.42)))
    corner = QRectF(box.x() + box.width() * 0.07, box.y() + box.height() * 0.02, box.width(), box.height() * 0.46)
    painter.drawText(corner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, rank)
    side = box.width() * 0.56
    painter.save()
    painter.translate(box.x() + box.width() * 0.36, box.y() + box.height() * 0.94 - side)
    painter.scale(side / _SIDE, side / _SIDE)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPath(_suit_path(suit))
    painter.restore()


def _draw_back(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """A field of diamonds inside a white margin."""
    margin = box.width() * 0.08
    field = box.adjusted(margin, margin, -margin, -margin)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.back))
    painter.drawRoundedRect(field, margin * 0.6, margin * 0.6)
    painter.setBrush(QColor(theme.back_pattern))
    columns, rows = 4, 6
    step_x, step_y = field.width() / columns, field.height() / rows
    for column in range(columns):
        for row in range(rows):
            centre = QPointF(field.x() + (column + 0.5) * step_x, field.y() + (row + 0.5) * step_y)
            painter.drawPolygon(_lozenge(centre, step_x * 0.3, step_y * 0.3))


def _lozenge(centre: QPointF, half_width: float, half_height: float) -> list[QPointF]:
    x, y = centre.x(), centre.y()
    return [
        QPointF(x, y - half_height),
        QPointF(x + half_width, y),
        QPointF(x, y + half_height),
        QPointF(x - half_width, y),
    ]
