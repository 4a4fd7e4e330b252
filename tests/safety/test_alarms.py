"""The alarm table is whole, the life cycle loses nothing in silence, and what is active follows from what is known."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.clock import MILLISECOND, SECOND
from engine.safety.alarm_page import text
from engine.safety.alarm_rows import ALARMS, BY_CAUSE, BY_COMPONENT, BY_KEY
from engine.safety.alarms import AlarmList
from engine.safety.table import LESS, STOPS, Row
from engine.words import (
    AlarmState,
    Cause,
    Component,
    Mode,
    Priority,
)

ROOT = Path(__file__).resolve().parents[2]
LATCHING = list(Cause)[: list(Cause).index(Cause.BLIND)]
DEGRADING = list(Cause)[list(Cause).index(Cause.BLIND) : list(Cause).index(Cause.FINISH)]
COMMANDS_OF_LESS = {Cause.FINISH, Cause.HAND_OVER}
UTC = "2026-11-23T14:02:31.204Z"


def state_of(alarms: AlarmList, key: str) -> AlarmState:
    return next((view.state for view in alarms.views() if view.key == key), AlarmState.NORMAL)


# the table


@pytest.mark.parametrize("cause", [*LATCHING, *DEGRADING])
def test_no_cause_that_stops_or_degrades_is_without_an_alarm(cause: Cause) -> None:
    assert cause in BY_CAUSE
    assert BY_CAUSE[cause].latched is (cause in LATCHING)


@pytest.mark.parametrize("cause", LATCHING)
def test_the_alarm_of_a_stop_is_raised_at_once_whatever_else_stands(cause: Cause) -> None:
    alarm = BY_CAUSE[cause]
    assert (alarm.on_delay, alarm.hidden_by) == (0, frozenset())


@pytest.mark.parametrize("row", [*STOPS, *LESS], ids=lambda row: row.cause.value)
def test_every_row_of_the_safety_table_has_its_alarm_but_the_operators_own_wish(row: Row) -> None:
    if row.cause in COMMANDS_OF_LESS:
        assert row.cause not in BY_CAUSE
    else:
        assert BY_CAUSE[row.cause].latched is (row.leads_to is Mode.STOPPED)


def test_every_component_has_its_alarm() -> None:
    assert set(BY_COMPONENT) == set(Component)


@pytest.mark.parametrize("alarm", ALARMS, ids=lambda alarm: alarm.key)
def test_every_alarm_says_what_it_is_and_what_to_do_and_its_page_has_it(alarm: object) -> None:
    row = BY_KEY[alarm.key]  # type: ignore[attr-defined]
    assert row.title
    assert row.stands_for.endswith(".")
    assert row.response.endswith(".")
    document, _, anchor = row.page.partition("#")
    assert f"### {anchor}\n" in (ROOT / document).read_text(encoding="utf-8")
    assert row.hidden_by <= BY_KEY.keys()


def test_keys_are_unique_and_urgent_is_rare() -> None:
    assert len(BY_KEY) == len(ALARMS)
    urgent = [alarm for alarm in ALARMS if alarm.priority is Priority.URGENT]
    assert 0 < len(urgent) <= len(ALARMS) / 5


def test_the_page_is_what_the_table_says() -> None:
    assert (ROOT / "docs" / "alarms.md").read_text(encoding="utf-8") == text()


# the life cycle


def test_raised_acknowledged_normal() -> None:
    alarms = AlarmList()
    raised = alarms.update(0, UTC, {"confidence": "0.93"})
    assert [(view.key, view.state, view.detail) for view in raised] == [
        ("confidence", AlarmState.UNACKNOWLEDGED, "0.93")
    ]
    assert alarms.acknowledge("confidence")
    assert state_of(alarms, "confidence") is AlarmState.ACKNOWLEDGED
    assert alarms.update(SECOND, UTC, {"confidence": "0.93"}) == ()
    assert state_of(alarms, "confidence") is AlarmState.ACKNOWLEDGED
    assert alarms.update(2 * SECOND, UTC, {}) == ()
    assert alarms.views() == ()


def test_what_has_gone_unseen_stays_until_it_is_acknowledged() -> None:
    alarms = AlarmList()
    alarms.update(0, UTC, {"confidence": "0.93"})
    alarms.update(SECOND, UTC, {})
    alarms.update(3600 * SECOND, UTC, {})
    assert state_of(alarms, "confidence") is AlarmState.RETURNED_UNACKNOWLEDGED
    assert alarms.acknowledge("confidence")
    assert alarms.views() == ()


def test_it_is_raised_again_and_counted() -> None:
    alarms = AlarmList()
    for number in range(3):
        alarms.update(2 * number * SECOND, UTC, {"desk-changed": "locked"})
        assert state_of(alarms, "desk-changed") is AlarmState.UNACKNOWLEDGED
        alarms.update((2 * number + 1) * SECOND, UTC, {})
    (view,) = alarms.views()
    assert (view.times, view.raised_at) == (3, 4 * SECOND)


def test_an_acknowledged_alarm_that_comes_again_is_unacknowledged() -> None:
    alarms = AlarmList()
    alarms.update(0, UTC, {"desk-changed": "locked"})
    alarms.acknowledge("desk-changed")
    alarms.update(SECOND, UTC, {})
    alarms.update(2 * SECOND, UTC, {"desk-changed": "locked"})
    assert state_of(alarms, "desk-changed") is AlarmState.UNACKNOWLEDGED


def test_another_stop_of_the_same_cause_is_another_alarm() -> None:
    alarms = AlarmList()
    alarms.update(0, UTC, {"confidence": "0.93"})
    alarms.acknowledge("confidence")
    assert [view.times for view in alarms.update(SECOND, UTC, {"confidence": "0.41"})] == [2]
    assert state_of(alarms, "confidence") is AlarmState.UNACKNOWLEDGED


def test_a_figure_that_moves_is_not_another_alarm() -> None:
    alarms = AlarmList()
    alarms.update(0, UTC, {"risk-session": "810 of 1000"})
    alarms.acknowledge("risk-session")
    assert alarms.update(SECOND, UTC, {"risk-session": "820 of 1000"}) == ()
    (view,) = alarms.views()
    assert (view.detail, view.state, view.times) == ("820 of 1000", AlarmState.ACKNOWLEDGED, 1)


def test_nothing_shorter_than_the_on_delay_is_raised() -> None:
    alarms, delay = AlarmList(), BY_KEY["solver"].on_delay
    for start in (0, 10 * SECOND):
        assert alarms.update(start, UTC, {"solver": ""}) == ()
        assert alarms.update(start + delay - MILLISECOND, UTC, {"solver": ""}) == ()
        assert alarms.views() == ()
        alarms.update(start + delay - 1, UTC, {})
    alarms.update(20 * SECOND, UTC, {"solver": ""})
    assert len(alarms.update(20 * SECOND + delay, UTC, {"solver": ""})) == 1


def test_a_gap_shorter_than_the_off_delay_neither_ends_nor_repeats_it() -> None:
    alarms, delay = AlarmList(), BY_KEY["risk-session"].off_delay
    alarms.update(0, UTC, {"risk-session": ""})
    alarms.acknowledge("risk-session")
    for number in range(1, 6):
        alarms.update(number * delay, UTC, {})
        alarms.update(number * delay + delay - MILLISECOND, UTC, {})
        assert alarms.update(number * delay + delay - 1, UTC, {"risk-session": ""}) == ()
    (view,) = alarms.views()
    assert (view.state, view.times) == (AlarmState.ACKNOWLEDGED, 1)


def test_a_mere_consequence_is_not_raised_and_one_that_stands_is_not_taken_away() -> None:
    alarms = AlarmList()
    both = {"eyes": "gone", "blind": "the eyes are restarting"}
    alarms.update(0, UTC, both)
    alarms.update(5 * SECOND, UTC, both)
    assert [view.key for view in alarms.views()] == ["eyes"]
    other = AlarmList()
    other.update(0, UTC, {"blind": "covered"})
    other.update(5 * SECOND, UTC, {"blind": "covered"})
    other.update(6 * SECOND, UTC, both)
    other.update(9 * SECOND, UTC, both)
    assert {view.key for view in other.views()} == {"eyes", "blind"}


def test_the_most_urgent_come_first_and_of_those_the_newest() -> None:
    alarms = AlarmList()
    alarms.update(0, UTC, {"risk-hands": "", "risk-session": ""})
    alarms.update(SECOND, UTC, {"risk-hands": "", "risk-session": "", "misfire": "", "desk-changed": ""})
    assert [view.key for view in alarms.views()] == ["misfire", "desk-changed", "risk-session", "risk-hands"]


def test_only_what_waits_can_be_acknowledged() -> None:
    alarms = AlarmList()
    assert alarms.acknowledge("confidence") is False
    assert alarms.acknowledge("no such alarm") is False
    alarms.update(0, UTC, {"confidence": ""})
    assert alarms.acknowledge("confidence") is True
    assert alarms.acknowledge("confidence") is False


def test_what_the_table_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="no such"):
        AlarmList().update(0, UTC, {"no such": ""})


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(1, 3000)), max_size=60))
def test_no_stop_is_lost_whatever_the_order(steps: list[tuple[bool, bool, int]]) -> None:
    """A model of one latched alarm: as often as it came, it waits until it has been seen."""
    alarms, now = AlarmList(), 0
    standing = waiting = False
    times = 0
    for active, acknowledge, passed in steps:
        now += passed * MILLISECOND
        alarms.update(now, UTC, {"misfire": "m"} if active else {})
        if active and not standing:
            waiting, times = True, times + 1
        standing = active
        if acknowledge:
            assert alarms.acknowledge("misfire") is waiting
            waiting = False
        shown = [(view.state, view.times) for view in alarms.views()]
        state = {
            (True, True): AlarmState.UNACKNOWLEDGED,
            (True, False): AlarmState.ACKNOWLEDGED,
            (False, True): AlarmState.RETURNED_UNACKNOWLEDGED,
        }.get((standing, waiting))
        assert shown == ([] if state is None else [(state, times)])
