"""Deliberation: one decision in time whatever solver and advisers do, and it says truthfully how it came about."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.clock import MILLISECOND, SECOND, VirtualClock
from engine.game.actions import Action, ActionKind, LegalActions
from engine.game.state import SeatState, Street, TableState
from engine.safety.budget import TimeBudgetTracker
from engine.session.deliberation import GRACE, Deliberation, Policy, Thought
from engine.strategy.engine import StrategyEngine
from engine.words import (
    ActionValue,
    Degradation,
    Mode,
    Opinion,
    SafeActionError,
    Solution,
    SolverError,
    Stage,
)
from tests.session.desk import PLAIN, SHARES, EvenSolver, SlowAdvisers

BEGIN = 10 * SECOND
STEP = 10 * MILLISECOND
NONE: frozenset[Degradation] = frozenset()
SEATS = (SeatState(0, 2000, 1980, 20, False), SeatState(1, 2000, 1960, 40, False))
FACING = TableState("s-1", 0, 0, 10, 20, SEATS, ("As", "Kd"), (), Street.PREFLOP, 60, (), 0, LegalActions(20, 60, 2000))
FREE = replace(FACING, legal=LegalActions(0, 40, 2000))
CALL, FOLD, CHECK = Action(ActionKind.CALL, 20), Action(ActionKind.FOLD), Action(ActionKind.CHECK)
RAISE = Action(ActionKind.RAISE, 60)
KEPT = Solution("cache", (ActionValue(CALL, 1.0, 3.0),), 0.6, None, "kept", 0)


def advice(action: Action, agent: str = "shark") -> Opinion:
    return Opinion(agent, ((action, 1.0),), 0.9, "because", 0)


class Room:
    """Solver, advisers and a deliberation on one clock; ``think`` polls every ten milliseconds until it is decided."""

    def __init__(self, policy: Policy = PLAIN, alpha: float = 0.5) -> None:
        self.clock = VirtualClock(BEGIN)
        self.solver, self.advisers = EvenSolver(self.clock), SlowAdvisers(self.clock)
        self.solver.play = CALL
        self.budget = TimeBudgetTracker(self.clock, 2 * SECOND, SHARES)
        self.deliberation = Deliberation(
            clock=self.clock,
            solver=self.solver,
            advisers=self.advisers,
            strategist=StrategyEngine(alpha),
            budget=self.budget,
            policy=policy,
        )
        self.mode = Mode.LIVE
        self.degraded = NONE

    def begin(self, state: TableState = FACING, shown_before: int = 0) -> None:
        at = self.clock.now() - shown_before
        self.deliberation.begin(state, 7, at=at, mode=self.mode, degraded=self.degraded)

    def poll(self) -> Thought | None:
        return self.deliberation.poll(self.mode, self.degraded)

    def think(self, state: TableState = FACING, meanwhile: Callable[[int], None] = lambda step: None) -> Thought:
        self.begin(state)
        for step in range(250):
            if (thought := self.poll()) is not None:
                return thought
            self.clock.sleep(STEP)
            meanwhile(step)
        raise AssertionError("no decision")

    @property
    def took_ms(self) -> int:
        return (self.clock.now() - BEGIN) // MILLISECOND


@pytest.fixture
def room() -> Room:
    return Room()


# all is well


def test_solver_and_advisers_work_side_by_side(room: Room) -> None:
    room.solver.takes, room.advisers.takes = 300 * MILLISECOND, 350 * MILLISECOND
    room.advisers.advice = (advice(CALL),)
    thought = room.think()
    assert room.took_ms == 350
    assert (thought.decision.source, thought.decision.fallback, thought.decision.alpha) == ("baseline", False, 0.5)
    assert thought.solution is not None
    took = {str(stage): room.budget.taken()[stage] // MILLISECOND for stage in (Stage.SOLVER, Stage.ADVISERS)}
    assert took == {"solver": 300, "advisers": 350}
    assert thought.decision.timings_ns.items() >= {"perception": 0, "solver": 300 * MILLISECOND}.items()


def test_the_solver_is_asked_for_what_is_left_of_its_time(room: Room) -> None:
    room.begin(shown_before=150 * MILLISECOND)
    assert [budget // MILLISECOND for _, budget in room.solver.asked] == [950]


def test_nothing_is_known_before_it_is_there_and_it_is_told_once(room: Room) -> None:
    assert room.poll() is None
    room.solver.takes = 20 * MILLISECOND
    room.begin()
    assert room.poll() is None
    room.clock.sleep(20 * MILLISECOND)
    assert room.poll() is not None
    assert room.poll() is None


def test_a_new_question_abandons_the_old(room: Room) -> None:
    room.solver.takes = room.advisers.takes = 20 * MILLISECOND
    room.begin()
    room.begin(replace(FACING, hand_id="s-2"))
    assert (room.solver.abandoned, room.advisers.abandoned) == (1, 1)
    room.clock.sleep(20 * MILLISECOND)
    thought = room.poll()
    assert thought is not None
    assert thought.decision.hand_id == "s-2"


# late


def test_at_its_deadline_the_solver_is_asked_for_its_best_answer_so_far(room: Room) -> None:
    room.solver.takes = None
    thought = room.think()
    assert room.took_ms == 1110, "told at 1.1 s, heard with the next step"
    assert room.solver.hurried == 1
    assert (thought.decision.action, thought.decision.source, thought.decision.fallback) == (CALL, "baseline", False)
    assert "the solver was asked for its best answer so far" in thought.decision.reasons


def test_a_solver_that_does_not_obey_is_given_up_after_a_short_grace(room: Room) -> None:
    room.solver.takes, room.solver.obeys = None, False
    thought = room.think()
    assert room.took_ms * MILLISECOND == 1100 * MILLISECOND + GRACE
    assert room.solver.abandoned == 1
    assert (thought.decision.action, thought.decision.source, thought.decision.fallback) == (FOLD, "safe", True)
    assert thought.decision.reasons == ("the safe action, because the solver had no answer inside its time",)
    assert thought.solution is None
    assert room.budget.summary()[1].overruns == 1


def test_then_a_stored_answer_is_played_where_there_is_one(room: Room) -> None:
    room.solver.takes, room.solver.obeys, room.solver.kept = None, False, KEPT
    thought = room.think()
    assert (thought.decision.action, thought.decision.source, thought.decision.fallback) == (CALL, "cache", False)
    assert thought.solution == KEPT


def test_before_a_stored_answer_the_last_one_that_was_streamed_is_played(room: Room) -> None:
    room.solver.takes, room.solver.obeys, room.solver.kept = None, False, KEPT
    room.solver.streamed = replace(KEPT, source="subgame")
    thought = room.think()
    assert thought.solution == room.solver.streamed
    assert thought.decision.source == "subgame"
    assert "the last answer that the solver streamed was taken" in thought.decision.reasons
    assert room.solver.abandoned == 1


def test_a_late_adviser_costs_nothing_but_his_opinion(room: Room) -> None:
    room.solver.takes, room.advisers.takes = 100 * MILLISECOND, None
    room.advisers.early = (advice(CALL, "quick"),)
    thought = room.think()
    assert room.took_ms == 1500
    assert room.advisers.hurried == 1
    assert "1 of 1 opinions taken" in " ".join(thought.decision.reasons)


def test_without_the_solver_nobody_plays_on_advice_alone(room: Room) -> None:
    room.solver.takes, room.solver.obeys = None, False
    room.advisers.advice = (advice(RAISE),)
    assert room.think().decision.action == FOLD


@pytest.mark.parametrize("shown_before", [1100 * MILLISECOND, 1999 * MILLISECOND, 60 * SECOND])
def test_eyes_that_took_the_solvers_time_leave_a_stored_answer_or_the_safe_action(
    room: Room, shown_before: int
) -> None:
    room.begin(shown_before=shown_before)
    thought = room.poll()
    assert thought is not None
    assert thought.decision.reasons == ("the safe action, because seeing the table took the solver's time",)
    assert room.solver.asked == []
    room.solver.kept = KEPT
    room.begin(shown_before=shown_before)
    thought = room.poll()
    assert thought is not None
    assert thought.decision.source == "cache"


# failing


def test_a_solver_that_failed_is_asked_anew_and_the_advisers_lend_their_time(room: Room) -> None:
    room.solver.error = SolverError("the solver process has ended")

    def mend(step: int) -> None:
        if step == 20:
            room.solver.error, room.solver.takes = None, None

    thought = room.think(meanwhile=mend)
    assert (thought.decision.source, thought.decision.fallback) == ("baseline", False)
    assert "the solver was asked anew: the solver process has ended" in thought.decision.reasons
    assert room.took_ms == 1410, "0.3 s of the advisers' time"
    assert len(room.solver.asked) > 10, "at each step until it could be asked"


@pytest.mark.parametrize("refuses", [True, False])
def test_a_solver_that_goes_on_failing_is_given_up_at_half_of_its_time(room: Room, refuses: bool) -> None:
    error = SolverError("it cannot be reached")
    room.solver.refuses, room.solver.error = (error, None) if refuses else (None, error)
    thought = room.think()
    assert 700 <= room.took_ms <= 710, "half of 1.4 s, at the step after"
    why = "the safe action, because the solver gave no answer: it cannot be reached"
    assert (thought.decision.reasons, thought.decision.fallback) == ((why,), True)
    room.solver.kept = KEPT
    assert room.think().decision.source == "cache"


def test_a_policy_without_stored_answers_plays_none() -> None:
    room = Room(Policy(stored=False))
    room.solver.kept, room.solver.refuses = KEPT, SolverError("gone")
    assert room.think().decision.source == "safe"
    room.degraded = frozenset({Degradation.LEAN})
    room.solver.refuses = None
    assert room.think().decision.source == "baseline"


@pytest.mark.parametrize("error", [RuntimeError("socket closed"), ZeroDivisionError("no agents")])
def test_advisers_that_break_leave_the_solver_alone(room: Room, error: Exception) -> None:
    room.advisers.error = error
    thought = room.think()
    assert (thought.decision.action, thought.decision.alpha, thought.decision.fallback) == (CALL, 1.0, False)
    assert f"the advisers failed: {type(error).__name__}: {error}" in thought.decision.reasons


def test_what_the_solver_raises_otherwise_is_raised(room: Room) -> None:
    room.solver.error = ZeroDivisionError("no combos left")
    with pytest.raises(ZeroDivisionError):
        room.think()


def test_where_nobody_is_to_act_there_is_not_even_a_safe_action(room: Room) -> None:
    room.degraded = frozenset({Degradation.CACHE_ONLY})
    room.begin(replace(FACING, legal=None, to_act=1))
    with pytest.raises(SafeActionError):
        room.poll()


@pytest.mark.parametrize("frequencies", [(float("nan"), 0.5), (-0.2, 1.2), (0.4, 0.4)])
def test_a_solution_that_is_none_is_played_safely(room: Room, frequencies: tuple[float, float]) -> None:
    wrong = tuple(ActionValue(action, share, 0.0) for action, share in zip((CALL, RAISE), frequencies, strict=True))
    room.solver.kept = replace(KEPT, actions=wrong)
    room.degraded = frozenset({Degradation.CACHE_ONLY})
    thought = room.think()
    assert (thought.decision.action, thought.decision.fallback) == (FOLD, True)
    assert "is no distribution" in thought.decision.reasons[0]


# degraded


def test_gto_only_does_not_ask_the_advisers(room: Room) -> None:
    room.degraded = frozenset({Degradation.GTO_ONLY})
    room.advisers.advice = (advice(RAISE),)
    thought = room.think()
    assert room.advisers.asked == 0
    assert (thought.decision.alpha, thought.decision.fallback) == (1.0, False)


def test_advisers_lost_meanwhile_are_not_waited_for(room: Room) -> None:
    room.solver.takes = 100 * MILLISECOND
    room.advisers.takes = None

    def lose(step: int) -> None:
        if step == 30:
            room.degraded = frozenset({Degradation.GTO_ONLY})

    thought = room.think(meanwhile=lose)
    assert room.took_ms == 310
    assert room.advisers.abandoned == 1
    assert "the advisers were lost meanwhile" in thought.decision.reasons


def test_cache_only_never_asks_the_solver(room: Room) -> None:
    room.degraded = frozenset({Degradation.CACHE_ONLY})
    thought = room.think()
    assert (thought.decision.source, room.solver.asked, room.advisers.asked) == ("safe", [], 0)
    assert thought.decision.reasons == ("the safe action, because the solver is lost and no stored answer fits",)
    room.solver.kept = KEPT
    thought = room.think()
    assert (thought.decision.source, room.solver.asked, room.advisers.asked) == ("cache", [], 1)
    assert room.took_ms == 0


def test_lean_takes_a_stored_answer_first_and_less_time_else(room: Room) -> None:
    room.degraded = frozenset({Degradation.LEAN})
    room.solver.takes = None
    thought = room.think()
    assert room.took_ms == 660, "the solver has half of its time"
    assert thought.decision.source == "baseline"
    room.solver.kept = KEPT
    began, asked = room.clock.now(), len(room.solver.asked)
    assert room.think().decision.source == "cache"
    assert (room.clock.now() - began, len(room.solver.asked)) == (0, asked)


# safe mode


@pytest.mark.parametrize(("state", "action"), [(FACING, FOLD), (FREE, CHECK)])
def test_safe_mode_checks_or_folds_at_once_and_asks_nobody(room: Room, state: TableState, action: Action) -> None:
    room.mode = Mode.SAFE
    room.begin(state)
    thought = room.poll()
    assert thought is not None
    assert (thought.decision.action, thought.decision.source, thought.decision.fallback) == (action, "safe", True)
    assert (room.solver.asked, room.advisers.asked) == ([], 0)


def test_safe_mode_in_the_middle_of_a_thought_ends_it(room: Room) -> None:
    room.solver.takes = room.advisers.takes = None
    room.begin()
    assert room.poll() is None
    room.mode = Mode.SAFE
    thought = room.poll()
    assert thought is not None
    assert thought.decision.action == FOLD
    assert (room.solver.abandoned, room.advisers.abandoned) == (1, 1)


@pytest.mark.parametrize(("state", "action"), [(FACING, FOLD), (FREE, CHECK)])
def test_safe_mode_with_the_solver_plays_its_checks_and_folds_alone(state: TableState, action: Action) -> None:
    room = Room(Policy(safe_mode="gto-only"))
    room.solver.play = None
    room.mode = Mode.SAFE
    thought = room.think(state)
    assert (thought.decision.action, thought.decision.source, room.advisers.asked) == (action, "baseline", 0)
    assert [value.action for value in thought.decision.distribution] == [action]
    room.solver.play = RAISE
    thought = room.think(state)
    assert (thought.decision.action, thought.decision.source) == (action, "safe")
    assert "the solution holds neither" in thought.decision.reasons[0]


@pytest.mark.parametrize(("state", "action"), [(FACING, FOLD), (FREE, CHECK)])
def test_safe_mode_with_stored_answers_plays_their_checks_and_folds_alone(state: TableState, action: Action) -> None:
    room = Room(Policy(safe_mode="cache-only"))
    room.mode = Mode.SAFE
    assert room.think(state).decision.reasons[0].endswith("safe mode plays stored answers, and none fits")
    both = (ActionValue(action, 0.25, 0.0), ActionValue(RAISE, 0.75, 1.0))
    room.solver.kept = replace(KEPT, actions=both)
    thought = room.think(state)
    assert (thought.decision.action, thought.decision.source, room.solver.asked) == (action, "cache", [])


def test_safe_mode_with_the_solver_goes_on_with_a_thought_under_way() -> None:
    room = Room(Policy(safe_mode="gto-only"))
    room.solver.play, room.solver.takes = FOLD, 50 * MILLISECOND
    room.begin()
    assert room.poll() is None
    room.mode = Mode.SAFE
    assert room.poll() is None
    room.clock.sleep(50 * MILLISECOND)
    thought = room.poll()
    assert thought is not None
    assert (thought.decision.action, thought.decision.source) == (FOLD, "baseline")


# what is counted


@pytest.mark.parametrize("degraded", [NONE, frozenset({Degradation.CACHE_ONLY})])
def test_synthesis_is_under_way_once_it_is_decided(room: Room, degraded: frozenset[Degradation]) -> None:
    room.degraded = degraded
    room.think()
    room.budget.finish(Stage.SYNTHESIS)
    assert room.budget.summary()[3].count == 1


def test_what_was_given_up_says_nothing_about_the_time_it_takes(room: Room) -> None:
    room.solver.takes = room.advisers.takes = None
    room.begin()
    room.deliberation.abandon()
    room.budget.finish(Stage.SOLVER)
    room.budget.finish(Stage.ADVISERS)
    room.advisers.error = RuntimeError("gone")
    room.begin()
    room.poll()
    room.budget.finish(Stage.ADVISERS)
    assert [one.count for one in room.budget.summary()[1:3]] == [0, 0]
