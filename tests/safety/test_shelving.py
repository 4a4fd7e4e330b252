"""Shelving (ISA-18.2): out of the way for a time, back by itself, nothing lost meanwhile, and never a stop."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.clock import SECOND
from engine.safety.alarm_rows import ALARMS
from engine.safety.alarms import SHELF_MINUTES, AlarmList
from engine.words import AlarmState, AlarmView

UTC = "2026-11-23T14:02:31.204Z"
SHELF = SHELF_MINUTES * 60 * SECOND
LOCKED = {"desk-changed": "locked"}


def shelved(active: dict[str, str] = LOCKED) -> AlarmList:
    """A list whose one alarm was shelved at time 0."""
    alarms = AlarmList()
    alarms.update(0, UTC, active)
    assert alarms.shelve("desk-changed", 0) is True
    return alarms


def view(alarms: AlarmList, key: str = "desk-changed") -> AlarmView | None:
    return next((each for each in alarms.views() if each.key == key), None)


def state(alarms: AlarmList) -> AlarmState:
    seen = view(alarms)
    return AlarmState.NORMAL if seen is None else seen.state


def later(alarms: AlarmList, now: int, active: dict[str, str]) -> tuple[str, ...]:
    """What the engine does at a time; the keys that came back from the shelf."""
    back = alarms.return_due(now)
    alarms.update(now, UTC, active)
    return back


def test_a_shelved_alarm_comes_back_by_itself_unacknowledged_after_a_quarter_of_an_hour() -> None:
    alarms = shelved()
    assert later(alarms, SHELF - 1, LOCKED) == ()
    assert state(alarms) is AlarmState.SHELVED
    assert later(alarms, SHELF, LOCKED) == ("desk-changed",)
    assert state(alarms) is AlarmState.UNACKNOWLEDGED
    assert later(alarms, 2 * SHELF, LOCKED) == ()


def test_one_whose_condition_went_meanwhile_leaves_the_list_at_its_return() -> None:
    alarms = shelved()
    later(alarms, SECOND, {})
    assert state(alarms) is AlarmState.SHELVED
    assert later(alarms, SHELF, {}) == ("desk-changed",)
    assert alarms.views() == ()


def test_what_was_raised_anew_and_went_while_it_was_shelved_waits_at_its_return() -> None:
    alarms = shelved()
    later(alarms, SECOND, {})
    assert [each.key for each in alarms.update(2 * SECOND, UTC, LOCKED)] == ["desk-changed"]
    later(alarms, 3 * SECOND, {})
    assert state(alarms) is AlarmState.SHELVED
    later(alarms, SHELF, {})
    assert state(alarms) is AlarmState.RETURNED_UNACKNOWLEDGED


def test_it_can_be_brought_back_before_its_time() -> None:
    alarms = shelved()
    later(alarms, SECOND, LOCKED)
    assert alarms.unshelve("desk-changed") is True
    assert state(alarms) is AlarmState.UNACKNOWLEDGED
    assert alarms.unshelve("desk-changed") is False
    assert later(alarms, SHELF, LOCKED) == ()


def test_the_time_left_is_told_in_minutes_and_the_detail_stays_the_newest() -> None:
    alarms = shelved()
    told = []
    for now in (0, 60 * SECOND - 1, 60 * SECOND, SHELF - 60 * SECOND, SHELF - 1):
        later(alarms, now, {"desk-changed": f"at {now}"})
        seen = view(alarms)
        assert seen is not None
        assert seen.detail == f"at {now}"
        told.append(seen.shelved_min)
    assert told == [15, 15, 14, 1, 1]


def test_on_the_shelf_there_is_a_minute_left_until_it_is_brought_back_and_beside_it_none() -> None:
    alarms, left = shelved(), []
    alarms.update(SHELF, UTC, LOCKED)
    left.append(view(alarms))
    later(alarms, SHELF, LOCKED)
    left.append(view(alarms))
    assert [seen.shelved_min for seen in left if seen is not None] == [1, 0]


@pytest.mark.parametrize("alarm", ALARMS, ids=lambda alarm: alarm.key)
def test_every_alarm_can_be_shelved_but_that_of_a_stop(alarm: object) -> None:
    key, stop = alarm.key, alarm.latched  # type: ignore[attr-defined]
    alarms = AlarmList()
    alarms.update(0, UTC, {key: "x"})
    alarms.update(60 * SECOND, UTC, {key: "x"})
    seen = view(alarms, key)
    assert seen is not None
    assert seen.may_shelve is (not stop)
    assert alarms.shelve(key, 0) is (not stop)
    seen = view(alarms, key)
    assert seen is not None
    assert (seen.state is AlarmState.SHELVED) is (not stop)


def test_only_what_is_in_the_list_can_be_shelved_and_only_once() -> None:
    alarms = AlarmList()
    assert alarms.shelve("desk-changed", 0) is False
    assert alarms.shelve("no such alarm", 0) is False
    assert alarms.unshelve("no such alarm") is False
    alarms = shelved()
    assert alarms.shelve("desk-changed", 600 * SECOND) is False
    assert alarms.acknowledge("desk-changed") is False
    assert later(alarms, SHELF, LOCKED) == ("desk-changed",)


def test_what_is_shelved_stands_last_whatever_its_priority() -> None:
    alarms = shelved()
    later(alarms, SECOND, {**LOCKED, "risk-hands": ""})
    assert [each.key for each in alarms.views()] == ["risk-hands", "desk-changed"]


def test_a_shelved_alarm_does_not_hide_its_consequence() -> None:
    alarms, both = AlarmList(), {"eyes": "gone", "blind": "the eyes are restarting"}
    alarms.update(0, UTC, both)
    alarms.update(5 * SECOND, UTC, both)
    assert [each.key for each in alarms.views()] == ["eyes"]
    alarms.shelve("eyes", 5 * SECOND)
    alarms.update(6 * SECOND, UTC, both)
    alarms.update(9 * SECOND, UTC, both)
    assert [each.key for each in alarms.views()] == ["blind", "eyes"]


@given(
    st.lists(st.tuples(st.booleans(), st.sampled_from(["", "see", "shelve", "back"]), st.integers(1, 600)), max_size=60)
)
def test_no_alarm_is_lost_on_the_shelf_whatever_the_order(steps: list[tuple[bool, str, int]]) -> None:
    """A model of one alarm: whenever it is not shelved, it waits if it came, or came back standing, unseen."""
    alarms, now = AlarmList(), 0
    standing = waiting = False
    until: int | None = None
    for active, act, passed in steps:
        now += passed * SECOND
        if until is not None and until <= now:
            until, waiting = None, waiting or standing
        later(alarms, now, LOCKED if active else {})
        waiting, standing = waiting or (active and not standing), active
        if act == "see" and alarms.acknowledge("desk-changed"):
            assert until is None
            waiting = False
        elif act == "shelve" and alarms.shelve("desk-changed", now):
            until, waiting = now + SHELF, False
        elif act == "back" and alarms.unshelve("desk-changed"):
            until, waiting = None, waiting or standing
        shown = state(alarms)
        if until is not None:
            assert shown is AlarmState.SHELVED
        else:
            assert (shown in (AlarmState.UNACKNOWLEDGED, AlarmState.RETURNED_UNACKNOWLEDGED)) is waiting
            assert (shown in (AlarmState.UNACKNOWLEDGED, AlarmState.ACKNOWLEDGED)) is standing
