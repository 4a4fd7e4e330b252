"""The mode as shape, word and colour: grey for the normal, amber and red for what is not."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.models.wording import MODE_MEANING
from app.theme.colours import ON_RED, ON_YELLOW, STOP_RED, Colours, colours_of
from app.theme.fonts import console_font
from app.theme.shapes import paint_shape
from engine.words import Mode

SHAPES = {
    Mode.STANDBY: "ring",
    Mode.SHADOW: "half",
    Mode.LIVE: "disc",
    Mode.SAFE: "diamond",
    Mode.HOLD: "pause",
    Mode.STOPPED: "octagon",
}


class ModeBadge(QWidget):
    """The plate at the left of the strip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mode: Mode | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Mode")

    def show_mode(self, mode: Mode | None) -> None:
        if mode is not self.mode:
            self.mode = mode
            self.setAccessibleDescription("unknown" if mode is None else f"{mode}. {MODE_MEANING[mode]}")
            self.setToolTip(self.accessibleDescription())
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(130, 58)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colours = colours_of(self.palette())
            ground, ink, edge = _dress(self.mode, colours)
            plate = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.setPen(QPen(QColor(edge), 1))
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(plate, 6, 6)
            shape = "ring" if self.mode is None else SHAPES[self.mode]
            paint_shape(painter, shape, QRectF(plate.x() + 11, plate.center().y() - 9, 18, 18), QColor(ink))
            painter.setPen(QColor(ink))
            painter.setFont(console_font(16, QFont.Weight.Bold))
            word = "NO WORD" if self.mode is None else str(self.mode)
            painter.drawText(plate.adjusted(38, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, word)


def _dress(mode: Mode | None, colours: Colours) -> tuple[str, str, str]:
    """Ground, ink and edge of a mode."""
    match mode:
        case Mode.STOPPED:
            return STOP_RED, ON_RED, STOP_RED
        case Mode.HOLD | Mode.SAFE | None:
            return colours.amber_ground, ON_YELLOW, colours.amber
        case Mode.LIVE:
            return colours.bar_chosen, colours.panel, colours.bar_chosen
        case _:
            return colours.raised, colours.ink, colours.control_line
