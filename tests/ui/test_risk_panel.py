"""The risk panel: every limit with what is left in chips and big blinds, the calendar's line, and the trend."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from app.console.window import ConsoleWindow
from app.models.risk_rows import big_blinds, calendar_line, limit_rows
from app.panels.risk import RiskPanel
from app.theme.colours import LIGHT
from engine.words import CalendarStatus, EventWindow, RiskStatus
from tests.ui.scene import UTC_S, a_calendar, a_snapshot
from tests.ui.standin import StandInEngine
from tests.ui.test_panels import count

GAP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def panel(window: ConsoleWindow) -> RiskPanel:
    window.area.reveal("risk")
    panel = window.panels["risk"]
    assert isinstance(panel, RiskPanel)
    return panel


def draw(window: ConsoleWindow, engine: StandInEngine, **changes: object) -> None:
    for _ in range(3):
        engine.show(**changes)
        window.model.tick()
    QApplication.processEvents()


def test_every_limit_says_what_is_used_and_left() -> None:
    rows = [(row.title, row.used, row.left) for row in limit_rows(a_snapshot().risk)]
    assert rows == [
        ("Session loss", "62 of 400", "338 left · 16.9 bb"),
        ("This hand", "20 of 200", "180 left · 9.0 bb"),
        ("Hands", "17 of 200", "183 left"),
        ("Bankroll", "938, floor 0", "938 left · 46.9 bb"),
    ]


def test_a_session_that_won_has_its_whole_limit_left() -> None:
    row = limit_rows(replace(a_snapshot().risk, session_result=150))[0]
    assert (row.used, row.left, row.share_left) == ("+150, may lose 400", "400 left · 20.0 bb", 1.0)


@pytest.mark.parametrize(("result", "low"), [(-320, False), (-321, True), (-500, True)])
def test_little_headroom_is_marked_as_the_alarm_is(result: int, low: bool) -> None:
    row = limit_rows(replace(a_snapshot().risk, session_result=result))[0]
    assert row.low is low
    assert row.share_left == pytest.approx(max(0.0, (400 + result) / 400))


def test_the_bars_show_what_is_left(window: ConsoleWindow, engine: StandInEngine, panel: RiskPanel) -> None:
    draw(window, engine)
    calm = panel.limits.grab().toImage()
    draw(window, engine, risk=RiskStatus(-328, 400, 17, 200, 20, 200, 938, 0, 20))
    little = panel.limits.grab().toImage()
    bar, amber = QColor(LIGHT.bar_chosen), QColor(LIGHT.amber)
    assert count(calm, amber) == 0
    assert count(little, amber) > 100
    assert count(calm, bar) > count(little, bar) > 0
    assert "Session loss 328 of 400, 72 left" in panel.limits.accessibleDescription()
    assert panel.value.text() == "session \N{MINUS SIGN}328 chips"


def test_big_blinds_have_a_tenth_only_where_it_says_something() -> None:
    assert big_blinds(338, 20) == "16.9 bb"
    assert big_blinds(30_000, 20) == "1\N{NARROW NO-BREAK SPACE}500 bb"
    assert limit_rows(replace(a_snapshot().risk, big_blind=0))[0].left == "338 left"


@pytest.mark.parametrize(
    ("changes", "text", "abnormal"),
    [
        ({"enabled": False}, "Event calendar off", False),
        ({}, f"Next event: software release in 2{GAP}h{GAP}07{GAP}min", False),
        ({"next": None}, "No event window ahead", False),
        ({"next": EventWindow("x", UTC_S + 900, UTC_S + 1000)}, "Next event: x in 15:00 min", True),
        ({"next": EventWindow("x", UTC_S + 59.9, UTC_S + 1000)}, f"Next event: x in 59{GAP}s", True),
        ({"stale": "not renewed for 25 h"}, "Event calendar not trusted: not renewed for 25 h", True),
        ({"blocked": "x", "current": EventWindow("x", UTC_S - 60, UTC_S + 300)}, f"5{GAP}min left", True),
    ],
)
def test_the_calendar_in_a_line(changes: dict[str, object], text: str, abnormal: bool) -> None:
    line = calendar_line(replace(a_calendar(), **changes), UTC_S)  # type: ignore[arg-type]
    assert text in line.text
    assert line.abnormal is abnormal


def test_the_calendar_says_where_it_is_from_and_how_old(window: ConsoleWindow, panel: RiskPanel) -> None:
    line = calendar_line(a_calendar(), UTC_S)
    assert line.tip == f"From config/event-calendar.csv, confirmed 1{GAP}h{GAP}06{GAP}min ago"
    nothing = CalendarStatus(True, "", None, "", "no source can be read", None, None)
    assert calendar_line(nothing, UTC_S).tip == "From no source"


def test_the_line_warns_when_a_window_is_near(window: ConsoleWindow, engine: StandInEngine, panel: RiskPanel) -> None:
    draw(window, engine)
    calm = panel.calendar.abnormal
    near = replace(a_calendar(), next=EventWindow("release", UTC_S + 100, UTC_S + 200))
    draw(window, engine, calendar=near)
    assert (calm, panel.calendar.abnormal) == (False, True)
    assert panel.calendar.text == "Next event: release in 1:40 min"


def test_where_there_is_little_height_the_limits_come_before_the_chart(
    window: ConsoleWindow, engine: StandInEngine, panel: RiskPanel
) -> None:
    draw(window, engine)
    assert panel.plot.isVisible()
    assert panel.limits.visibleRegion().boundingRect().height() == panel.limits.sizeHint().height()
    window.resize(588, 744)
    window.area.reveal("risk")
    draw(window, engine)
    assert panel.plot.isHidden()
    assert panel.limits.visibleRegion().boundingRect().height() > 60
