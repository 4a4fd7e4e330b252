"""Content that scrolls down when its panel is too low for it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

# One line of text: a panel may become so low that little more than its title is left.
LEAST_HEIGHT = 20
# Between figures set to the right and the scroll bar.
SCROLL_GAP = 6


def scrolled(content: QWidget) -> QScrollArea:
    """The content in a scroll area that never scrolls sideways and takes no focus from the controls."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(content)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setMinimumHeight(LEAST_HEIGHT)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
