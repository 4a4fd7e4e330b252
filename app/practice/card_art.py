"""The cards, drawn by us: a big rank at the upper left, a big suit below it, and a patterned back."""

from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from app.practice.fonts import font
from app.practice.themes import Theme
from app.practice.view import BACK


@cache
def _suit_path(suit: str) -> QPainterPath:
    """The outline of a suit in a unit square, y downwards."""
    return {"c": _club, "d": _diamond, "h": _heart, "s": _spade}[suit]()


def _diamond() -> QPainterPath:
    path = QPainterPath(QPointF(0.5, 0.0))
    for x, y in ((0.88, 0.5), (0.5, 1.0), (0.12, 0.5)):
        path.lineTo(x, y)
    path.closeSubpath()
    return path


def _heart() -> QPainterPath:
    path = QPainterPath(QPointF(0.5, 0.98))
    path.cubicTo(0.30, 0.76, 0.0, 0.58, 0.0, 0.30)
    path.cubicTo(0.0, 0.02, 0.38, -0.06, 0.5, 0.24)
    path.cubicTo(0.62, -0.06, 1.0, 0.02, 1.0, 0.30)
    path.cubicTo(1.0, 0.58, 0.70, 0.76, 0.5, 0.98)
    return path


def _stem() -> QPainterPath:
    path = QPainterPath(QPointF(0.46, 0.60))
    path.quadTo(0.46, 0.88, 0.28, 0.99)
    path.lineTo(0.72, 0.99)
    path.quadTo(0.54, 0.88, 0.54, 0.60)
    path.closeSubpath()
    return path


def _spade() -> QPainterPath:
    path = QPainterPath(QPointF(0.5, 0.0))
    path.cubicTo(0.62, 0.20, 0.98, 0.36, 0.98, 0.60)
    path.cubicTo(0.98, 0.84, 0.66, 0.88, 0.5, 0.66)
    path.cubicTo(0.34, 0.88, 0.02, 0.84, 0.02, 0.60)
    path.cubicTo(0.02, 0.36, 0.38, 0.20, 0.5, 0.0)
    return path.united(_stem())


def _club() -> QPainterPath:
    path = _stem()
    for x, y in ((0.5, 0.235), (0.235, 0.585), (0.765, 0.585)):
        leaf = QPainterPath()
        leaf.addEllipse(QPointF(x, y), 0.228, 0.228)
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
    painter.scale(side, side)
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
