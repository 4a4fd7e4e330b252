"""The compiled evaluator is textbook exact over every hand, and gives the same strengths as the plain one."""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.game import evaluate
from engine.game.evaluate import HandShapeError
from engine.game.ranges import COMBOS
from engine.solver.kernels.evaluator import board_strengths, strengths
from tests.solver.census import census

# The counts of seven-card hands that any textbook of combinatorics gives, from high card to straight flush: they add
# up to C(52, 7).
TEXTBOOK = [23_294_460, 58_627_800, 31_433_400, 6_461_620, 6_180_020, 4_047_644, 3_473_184, 224_848, 41_584]


def random_hands(count: int, size: int) -> NDArray[np.uint8]:
    order = np.argsort(np.random.default_rng(size).random((count, 52)), axis=1)
    return order[:, :size].astype(np.uint8)


def test_all_seven_card_hands_have_the_textbook_counts() -> None:
    assert sum(TEXTBOOK) == 133_784_560
    assert census().tolist() == TEXTBOOK


@pytest.mark.parametrize("size", [5, 6, 7])
def test_random_hands_have_the_strength_of_the_plain_evaluator(size: int) -> None:
    hands = random_hands(50_000, size)
    assert np.array_equal(strengths(hands), evaluate.strength(hands))


def test_every_flush_of_a_suit_has_the_strength_of_the_plain_evaluator() -> None:
    for suit in range(4):
        hands = 4 * np.array(list(combinations(range(13), 5))) + suit
        assert np.array_equal(strengths(hands), evaluate.strength(hands))


@pytest.mark.parametrize("size", [3, 4, 5])
def test_boards_and_holes_have_the_strength_of_the_plain_evaluator(size: int) -> None:
    boards = random_hands(40, size)
    values = board_strengths(boards, COMBOS)
    assert np.count_nonzero(values < 0) == 40 * (1326 - (52 - size) * (51 - size) // 2)
    assert np.array_equal(values, evaluate.board_strengths(boards, COMBOS))


def test_no_hand_at_all_is_no_strength_at_all() -> None:
    assert strengths(np.zeros((0, 7), dtype=np.uint8)).shape == (0,)


def test_other_shapes_and_numbers_that_are_no_cards_are_refused() -> None:
    for shape in [(7,), (2, 4), (2, 8)]:
        with pytest.raises(HandShapeError, match="5 to 7"):
            strengths(np.zeros(shape, dtype=np.uint8))
    with pytest.raises(HandShapeError, match="5 to 7"):
        board_strengths(np.zeros((1, 2), dtype=np.uint8), COMBOS)
    with pytest.raises(HandShapeError, match="hole cards"):
        board_strengths(np.zeros((1, 5), dtype=np.uint8), np.zeros((1, 3), dtype=np.uint8))
    for wrong in (52, -1):
        with pytest.raises(HandShapeError, match="0 to 51"):
            strengths(np.array([[0, 1, 2, 3, 4, 5, wrong]]))
