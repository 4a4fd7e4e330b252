"""The time of each stage against what it may take: a bar to the 95th percentile, a tick at the limit, figures."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme.colours import Colours, colours_of
from app.theme.fonts import console_font
from engine.words import StageBudget

_ROW = 22
_NAME, _FIGURE, _LEAST_BAR = 82, 44, 60
_LIMIT_AT = 0.8
"""Where along the bar the limit stands: what lies beyond is over it."""
_FIGURES = ("last", "p50", "p95", "p99", "limit", "over")
# In the order in which they go where there is no room.
_DROPPED = ("last", "p50", "p99")


class BudgetTable(QWidget):
    """One row a stage. A stage whose slowest percent is over its limit is amber."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stages: tuple[StageBudget, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Time budget of the stages, in ms")
        self.setToolTip(
            "Time each stage of a decision took, in ms: the bar reaches to p95, the thin line to p99, the upright line "
            "is the limit it has now (its share, less what an earlier stage used up). Over counts the overruns."
        )

    def show_stages(self, stages: tuple[StageBudget, ...]) -> None:
        if stages != self.stages:
            self.stages = stages
            self.setAccessibleDescription("; ".join(_spoken(each) for each in stages))
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(260, _ROW * (1 + len(self.stages)) if self.stages else 0)

    @property
    def figures(self) -> tuple[str, ...]:
        """The columns there is room for."""
        shown = list(_FIGURES)
        for name in _DROPPED:
            if _NAME + _LEAST_BAR + len(shown) * _FIGURE > self.width():
                shown.remove(name)
        return tuple(shown)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            colours, shown = colours_of(self.palette()), self.figures
            if not self.stages:
                return
            painter.setFont(console_font(12))
            painter.setPen(QColor(colours.ink_soft))
            painter.drawText(QRectF(0, 0, _NAME, _ROW), Qt.AlignmentFlag.AlignVCenter, "Stage")
            self._paint_figures(painter, 0, shown)
            painter.fillRect(QRectF(0, _ROW - 1, self.width(), 1), QColor(colours.line))
            for line, stage in enumerate(self.stages, 1):
                self._paint_row(painter, line * _ROW, stage, shown, colours)

    def _paint_row(
        self, painter: QPainter, top: int, stage: StageBudget, shown: tuple[str, ...], colours: Colours
    ) -> None:
        painter.setFont(console_font(13))
        painter.setPen(QColor(colours.ink))
        painter.drawText(QRectF(0, top, _NAME, _ROW), Qt.AlignmentFlag.AlignVCenter, str(stage.stage).capitalize())
        values = figures_of(stage)
        self._paint_figures(painter, top, tuple(values[name] for name in shown))
        room = max(0, self.width() - _NAME - len(shown) * _FIGURE)
        bar = QRectF(_NAME, top + 7, room, _ROW - 14)
        painter.fillRect(bar, QColor(colours.line))
        if stage.p95_ms is not None and stage.p99_ms is not None:
            ink = QColor(colours.amber if is_over(stage) else colours.bar_chosen)
            painter.fillRect(_part(bar, stage.p95_ms, stage.allowed_ms, bar.height()), ink)
            painter.fillRect(_part(bar, stage.p99_ms, stage.allowed_ms, 2), ink)
        painter.fillRect(QRectF(bar.x() + _LIMIT_AT * bar.width(), top + 4, 1.5, _ROW - 8), QColor(colours.ink))

    def _paint_figures(self, painter: QPainter, top: int, texts: tuple[str, ...]) -> None:
        left = self.width() - len(texts) * _FIGURE
        for place, text in enumerate(texts):
            box = QRectF(left + place * _FIGURE, top, _FIGURE, _ROW)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)


def is_over(stage: StageBudget) -> bool:
    """Whether more than one in a hundred takes longer than it may."""
    return stage.p99_ms is not None and stage.p99_ms > stage.allowed_ms


def figures_of(stage: StageBudget) -> dict[str, str]:
    """The figures of a row, in ms, as text."""
    return {
        "last": _ms(stage.last_ms),
        "p50": _ms(stage.p50_ms),
        "p95": _ms(stage.p95_ms),
        "p99": _ms(stage.p99_ms),
        "limit": f"{stage.allowed_ms:.0f}",
        "over": str(stage.overruns),
    }


def _ms(value: float | None) -> str:
    if value is None:
        return "\N{EN DASH}"
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"


def _part(bar: QRectF, value: float, allowed: float, height: float) -> QRectF:
    """The bar up to a value, in the middle of its height."""
    share = min(1.0, _LIMIT_AT * value / allowed) if allowed > 0 else 1.0
    return QRectF(bar.x(), bar.center().y() - height / 2, share * bar.width(), height)


def _spoken(stage: StageBudget) -> str:
    figures = ", ".join(f"{name} {value}" for name, value in figures_of(stage).items())
    return f"{stage.stage}: {figures}, share {stage.share_ms:.0f}"
