"""Text of a line or two, cut with an ellipsis where there is no room, and whole in its tooltip."""

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTextLayout
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme.colours import colours_of
from app.theme.fonts import console_font

_PIXELS = 12


class ElidedText(QWidget):
    """Never asks for more width than it is given."""

    def __init__(self, parent: QWidget | None = None, *, lines: int = 2) -> None:
        super().__init__(parent)
        self.text = ""
        self._most = lines
        self.setFont(console_font(_PIXELS))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str) -> None:
        if text != self.text:
            self.text = text
            self.setToolTip(text)
            self.setAccessibleName(text)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(80, self._most * self.fontMetrics().lineSpacing() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setPen(QColor(colours_of(self.palette()).ink_soft))
            for number, line in enumerate(self._lines()):
                top = number * self.fontMetrics().lineSpacing() + self.fontMetrics().ascent()
                painter.drawText(QPointF(0, top), line)

    def _lines(self) -> list[str]:
        """The text broken at words; the last line that fits takes the rest, cut."""
        if self._most == 1:
            return [self.fontMetrics().elidedText(self.text, Qt.TextElideMode.ElideRight, self.width())]
        layout = QTextLayout(self.text, self.font())
        layout.beginLayout()
        line = layout.createLine()
        if not line.isValid():
            return []
        line.setLineWidth(max(1, self.width()))
        split = line.textLength()
        layout.endLayout()
        rest = self.fontMetrics().elidedText(self.text[split:], Qt.TextElideMode.ElideRight, self.width())
        return [self.text[:split], rest]
