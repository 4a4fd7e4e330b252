"""The line at the foot: profile, rates and totals."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from app.console.arrangement import is_narrow
from app.models.console_model import ConsoleModel
from app.models.wording import chips
from engine.clock import MILLISECOND
from engine.permit.rules import PERMIT_LIMIT
from engine.words import Snapshot

_PERMIT_LIMIT_MS = PERMIT_LIMIT // MILLISECOND
_REFUSED_TIP = (
    "Pictures of the table that were read with confidence but made no possible hand (a pot that does not add up, "
    "a turn out of order). Such a state is refused and nothing is decided on it; the reasons are in Events."
)
_SPACING, _NARROW_SPACING = 18, 6


class StatusLine(QFrame):
    """Small figures; a figure that should be zero and is not gets an amber ground."""

    def __init__(self, profile: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusLine")
        self.theme_button = QPushButton("Theme")
        self.theme_button.setObjectName("quiet")
        self.theme_button.setToolTip("Change between light and dark")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 3, 8, 3)
        self._row.setSpacing(_SPACING)
        self._profile = self._add(f"profile {profile}", "The profile whose settings and records are used")
        self._rate = self._add("", "Frames captured a second, over two seconds")
        self._permit = self._add("", f"Age of the permit to press in ms; it ends at {_PERMIT_LIMIT_MS} ms")
        self._hands = self._add("", "Hands finished this session")
        self._decisions = self._add("", "Decisions made this session")
        self._fallbacks = self._add("", "Decisions that fell back to the safe action")
        self._refused = self._add("", _REFUSED_TIP)
        self._row.addStretch(1)
        self._row.addWidget(self.theme_button)

    def refresh(self, model: ConsoleModel) -> None:
        snapshot = model.snapshot
        if snapshot is None:
            return
        counters = snapshot.counters
        self._rate.setText(f"{model.frame_rate:.1f} frames/s")
        self._permit.setText(permit_text(snapshot))
        self._hands.setText(f"hands {chips(counters.hands)}")
        self._decisions.setText(f"decisions {chips(counters.decisions)}")
        self._show_count(self._fallbacks, "fallbacks", counters.fallbacks)
        self._show_count(self._refused, "refused states", counters.inconsistent)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room: closer together, and without what the title and the panels say too."""
        super().resizeEvent(event)
        narrow = is_narrow(self.width())
        self._row.setSpacing(_NARROW_SPACING if narrow else _SPACING)
        for figure in (self._profile, self._decisions):
            figure.setHidden(narrow)

    def _add(self, text: str, tip: str) -> QLabel:
        made = QLabel(text)
        made.setToolTip(tip)
        made.setContentsMargins(4, 1, 4, 1)
        self._row.addWidget(made)
        return made

    @staticmethod
    def _show_count(figure: QLabel, name: str, count: int) -> None:
        figure.setText(f"{name} {chips(count)}")
        if bool(figure.property("abnormal")) is not (count > 0):
            figure.setProperty("abnormal", count > 0)
            figure.style().unpolish(figure)
            figure.style().polish(figure)


def permit_text(snapshot: Snapshot) -> str:
    """The permit's age, or that there is none."""
    if snapshot.permit_age_ms is None or not snapshot.armed:
        return "no permit"
    if snapshot.permit_age_ms > _PERMIT_LIMIT_MS:
        return "permit expired"
    return f"permit {snapshot.permit_age_ms:.0f} ms"
