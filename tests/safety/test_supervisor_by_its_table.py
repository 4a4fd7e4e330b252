"""The supervisor's table: every row, when it holds, when it does not, and what clears it."""

import math
from dataclasses import replace

import pytest

from engine.clock import MILLISECOND, SECOND
from engine.safety.supervisor import (
    ARMED,
    COMMANDS,
    Fault,
    InvalidTransitionError,
    Limits,
    Signals,
    Transition,
    update,
)
from engine.safety.table import DEGRADING, LESS, REPORTED, STOPS, TABLE
from engine.words import Cause, Degradation, Mode
from tests.safety.supervising import (
    BAD,
    BETWEEN,
    BLIND,
    CALM,
    FAULT,
    GOOD,
    LIMITS,
    NOW,
    OUR_TURN,
    SAFE_WITHOUT_SOLVER,
    commanded,
    faulty,
    fed,
    in_mode,
    such,
    way,
)

# rows that stop


@pytest.mark.parametrize("cause", [row.cause for row in REPORTED])
@pytest.mark.parametrize("mode", Mode)
def test_what_is_reported_stops_in_every_mode(mode: Mode, cause: Cause) -> None:
    state, made = update(in_mode(mode), NOW, faulty(cause), LIMITS)
    if mode is Mode.STOPPED:
        assert (state, made) == (in_mode(mode), None)
        return
    assert made == Transition(mode, Mode.STOPPED, cause, "this was measured", "that is the limit")
    assert (state.mode, state.reason) == (Mode.STOPPED, f"{cause}: this was measured")


@pytest.mark.parametrize("cause", [Cause.UNCLEAN_END, Cause.ARM, Cause.BLIND])
def test_a_fault_that_the_table_does_not_name_stops_too(cause: Cause) -> None:
    assert way(fed(in_mode(Mode.LIVE), faulty(cause))[1]) == [f"LIVE > STOPPED: {cause}"]


@pytest.mark.parametrize("mode", [mode for mode in Mode if mode is not Mode.STOPPED])
def test_of_several_faults_the_tables_first_is_recorded(mode: Mode) -> None:
    faults = tuple(Fault(cause, str(cause), "") for cause in (Cause.JOURNAL, Cause.OPERATOR_BUTTON, Cause.MISFIRE))
    assert way(fed(in_mode(mode), replace(CALM, faults=faults))[1]) == [f"{mode} > STOPPED: operator-button"]


def test_of_several_faults_that_the_table_does_not_name_the_first_is_recorded() -> None:
    faults = tuple(Fault(cause, f"{cause} was found", "") for cause in (Cause.UNCLEAN_END, Cause.ARM))
    _, made = fed(in_mode(Mode.LIVE), replace(CALM, faults=faults))
    assert [(one.cause, one.measured) for one in made] == [(Cause.UNCLEAN_END, "unclean-end was found")]


@pytest.mark.parametrize("mode", [mode for mode in Mode if mode is not Mode.STOPPED])
def test_a_fault_wins_over_everything(mode: Mode) -> None:
    everything = replace(such(FAULT, desk="asleep", event="open"), evaluated=True, blindness="covered")
    everything = replace(everything, command=Cause.DISARM, hand_running=False)
    state, made = update(replace(in_mode(mode), bad_frames=2), NOW, everything, LIMITS)
    assert made == Transition(mode, Mode.STOPPED, Cause.MISFIRE, "a bet of 40", "a call")
    assert state.mode is Mode.STOPPED


@pytest.mark.parametrize("mode", sorted(ARMED))
def test_three_bad_frames_stop_and_two_do_not(mode: Mode) -> None:
    assert fed(in_mode(mode, Cause.FINISH), BAD, BAD)[1] == []
    assert way(fed(in_mode(mode, Cause.FINISH), BAD, BAD, BAD)[1]) == [f"{mode} > STOPPED: confidence"]


@pytest.mark.parametrize("mode", [Mode.STANDBY, Mode.SHADOW])
def test_without_leave_to_act_no_row_moves_the_mode(mode: Mode) -> None:
    wrong = such(event="open", calendar="stale", desk="asleep")
    state, made = fed(in_mode(mode), *[BAD] * 5, *[BLIND] * 120, BETWEEN, *[wrong] * 5, *[OUR_TURN] * 150)
    assert (state.mode, made) == (mode, [])


def test_two_bad_frames_and_a_good_one_are_forgiven() -> None:
    state, made = fed(in_mode(Mode.LIVE), *[BAD, BAD, GOOD] * 10)
    assert (state.mode, made) == (Mode.LIVE, [])


