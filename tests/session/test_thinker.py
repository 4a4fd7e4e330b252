"""The thinker: one thought at a time beside the engine, and an abandoned one is never looked at."""

import threading
from collections.abc import Iterator

import pytest

from engine.game.actions import Action, ActionKind, LegalActions
from engine.game.state import SeatState, Street, TableState
from engine.session.thinker import Thinker, Thought
from engine.strategy.engine import StrategyEngine
from engine.words import ActionValue, Solution

SEATS = (SeatState(0, 2000, 1980, 20, False), SeatState(1, 2000, 1980, 20, False))
LIMIT_S = 20.0


def state(hand: str) -> TableState:
    return TableState(hand, 0, 0, 10, 20, SEATS, ("As", "Kd"), (), Street.PREFLOP, 40, (), 0, LegalActions(0, 40, 2000))


class HeldSolver:
    """ports.Solver that answers once it is let go."""

    def __init__(self) -> None:
        self.may_answer, self.begun = threading.Event(), threading.Event()
        self.asked: list[tuple[str, int]] = []
        self.error: Exception | None = None

    def solve(self, state: TableState, budget_ns: int, seed: int) -> Solution:
        self.asked.append((state.hand_id, budget_ns))
        self.begun.set()
        assert self.may_answer.wait(LIMIT_S)
        if self.error is not None:
            raise self.error
        return Solution("baseline", (ActionValue(Action(ActionKind.CHECK), 1.0, 0.0),), 0.5, None, state.hand_id, 0)


@pytest.fixture
def solver() -> HeldSolver:
    return HeldSolver()


@pytest.fixture
def thinker(solver: HeldSolver) -> Iterator[Thinker]:
    thinker = Thinker(solver, StrategyEngine(1.0))
    yield thinker
    solver.may_answer.set()
    thinker.close()


def answer(thinker: Thinker) -> Thought:
    """The thought, once it is there."""
    pause = threading.Event()
    for _ in range(round(LIMIT_S / 0.01)):
        if (thought := thinker.result()) is not None:
            return thought
        pause.wait(0.01)
    raise AssertionError("no answer")


def test_nothing_is_known_before_it_is_thought(thinker: Thinker, solver: HeldSolver) -> None:
    assert thinker.result() is None
    thinker.begin(state("s-1"), 1000, 7)
    assert solver.begun.wait(LIMIT_S)
    assert thinker.result() is None
    solver.may_answer.set()
    thought = answer(thinker)
    assert (thought.decision.hand_id, thought.decision.action, thought.decision.seed) == (
        "s-1",
        Action(ActionKind.CHECK),
        7,
    )
    assert solver.asked == [("s-1", 500)], "half of the budget is the solver's"
    assert thinker.result() is None, "an answer is given once"


def test_an_abandoned_thought_is_never_looked_at(thinker: Thinker, solver: HeldSolver) -> None:
    thinker.begin(state("s-1"), 1000, 7)
    assert solver.begun.wait(LIMIT_S)
    thinker.begin(state("s-2"), 1000, 7)
    solver.may_answer.set()
    assert answer(thinker).solution.detail == "s-2"
    assert thinker.result() is None


def test_what_went_wrong_is_raised_where_it_is_asked_for(thinker: Thinker, solver: HeldSolver) -> None:
    solver.error = ZeroDivisionError("no combos left")
    solver.may_answer.set()
    thinker.begin(state("s-1"), 1000, 7)
    with pytest.raises(ZeroDivisionError, match="no combos left"):
        answer(thinker)
    assert thinker.result() is None
