"""How fast the kernels are, on one core: the best of several runs by the thread's own CPU time."""

import time
from collections.abc import Callable

import numpy as np
import pytest

from engine.game import evaluate
from engine.game.ranges import COMBOS
from engine.solver.kernels.evaluator import board_strengths, strengths
from tests.solver.census import census
from tests.solver.test_evaluator import random_hands

pytestmark = pytest.mark.bench

SEVEN_CARD_HANDS = 133_784_560


def best_of(times: int, act: Callable[[], object]) -> float:
    """The least CPU time in seconds that this thread needed, after one run that may compile."""
    act()
    taken = []
    for _ in range(times):
        begun = time.thread_time()
        act()
        taken.append(time.thread_time() - begun)
    return min(taken)


def rate(name: str, hands: int, seconds: float) -> None:
    print(f"  {name:44} {hands / seconds / 1e6:8.1f} million a second")


def test_the_evaluator() -> None:
    hands = np.tile(random_hands(200_000, 7), (10, 1))
    boards = hands[:1_000, :5]
    print("\nHands of seven cards, one core")
    batch = best_of(5, lambda: strengths(hands))
    plain = best_of(2, lambda: evaluate.strength(hands[:200_000]))
    rate("random hands in an array", len(hands), batch)
    rate("the same, plain numpy", 200_000, plain)
    rate("all pairs on boards", len(boards) * len(COMBOS), best_of(5, lambda: board_strengths(boards, COMBOS)))
    rate("every hand in order", SEVEN_CARD_HANDS, best_of(3, census))
    assert batch / len(hands) < plain / 200_000
