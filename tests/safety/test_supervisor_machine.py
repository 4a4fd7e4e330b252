"""The supervisor under any sequence of frames, losses, events, faults and commands, in bursts: safe, and never stuck.

The promises are kept in a few plain counters beside it. Planted faults are found by the same sequences, and stay here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import ClassVar

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from engine.clock import SECOND
from engine.safety.supervisor import (
    ARMED,
    COMMANDS,
    Conditions,
    InvalidTransitionError,
    Limits,
    Signals,
    SupervisorState,
    Transition,
    update,
)
from engine.words import Cause, Degradation, Mode
from tests.safety.supervising import BEAT, FAULT, LIMITS, NOW, SAFE_WITHOUT_SOLVER

Updated = tuple[SupervisorState, Transition | None]
Update = Callable[[SupervisorState, int, Signals, Limits], Updated]
ENDING = {Cause.FINISH: "finish", Cause.EVENT_WINDOW: "event", Cause.CALENDAR_STALE: "calendar"}
DEGRADES = {"solver": Degradation.CACHE_ONLY, "advisers": Degradation.GTO_ONLY, "pressure": Degradation.LEAN}
LONGEST = 12
"""Updates within which whatever can be taken in at once has been."""


class Sequences(RuleBasedStateMachine):
    """Bursts over a world of conditions that last until they are mended."""

    update: ClassVar[Update] = staticmethod(update)

    def __init__(self) -> None:
        super().__init__()
        self.limits = LIMITS
        self.now = NOW
        self.state = SupervisorState()
        self.wrong: dict[str, str] = {}
        self.hand = True
        self.turn = False
        self.bad_in_a_row = 0
        self.good_since: int | None = None
        self.held_since = 0
        self.turn_since: int | None = None
        self.only_safe: set[Cause] = set()

    @initialize(safe=st.booleans())
    def configure(self, safe: bool) -> None:
        self.limits = SAFE_WITHOUT_SOLVER if safe else LIMITS

    # feeding

    def feed(self, signals: Signals, wait: int = BEAT) -> Transition | None:
        """One update in the world as it is now, judged."""
        self.now += wait
        signals = replace(signals, hand_running=self.hand, our_turn=self.turn, conditions=Conditions(**self.wrong))
        before = self.state
        self.count(before, signals)
        self.state, made = type(self).update(before, self.now, signals, self.limits)
        self.judge(before, signals, made)
        self.remember(before, made)
        return made

    def count(self, before: SupervisorState, signals: Signals) -> None:
        if signals.blindness:
            self.good_since = None
        elif signals.evaluated and signals.confidence >= self.limits.confidence:
            self.bad_in_a_row = 0
            self.good_since = self.now if self.good_since is None else self.good_since
        elif signals.evaluated:
            self.good_since = None
            self.bad_in_a_row += 1
        if before.mode is not Mode.SAFE or not self.turn:
            self.turn_since = None
        elif self.turn_since is None:
            self.turn_since = self.now

    def remember(self, before: SupervisorState, made: Transition | None) -> None:
        if self.state.mode not in ARMED:
            self.only_safe.clear()
        elif made is not None:
            ending = made.cause in ENDING
            if ending or (made.cause is Cause.SOLVER_LOST and self.limits.solver_lost_is_safe):
                self.only_safe.add(made.cause)
            if made.cause is Cause.SOLVER_BACK:
                self.only_safe.discard(Cause.SOLVER_LOST)
        if made is not None and made.target is not made.source:
            if made.target is Mode.HOLD:
                self.held_since = self.now
            if made.source not in ARMED or made.target not in ARMED:
                self.bad_in_a_row, self.good_since = 0, None
            self.turn_since = self.now if made.target is Mode.SAFE and self.turn else None

    # judging

    def judge(self, before: SupervisorState, signals: Signals, made: Transition | None) -> None:
        assert (made is None or made.target is made.source) == (self.state.mode is before.mode)
        if signals.faults:
            assert self.state.mode is Mode.STOPPED, "a fault stops"
        elif before.mode in ARMED and self.bad_in_a_row >= self.limits.bad_frames:
            assert made is not None
            assert made.cause is Cause.CONFIDENCE
        else:
            self.judge_limits(before)
            if made is not None:
                self.judge_move(made, signals)

    def judge_limits(self, before: SupervisorState) -> None:
        if before.mode is Mode.HOLD and self.state.mode is Mode.HOLD:
            assert self.now - self.held_since < self.limits.hold_limit, "no hold is longer than its limit"
        if self.state.mode is before.mode is Mode.SAFE and self.turn_since is not None:
            assert self.now - self.turn_since < self.limits.safe_answer, "no turn goes unanswered in safe mode"
        if before.mode in ARMED and self.wrong.get("desk"):
            assert self.state.mode not in ARMED, "a changed desk takes the leave away at once"

    def judge_move(self, made: Transition, signals: Signals) -> None:
        assert made.source is not Mode.STOPPED or made.target is made.source or signals.command is Cause.RESET
        if made.target is Mode.STOPPED is not made.source:
            assert made.cause in (Cause.HOLD_LIMIT, Cause.SAFE_FAILED)
        if made.target is Mode.LIVE is not made.source:
            assert made.permits_more
            self.judge_live(made, signals)
        if made.cause is Cause.EYES_BACK:
            assert self.good_since is not None
            assert self.now - self.good_since >= self.limits.eyes_back
        if made.target is Mode.SAFE and made.source is Mode.HOLD:
            assert self.only_safe
        if made.cause is Cause.SOLVER_BACK:
            assert not self.wrong.get("solver"), "it is well again"
            assert not self.hand or made.source not in ARMED, "only at the next hand"

    def judge_live(self, made: Transition, signals: Signals) -> None:
        assert made.source in (Mode.HOLD, Mode.SAFE) or signals.command is Cause.ARM
        assert not any(self.wrong.get(name) for name in ("event", "calendar", "desk")), "not into what forbids it"
        left = self.only_safe - ({Cause.SOLVER_LOST} if made.cause is Cause.SOLVER_BACK else set())
        assert not left, "not while a cause of safe mode is pending"

    @invariant()
    def says_why(self) -> None:
        assert self.state.reason or self.state.mode is Mode.STANDBY

    # what the eyes show

    @rule(frames=st.integers(1, 4))
    def bad_frames(self, frames: int) -> None:
        for _ in range(frames):
            self.feed(Signals(evaluated=True, confidence=0.98))

    @rule(frames=st.sampled_from([1, 2, 6, 7]))
    def good_frames(self, frames: int) -> None:
        for _ in range(frames):
            self.feed(Signals(evaluated=True))

    @rule(frames=st.integers(1, 5), confidence=st.sampled_from([0.0, 1.0]))
    def animation(self, frames: int, confidence: float) -> None:
        for _ in range(frames):
            self.feed(Signals(confidence=confidence))

    @rule(seconds=st.sampled_from([0.1, 0.5, 3.0, 9.9, 11.0]))
    def blindness(self, seconds: float) -> None:
        for _ in range(4):
            self.feed(Signals(blindness="covered"), round(seconds * SECOND / 4))

    @rule(times=st.integers(1, 3))
    def flicker(self, times: int) -> None:
        for _ in range(times):
            self.bad_frames(2)
            self.good_frames(1)

    @rule(frames=st.sampled_from([3, 7]))
    def hidden_for_a_moment(self, frames: int) -> None:
        self.feed(Signals(blindness="covered"))
        self.good_frames(frames)

    # the game

    @rule(updates=st.integers(1, 2))
    def hand_over(self, updates: int) -> None:
        self.hand = self.turn = False
        for _ in range(updates):
            self.feed(Signals(evaluated=True))

    @rule()
    def hand_begins(self) -> None:
        self.hand = True
        self.feed(Signals(evaluated=True))

    @rule(answered=st.booleans())
    def our_turn(self, answered: bool) -> None:
        self.hand = self.turn = True
        for _ in range(4):
            self.feed(Signals(evaluated=True), SECOND if answered else 3 * SECOND)
        self.turn = not answered

    # the components and the calendar

    @rule(
        name=st.sampled_from(["solver", "solver", "advisers", "pressure", "event", "calendar"]),
        updates=st.integers(1, 3),
    )
    def goes_wrong(self, name: str, updates: int) -> None:
        self.wrong[name] = f"{name} is wrong"
        for _ in range(updates):
            self.feed(Signals(evaluated=True))

    @rule(seconds=st.sampled_from([0.2, 1.9, 2.1, 30.0]))
    def mended(self, seconds: float) -> None:
        self.wrong.clear()
        for _ in range(4):
            self.feed(Signals(evaluated=True), round(seconds * SECOND / 4))

    @rule(seconds=st.sampled_from([1.9, 2.1]))
    def solver_lost_for(self, seconds: float) -> None:
        self.wrong["solver"] = "cut off"
        self.feed(Signals(evaluated=True), round(seconds * SECOND))
        del self.wrong["solver"]
        for _ in range(3):
            self.feed(Signals(evaluated=True), SECOND)

    @rule()
    def desk_changes(self) -> None:
        with self.lasting("desk"):
            self.feed(Signals(evaluated=True))

    @contextmanager
    def lasting(self, name: str) -> Iterator[None]:
        self.wrong[name] = f"{name} changed"
        yield
        self.wrong.pop(name, None)

    @rule()
    def fault(self) -> None:
        self.feed(FAULT)

    # the operator

    @rule(command=st.sampled_from([Cause.ARM, Cause.DISARM, Cause.SHADOW_ON, Cause.RESET, Cause.FINISH, Cause.BLIND]))
    def command(self, command: Cause) -> None:
        forbidden = (self.state.mode, command) not in COMMANDS or command in self.only_safe
        held_back = ("event", "calendar", *(["solver"] if self.limits.solver_lost_is_safe else []))
        if command is Cause.ARM:
            forbidden = forbidden or any(self.wrong.get(name) for name in held_back)
        if not forbidden:
            self.feed(Signals(command=command), wait=0)
            return
        before = self.state
        with pytest.raises(InvalidTransitionError):
            self.feed(Signals(command=command), wait=0)
        assert self.state == before

    @rule()
    def arm_whatever_it_takes(self) -> None:
        self.wrong.clear()
        self.command(Cause.RESET)
        self.command(Cause.ARM)

    @rule(name=st.sampled_from(["event", "calendar", "solver"]))
    def armed_while_something_is_wrong(self, name: str) -> None:
        self.arm_whatever_it_takes()
        self.wrong[name] = f"{name} is wrong"
        if self.state.mode in ARMED:
            self.command(Cause.DISARM)
        self.command(Cause.ARM)

    @rule(then=st.sampled_from([Cause.FINISH, Cause.SOLVER_LOST, Cause.EVENT_WINDOW]), hidden=st.booleans())
    def armed_and_then(self, then: Cause, hidden: bool) -> None:
        self.hand = True
        self.arm_whatever_it_takes()
        if hidden:
            self.feed(Signals(blindness="covered"))
        if then is Cause.FINISH:
            self.command(then)
        else:
            self.goes_wrong("solver" if then is Cause.SOLVER_LOST else "event", 2)
        self.good_frames(7)

    @rule(change=st.sampled_from(["finish", "event", "covered", "pressure"]))
    def bad_frames_across_a_change(self, change: str) -> None:
        self.arm_whatever_it_takes()
        self.bad_frames(2)
        if change == "covered":
            self.feed(Signals(blindness="covered"))
        elif change == "finish" and self.state.mode is Mode.LIVE:
            self.command(Cause.FINISH)
        else:
            self.wrong[change if change != "finish" else "event"] = "it is wrong"
            self.feed(Signals())
        self.bad_frames(1)

    @rule(order=st.permutations(["solver", "event"]))
    def two_causes_of_safe_mode(self, order: list[str]) -> None:
        self.hand = True
        self.arm_whatever_it_takes()
        for name in order:
            self.goes_wrong(name, 2)
        self.wrong.clear()
        self.good_frames(7)
        self.all_is_well_in_the_end()

    @rule()
    def hidden_for_too_long(self) -> None:
        self.arm_whatever_it_takes()
        for _ in range(12):
            self.feed(Signals(blindness="covered"), SECOND)

    @rule()
    def the_hand_ends_while_the_solver_is_lost(self) -> None:
        self.armed_and_then(Cause.SOLVER_LOST, hidden=False)
        self.hand_over(2)

    @rule()
    def the_desk_changes_while_armed(self) -> None:
        self.arm_whatever_it_takes()
        self.desk_changes()

    # nothing is stuck

    @rule()
    def all_is_well_in_the_end(self) -> None:
        """With eyes that see, everything mended, and the hand over, nothing is left of any cause but a stop."""
        self.wrong.clear()
        self.hand = self.turn = False
        for _ in range(LONGEST):
            self.feed(Signals(evaluated=True), SECOND // 2)
        assert self.state.degraded == frozenset()
        assert self.state.mode not in (Mode.SAFE, Mode.HOLD)

    @rule()
    def what_is_wrong_is_heeded(self) -> None:
        for _ in range(LONGEST):
            self.feed(Signals(), 1)
        for name, degradation in DEGRADES.items():
            beside = name != "solver" or not self.limits.solver_lost_is_safe
            if self.wrong.get(name) and beside:
                assert degradation in self.state.degraded
        if any(self.wrong.get(name) for name in ("event", "calendar")):
            assert self.state.mode is not Mode.LIVE


FEW = settings(max_examples=150, stateful_step_count=30, deadline=None, derandomize=True, database=None)


def test_the_promises_hold_under_any_sequence() -> None:
    run_state_machine_as_test(Sequences, settings=FEW)


# planted faults

SEARCH = settings(FEW, max_examples=1000, phases=[Phase.generate], report_multiple_bugs=False)


def never_forgives(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> Updated:
    after, made = update(state, now, signals, limits)
    return replace(after, bad_frames=max(after.bad_frames, state.bad_frames)) if made is None else after, made


def forgets_with_every_change(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> Updated:
    after, made = update(state, now, signals, limits)
    return after if made is None else replace(after, bad_frames=0), made


def resumes_live(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> Updated:
    pending = frozenset[Cause]() if state.mode is Mode.HOLD else state.pending
    return update(replace(state, pending=pending), now, signals, limits)


def leaves_safe_mode_while_its_cause_holds(
    state: SupervisorState, now: int, signals: Signals, limits: Limits
) -> Updated:
    if state.mode is Mode.SAFE and not signals.hand_running:
        signals = replace(signals, conditions=Conditions())
    return update(state, now, signals, limits)


def drops_the_event_for_the_solver(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> Updated:
    lost = state.pending & {Cause.SOLVER_LOST}
    return update(replace(state, pending=lost or state.pending), now, signals, limits)


def relies_on_the_solver_in_the_hand(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> Updated:
    well = not signals.conditions.solver and Degradation.CACHE_ONLY in state.degraded
    return update(state, now, replace(signals, hand_running=signals.hand_running and not well), limits)


def never_well_again(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> Updated:
    after, made = update(state, now, signals, limits)
    return (after, made) if made is None or made.ended is None else (state, None)


def holds_without_end(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> Updated:
    return update(replace(state, since={}), now, signals, limits)


def counts_animation(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> Updated:
    return update(state, now, replace(signals, evaluated=not signals.blindness), limits)


def lets_a_stop_go(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> Updated:
    if state.mode is Mode.STOPPED and signals.evaluated:
        return update(SupervisorState(), now, replace(signals, command=Cause.ARM), limits)
    return update(state, now, signals, limits)


def a_volatile_stop(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> Updated:
    return update(SupervisorState() if state.mode is Mode.STOPPED else state, now, signals, limits)


def deaf_to_the_desk(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> Updated:
    return update(state, now, replace(signals, conditions=replace(signals.conditions, desk="")), limits)


def arms_into_an_event(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> Updated:
    if signals.command is Cause.ARM:
        signals = replace(signals, conditions=Conditions())
    return update(state, now, signals, limits)


PLANTED = [
    never_forgives,
    forgets_with_every_change,
    resumes_live,
    leaves_safe_mode_while_its_cause_holds,
    drops_the_event_for_the_solver,
    relies_on_the_solver_in_the_hand,
    never_well_again,
    holds_without_end,
    counts_animation,
    lets_a_stop_go,
    a_volatile_stop,
    deaf_to_the_desk,
    arms_into_an_event,
]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.__name__)
def test_the_same_sequences_find_a_planted_fault(planted: Update) -> None:
    machine = type("Planted", (Sequences,), {"update": staticmethod(planted)})
    with pytest.raises((AssertionError, pytest.fail.Exception, InvalidTransitionError)):
        run_state_machine_as_test(machine, settings=SEARCH)
