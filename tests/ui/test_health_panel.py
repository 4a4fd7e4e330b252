"""The health panel: how every component is, whether its work moves on, and each stage against its time."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtWidgets import QApplication

from app.console.window import ConsoleWindow
from app.models.durations import seconds_span, span
from app.models.health_rows import MOVING_FOR, ProgressWatch, count_text
from app.panels.budgets import figures_of, is_over
from app.panels.components import DOT_ROOM, GAP, SHARES
from app.panels.health import HealthPanel
from app.theme.colours import LIGHT
from app.theme.fonts import console_font
from engine.clock import SECOND
from engine.words import Component, Degradation, HealthState, Mode
from tests.ui.scene import a_budget, a_snapshot, a_troubled_snapshot, some_health
from tests.ui.standin import StandInEngine
from tests.ui.test_panels import count


@pytest.fixture
def panel(window: ConsoleWindow) -> HealthPanel:
    window.area.reveal("health")
    panel = window.panels["health"]
    assert isinstance(panel, HealthPanel)
    window.model.tick()
    return panel


def test_every_component_has_its_state_since_when_and_its_restarts(window: ConsoleWindow, panel: HealthPanel) -> None:
    rows = {row.name: row for row in panel.components.rows}
    assert list(rows) == ["Eyes", "Solver", "Advisers", "Journal", "Actuator", "Watchdog"]
    assert (rows["Solver"].state, rows["Solver"].restarts) == ("ready", "1 · 2 left")
    assert rows["Solver"].since == "1\N{NO-BREAK SPACE}min"
    assert rows["Advisers"].off
    assert rows["Journal"].restarts == ""
    assert panel.word.text() == "all well"
    assert "Solver ready for 1\N{NO-BREAK SPACE}min" in panel.components.accessibleDescription()


@pytest.mark.parametrize("width", [380, 520])
def test_every_cell_of_the_components_is_whole(panel: HealthPanel, width: int) -> None:
    """At the narrowest that two tables stand beside each other, and in the smallest window."""
    table = panel.components
    table.resize(width, table.height())
    metrics = QFontMetrics(console_font(13))
    for row in table.rows:
        for cell, share in zip((row.name, row.state, "23 h 59 min", row.work, row.restarts), SHARES, strict=True):
            room = share * width - GAP - (DOT_ROOM if cell is row.work else 0)
            assert metrics.horizontalAdvance(cell) <= room


def test_work_that_moves_on_is_told_from_work_that_stands() -> None:
    watch, snapshot = ProgressWatch(), a_snapshot(Mode.LIVE)
    assert not any(row.moving for row in watch.rows(snapshot))
    eyes, *others = snapshot.health
    snapshot = replace(snapshot, at=snapshot.at + SECOND, health=(replace(eyes, progress=eyes.progress + 1), *others))
    assert [row.name for row in watch.rows(snapshot) if row.moving] == ["Eyes"]
    later = replace(snapshot, at=snapshot.at + MOVING_FOR - 1)
    assert [row.name for row in watch.rows(later) if row.moving] == ["Eyes"]
    still = replace(snapshot, at=snapshot.at + MOVING_FOR)
    assert not any(row.moving for row in watch.rows(still))


@pytest.mark.parametrize(
    ("work", "text"),
    [
        (0, "0"),
        (99_999, "99_999"),
        (100_000, "100_k"),
        (999_999, "999_k"),
        (1_000_000, "1.0_M"),
        (15_213_804, "15.2_M"),
        (20_000_000_000, "20.0_G"),
    ],
)
def test_a_large_count_is_cut_to_what_can_be_read(work: int, text: str) -> None:
    assert count_text(work) == text.replace("_", "\N{NARROW NO-BREAK SPACE}")


def test_what_is_unwell_is_amber_with_its_reason(
    window: ConsoleWindow, engine: StandInEngine, panel: HealthPanel
) -> None:
    ground = QColor(LIGHT.amber_ground)
    assert count(panel.components.grab().toImage(), ground) == 0
    engine.now = replace(a_troubled_snapshot(), at=engine.now.at + 1)
    window.model.tick()
    QApplication.processEvents()
    assert count(panel.components.grab().toImage(), ground) > 200
    assert panel.word.text() == "not well: solver, advisers · over its time: solver"
    rows = {row.name: row for row in panel.components.rows}
    assert rows["Solver"].abnormal
    assert "signal 11" in rows["Solver"].detail
    assert panel.components.height() == panel.components.sizeHint().height()


@pytest.mark.parametrize("state", HealthState)
def test_every_state_has_its_word(state: HealthState) -> None:
    known = replace(some_health()[1], state=state)
    (row,) = ProgressWatch().rows(replace(a_snapshot(), health=(known,)))
    assert row.state == str(state)
    calm = state in (HealthState.READY, HealthState.STARTING, HealthState.OFF)
    assert row.abnormal is not calm


def test_what_the_bot_plays_without_is_named(window: ConsoleWindow, engine: StandInEngine, panel: HealthPanel) -> None:
    assert panel.without.isHidden()
    engine.show(degraded=frozenset({Degradation.GTO_ONLY, Degradation.LEAN}))
    window.model.tick()
    assert panel.without.text() == "Playing GTO-only · lean"
    assert "advisers are out" in panel.without.toolTip()


def test_a_stage_is_held_against_the_time_it_has_now() -> None:
    stage = a_budget()[1]
    assert not is_over(stage)
    assert is_over(replace(stage, allowed_ms=743.0))
    assert not is_over(replace(stage, allowed_ms=744.0))
    assert figures_of(stage) == {
        "last": "402",
        "p50": "388",
        "p95": "610",
        "p99": "744",
        "limit": "900",
        "over": "0",
    }
    assert figures_of(a_budget()[2])["p99"] == "\N{EN DASH}"


def test_a_stage_over_its_time_is_amber(window: ConsoleWindow, engine: StandInEngine, panel: HealthPanel) -> None:
    amber = QColor(LIGHT.amber)
    assert count(panel.budgets.grab().toImage(), amber) == 0
    perception, solver, *others = a_budget()
    engine.show(budget=(perception, replace(solver, allowed_ms=600.0, overruns=3), *others))
    window.model.tick()
    assert count(panel.budgets.grab().toImage(), amber) > 100
    assert "solver: last 402, p50 388, p95 610, p99 744, limit 600, over 3" in panel.budgets.accessibleDescription()


def test_figures_go_one_by_one_where_there_is_no_room(panel: HealthPanel) -> None:
    budgets = panel.budgets
    shown = []
    for width in (600, 380, 330, 280):
        budgets.resize(width, 100)
        shown.append(budgets.figures)
    assert shown[0] == ("last", "p50", "p95", "p99", "limit", "over")
    assert shown[-1] == ("p95", "limit", "over")
    assert [len(each) for each in shown] == [6, 5, 4, 3]


def test_before_the_first_report_it_says_why_it_is_empty(
    window: ConsoleWindow, engine: StandInEngine, panel: HealthPanel
) -> None:
    engine.show(health=(), budget=())
    window.model.tick()
    assert panel.nothing.isVisible()
    assert panel.word.text() == ""
    assert {each.component for each in some_health()} == set(Component)


def test_spans_are_whole_and_never_rounded_up() -> None:
    gap = "\N{NO-BREAK SPACE}"
    assert span(59 * SECOND + SECOND - 1) == f"59{gap}s"
    assert span(60 * SECOND) == f"1{gap}min"
    assert seconds_span(7620) == f"2{gap}h{gap}07{gap}min"
    assert seconds_span(86_400 * 3) == f"3{gap}d"
    assert seconds_span(-5) == f"0{gap}s"
