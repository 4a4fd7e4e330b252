"""The frame that every panel shares: a title, room for small controls beside it, and a body."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.models.console_model import ConsoleModel

_HEADER_HEIGHT = 24


class Panel(QFrame):
    """A titled part of the console. ``refresh`` draws the model's state; the window calls it only while visible."""

    def __init__(self, title: str, parent: QWidget | None = None, *, short_title: str = "") -> None:
        super().__init__(parent)
        self.title, self.short_title = title, short_title or title
        self.setObjectName("panel")
        self.setAccessibleName(title)
        self.header = QHBoxLayout()
        self.header.setSpacing(8)
        self._title = label("panelTitle", title)
        self._title.setMinimumHeight(_HEADER_HEIGHT)
        self.header.addWidget(self._title)
        self.header.addStretch(1)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(10, 5, 10, 9)
        self.body.setSpacing(6)
        self.body.addLayout(self.header)

    def show_title(self, wanted: bool) -> None:
        """A panel behind a tab has its title there already."""
        self._title.setVisible(wanted)

    def refresh(self, model: ConsoleModel) -> None:
        """Draw what changed since the last call."""
        raise NotImplementedError(f"the panel {self.title!r} does not say how it is drawn")


def label(name: str, text: str = "", *, wrap: bool = False) -> QLabel:
    """A label of one of the stylesheet's kinds."""
    made = QLabel(text)
    made.setObjectName(name)
    made.setWordWrap(wrap)
    return made


def quiet_button(text: str, tip: str, action: object) -> QPushButton:
    """A small button for a panel's header."""
    button = QPushButton(text)
    button.setObjectName("quiet")
    button.setToolTip(tip)
    button.clicked.connect(action)
    return button
