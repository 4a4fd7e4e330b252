"""The charts: confidence of the eyes, and time of the stages."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.models.console_model import CHART_SPAN_NS, STAGES, ConsoleModel
from app.models.wording import CONFIDENCE_LIMIT
from app.panels.panel import Panel, label
from app.panels.plot import Plot
from app.theme.colours import colours_of
from engine.clock import SECOND
from engine.words import Snapshot, StageTiming

# Ten times a second is smooth for a line that moves a pixel in a tenth of a second.
_EVERY = 3
_SPAN_S = CHART_SPAN_NS / SECOND
_TIME_TICKS = [(-60.0, "\N{MINUS SIGN}60 s"), (-40.0, "\N{MINUS SIGN}40"), (-20.0, "\N{MINUS SIGN}20"), (0.0, "now")]
# On the right there is room for half of the word now.
_TIME_RANGE = (-_SPAN_S - 1, 5.0)
_MOST_NINES = 4.0
_FIGURES_FROM = 430
_LOG_MS = (0.0, 4.0)


class ChartPanel(Panel):
    """A panel that is one plot, redrawn ten times a second while it can be seen."""

    def __init__(self, title: str, plot: Plot, *, short_title: str = "") -> None:
        super().__init__(title, short_title=short_title)
        self.plot = plot
        self.drawn = 0
        self._ticks = 0
        self.body.setSpacing(2)
        self.body.addWidget(plot, 1)

    def refresh(self, model: ConsoleModel) -> None:
        self._ticks += 1
        if model.snapshot is not None and self._ticks % _EVERY == 1:
            self.drawn += 1
            self.draw(model, model.snapshot)

    def draw(self, model: ConsoleModel, snapshot: Snapshot) -> None:
        """Draw the histories up to the snapshot."""
        raise NotImplementedError(f"{type(self).__name__} does not say how it is drawn")


class ConfidencePanel(ChartPanel):
    """Confidence over a minute on a scale of nines, where 0.99 and 0.9 are as far apart as 0.99 and 0.999."""

    def __init__(self) -> None:
        plot = Plot("Vision confidence, 0 to 1, last 60 s", (0, _MOST_NINES), 1)
        super().__init__("Vision confidence", plot, short_title="Confidence")
        self.value = label("small")
        self.header.addWidget(self.value)
        self.plot.set_x_range(_TIME_RANGE)
        self.plot.set_ticks([(0, "0"), (1, "0.9"), (2, "0.99"), (3, "0.999"), (4, "1")], _TIME_TICKS)
        self.plot.add_limit(float(nines(np.array([CONFIDENCE_LIMIT]))[0]))
        self.setToolTip(f"Lowest confidence of the frames, 0 to 1, last 60 s; dashed: the limit {CONFIDENCE_LIMIT}")

    def draw(self, model: ConsoleModel, snapshot: Snapshot) -> None:
        at, values = model.confidence.since(snapshot.at - CHART_SPAN_NS)
        self.plot.draw((at - snapshot.at) / SECOND, nines(values))
        seen = snapshot.look is not None and snapshot.look.observation is not None
        self.value.setText(f"{snapshot.confidence:.4f}" if seen else "no reading")


class TimingPanel(ChartPanel):
    """Time of each stage over a minute, logarithmic in ms; the legend gives the median and the 95th percentile."""

    def __init__(self) -> None:
        super().__init__("Stages, ms", Plot("Stage timings in ms, last 60 s", _LOG_MS, len(STAGES)))
        self.legend = [_Key(number) for number in range(len(STAGES))]
        for key in self.legend:
            self.header.addWidget(key)
        self.plot.set_x_range(_TIME_RANGE)
        self.plot.set_ticks([(0, "1"), (1, "10"), (2, "100"), (3, "1 s"), (4, "10 s")], _TIME_TICKS)

    def draw(self, model: ConsoleModel, snapshot: Snapshot) -> None:
        at, values = model.timings.since(snapshot.at - CHART_SPAN_NS)
        self.plot.draw((at - snapshot.at) / SECOND, np.log10(np.clip(values, 1, 10_000)))
        known = {timing.stage: timing for timing in snapshot.timings}
        brief = self.width() < _FIGURES_FROM
        for key, stage in zip(self.legend, STAGES, strict=True):
            key.show_timing(stage, known.get(stage), brief=brief)


class _Key(QWidget):
    """One line of a legend: the curve's colour and its figures."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self.text = QLabel()
        self.text.setObjectName("small")
        row = QHBoxLayout(self)
        row.setContentsMargins(13, 0, 0, 0)
        row.addWidget(self.text)

    def show_timing(self, stage: str, timing: StageTiming | None, *, brief: bool) -> None:
        """``brief``: without its median, for which there is no room."""
        plain = brief or timing is None or not timing.count
        self.text.setText(stage if plain or timing is None else f"{stage} {timing.p50:.0f}")
        if timing is not None:
            self.setToolTip(f"{stage}: last {timing.last:.1f}, median {timing.p50:.1f}, p95 {timing.p95:.1f} ms")

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            colour = QColor(colours_of(self.palette()).series[self._number])
            painter.fillRect(0, self.height() // 2 - 1, 9, 3, colour)


def nines(confidence: NDArray[np.float64]) -> NDArray[np.float64]:
    """Confidence as its number of nines: 0.9 is 1, 0.99 is 2, at most 4."""
    doubt = np.clip(1.0 - confidence, 10.0**-_MOST_NINES, 1.0)
    return np.asarray(-np.log10(doubt))
