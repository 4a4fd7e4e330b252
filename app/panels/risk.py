"""The risk panel: every limit with what is left, the event calendar in a line, and the session's result by hand."""

import math

import numpy as np
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.console_model import ConsoleModel
from app.models.risk_rows import calendar_line, limit_rows
from app.models.wording import signed_chips
from app.panels.charts import ChartPanel
from app.panels.limits import LimitTable
from app.panels.notice import Notice
from app.panels.panel import label
from app.panels.plot import Plot
from app.panels.scrolled import LEAST_HEIGHT, SCROLL_GAP, scrolled
from engine.words import RiskStatus, Snapshot

QWIDGETSIZE_MAX = (1 << 24) - 1
"""Qt's own name for no limit (qwidget.h), which PySide does not give."""
_PLOT_FROM = 270
"""Pixels of height from which there is room for the chart."""
_LEAST_HANDS = 20
_THOUSANDS_FROM = 10_000
_LEAST_SHARE = 200
"""The chart of results is never finer than this part of the loss limit."""


class RiskPanel(ChartPanel):
    """Limits above, the session's result in chips below, between its loss limit and the same height above."""

    def __init__(self) -> None:
        plot = Plot("Session result in chips by hand", (-1, 1), 1)
        super().__init__("Risk", plot)
        self.value = label("small")
        self.value.setToolTip("Chips won or lost this session")
        self.header.addWidget(self.value)
        self.calendar = Notice()
        self.limits = LimitTable()
        self._area = scrolled(self._content())
        self.trend = label("small", "Result by hand, chips")
        for place, widget in enumerate((self.calendar, self._area, self.trend), 1):
            self.body.insertWidget(place, widget)
        self._limit = self.plot.add_limit(-1)
        self._zero = self.plot.add_limit(0)
        self._scale: tuple[int, int] | None = None
        self.plot.setToolTip("Chips won or lost after each hand; dashed: zero, and the loss limit once near")

    def draw(self, model: ConsoleModel, snapshot: Snapshot) -> None:
        self.value.setText(f"session {signed_chips(snapshot.risk.session_result)} chips")
        self.limits.show_rows(limit_rows(snapshot.risk))
        self._fit_limits()
        line = calendar_line(snapshot.calendar, model.utc_s)
        self.calendar.say(line.text, abnormal=line.abnormal)
        self.calendar.setToolTip(line.tip)
        if self.plot.isVisible():
            self._draw_trend(model, snapshot.risk)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little height, the limits are worth more than the chart."""
        super().resizeEvent(event)
        room = self.height() >= _PLOT_FROM
        if room is self.plot.isHidden():
            self.plot.setVisible(room)
            self.trend.setVisible(room)
            self._fit_limits()

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, SCROLL_GAP, 0)
        column.addWidget(self.limits)
        column.addStretch(1)
        return content

    def _fit_limits(self) -> None:
        """Whole above the chart; where there is no chart, as much as there is room for."""
        height = self.limits.sizeHint().height()
        self._area.setMinimumHeight(LEAST_HEIGHT if self.plot.isHidden() else height)
        self._area.setMaximumHeight(QWIDGETSIZE_MAX if self.plot.isHidden() else height)

    def _draw_trend(self, model: ConsoleModel, risk: RiskStatus) -> None:
        hands, values = model.results.since(0)
        self._fit(risk, float(np.abs(values).max(initial=0.0)))
        # The last value is drawn half a hand on, so that a single one can be seen.
        self.plot.draw(np.append(hands, hands[-1:] + 0.5), np.concatenate([values, values[-1:]]))

    def _fit(self, risk: RiskStatus, furthest: float) -> None:
        scale = _risk_scale(risk, furthest)
        if scale == self._scale:
            return
        self._scale = high, hands = scale
        low = -high
        self._limit.setValue(-abs(risk.session_loss_limit))
        self.plot.set_y_range((low, high))
        self.plot.set_x_range((-hands / 60, hands * 1.06))
        self.plot.set_ticks(
            [(low, axis_chips(low)), (0, "0"), (high, axis_chips(high))],
            [(hands * quarter / 4, f"{hands * quarter // 4}") for quarter in range(5)],
        )


def axis_chips(amount: int) -> str:
    """Chips in the few letters that an axis has room for."""
    return signed_chips(amount) if abs(amount) < _THOUSANDS_FROM else f"{signed_chips(amount / 1000)}k"


def result_height(furthest: float, limit: int) -> int:
    """Chips from zero to the chart's edge: 1, 2 or 5 with zeros, past the result furthest from zero.

    It takes the loss limit in as soon as half of it is lost or won, and no earlier: against a far limit small results
    are a flat line.
    """
    wanted = max(furthest, limit / _LEAST_SHARE, 1.0)
    if furthest > limit / 2:
        wanted = max(wanted, limit)
    step = 10 ** math.floor(math.log10(wanted))
    return int(next(part * step for part in (1, 2, 5, 10) if part * step >= wanted))


def _risk_scale(risk: RiskStatus, furthest: float) -> tuple[int, int]:
    """The chart's height in chips, and the most hands to show; that grows by doubling, so that it seldom moves."""
    hands = _LEAST_HANDS
    while hands < min(risk.hands, risk.hands_limit or risk.hands):
        hands *= 2
    return result_height(furthest, abs(risk.session_loss_limit)), hands
