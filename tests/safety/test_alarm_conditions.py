"""What is active follows from what is known, each alarm with the words that the operator reads."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.safety.alarm_conditions import AlarmInputs, active_alarms
from engine.safety.alarm_rows import BY_CAUSE, BY_COMPONENT, BY_KEY
from engine.safety.alarms import AlarmList
from engine.safety.headroom import headrooms
from engine.words import (
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
    RiskStatus,
)

LATCHING = list(Cause)[: list(Cause).index(Cause.BLIND)]
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


# in words


def details(**changes: object) -> dict[str, str]:
    return active_alarms(replace(WELL, **changes))  # type: ignore[arg-type]


def test_a_stop_says_what_was_measured_against_which_limit_where_there_is_one() -> None:
    assert active_alarms(stopped(Cause.MISFIRE)) == {"misfire": "measured; limit: limit"}
    panic = PanicStopEvent(0, UTC, Cause.MISFIRE, "a bet of 40", "", "advice")
    assert details(mode=Mode.STOPPED, panic=panic) == {"misfire": "a bet of 40"}


@pytest.mark.parametrize("cause", [Cause.BLIND, Cause.SOLVER_LOST, Cause.ARM])
def test_a_stop_for_a_cause_that_never_stops_is_a_fault_and_never_nothing(cause: Cause) -> None:
    assert active_alarms(stopped(cause)) == {"engine-fault": "measured; limit: limit"}


@pytest.mark.parametrize("mode", [Mode.SAFE, Mode.HOLD])
@pytest.mark.parametrize(
    ("cause", "key"),
    [
        (Cause.BLIND, "blind"),
        (Cause.SOLVER_LOST, "solver"),
        (Cause.ADVISERS_LOST, "advisers"),
        (Cause.RESOURCES, "resources"),
        (Cause.EVENT_WINDOW, "event-window"),
        (Cause.CALENDAR_STALE, "calendar-stale"),
        (Cause.DESK_CHANGED, "desk-changed"),
    ],
)
def test_why_the_mode_permits_less_is_active_with_what_was_measured(mode: Mode, cause: Cause, key: str) -> None:
    assert details(mode=mode, mode_reason=f"{cause}: covered: by a window") == {key: "covered: by a window"}


@pytest.mark.parametrize("mode", [Mode.LIVE, Mode.SHADOW])
def test_a_reason_of_before_says_nothing_of_a_mode_that_has_no_need_of_one(mode: Mode) -> None:
    assert details(mode=mode, mode_reason="desk-changed: locked") == {}


def test_of_two_that_say_the_same_the_one_with_words_is_heard() -> None:
    unwell = ComponentHealth(Component.SOLVER, HealthState.GONE, 0, 0, 0, 3, "exit code 9")
    without = frozenset({Degradation.CACHE_ONLY})
    assert details(degraded=without, health=(unwell,)) == {"solver": "gone: exit code 9"}
    safe = {"mode": Mode.SAFE, "mode_reason": "solver-lost: no answer for 2 s"}
    assert details(**safe, degraded=without, health=(unwell,)) == {"solver": "no answer for 2 s"}
    assert details(degraded=without) == {"solver": ""}


def test_an_unwell_part_that_says_nothing_is_told_by_its_state() -> None:
    assert details(health=(ComponentHealth(Component.EYES, HealthState.STALLED, 0, 0, 0, 3, ""),)) == {
        "eyes": "stalled"
    }


@pytest.mark.parametrize("component", Component)
def test_only_what_is_ever_started_again_can_have_used_its_restarts(component: Component) -> None:
    used = ComponentHealth(component, HealthState.READY, 0, 0, 1, 0, "")
    restartable = component in (Component.EYES, Component.SOLVER, Component.ADVISERS)
    said = {"last-restart": f"{component}: 1 restarts used, none left"}
    assert details(health=(used,)) == (said if restartable else {})
    assert details(health=(replace(used, restarts_left=1),)) == {}


def test_all_that_have_used_their_restarts_are_named() -> None:
    used = [ComponentHealth(part, HealthState.READY, 0, 0, 3, 0, "") for part in (Component.EYES, Component.SOLVER)]
    both = "eyes: 3 restarts used, none left; solver: 3 restarts used, none left"
    assert details(health=tuple(used)) == {"last-restart": both}


@pytest.mark.parametrize(
    ("changes", "key", "said"),
    [
        ({"session_result": -801}, "risk-session", "801 of 1000 chips used, 199 left"),
        ({"session_result": -1000}, "risk-session", "1000 of 1000 chips used, 0 left"),
        ({"session_result": -1100}, "risk-session", "1100 of 1000 chips used, -100 left"),
        ({"hand_commitment": 161}, "risk-hand", "161 of 200 chips used, 39 left"),
        ({"hands": 161}, "risk-hands", "161 of 200 hands used, 39 left"),
        ({"bankroll": 199}, "risk-bankroll", "199 chips, 199 above the floor of 0"),
        ({"bankroll": 600, "bankroll_floor": 500}, "risk-bankroll", "600 chips, 100 above the floor of 500"),
    ],
)
def test_a_limit_that_is_near_is_told_with_what_is_left(changes: dict[str, int], key: str, said: str) -> None:
    assert details(risk=replace(WELL.risk, **changes)) == {key: said}


@pytest.mark.parametrize("changes", [{"hand_commitment": 160}, {"hands": 160}, {"bankroll": 200}])
def test_with_a_fifth_left_a_limit_is_not_near(changes: dict[str, int]) -> None:
    assert details(risk=replace(WELL.risk, **changes)) == {}


@pytest.mark.parametrize(
    ("ahead", "minutes"), [(900, 15), (871, 15), (869, 14), (90, 2), (89, 1), (61, 1), (29, 1), (0.5, 1), (0, 1)]
)
def test_an_event_that_comes_soon_is_told_in_whole_minutes_and_never_none(ahead: float, minutes: int) -> None:
    assert details(utc_s=NOON + 3600 - ahead) == {"event-soon": f"rate decision in {minutes} min"}


@pytest.mark.parametrize("ahead", [900.5, -0.5, -2])
def test_an_event_that_is_far_or_has_begun_does_not_come_soon(ahead: float) -> None:
    assert details(utc_s=NOON + 3600 - ahead) == {}


def test_the_calendar_says_which_event_and_what_is_stale_and_nothing_when_it_is_not_used() -> None:
    calendar = replace(WELL.calendar, blocked="rate decision", stale="not renewed for 25 h", next=None)
    assert details(calendar=calendar) == {"event-window": "rate decision", "calendar-stale": "not renewed for 25 h"}
    assert details(calendar=replace(calendar, enabled=False)) == {}


def test_the_drills_that_are_due_are_named_and_counted() -> None:
    due = [CertificateStatus(name, name, False, "never run") for name in ("kill-9", "recovery")]
    found = details(certificates=(*WELL.certificates, *due))
    assert found == {"drills-due": "2 of 3: kill-9, recovery"}