def test_frames_that_are_not_evaluated_do_not_count_either_way() -> None:
    animation = replace(BAD, evaluated=False)
    assert fed(in_mode(Mode.LIVE), *[animation] * 50)[0].mode is Mode.LIVE
    unjudged_good = replace(GOOD, evaluated=False)
    assert fed(in_mode(Mode.LIVE), BAD, unjudged_good, BAD, animation, BAD)[0].mode is Mode.STOPPED


def test_bad_frames_of_before_arming_do_not_count() -> None:
    armed, _ = fed(in_mode(Mode.STANDBY), BAD, BAD, commanded(Cause.ARM), BAD, BAD)
    assert armed.mode is Mode.LIVE


@pytest.mark.parametrize("between", [commanded(Cause.FINISH), such(solver="gone"), such(event="open"), BLIND])
def test_bad_frames_count_on_across_every_change_that_leaves_it_armed(between: Signals) -> None:
    made = way(fed(in_mode(Mode.LIVE), BAD, BAD, between, BAD)[1])
    assert len(made) == 2
    assert made[-1].endswith("> STOPPED: confidence")


@pytest.mark.parametrize(("confidence", "mode"), [(0.99, Mode.LIVE), (0.98999, Mode.STOPPED), (math.nan, Mode.STOPPED)])
def test_the_limit_itself_is_good_and_what_is_not_a_number_is_bad(confidence: float, mode: Mode) -> None:
    state, made = fed(in_mode(Mode.LIVE), *[replace(GOOD, confidence=confidence, weakest="pot")] * 3)
    assert state.mode is mode
    assert all("weakest: pot" in one.measured and one.limit == "at least 0.99 within 3 frames" for one in made)


def test_what_is_shown_during_a_hold_is_judged_too() -> None:
    """Eyes that are open again and read badly are an unexplained loss of confidence, not a known blindness."""
    _, made = fed(in_mode(Mode.LIVE), BLIND, BAD, BLIND, BAD, BLIND, BAD)
    assert way(made) == ["LIVE > HOLD: blind", "HOLD > STOPPED: confidence"]


def test_a_stop_is_not_reset_while_a_fault_lasts() -> None:
    stopped = in_mode(Mode.STOPPED)
    assert update(stopped, NOW, FAULT, LIMITS) == (stopped, None)
    with pytest.raises(InvalidTransitionError, match="a bet of 40"):
        update(stopped, NOW, replace(FAULT, command=Cause.RESET), LIMITS)
    several = (*FAULT.faults, Fault(Cause.JOURNAL, "a disk that is full", ""))
    with pytest.raises(InvalidTransitionError, match="reset is not possible: a bet of 40"):
        update(stopped, NOW, Signals(faults=several, command=Cause.RESET), LIMITS)
    assert update(stopped, NOW, Signals(command=Cause.RESET), LIMITS)[0].mode is Mode.STANDBY


def test_nothing_but_a_reset_moves_a_stop() -> None:
    wrong = such(event="open", calendar="stale", desk="asleep")
    state, made = fed(in_mode(Mode.STOPPED), *[BAD] * 5, *[BLIND] * 5, BETWEEN, wrong, *[GOOD] * 200)
    assert (state.mode, made) == (Mode.STOPPED, [])


# a hold


def test_blind_in_hold_stops_after_its_limit_and_not_before() -> None:
    state, made = fed(in_mode(Mode.LIVE), *[BLIND] * 100)
    assert (state.mode, way(made)) == (Mode.HOLD, ["LIVE > HOLD: blind"])
    state, made = fed(in_mode(Mode.LIVE), *[BLIND] * 101)
    assert way(made) == ["LIVE > HOLD: blind", "HOLD > STOPPED: hold-limit"]
    assert made[-1].measured == "10.0 s (blind: another window covers the table)"
    assert made[-1].limit == "10 s"


def test_a_hold_is_as_long_as_its_parts() -> None:
    """Glimpses between the blindnesses do not begin it anew."""
    state, made = fed(in_mode(Mode.LIVE), *[BLIND, BLIND, GOOD] * 40)
    assert state.mode is Mode.STOPPED
    assert made[-1].cause is Cause.HOLD_LIMIT


def test_the_next_hold_begins_at_zero() -> None:
    state, made = fed(in_mode(Mode.LIVE), *[*[BLIND] * 90, *[GOOD] * 10] * 4)
    assert (state.mode, len(made)) == (Mode.LIVE, 8)


