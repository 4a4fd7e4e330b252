"""The console's own marks as painter paths: suits of cards, and a shape for every mode and every level."""

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF, QTransform


def suit_path(suit: str, box: QRectF) -> QPainterPath:
    """The outline of a suit (``c``, ``d``, ``h``, ``s``) filling ``box``."""
    path = {"c": _club, "d": _diamond, "h": _heart, "s": _spade}[suit]()
    place = QTransform.fromTranslate(box.x(), box.y()).scale(box.width() / 100, box.height() / 100)
    return place.map(path)


def paint_shape(painter: QPainter, shape: str, box: QRectF, colour: QColor) -> None:
    """Paint a mark: ring, half, disc, diamond, pause, octagon, triangle, dot, check or cross."""
    drawn = shape in _DRAWN
    painter.setPen(QPen(colour, max(1.5, box.width() / 9)) if drawn else QPen(Qt.PenStyle.NoPen))
    painter.setBrush(colour)
    _SHAPES[shape](painter, box)


def _ring(painter: QPainter, box: QRectF) -> None:
    painter.setBrush(QColor(0, 0, 0, 0))
    painter.drawEllipse(_inset(box, 0.1))


def _half(painter: QPainter, box: QRectF) -> None:
    _ring(painter, box)
    painter.setBrush(painter.pen().color())
    painter.drawPie(_inset(box, 0.1), 90 * 16, 180 * 16)


def _disc(painter: QPainter, box: QRectF) -> None:
    painter.drawEllipse(_inset(box, 0.1))


def _dot(painter: QPainter, box: QRectF) -> None:
    painter.drawEllipse(_inset(box, 0.28))


def _rhomb(painter: QPainter, box: QRectF) -> None:
    painter.drawPolygon(_regular(box, 4, -90))


def _octagon(painter: QPainter, box: QRectF) -> None:
    painter.drawPolygon(_regular(box, 8, 22.5))


def _triangle(painter: QPainter, box: QRectF) -> None:
    painter.drawPolygon(_regular(box.translated(0, box.height() * 0.1), 3, -90))


def _pause(painter: QPainter, box: QRectF) -> None:
    width, height = box.width() * 0.26, box.height() * 0.8
    for x in (box.x() + box.width() * 0.14, box.x() + box.width() * 0.6):
        painter.drawRect(QRectF(x, box.y() + box.height() * 0.1, width, height))


def _check(painter: QPainter, box: QRectF) -> None:
    painter.setBrush(QColor(0, 0, 0, 0))
    painter.drawPolyline([_at(box, 0.12, 0.55), _at(box, 0.4, 0.82), _at(box, 0.9, 0.2)])


def _cross(painter: QPainter, box: QRectF) -> None:
    painter.drawLine(_at(box, 0.15, 0.15), _at(box, 0.85, 0.85))
    painter.drawLine(_at(box, 0.85, 0.15), _at(box, 0.15, 0.85))


_SHAPES = {
    "ring": _ring,
    "half": _half,
    "disc": _disc,
    "dot": _dot,
    "diamond": _rhomb,
    "pause": _pause,
    "octagon": _octagon,
    "triangle": _triangle,
    "check": _check,
    "cross": _cross,
}

# Shapes made of lines; the others are filled and keep their corners.
_DRAWN = {"ring", "half", "check", "cross"}


def _at(box: QRectF, x: float, y: float) -> QPointF:
    return QPointF(box.x() + box.width() * x, box.y() + box.height() * y)


def _inset(box: QRectF, share: float) -> QRectF:
    dx, dy = box.width() * share, box.height() * share
    return box.adjusted(dx, dy, -dx, -dy)


def _regular(box: QRectF, corners: int, turn: float) -> QPolygonF:
    angles = [math.radians(turn + 360 * corner / corners) for corner in range(corners)]
    return QPolygonF([_at(box, 0.5 + 0.46 * math.cos(angle), 0.5 + 0.46 * math.sin(angle)) for angle in angles])


def _diamond() -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(50, 0), QPointF(88, 50), QPointF(50, 100), QPointF(12, 50)]))
    path.closeSubpath()
    return path


def _heart() -> QPainterPath:
    path = QPainterPath(QPointF(50, 98))
    path.cubicTo(20, 70, 0, 50, 0, 28)
    path.cubicTo(0, 2, 38, -4, 50, 24)
    path.cubicTo(62, -4, 100, 2, 100, 28)
    path.cubicTo(100, 50, 80, 70, 50, 98)
    return path


def _spade() -> QPainterPath:
    path = QPainterPath(QPointF(50, 0))
    path.cubicTo(80, 30, 100, 44, 100, 62)
    path.cubicTo(100, 86, 66, 88, 54, 70)
    path.lineTo(66, 100)
    path.lineTo(34, 100)
    path.lineTo(46, 70)
    path.cubicTo(34, 88, 0, 86, 0, 62)
    path.cubicTo(0, 44, 20, 30, 50, 0)
    return path


def _club() -> QPainterPath:
    path = QPainterPath()
    for x, y in ((27, 3), (3, 40), (51, 40)):
        lobe = QPainterPath()
        lobe.addEllipse(QRectF(x, y, 46, 46))
        path = path.united(lobe)
    stalk = QPainterPath()
    stalk.addPolygon(QPolygonF([QPointF(46, 40), QPointF(54, 40), QPointF(67, 100), QPointF(33, 100)]))
    stalk.closeSubpath()
    return path.united(stalk)
