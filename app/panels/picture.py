"""The live picture of the table with a box round every element the eyes read, and words over it when it is not live."""

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QHelpEvent, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.models.elements import Element, Grade
from app.models.wording import Notice
from app.theme.colours import ON_YELLOW, Colours, colours_of
from app.theme.fonts import console_font
from engine.words import Box, Frame

_VEIL = 150
_GOOD_LINE = QColor(214, 220, 226, 115)
_LABEL_PIXELS, _NOTE_PIXELS = 11, 9


class Picture(QWidget):
    """Draws a frame scaled to fit, its elements and a notice. Nothing is drawn again unless something changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notice: Notice | None = None
        self.all_values = False
        self.drawn = 0
        self._frame: Frame | None = None
        self._elements: list[Element] = []
        self._scaled: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(200, 80))
        self.setAccessibleName("Live picture of the table")

    def show_frame(self, frame: Frame | None, elements: list[Element], notice: Notice | None) -> None:
        """Show a frame with its elements; ``notice`` says why it must not be taken for the present."""
        if frame is not self._frame:
            self._frame, self._scaled = frame, None
        elif elements == self._elements and notice == self.notice:
            return
        self._elements, self.notice = elements, notice
        self.setAccessibleDescription("" if notice is None else f"{notice.title}: {notice.text}")
        self.update()

    def set_all_values(self, wanted: bool) -> None:
        """Write the confidence beside every box, not only beside the doubtful ones."""
        self.all_values = wanted
        self.update()

    def element_at(self, position: QPointF) -> Element | None:
        """The smallest element under a point of the widget."""
        under = [element for element in self._elements if self._place(element.box).contains(position)]
        return min(under, key=lambda element: element.box.width * element.box.height, default=None)

    def resizeEvent(self, event: QEvent) -> None:
        self._scaled = None

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            element = self.element_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), element.summary if element else "", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        self.drawn += 1
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter, colours_of(self.palette()))

    def _paint(self, painter: QPainter, colours: Colours) -> None:
        if self._frame is None:
            painter.fillRect(self.rect(), QColor(colours.window))
        else:
            painter.drawImage(self._target(self._frame).topLeft(), self._image(self._frame))
            painter.setFont(console_font(_LABEL_PIXELS))
            for element in self._elements:
                self._paint_element(painter, element)
        if self.notice is not None:
            self._paint_notice(painter, self.notice, colours)

    def _target(self, frame: Frame) -> QRectF:
        height, width = frame.pixels.shape[:2]
        scale = min(self.width() / width, self.height() / height)
        across, down = round(width * scale), round(height * scale)
        return QRectF((self.width() - across) // 2, (self.height() - down) // 2, across, down)

    def _image(self, frame: Frame) -> QImage:
        if self._scaled is None:
            target, ratio = self._target(frame), self.devicePixelRatioF()
            size = (max(1, round(target.width() * ratio)), max(1, round(target.height() * ratio)))
            self._scaled = _image_of(_resized(frame.pixels, size))
            self._scaled.setDevicePixelRatio(ratio)
        return self._scaled

    def _place(self, box: Box) -> QRectF:
        if self._frame is None:
            return QRectF()
        target = self._target(self._frame)
        scale = target.width() / self._frame.pixels.shape[1]
        return QRectF(target.x() + box.x * scale, target.y() + box.y * scale, box.width * scale, box.height * scale)

    def _paint_element(self, painter: QPainter, element: Element) -> None:
        place = self._place(element.box)
        match element.grade:
            case Grade.GOOD if element.empty and not self.all_values:
                pass
            case Grade.GOOD:
                _frame_box(painter, place, QPen(_GOOD_LINE, 1), QBrush(Qt.BrushStyle.NoBrush))
                if self.all_values:
                    _note(painter, place, f"{element.confidence:.3f}".lstrip("0"))
            case Grade.DOUBTFUL:
                _frame_box(painter, place, QPen(DOUBT, 2), QBrush(Qt.BrushStyle.NoBrush))
                _tag(painter, place, f"{element.confidence:.2f}", DOUBT, QColor(ON_YELLOW))
            case Grade.UNKNOWN:
                _frame_box(painter, place, QPen(UNKNOWN, 2), QBrush(UNKNOWN, Qt.BrushStyle.BDiagPattern))
                _tag(painter, place, "?", UNKNOWN, QColor("#ffffff"))

    def _paint_notice(self, painter: QPainter, notice: Notice, colours: Colours) -> None:
        veil = QColor(colours.window)
        veil.setAlpha(_VEIL)
        painter.fillRect(self.rect(), veil)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.setFont(console_font(13))
        room = QRectF(0, 0, min(self.width() - 40.0, 360.0), self.height())
        plate = painter.boundingRect(room, flags, notice.text).adjusted(-14, -38, 14, 12)
        plate.setWidth(max(plate.width(), 200.0))
        plate.moveCenter(QRectF(self.rect()).center())
        painter.setPen(QPen(QColor(colours.amber), 1))
        painter.setBrush(QColor(colours.amber_ground))
        painter.drawRoundedRect(plate, 6, 6)
        painter.setPen(QColor(ON_YELLOW))
        inner = plate.adjusted(10, 10, -10, 0)
        painter.setFont(console_font(17, console_font().Weight.Bold))
        painter.drawText(inner, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter, notice.title)
        painter.setFont(console_font(13))
        painter.drawText(inner.adjusted(0, 28, 0, 0), flags, notice.text)


# Over a picture of any colour these two must stand out in both themes, so they are the same in both.
DOUBT = QColor("#ffb000")
UNKNOWN = QColor("#e0189a")


def _resized(pixels: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """The pixels at (width, height) ``size``: averaged, so that small figures stay legible."""
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _image_of(pixels: NDArray[np.uint8]) -> QImage:
    """A QImage of (height, width, 4) BGRA pixels, the alpha ignored; it owns its bytes."""
    height, width = pixels.shape[:2]
    packed = np.ascontiguousarray(pixels)
    return QImage(packed.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()


def _frame_box(painter: QPainter, place: QRectF, pen: QPen, brush: QBrush) -> None:
    painter.setPen(pen)
    painter.setBrush(brush)
    painter.drawRoundedRect(place, 2, 2)


def _note(painter: QPainter, place: QRectF, text: str) -> None:
    """A small figure inside a box's right lower corner: many of them must not hide the picture."""
    painter.save()
    painter.setFont(console_font(_NOTE_PIXELS))
    metrics = QFontMetricsF(painter.font())
    note = QRectF(0, 0, metrics.horizontalAdvance(text) + 2, metrics.ascent())
    note.moveBottomRight(place.bottomRight())
    painter.fillRect(note, QColor(30, 34, 38, 170))
    painter.setPen(QColor("#e8ebee"))
    painter.drawText(note, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def _tag(painter: QPainter, place: QRectF, text: str, ground: QColor, ink: QColor) -> None:
    metrics = QFontMetricsF(painter.font())
    size = metrics.horizontalAdvance(text) + 6
    tag = QRectF(place.x() - 1, max(0.0, place.y() - metrics.height()), size, metrics.height())
    painter.fillRect(tag, ground)
    painter.setPen(ink)
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, text)