def test_eyes_confident_for_the_hold_time_end_a_hold_and_not_before() -> None:
    assert fed(in_mode(Mode.HOLD), *[GOOD] * 5)[1] == []
    _, made = fed(in_mode(Mode.HOLD), *[GOOD] * 6)
    assert way(made) == ["HOLD > LIVE: eyes-back"]
    assert (made[0].measured, made[0].limit) == ("confident for 0.50 s", "0.50 s")


def test_eyes_must_be_good_without_a_break_and_now() -> None:
    assert fed(in_mode(Mode.HOLD), *[GOOD, GOOD, GOOD, BAD] * 5)[0].mode is Mode.HOLD
    assert fed(in_mode(Mode.HOLD), *[GOOD, GOOD, GOOD, BLIND] * 5)[0].mode is Mode.HOLD
    assert fed(in_mode(Mode.HOLD), GOOD, *[CALM] * 20)[0].mode is Mode.HOLD


def test_who_disarms_during_a_hold_is_not_made_live_by_eyes_that_are_back() -> None:
    waiting, _ = fed(in_mode(Mode.HOLD), *[GOOD] * 5)
    made = update(waiting, NOW + SECOND, commanded(Cause.DISARM, GOOD), LIMITS)[1]
    assert made is not None
    assert way([made]) == ["HOLD > STANDBY: disarm"]


SAFE_CAUSES = [
    (commanded(Cause.FINISH), Cause.FINISH, LIMITS),
    (such(event="the final table"), Cause.EVENT_WINDOW, LIMITS),
    (such(calendar="25 hours old"), Cause.CALENDAR_STALE, LIMITS),
    (such(solver="gone"), Cause.SOLVER_LOST, SAFE_WITHOUT_SOLVER),
]
NAMES = [str(cause) for _, cause, _ in SAFE_CAUSES]


@pytest.mark.parametrize(("signals", "cause", "limits"), SAFE_CAUSES, ids=NAMES)
def test_a_hold_of_before_resumes_in_safe_mode(signals: Signals, cause: Cause, limits: Limits) -> None:
    seen = [replace(signals, command=None, evaluated=True)] * 6
    state, made = fed(in_mode(Mode.LIVE), signals, BLIND, *seen, limits=limits)
    assert way(made) == [f"LIVE > SAFE: {cause}", "SAFE > HOLD: blind", "HOLD > SAFE: eyes-back"]
    assert state.pending == {cause}


@pytest.mark.parametrize(("signals", "cause", "limits"), SAFE_CAUSES, ids=NAMES)
def test_a_hold_never_resumes_past_a_cause_that_came_meanwhile(signals: Signals, cause: Cause, limits: Limits) -> None:
    seen = [replace(signals, command=None, evaluated=True)] * 6
    state, made = fed(in_mode(Mode.HOLD), signals, *seen, limits=limits)
    assert way(made) == [f"HOLD > HOLD: {cause}", "HOLD > SAFE: eyes-back"]
    assert state.mode is Mode.SAFE
    assert state.pending == {cause}
    assert not made[0].permits_more


def test_a_cause_at_the_very_moment_the_eyes_are_back_wins() -> None:
    waiting, _ = fed(in_mode(Mode.HOLD), *[GOOD] * 5)
    _, made = fed(waiting, such(GOOD, event="open"), such(GOOD, event="open"), now=NOW + SECOND)
    assert way(made) == ["HOLD > HOLD: event-window", "HOLD > SAFE: eyes-back"]


# safe mode


@pytest.mark.parametrize(("signals", "cause", "limits"), SAFE_CAUSES, ids=NAMES)
def test_safe_mode_goes_on_to_the_end_of_the_hand(signals: Signals, cause: Cause, limits: Limits) -> None:
    lasting = replace(signals, command=None)
    state, made = fed(in_mode(Mode.LIVE), signals, *[lasting] * 200, limits=limits)
    assert (state.mode, way(made)) == (Mode.SAFE, [f"LIVE > SAFE: {cause}"])


ENDING = [case for case in SAFE_CAUSES if case[1] is not Cause.SOLVER_LOST]


@pytest.mark.parametrize("gone", [True, False])
@pytest.mark.parametrize(("signals", "cause", "limits"), ENDING, ids=NAMES[:3])
def test_with_the_hand_it_ends_in_standby_though_the_cause_be_gone(
    signals: Signals, cause: Cause, limits: Limits, gone: bool
) -> None:
    after = CALM if gone else replace(signals, command=None)
    state, made = fed(in_mode(Mode.LIVE), signals, *[after] * 50, replace(after, hand_running=False), limits=limits)
    assert way(made) == [f"LIVE > SAFE: {cause}", "SAFE > STANDBY: hand-over"]
    assert state.pending == frozenset()


