"""The bar under the strip: nothing while all is as usual, else a chip for each thing that is not, and where to look."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from app.console.window import ConsoleWindow
from app.models.conditions import DEGRADED, Condition, Look, conditions
from app.theme.apply import apply_theme
from engine.words import AlarmState, Degradation, Mode
from tests.ui.scene import a_snapshot, a_troubled_snapshot, an_alarm
from tests.ui.standin import StandInEngine


def chips(found: tuple[Condition, ...]) -> list[tuple[str, Look]]:
    return [(each.chip, each.look) for each in found]


@pytest.mark.parametrize("mode", [Mode.STANDBY, Mode.SHADOW, Mode.LIVE, Mode.HOLD, Mode.STOPPED])
def test_nothing_is_said_while_all_is_as_usual(mode: Mode) -> None:
    assert conditions(a_snapshot(mode)) == ()


def test_every_degradation_has_a_chip_and_its_meaning() -> None:
    assert set(DEGRADED) == set(Degradation)
    found = conditions(replace(a_snapshot(Mode.LIVE), degraded=frozenset(Degradation)))
    assert chips(found) == [(name, Look.WARNING) for name in ("GTO-only", "cache-only", "lean")]
    assert "solver decides alone" in found[0].text


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("solver-lost: it ended", "check or fold only: the solver is lost: it ended"),
        ("finish: operator", "check or fold only: finishing the hand, asked for by the operator"),
        ("event-window: release", "check or fold only: an event window is open: release"),
        ("", "check or fold only: no reason is recorded"),
    ],
)
def test_safe_says_why(reason: str, words: str) -> None:
    (safe,) = conditions(replace(a_snapshot(Mode.SAFE), mode_reason=reason))
    assert (safe.chip, safe.text) == ("SAFE", words)


def test_only_alarms_that_wait_are_counted_and_the_gravest_gives_the_look() -> None:
    seen = an_alarm("misfire", AlarmState.ACKNOWLEDGED)
    low, high = an_alarm("risk-hands"), an_alarm("eyes")
    assert conditions(replace(a_snapshot(), alarms=(seen,))) == ()
    (few,) = conditions(replace(a_snapshot(), alarms=(seen, low)))
    assert (few.chip, few.look) == ("1 ALARM", Look.WARNING)
    (more,) = conditions(replace(a_snapshot(), alarms=(high, seen, low)))
    assert (more.chip, more.look, more.text) == ("2 ALARMS", Look.ALARM, "The eyes do not work, and 1 more")


def test_a_drill_wears_its_badge_whatever_the_mode() -> None:
    for mode in Mode:
        found = conditions(a_snapshot(mode), "Recovery run")
        assert chips(found)[-1] == ("DRILL", Look.DRILL)
        assert found[-1].text.startswith("Recovery run")


def test_the_bar_is_away_while_it_has_nothing_to_say(window: ConsoleWindow, engine: StandInEngine) -> None:
    assert window.conditions.isHidden()
    engine.now = replace(a_troubled_snapshot(), at=engine.now.at + 1)
    window.model.tick()
    assert [chip.text() for chip in window.conditions.chips] == ["2 ALARMS", "SAFE", "GTO-only", "cache-only", "lean"]
    assert window.conditions.isVisible()
    engine.show_mode(Mode.LIVE)
    window.model.tick()
    assert window.conditions.isHidden()
    assert window.conditions.chips == []


@pytest.mark.parametrize(("chip", "panel"), [(0, "alarms"), (2, "health")])
def test_a_chip_leads_to_the_panel_that_tells_more(
    window: ConsoleWindow, engine: StandInEngine, chip: int, panel: str
) -> None:
    engine.now = replace(a_troubled_snapshot(), at=engine.now.at + 1)
    window.model.tick()
    window.area.reveal("events")
    window.conditions.chips[chip].click()
    assert window.panels[panel].isVisible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(564, 550), (958, 1040)])
def test_the_chips_are_whole_and_the_words_take_the_rest(
    window: ConsoleWindow, engine: StandInEngine, dressed: QApplication, theme: str, size: tuple[int, int]
) -> None:
    apply_theme(dressed, theme)
    engine.now = replace(a_troubled_snapshot(), at=engine.now.at + 1)
    window.resize(*size)
    window.model.tick()
    QApplication.processEvents()
    assert window.size().toTuple() == size
    for chip in window.conditions.chips:
        assert chip.width() >= chip.sizeHint().width()
        assert chip.visibleRegion().boundingRect() == chip.rect()
    assert window.conditions.words.width() > 60
