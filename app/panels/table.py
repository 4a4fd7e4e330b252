"""The table panel: the live picture, what the eyes are sure of, and what they are not."""

from PySide6.QtWidgets import QPushButton, QWidget

from app.models.console_model import ConsoleModel
from app.models.elements import Grade, elements
from app.models.wording import CONFIDENCE_LIMIT, picture_notice
from app.panels.panel import Panel, label
from app.panels.picture import Picture
from engine.words import Observation


class TablePanel(Panel):
    """The picture of the table as the engine sees it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Table", parent)
        self.picture = Picture()
        self._confidence = label("small")
        self._confidence.setToolTip(f"Confidence of the frame, 0 to 1; below {CONFIDENCE_LIMIT} it is not acted on")
        self.all_values = QPushButton("All values")
        self.all_values.setObjectName("quiet")
        self.all_values.setCheckable(True)
        self.all_values.setToolTip("Write the confidence (0 to 1) beside every element")
        self.all_values.toggled.connect(self.picture.set_all_values)
        self.header.addWidget(self._confidence)
        self.header.addWidget(self.all_values)
        self.body.addWidget(self.picture, 1)

    def refresh(self, model: ConsoleModel) -> None:
        snapshot = model.snapshot
        if snapshot is None:
            return
        observation = None if snapshot.look is None else snapshot.look.observation
        found = [] if observation is None else elements(observation)
        # What was read first is drawn first: the abnormal stays on top.
        found.sort(key=lambda element: element.grade is not Grade.GOOD)
        self.picture.show_frame(snapshot.frame, found, picture_notice(snapshot, model.silent_ns))
        self._confidence.setText(confidence_text(observation))


def confidence_text(observation: Observation | None) -> str:
    """The frame's confidence and, when it is not enough, the element that is to blame."""
    if observation is None:
        return "no reading"
    text = f"confidence {observation.confidence:.4f}"
    return text if observation.confidence >= CONFIDENCE_LIMIT else f"{text} · weakest: {observation.weakest}"
