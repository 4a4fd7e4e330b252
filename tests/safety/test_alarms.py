"""The alarm table is whole, the life cycle loses nothing in silence, and what is active follows from what is known."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.clock import MILLISECOND, SECOND
from engine.safety.alarm_conditions import AlarmInputs, active_alarms
from engine.safety.alarm_page import text
from engine.safety.alarm_rows import ALARMS, BY_CAUSE, BY_COMPONENT, BY_KEY
from engine.safety.alarms import AlarmList
from engine.safety.headroom import headrooms
from engine.safety.table import LESS, STOPS, Row
from engine.words import (
    AlarmState,
    CalendarStatus,
    Cause,
    CertificateStatus,
    Component,
    ComponentHealth,
    Degradation,
    EventWindow,
    HealthState,
    Mode,
    PanicStopEvent,
    Priority,
    RiskStatus,
)

ROOT = Path(__file__).resolve().parents[2]
LATCHING = list(Cause)[: list(Cause).index(Cause.BLIND)]
DEGRADING = list(Cause)[list(Cause).index(Cause.BLIND) : list(Cause).index(Cause.FINISH)]
COMMANDS_OF_LESS = {Cause.FINISH, Cause.HAND_OVER}
UTC = "2026-11-23T14:02:31.204Z"
NOON = 1_795_435_200.0
WELL = AlarmInputs(
    mode=Mode.LIVE,
    mode_reason="arm: operator",
    panic=None,
    degraded=frozenset(),
    health=(ComponentHealth(Component.SOLVER, HealthState.READY, 0, 12, 0, 3, ""),),
    risk=RiskStatus(-100, 1000, 17, 200, 20, 200, 5000, 0, 20),
    calendar=CalendarStatus(True, "file", 60.0, "", "", None, EventWindow("rate decision", NOON + 3600, NOON + 7200)),
    certificates=(CertificateStatus("panic-stop", "Panic stop", True, "passed today"),),
    utc_s=NOON,
    prod=True,
)


def stopped(cause: Cause) -> AlarmInputs:
    panic = PanicStopEvent(0, UTC, cause, "measured", "limit", "advice")
    return replace(WELL, mode=Mode.STOPPED, mode_reason=f"{cause}: measured", panic=panic)


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


# what is active


def test_nothing_is_active_when_all_is_well() -> None:
    assert active_alarms(WELL) == {}


@pytest.mark.parametrize("cause", LATCHING)
def test_a_stop_is_active_until_its_reset(cause: Cause) -> None:
    assert active_alarms(stopped(cause)) == {BY_CAUSE[cause].key: "measured; limit: limit"}


def test_a_stop_without_its_record_is_active_too() -> None:
    lost = replace(WELL, mode=Mode.STOPPED, mode_reason="the record is gone")
    assert active_alarms(lost) == {"latch-unreadable": "the record is gone"}


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ({"mode": Mode.HOLD, "mode_reason": "blind: covered"}, {"blind"}),
        ({"mode": Mode.SAFE, "mode_reason": "solver-lost: no answer"}, {"solver"}),
        ({"mode": Mode.SAFE, "mode_reason": "finish: operator"}, set()),
        ({"mode": Mode.STANDBY, "mode_reason": "desk-changed: locked"}, {"desk-changed"}),
        ({"mode": Mode.STANDBY, "mode_reason": "calendar-stale: old"}, set()),
        ({"mode": Mode.LIVE, "mode_reason": "blind: covered"}, set()),
        ({"degraded": frozenset({Degradation.CACHE_ONLY}), "health": ()}, {"solver"}),
        ({"degraded": frozenset({Degradation.GTO_ONLY, Degradation.LEAN})}, {"advisers", "resources"}),
        ({"risk": replace(WELL.risk, session_result=-801)}, {"risk-session"}),
        ({"risk": replace(WELL.risk, session_result=-800)}, set()),
        ({"risk": replace(WELL.risk, session_result=+5000)}, set()),
        ({"risk": replace(WELL.risk, hands=161)}, {"risk-hands"}),
        ({"risk": replace(WELL.risk, hand_commitment=161)}, {"risk-hand"}),
        ({"risk": replace(WELL.risk, bankroll=199)}, {"risk-bankroll"}),
        ({"calendar": replace(WELL.calendar, blocked="rate decision")}, {"event-window"}),
        ({"calendar": replace(WELL.calendar, stale="not renewed for 25 h")}, {"calendar-stale"}),
        ({"calendar": replace(WELL.calendar, enabled=False, stale="off")}, set()),
        ({"utc_s": NOON + 3600 - 900}, {"event-soon"}),
        ({"utc_s": NOON + 3600 - 901}, set()),
        ({"certificates": (CertificateStatus("kill-9", "Kill", False, "never run"),)}, {"drills-due"}),
        ({"certificates": (CertificateStatus("kill-9", "Kill", False, "never run"),), "prod": False}, set()),
    ],
)
def test_what_is_known_makes_its_alarm_active(changes: dict[str, object], keys: set[str]) -> None:
    assert active_alarms(replace(WELL, **changes)).keys() == keys  # type: ignore[arg-type]


@pytest.mark.parametrize("component", Component)
@pytest.mark.parametrize("state", HealthState)
def test_a_component_that_is_unwell_is_active(component: Component, state: HealthState) -> None:
    known = ComponentHealth(component, state, 0, 0, 0, 3, "no answer for 3 s")
    active = active_alarms(replace(WELL, health=(known,)))
    well = state in (HealthState.OFF, HealthState.STARTING, HealthState.READY)
    assert active == ({} if well else {BY_COMPONENT[component].key: f"{state}: no answer for 3 s"})


@pytest.mark.parametrize("state", [HealthState.STARTING, HealthState.READY, HealthState.GONE])
def test_what_is_done_without_is_an_alarm_however_the_part_is_now(state: HealthState) -> None:
    known = ComponentHealth(Component.SOLVER, state, 0, 0, 0, 3, "")
    active = active_alarms(replace(WELL, health=(known,), degraded=frozenset({Degradation.CACHE_ONLY})))
    assert active.keys() == {"solver"}


def test_a_part_that_is_started_for_the_first_time_is_not_lost() -> None:
    known = ComponentHealth(Component.SOLVER, HealthState.STARTING, 0, 0, 0, 3, "")
    assert active_alarms(replace(WELL, health=(known,))) == {}


def test_the_last_restart_is_told_before_the_next_one_stops() -> None:
    used = ComponentHealth(Component.SOLVER, HealthState.READY, 0, 0, 3, 0, "")
    assert active_alarms(replace(WELL, health=(used,))).keys() == {"last-restart"}
    untouched = replace(used, restarts=0)
    assert active_alarms(replace(WELL, health=(untouched,))) == {}


def test_headroom_is_never_below_nothing() -> None:
    shares = [each.share_left for each in headrooms(RiskStatus(-900, 400, 300, 200, 250, 200, -50, 0, 20))]
    assert shares == [0.0, 0.0, 0.0, 0.0]


@given(
    st.sampled_from(Mode),
    st.sampled_from(Cause),
    st.sets(st.sampled_from(Degradation)),
    st.integers(-2000, 2000),
    st.floats(NOON, NOON + 8000),
)
def test_whatever_is_known_the_list_takes_it(
    mode: Mode, cause: Cause, degraded: set[Degradation], result: int, utc_s: float
) -> None:
    panic = PanicStopEvent(0, UTC, cause, "m", "", "a") if mode is Mode.STOPPED else None
    inputs = replace(
        WELL,
        mode=mode,
        mode_reason=f"{cause}: m",
        panic=panic,
        degraded=frozenset(degraded),
        risk=replace(WELL.risk, session_result=result),
        utc_s=utc_s,
    )
    active = active_alarms(inputs)
    AlarmList().update(0, UTC, active)
    assert mode is not Mode.STOPPED or any(BY_KEY[key].latched for key in active)


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
