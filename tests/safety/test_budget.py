"""The time of a decision: the written rule with its own figures, what is kept of it, and the same at random."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.clock import MILLISECOND, SECOND, VirtualClock
from engine.safety.budget import FLOORS, TimeBudgetTracker
from engine.words import Stage

BEGIN = 50 * SECOND
SHARES = {
    Stage.PERCEPTION: 0.10,
    Stage.SOLVER: 0.45,
    Stage.ADVISERS: 0.20,
    Stage.SYNTHESIS: 0.05,
    Stage.EXECUTION: 0.20,
}


class Decision:
    """A tracker and its clock; times are milliseconds after the capture that first showed our turn."""

    def __init__(self) -> None:
        self.clock = VirtualClock(BEGIN)
        self.budget = TimeBudgetTracker(self.clock, 2 * SECOND, SHARES)
        self.budget.begin(BEGIN)

    def at(self, milliseconds: int) -> None:
        self.clock.sleep(BEGIN + milliseconds * MILLISECOND - self.clock.now())

    def done(self, stage: Stage, milliseconds: int) -> None:
        self.at(milliseconds)
        self.budget.finish(stage)

    def thinks(self) -> None:
        self.budget.start(Stage.SOLVER)
        self.budget.start(Stage.ADVISERS)

    @property
    def deadlines(self) -> list[int]:
        return [(self.budget.deadline(stage) - BEGIN) // MILLISECOND for stage in Stage]


@pytest.fixture
def decision() -> Decision:
    return Decision()


# the rule, with the figures that it is written down with


def test_two_seconds_are_split_from_the_capture_that_first_showed_our_turn(decision: Decision) -> None:
    assert decision.deadlines == [200, 1100, 1500, 1600, 2000]
    decision.at(150)
    assert decision.budget.remaining(Stage.SOLVER) == 950 * MILLISECOND
    decision.at(1200)
    assert decision.budget.remaining(Stage.SOLVER) == 0


def test_a_stage_that_ends_early_gives_its_time_to_the_next(decision: Decision) -> None:
    decision.done(Stage.PERCEPTION, 50)
    decision.thinks()
    assert decision.deadlines == [200, 1100, 1500, 1600, 2000]
    assert decision.budget.remaining(Stage.SOLVER) == 1050 * MILLISECOND
    decision.done(Stage.SOLVER, 300)
    assert decision.budget.remaining(Stage.ADVISERS) == 1200 * MILLISECOND


def test_an_overrun_is_taken_from_the_advisers_first(decision: Decision) -> None:
    decision.done(Stage.PERCEPTION, 450)
    assert decision.deadlines == [200, 1350, 1500, 1600, 2000]
    assert not decision.budget.left_out(Stage.ADVISERS)


def test_the_deadline_itself_is_in_time(decision: Decision) -> None:
    decision.done(Stage.PERCEPTION, 200)
    assert decision.budget.summary()[0].overruns == 0
    decision = Decision()
    decision.done(Stage.PERCEPTION, 201)
    assert decision.budget.summary()[0].overruns == 1


def test_down_to_a_quarter_of_their_share_and_then_from_the_solver(decision: Decision) -> None:
    decision.done(Stage.PERCEPTION, 500)
    assert decision.deadlines == [200, 1400, 1500, 1600, 2000]
    decision = Decision()
    decision.done(Stage.PERCEPTION, 700)
    assert decision.deadlines == [200, 1400, 1500, 1600, 2000]
    assert not decision.budget.left_out(Stage.SOLVER)


def test_down_to_half_of_its_share_and_then_the_advisers_are_left_out(decision: Decision) -> None:
    decision.done(Stage.PERCEPTION, 950)
    assert decision.deadlines == [200, 1400, 1500, 1600, 2000]
    assert not decision.budget.left_out(Stage.ADVISERS)
    decision = Decision()
    decision.done(Stage.PERCEPTION, 1000)
    assert decision.budget.left_out(Stage.ADVISERS)
    assert not decision.budget.left_out(Stage.SOLVER)
    assert decision.deadlines[1:] == [1450, 1500, 1600, 2000]


def test_and_at_last_the_solver_is(decision: Decision) -> None:
    decision.done(Stage.PERCEPTION, 1100)
    assert decision.budget.left_out(Stage.ADVISERS)
    assert decision.budget.left_out(Stage.SOLVER)
    assert decision.deadlines[3:] == [1600, 2000], "synthesis and execution keep theirs, and the end does not move"


def test_a_solver_that_overruns_takes_from_the_advisers(decision: Decision) -> None:
    decision.done(Stage.PERCEPTION, 100)
    decision.thinks()
    decision.done(Stage.SOLVER, 1200)
    assert decision.deadlines == [200, 1100, 1500, 1600, 2000]
    assert decision.budget.remaining(Stage.ADVISERS) == 300 * MILLISECOND
    assert not decision.budget.left_out(Stage.ADVISERS)
    decision = Decision()
    decision.thinks()
    decision.done(Stage.SOLVER, 1450)
    assert decision.budget.left_out(Stage.ADVISERS)


def test_a_solver_asked_anew_takes_at_once_what_the_advisers_can_give(decision: Decision) -> None:
    decision.done(Stage.PERCEPTION, 200)
    decision.budget.extend()
    assert decision.deadlines == [200, 1400, 1500, 1600, 2000]
    decision.budget.extend()
    assert decision.deadlines == [200, 1400, 1500, 1600, 2000], "they give it once"


def test_a_shrunk_budget_ends_earlier_and_leaves_the_eyes_and_the_hands_theirs(decision: Decision) -> None:
    decision.budget.shrink(0.5)
    assert decision.deadlines == [200, 1100, 1500, 1600, 2000], "from the next decision on"
    decision.budget.begin(BEGIN)
    assert decision.deadlines == [200, 650, 850, 950, 1350]
    decision.done(Stage.PERCEPTION, 400)
    assert not decision.budget.left_out(Stage.SOLVER), "its floor is half of what it has, not of what it had"
    assert not decision.budget.left_out(Stage.ADVISERS)
    decision.budget.shrink(1.0)
    decision.budget.begin(BEGIN)
    assert decision.deadlines == [200, 1100, 1500, 1600, 2000]


@pytest.mark.parametrize("factor", [0.0, -1.0, 1.01, float("nan")])
def test_a_factor_that_is_no_part_is_refused(decision: Decision, factor: float) -> None:
    with pytest.raises(ValueError, match="cannot shrink"):
        decision.budget.shrink(factor)


@pytest.mark.parametrize(
    ("total", "shares"),
    [(0, SHARES), (SECOND, {**SHARES, Stage.SOLVER: 0.5}), (SECOND, {Stage.SOLVER: 1.0})],
)
def test_shares_that_are_no_whole_are_refused(total: int, shares: dict[Stage, float]) -> None:
    with pytest.raises(ValueError, match="every stage a share of one whole"):
        TimeBudgetTracker(VirtualClock(), total, shares)


# what is kept


def played(decision: Decision, *solver_ms: int) -> None:
    """Decisions one after another whose solver took so long; perception always 40 ms."""
    for took in solver_ms:
        now = decision.clock.now()
        decision.budget.begin(now)
        decision.clock.sleep(40 * MILLISECOND)
        decision.budget.finish(Stage.PERCEPTION)
        decision.budget.start(Stage.SOLVER)
        decision.clock.sleep(took * MILLISECOND)
        decision.budget.finish(Stage.SOLVER)


def test_times_are_kept_as_percentiles_a_stage(decision: Decision) -> None:
    played(decision, *range(1, 201))
    stages = {one.stage: one for one in decision.budget.summary()}
    assert list(stages) == list(Stage)
    solver, advisers = stages[Stage.SOLVER], stages[Stage.ADVISERS]
    assert (solver.share_ms, solver.last_ms, solver.p50_ms, solver.p95_ms, solver.p99_ms) == (900, 200, 101, 191, 199)
    assert (solver.count, solver.overruns) == (200, 0)
    assert (advisers.last_ms, advisers.p50_ms, advisers.p95_ms, advisers.p99_ms) == (None, None, None, None)
    assert (advisers.count, advisers.overruns) == (0, 0)


def test_only_the_last_samples_count_in_the_percentiles_and_all_in_the_count() -> None:
    decision = Decision()
    decision.budget = TimeBudgetTracker(decision.clock, 2 * SECOND, SHARES, keep=10)
    played(decision, *[500] * 20, *[5] * 10)
    solver = decision.budget.summary()[1]
    assert (solver.p50_ms, solver.p99_ms, solver.count) == (5, 5, 30)


def test_an_overrun_is_counted_and_what_is_allowed_now_is_shown(decision: Decision) -> None:
    played(decision, 100, 1500)
    perception, solver, advisers, *_ = decision.budget.summary()
    assert (perception.overruns, solver.overruns) == (0, 1)
    assert (solver.allowed_ms, advisers.share_ms, advisers.allowed_ms) == (900, 400, 0)


def test_what_each_stage_of_this_decision_took_is_known(decision: Decision) -> None:
    played(decision, 30)
    assert decision.budget.taken() == {"perception": 40 * MILLISECOND, "solver": 30 * MILLISECOND}
    decision.budget.begin(decision.clock.now())
    assert decision.budget.taken() == {}


def test_a_stage_that_was_dropped_or_never_started_counts_for_nothing(decision: Decision) -> None:
    decision.budget.start(Stage.ADVISERS)
    decision.budget.drop(Stage.ADVISERS)
    decision.budget.finish(Stage.ADVISERS)
    decision.budget.finish(Stage.EXECUTION)
    assert [one.count for one in decision.budget.summary()] == [0, 0, 0, 0, 0]


def test_an_end_may_be_told_afterwards(decision: Decision) -> None:
    decision.budget.start(Stage.EXECUTION)
    decision.at(900)
    decision.budget.finish(Stage.EXECUTION, BEGIN + 120 * MILLISECOND)
    assert decision.budget.summary()[-1].last_ms == 120


# at random


@given(perception=st.integers(0, 3000), solver=st.integers(0, 3000), anew=st.booleans())
def test_whatever_overruns_the_end_stays_and_floors_are_kept_or_left_out(
    perception: int, solver: int, anew: bool
) -> None:
    decision = Decision()
    decision.done(Stage.PERCEPTION, perception)
    if anew:
        decision.budget.extend()
    allowed = {one.stage: one.allowed_ms for one in decision.budget.summary()}
    for stage, part in FLOORS.items():
        floor = SHARES[stage] * 2000 * part
        assert decision.budget.left_out(stage) == (allowed[stage] < floor)
        assert decision.budget.left_out(Stage.ADVISERS) or allowed[stage] >= floor, "the advisers are left out first"
    assert allowed[Stage.SOLVER] + allowed[Stage.ADVISERS] <= max(0, 1500 - min(perception, 200)) + 1e-6
    decision.thinks()
    decision.done(Stage.SOLVER, perception + solver)
    assert decision.deadlines[3:] == [1600, 2000]
    assert all(one.allowed_ms >= 0 for one in decision.budget.summary())
    assert (allowed[Stage.SYNTHESIS], allowed[Stage.EXECUTION]) == (100, 400)
