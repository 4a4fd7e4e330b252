"""The supervisor: every row of its tables, and its promises under any sequence of frames, faults and commands."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from engine.clock import MILLISECOND, SECOND
from engine.safety.supervisor import (
    ARMED,
    COMMANDS,
    PERMISSION,
    RULES,
    Fault,
    InvalidTransitionError,
    Limits,
    Signals,
    SupervisorState,
    Transition,
    update,
)
from engine.words import Cause, Mode

LIMITS = Limits()
NOW = 100 * SECOND
GOOD, BAD = Signals(evaluated=True, hand_running=True), Signals(evaluated=True, confidence=0.98, hand_running=True)
BLIND = Signals(blindness="another window covers the table", hand_running=True)
FAULT = Signals(faults=(Fault(Cause.MISFIRE, "a bet of 40", "a call"),), hand_running=True)
BEAT = 100 * MILLISECOND


def fed(state: SupervisorState, *signals: Signals, every: int = BEAT) -> tuple[SupervisorState, list[Transition]]:
    """The state after the signals, one each ``every`` nanoseconds, and the transitions on the way."""
    made = []
    for number, signal in enumerate(signals):
        state, transition = update(state, NOW + number * every, signal, LIMITS)
        if transition is not None:
            made.append(transition)
    return state, made


def in_mode(mode: Mode) -> SupervisorState:
    return SupervisorState(mode=mode, resume=Mode.LIVE, hold_since=NOW)


# the rows


@pytest.mark.parametrize(("source", "command"), list(COMMANDS), ids=[f"{m}-{c}" for m, c in COMMANDS])
def test_each_command_leads_where_its_row_says(source: Mode, command: Cause) -> None:
    state, made = update(in_mode(source), NOW, Signals(command=command), LIMITS)
    assert made == Transition(source, COMMANDS[source, command], command, "operator", "")
    assert state.mode is COMMANDS[source, command]


def test_the_commands_are_these_and_no_others() -> None:
    assert {f"{source} {cause}: {target}" for (source, cause), target in COMMANDS.items()} == {
        "STANDBY arm: LIVE",
        "SHADOW arm: LIVE",
        "STANDBY shadow-on: SHADOW",
        "SHADOW disarm: STANDBY",
        "LIVE disarm: STANDBY",
        "SAFE disarm: STANDBY",
        "HOLD disarm: STANDBY",
        "LIVE finish: SAFE",
        "STOPPED reset: STANDBY",
    }


INVALID = [(mode, cause) for mode in Mode for cause in Cause if (mode, cause) not in COMMANDS]


@pytest.mark.parametrize("mode", Mode)
def test_every_other_command_raises_and_changes_nothing(mode: Mode) -> None:
    for _, cause in (pair for pair in INVALID if pair[0] is mode):
        before = in_mode(mode)
        with pytest.raises(InvalidTransitionError, match=f"{cause} is not possible in {mode}"):
            update(before, NOW, Signals(command=cause, hand_running=True), LIMITS)
        assert before == in_mode(mode)


Case = tuple[Cause, Mode, list[Signals], Mode]
ROWS: list[Case] = [
    *((Cause.CONFIDENCE, mode, [BAD] * 3, Mode.STOPPED) for mode in sorted(ARMED)),
    (Cause.HOLD_LIMIT, Mode.HOLD, [BLIND] * 102, Mode.STOPPED),
    (Cause.BLIND, Mode.LIVE, [BLIND], Mode.HOLD),
    (Cause.BLIND, Mode.SAFE, [BLIND], Mode.HOLD),
    (Cause.EYES_BACK, Mode.HOLD, [GOOD] * 6, Mode.LIVE),
    (Cause.HAND_OVER, Mode.SAFE, [Signals(hand_running=False)], Mode.STANDBY),
]


@pytest.mark.parametrize(("cause", "source", "signals", "target"), ROWS, ids=[f"{r[0]}-{r[1]}" for r in ROWS])
def test_each_rule_leads_where_its_row_says(cause: Cause, source: Mode, signals: list[Signals], target: Mode) -> None:
    almost, none = fed(in_mode(source), *signals[:-1])
    assert (almost.mode, none) == (source, [])
    state, made = fed(in_mode(source), *signals)
    assert [(one.source, one.target, one.cause) for one in made] == [(source, target, cause)]
    assert state.mode is target
    assert state.reason == f"{cause}: {made[0].measured}"


def test_every_rule_and_mode_of_the_table_has_a_case() -> None:
    assert {(row.cause, mode, row.target) for row in RULES for mode in row.modes} == {(c, s, t) for c, s, _, t in ROWS}


@pytest.mark.parametrize("mode", [Mode.STANDBY, Mode.SHADOW])
def test_without_leave_to_act_no_rule_moves_it(mode: Mode) -> None:
    state, made = fed(in_mode(mode), *[BAD] * 5, *[BLIND] * 120, Signals(hand_running=False))
    assert (state.mode, made) == (mode, [])


# confidence


def test_two_bad_frames_and_a_good_one_are_forgiven() -> None:
    state, made = fed(in_mode(Mode.LIVE), *[BAD, BAD, GOOD] * 10)
    assert (state.mode, made) == (Mode.LIVE, [])


def test_frames_that_are_not_evaluated_do_not_count_either_way() -> None:
    animation = replace(BAD, evaluated=False)
    assert fed(in_mode(Mode.LIVE), *[animation] * 50)[0].mode is Mode.LIVE
    unjudged_good = replace(GOOD, evaluated=False)
    assert fed(in_mode(Mode.LIVE), BAD, unjudged_good, BAD, animation, BAD)[0].mode is Mode.STOPPED


def test_bad_frames_of_before_arming_do_not_count() -> None:
    armed, _ = fed(in_mode(Mode.STANDBY), BAD, BAD, Signals(command=Cause.ARM), BAD, BAD)
    assert armed.mode is Mode.LIVE


@pytest.mark.parametrize(("confidence", "mode"), [(0.99, Mode.LIVE), (0.98999, Mode.STOPPED), (math.nan, Mode.STOPPED)])
def test_the_limit_itself_is_good_and_what_is_not_a_number_is_bad(confidence: float, mode: Mode) -> None:
    state, made = fed(in_mode(Mode.LIVE), *[replace(GOOD, confidence=confidence, weakest="pot")] * 3)
    assert state.mode is mode
    assert all("weakest: pot" in one.measured and one.limit == "at least 0.99 within 3 frames" for one in made)


def test_what_is_shown_during_a_hold_is_judged_too() -> None:
    """Eyes that are open again and read badly are an unexplained loss of confidence, not a known blindness."""
    state, made = fed(in_mode(Mode.LIVE), BLIND, BAD, BLIND, BAD, BLIND, BAD)
    assert [one.target for one in made] == [Mode.HOLD, Mode.STOPPED]
    assert made[-1].cause is Cause.CONFIDENCE
    assert state.mode is Mode.STOPPED


# holds


@pytest.mark.parametrize("source", [Mode.LIVE, Mode.SAFE])
def test_a_hold_resumes_to_where_it_came_from(source: Mode) -> None:
    _, made = fed(in_mode(source), BLIND, *[GOOD] * 6)
    assert [(one.source, one.target) for one in made] == [(source, Mode.HOLD), (Mode.HOLD, source)]


def test_eyes_must_be_good_without_a_break_and_now() -> None:
    assert fed(in_mode(Mode.HOLD), *[GOOD, GOOD, GOOD, BAD] * 5)[0].mode is Mode.HOLD
    assert fed(in_mode(Mode.HOLD), *[GOOD, GOOD, GOOD, BLIND] * 5)[0].mode is Mode.HOLD
    assert fed(in_mode(Mode.HOLD), GOOD, *[Signals(hand_running=True)] * 20)[0].mode is Mode.HOLD


def test_a_hold_is_as_long_as_its_parts() -> None:
    """Glimpses between the blindnesses do not begin it anew."""
    state, made = fed(in_mode(Mode.LIVE), *[BLIND, BLIND, GOOD] * 40)
    assert state.mode is Mode.STOPPED
    assert made[-1].cause is Cause.HOLD_LIMIT
    assert made[-1].limit == "10 s"


def test_who_disarms_during_a_hold_is_not_made_live_by_eyes_that_are_back() -> None:
    waiting, _ = fed(in_mode(Mode.HOLD), *[GOOD] * 5)
    state, made = update(waiting, NOW + SECOND, replace(GOOD, command=Cause.DISARM), LIMITS)
    assert state.mode is Mode.STANDBY
    assert made is not None
    assert made.cause is Cause.DISARM


# stops


@pytest.mark.parametrize("mode", [mode for mode in Mode if mode is not Mode.STOPPED])
def test_a_fault_wins_over_everything(mode: Mode) -> None:
    everything = replace(FAULT, evaluated=True, blindness="covered", command=Cause.DISARM, hand_running=False)
    state, made = update(replace(in_mode(mode), bad_frames=2), NOW, everything, LIMITS)
    assert made == Transition(mode, Mode.STOPPED, Cause.MISFIRE, "a bet of 40", "a call")
    assert state.mode is Mode.STOPPED


def test_a_stop_is_not_reset_while_a_fault_lasts() -> None:
    stopped = in_mode(Mode.STOPPED)
    assert update(stopped, NOW, FAULT, LIMITS) == (stopped, None)
    with pytest.raises(InvalidTransitionError, match="a bet of 40"):
        update(stopped, NOW, replace(FAULT, command=Cause.RESET), LIMITS)
    assert update(stopped, NOW, Signals(command=Cause.RESET), LIMITS)[0].mode is Mode.STANDBY


@pytest.mark.parametrize("source", Mode)
@pytest.mark.parametrize("target", Mode)
def test_what_permits_more(source: Mode, target: Mode) -> None:
    presses = {Mode.HOLD: 1, Mode.SAFE: 2, Mode.LIVE: 3}
    more = presses.get(target, 0) > presses.get(source, 0)
    assert Transition(source, target, Cause.ARM, "", "").permits_more is more
    assert Transition(source, target, Cause.RESET, "", "").permits_more
    assert set(PERMISSION) == set(Mode)


# any sequence

Update = Callable[[SupervisorState, int, Signals, Limits], tuple[SupervisorState, Transition | None]]


class Sequences(RuleBasedStateMachine):
    """Bursts of frames, blindness, faults and commands; the promises are kept in a few plain counters."""

    update: ClassVar[Update] = staticmethod(update)

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.state = SupervisorState()
        self.bad_in_a_row = 0
        self.good_since: int | None = None
        self.held_since = 0
        self.came_from = Mode.STANDBY

    def feed(self, signals: Signals, wait: int = BEAT) -> None:
        self.now += wait
        before = self.state
        self.count(before, signals)
        after, made = type(self).update(before, self.now, signals, LIMITS)
        self.state = after
        self.judge(before, signals, made)
        if made is not None:
            self.bad_in_a_row, self.good_since = 0, None
            if made.target is Mode.HOLD:
                self.came_from, self.held_since = made.source, self.now

    def count(self, before: SupervisorState, signals: Signals) -> None:
        if signals.blindness:
            self.good_since = None
        elif signals.evaluated and signals.confidence >= LIMITS.confidence:
            self.bad_in_a_row = 0
            self.good_since = self.now if self.good_since is None else self.good_since
        elif signals.evaluated:
            self.good_since = None
            self.bad_in_a_row += 1

    def judge(self, before: SupervisorState, signals: Signals, made: Transition | None) -> None:
        assert (made is None) == (self.state.mode is before.mode), "a mode changes by a transition"
        armed = before.mode in ARMED
        if signals.faults:
            assert self.state.mode is Mode.STOPPED
        elif armed and self.bad_in_a_row >= LIMITS.bad_frames:
            assert made is not None
            assert made.cause is Cause.CONFIDENCE
        elif made is not None:
            self.judge_move(made, signals)
        elif before.mode is Mode.HOLD:
            assert self.now - self.held_since <= LIMITS.hold_limit

    def judge_move(self, made: Transition, signals: Signals) -> None:
        if made.target is Mode.STOPPED:
            assert made.cause is Cause.HOLD_LIMIT
            assert self.now - self.held_since > LIMITS.hold_limit
        if made.source is Mode.STOPPED:
            assert (made.target, signals.command) == (Mode.STANDBY, Cause.RESET)
        if made.target is Mode.LIVE and made.source is not Mode.HOLD:
            assert signals.command is Cause.ARM
        if made.source is Mode.HOLD and made.cause is Cause.EYES_BACK:
            assert made.target is self.came_from
            assert self.good_since is not None
            assert self.now - self.good_since >= LIMITS.eyes_back

    @rule(frames=st.integers(1, 4))
    def bad_frames(self, frames: int) -> None:
        for _ in range(frames):
            self.feed(BAD)

    @rule(frames=st.sampled_from([1, 2, 6, 7]))
    def good_frames(self, frames: int) -> None:
        for _ in range(frames):
            self.feed(GOOD)

    @rule(frames=st.integers(1, 5), confidence=st.sampled_from([0.0, 1.0]))
    def animation(self, frames: int, confidence: float) -> None:
        for _ in range(frames):
            self.feed(Signals(confidence=confidence, hand_running=True))

    @rule(seconds=st.sampled_from([0.1, 0.5, 3.0, 9.9, 11.0]))
    def blindness(self, seconds: float) -> None:
        for _ in range(4):
            self.feed(BLIND, round(seconds * SECOND / 4))

    @rule()
    def fault(self) -> None:
        self.feed(FAULT)

    @rule()
    def hand_over(self) -> None:
        self.feed(Signals(hand_running=False))

    @rule()
    def arm_whatever_it_takes(self) -> None:
        self.command(Cause.RESET)
        self.command(Cause.ARM)

    @rule()
    def arm_and_finish(self) -> None:
        self.arm_whatever_it_takes()
        self.command(Cause.FINISH)

    @rule(times=st.integers(1, 3))
    def flicker(self, times: int) -> None:
        for _ in range(times):
            self.bad_frames(2)
            self.good_frames(1)

    @rule(frames=st.sampled_from([3, 7]))
    def hidden_for_a_moment(self, frames: int) -> None:
        self.feed(BLIND)
        self.good_frames(frames)

    @rule(command=st.sampled_from([Cause.ARM, Cause.DISARM, Cause.SHADOW_ON, Cause.RESET, Cause.FINISH, Cause.BLIND]))
    def command(self, command: Cause) -> None:
        before = self.state
        if (before.mode, command) in COMMANDS:
            self.feed(Signals(command=command, hand_running=True), wait=0)
            return
        with pytest.raises(InvalidTransitionError):
            type(self).update(before, self.now, Signals(command=command, hand_running=True), LIMITS)
        assert self.state == before

    @invariant()
    def says_why(self) -> None:
        assert self.state.reason or self.state.mode is Mode.STANDBY


FEW = settings(max_examples=150, stateful_step_count=30, deadline=None, derandomize=True, database=None)


def test_the_promises_hold_under_any_sequence() -> None:
    run_state_machine_as_test(Sequences, settings=FEW)


def never_forgives(
    state: SupervisorState, now: int, signals: Signals, limits: Limits
) -> tuple[SupervisorState, Transition | None]:
    after, made = update(state, now, signals, limits)
    return (replace(after, bad_frames=max(after.bad_frames, state.bad_frames)) if made is None else after), made


def always_live(
    state: SupervisorState, now: int, signals: Signals, limits: Limits
) -> tuple[SupervisorState, Transition | None]:
    after, made = update(state, now, signals, limits)
    return replace(after, resume=Mode.LIVE), made


def holds_without_end(
    state: SupervisorState, now: int, signals: Signals, limits: Limits
) -> tuple[SupervisorState, Transition | None]:
    return update(replace(state, hold_since=now), now, signals, limits)


def counts_animation(
    state: SupervisorState, now: int, signals: Signals, limits: Limits
) -> tuple[SupervisorState, Transition | None]:
    return update(state, now, replace(signals, evaluated=not signals.blindness), limits)


def lets_a_stop_go(
    state: SupervisorState, now: int, signals: Signals, limits: Limits
) -> tuple[SupervisorState, Transition | None]:
    if state.mode is Mode.STOPPED and signals.evaluated:
        return update(SupervisorState(), now, replace(signals, command=Cause.ARM), limits)
    return update(state, now, signals, limits)


@pytest.mark.parametrize(
    "planted",
    [never_forgives, always_live, holds_without_end, counts_animation, lets_a_stop_go],
    ids=lambda f: f.__name__,
)
def test_the_same_sequences_find_a_planted_fault(planted: Update) -> None:
    machine = type("Planted", (Sequences,), {"update": staticmethod(planted)})
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine, settings=settings(FEW, phases=[Phase.generate], report_multiple_bugs=False))
