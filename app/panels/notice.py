"""A line that is calm as a rule and becomes a warning when what it says is not as usual."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.panels.panel import label


class Notice(QWidget):
    """One text in one of two looks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._calm, self._warning = label("small", wrap=True), label("warning", wrap=True)
        self.abnormal = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for each in (self._calm, self._warning):
            column.addWidget(each)
        self._warning.hide()

    @property
    def text(self) -> str:
        """What it says now."""
        return (self._warning if self.abnormal else self._calm).text()

    def say(self, text: str, *, abnormal: bool) -> None:
        """Say a text, as a warning or calmly."""
        self.abnormal = abnormal
        self._calm.setText("" if abnormal else text)
        self._warning.setText(text if abnormal else "")
        if self._warning.isHidden() is abnormal:
            self._warning.setVisible(abnormal)
            self._calm.setVisible(not abnormal)
