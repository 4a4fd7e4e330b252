"""The bar under the strip: what is not as usual, a chip each, and nothing at all while everything is."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from app.console.elided import ElidedText
from app.models.conditions import Condition, conditions_text


class ConditionBar(QFrame):
    """Signal ``wanted``: the name of the panel that tells more of a chip that was clicked."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("conditions")
        self.setAccessibleName("What is not as usual")
        self.shown: tuple[Condition, ...] = ()
        self.chips: list[QPushButton] = []
        self.words = ElidedText(lines=1)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 4, 12, 4)
        self._row.setSpacing(6)
        self._row.addWidget(self.words, 1)
        self.hide()

    def show_conditions(self, found: tuple[Condition, ...]) -> None:
        """Show these and no others; a chip that stays is not made anew."""
        if found == self.shown:
            return
        if [_key(each) for each in found] != [_key(each) for each in self.shown]:
            self._make(found)
        for chip, each in zip(self.chips, found, strict=True):
            chip.setToolTip(each.text)
            chip.setAccessibleDescription(each.text)
        self.shown = found
        self.words.show_text(conditions_text(found))
        self.setVisible(bool(found))

    def _make(self, found: tuple[Condition, ...]) -> None:
        for chip in self.chips:
            if chip.hasFocus():
                # Not on to whatever comes next: no key acts that the operator has not gone to.
                self.window().setFocus()
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = [self._chip(each) for each in found]
        for place, chip in enumerate(self.chips):
            self._row.insertWidget(place, chip)

    def _chip(self, condition: Condition) -> QPushButton:
        chip = QPushButton(condition.chip, self)
        chip.setObjectName("chip")
        chip.setProperty("look", condition.look.value)
        chip.clicked.connect(lambda: self.wanted.emit(condition.panel))
        return chip


def _key(condition: Condition) -> tuple[str, str]:
    return condition.chip, condition.look.value