@pytest.mark.parametrize("name", ["event", "calendar"])
def test_without_a_hand_an_event_leads_straight_to_standby(name: str) -> None:
    _, made = fed(in_mode(Mode.LIVE), such(BETWEEN, **{name: "the reason"}))
    assert [(one.target, one.measured) for one in made] == [(Mode.STANDBY, "the reason")]


@pytest.mark.parametrize("name", ["event", "calendar"])
def test_a_hold_is_not_left_for_standby_by_an_event_since_nobody_sees_whether_a_hand_runs(name: str) -> None:
    hidden = such(replace(BLIND, hand_running=False), **{name: "the reason"})
    state, made = fed(in_mode(Mode.HOLD), *[hidden] * 3)
    assert (state.mode, [(one.target, one.measured) for one in made]) == (Mode.HOLD, [(Mode.HOLD, "the reason")])


def test_several_causes_of_safe_mode_are_each_remembered_and_the_ending_ones_win() -> None:
    lost = such(solver="gone")
    both = such(event="open", solver="gone")
    _, made = fed(in_mode(Mode.LIVE), lost, both, *[CALM] * 30, BETWEEN, limits=SAFE_WITHOUT_SOLVER)
    assert way(made) == [
        "LIVE > SAFE: solver-lost",
        "SAFE > SAFE: event-window",
        "SAFE > STANDBY: hand-over",
    ]


def test_an_event_wins_though_the_solver_is_back_at_the_same_moment() -> None:
    safe = in_mode(Mode.SAFE, Cause.SOLVER_LOST)
    _, made = fed(safe, such(BETWEEN, event="open"), limits=SAFE_WITHOUT_SOLVER)
    assert way(made) == ["SAFE > STANDBY: event-window"]


def test_finishing_in_safe_mode_wins_over_the_solvers_return() -> None:
    safe = in_mode(Mode.SAFE, Cause.SOLVER_LOST)
    _, made = fed(safe, *[CALM] * 30, commanded(Cause.FINISH), BETWEEN, limits=SAFE_WITHOUT_SOLVER)
    assert way(made) == ["SAFE > SAFE: finish", "SAFE > STANDBY: hand-over"]


def test_the_solver_ends_safe_mode_when_it_is_back_and_no_hand_runs() -> None:
    lost = such(solver="gone")
    armed = in_mode(Mode.LIVE)
    limits = SAFE_WITHOUT_SOLVER
    assert fed(armed, lost, *[CALM] * 100, limits=limits)[0].mode is Mode.SAFE, "a hand runs"
    assert fed(armed, lost, *[such(BETWEEN, solver="gone")] * 100, limits=limits)[0].mode is Mode.SAFE, "it is not back"
    state, made = fed(armed, lost, *[CALM] * 20, BETWEEN, limits=limits)
    assert way(made) == ["LIVE > SAFE: solver-lost", "SAFE > LIVE: solver-back"]
    assert made[-1].permits_more
    assert state.pending == frozenset()


def test_a_solver_that_is_back_during_a_hold_lets_it_end_in_live() -> None:
    hold = in_mode(Mode.HOLD, Cause.SOLVER_LOST)
    blind_between = replace(BLIND, hand_running=False)
    _, made = fed(hold, blind_between, *[GOOD] * 7, limits=SAFE_WITHOUT_SOLVER)
    assert way(made) == ["HOLD > HOLD: solver-back", "HOLD > LIVE: eyes-back"]


def test_a_turn_unanswered_in_safe_mode_stops() -> None:
    safe = in_mode(Mode.SAFE, Cause.FINISH)
    assert fed(safe, *[OUR_TURN] * 100)[1] == []
    _, made = fed(safe, *[OUR_TURN] * 101)
    assert way(made) == ["SAFE > STOPPED: safe-failed"]
    assert (made[0].measured, made[0].limit) == ("our turn unanswered for 10.0 s in SAFE", "10 s")
    assert fed(safe, *[*[OUR_TURN] * 99, CALM] * 5)[1] == [], "each turn was answered"
    assert fed(in_mode(Mode.LIVE), *[OUR_TURN] * 300)[1] == []


@pytest.mark.parametrize("mode", sorted(ARMED))
def test_a_change_of_the_desk_leads_to_standby_at_once(mode: Mode) -> None:
    _, made = fed(in_mode(mode, *([Cause.FINISH] * (mode is Mode.SAFE))), such(BLIND, desk="the screen was locked"))
    assert way(made) == [f"{mode} > STANDBY: desk-changed"]


