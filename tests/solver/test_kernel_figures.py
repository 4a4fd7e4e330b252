"""How fast the kernels are, on one core: the best of several runs by the thread's own CPU time."""

import time
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from engine.game import evaluate
from engine.game.cards import card_index, parse_cards
from engine.game.range_notation import parse
from engine.game.ranges import COMBOS
from engine.solver.isomorphism import canonical, deals
from engine.solver.kernels.evaluator import board_strengths, strengths
from engine.solver.kernels.showdown import of_ranges
from tests.solver.census import census
from tests.solver.test_evaluator import random_hands
from tests.solver.test_showdown import IN_POSITION, OUT_OF_POSITION

pytestmark = pytest.mark.bench

SEVEN_CARD_HANDS = 133_784_560
BENCHMARK = parse(OUT_OF_POSITION), parse(IN_POSITION)
EVERY_HAND = parse("random"), parse("random")


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


def test_showdowns_and_suits() -> None:
    flop = tuple(card_index(card) for card in parse_cards("Td9d6h"))
    spots = {
        "river": ((*flop, 42, 3), BENCHMARK),
        "turn": ((*flop, 42), BENCHMARK),
        "flop": (flop, BENCHMARK),
        "turn, every hand": ((*flop, 42), EVERY_HAND),
        "flop, every hand": (flop, EVERY_HAND),
    }
    print("\nAll hands against all hands, one core, milliseconds")
    for name, (board, ranges) in spots.items():
        print(f"  {name:44} {1e3 * best_of(5, partial(of_ranges, board, ranges)):8.2f}")
    print(f"  {'deals that differ':44} {1e3 * best_of(20, partial(deals, flop, BENCHMARK)):8.2f}")
    print(f"  {'canonical form':44} {1e3 * best_of(20, partial(canonical, flop, BENCHMARK)):8.2f}")
    assert of_ranges(flop, BENCHMARK).share.shape == (180, 265)
