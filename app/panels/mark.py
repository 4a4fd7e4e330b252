"""A small mark beside a line of text: a check, a cross, a dot."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.theme.colours import colours_of
from app.theme.shapes import paint_shape


class Mark(QWidget):
    """A shape; amber when it stands for what is not well."""

    def __init__(self, shape: str, *, abnormal: bool = False) -> None:
        super().__init__()
        self._shape, self._abnormal = shape, abnormal
        self.setFixedSize(QSize(14, 18))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colours = colours_of(self.palette())
            ink = QColor(colours.amber if self._abnormal else colours.ink_soft)
            paint_shape(painter, self._shape, QRectF(1, 4, 11, 11), ink)