# degradations

LOSSES = [
    ("solver", Degradation.CACHE_ONLY, Cause.SOLVER_LOST, Cause.SOLVER_BACK),
    ("advisers", Degradation.GTO_ONLY, Cause.ADVISERS_LOST, Cause.ADVISERS_BACK),
    ("pressure", Degradation.LEAN, Cause.RESOURCES, Cause.RESOURCES_BACK),
]


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(("name", "degradation", "lost", "back"), LOSSES, ids=[loss[0] for loss in LOSSES])
def test_a_loss_degrades_beside_the_mode_and_ends(
    mode: Mode, name: str, degradation: Degradation, lost: Cause, back: Cause
) -> None:
    wrong = such(CALM, **{name: "it is wrong"})
    before = in_mode(mode, Cause.SOLVER_LOST) if mode is Mode.SAFE else in_mode(mode)
    state, made = fed(before, *[wrong] * 50)
    assert way(made) == [f"{mode} + {degradation}: {lost}"]
    assert (state.mode, state.reason) == (mode, before.reason)
    assert state.degraded == {degradation}
    assert not made[0].permits_more
    state, made = fed(state, *[BETWEEN] * 21, now=NOW + 10 * SECOND)
    assert [(one.cause, one.ended, one.permits_more) for one in made if one.ended] == [(back, degradation, False)]
    assert state.degraded == frozenset()


@pytest.mark.parametrize("mode", sorted(ARMED))
def test_the_solver_is_not_relied_on_again_before_the_next_hand(mode: Mode) -> None:
    lost, before = such(solver="gone"), in_mode(mode, Cause.FINISH)
    degraded = fed(before, lost)[0].degraded
    assert degraded == {Degradation.CACHE_ONLY}
    assert fed(before, lost, *[CALM] * 90)[0].degraded == degraded
    assert fed(before, lost, *[such(BETWEEN, solver="gone")] * 60)[0].degraded == degraded
    assert fed(before, lost, *[CALM] * 40, BETWEEN, BETWEEN)[0].degraded == frozenset()


@pytest.mark.parametrize("mode", [mode for mode in Mode if mode not in ARMED])
def test_where_nothing_is_armed_no_hand_is_waited_for(mode: Mode) -> None:
    """A solver that has only just started is there for the first hand."""
    assert fed(in_mode(mode), such(solver="starting"), CALM)[0].degraded == frozenset()


@pytest.mark.parametrize("name", ["advisers", "pressure"])
def test_the_others_are_back_as_soon_as_they_are_well(name: str) -> None:
    wrong = such(CALM, **{name: "it is wrong"})
    assert len(fed(in_mode(Mode.LIVE), wrong, CALM)[1]) == 2
    assert len(fed(in_mode(Mode.LIVE), wrong, wrong)[1]) == 1


def test_everything_lost_at_once_is_taken_in_one_after_another() -> None:
    everything = such(solver="gone", advisers="gone", pressure="none left", event="open")
    state, made = fed(in_mode(Mode.LIVE), *[everything] * 5)
    assert way(made) == [
        "LIVE > SAFE: event-window",
        "SAFE + cache-only: solver-lost",
        "SAFE + GTO-only: advisers-lost",
        "SAFE + lean: resources",
    ]
    assert state.degraded == set(Degradation)


# the table as a whole


def test_every_cause_is_in_the_table_or_a_command_or_what_clears_or_found_at_the_start() -> None:
    rows = {row.cause for row in TABLE}
    backs = {row.back for row in TABLE if row.back is not None}
    commands = {cause for _, cause in COMMANDS}
    at_the_start = {Cause.UNCLEAN_END, Cause.LATCH_UNREADABLE}
    assert rows | backs | commands | at_the_start | {Cause.HAND_OVER} == set(Cause)


def test_the_delays_of_the_table_are_those_of_the_limits() -> None:
    limits = Limits(hold_limit=3 * SECOND, safe_answer=4 * SECOND)
    delays = {(row.cause, row.on_delay(limits)) for row in (*STOPS, *LESS, *DEGRADING)}
    assert {one for one in delays if one[1]} == {(Cause.HOLD_LIMIT, 3 * SECOND), (Cause.SAFE_FAILED, 4 * SECOND)}
    quick = Limits(eyes_back=200 * MILLISECOND)
    assert way(fed(in_mode(Mode.HOLD), *[GOOD] * 3, limits=quick)[1]) == ["HOLD > LIVE: eyes-back"]
