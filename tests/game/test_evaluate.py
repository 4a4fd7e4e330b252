"""The evaluator is textbook exact: category counts, PokerKit's ordering, and no suit is better than another."""

import time
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pokerkit import StandardHighHand

from engine.game.cards import DECK, card_index, parse_cards
from engine.game.evaluate import Category, HandShapeError, board_strengths, categories, strength

Cards = NDArray[np.uint8]

# The counts of five-card hands that any textbook of combinatorics gives: they add up to C(52, 5).
TEXTBOOK = [1_302_540, 1_098_240, 123_552, 54_912, 10_200, 5_108, 3_744, 624, 40]
DISTINCT_HANDS = 7_462


def cards_of(*hands: str) -> Cards:
    return np.array([[card_index(card) for card in parse_cards(hand)] for hand in hands], dtype=np.uint8)


def random_hands(count: int, size: int, seed: int) -> Cards:
    order = np.argsort(np.random.default_rng(seed).random((count, 52)), axis=1)
    return order[:, :size].astype(np.uint8)


def test_all_five_card_hands_have_the_textbook_counts() -> None:
    flat = (card for hand in combinations(range(52), 5) for card in hand)
    every_hand = np.fromiter(flat, dtype=np.uint8, count=5 * sum(TEXTBOOK)).reshape(-1, 5)
    strengths = strength(every_hand)
    assert np.bincount(categories(strengths)).tolist() == TEXTBOOK
    assert len(np.unique(strengths)) == DISTINCT_HANDS


@pytest.mark.parametrize("size", [5, 6, 7])
def test_the_ordering_is_pokerkits(size: int) -> None:
    hands = random_hands(3_000 if size == 7 else 500, size, seed=size)
    ours = strength(hands)
    theirs = [StandardHighHand.from_game("".join(DECK[card] for card in hand)) for hand in hands]
    for low, high in pairwise(np.argsort(ours, kind="stable")):
        assert (ours[low] < ours[high]) == (theirs[low] < theirs[high])
        assert (ours[low] == ours[high]) == (theirs[low] == theirs[high])


@pytest.mark.parametrize("size", [6, 7])
def test_more_cards_are_worth_their_best_five(size: int) -> None:
    hands = random_hands(2_000, size, seed=3)
    best = np.max([strength(hands[:, list(five)]) for five in combinations(range(size), 5)], axis=0)
    assert np.array_equal(strength(hands), best)


@given(st.permutations(range(52)), st.permutations(range(4)), st.integers(5, 7))
@settings(max_examples=200, deadline=None)
def test_suits_are_equal(deck: list[int], suits: list[int], size: int) -> None:
    hand = np.array([deck[:size]])
    renamed = 4 * (hand // 4) + np.array(suits)[hand % 4]
    assert strength(hand)[0] == strength(renamed)[0]


@given(st.permutations(range(52)), st.permutations(range(7)))
@settings(deadline=None)
def test_the_order_of_the_cards_does_not_matter(deck: list[int], order: list[int]) -> None:
    hand = np.array([deck[:7]])
    assert strength(hand)[0] == strength(hand[:, order])[0]


def test_the_categories_rise_as_the_rules_say() -> None:
    rising = strength(
        cards_of(
            "AsKdQh9c7d5s3h",
            "2s2dAhKcQd9s7h",
            "AsAd2h2cKd9s7h",
            "2s2d2hAcKd9s7h",
            "As2d3h4c5d9sKh",
            "2s3s4s5s7sAhKd",
            "2s2d2h3c3dAsKh",
            "2s2d2h2c3dAsKh",
            "As2s3s4s5sKhKd",
        )
    )
    assert categories(rising).tolist() == list(Category)
    assert np.all(np.diff(rising) > 0)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("6s5d4h3c2dKhKs", "As2d3h4c5dKhKs"),  # the wheel is the lowest straight
        ("AsAdKhKc3d3hQs", "AsAdKhKc2d2hJs"),  # three pairs: the highest other card kicks
        ("KsKdKh3c3d3hAs", "QsQdQhAcAdKh2s"),  # two trips make a full house of the higher
        ("AsKsQsJs9s2d2h", "AsKsQsJs8s7s6s"),  # flushes by their best five
        ("9s8s7s6s5sAhAd", "AsKsQsJs9sAhAd"),  # a straight flush over any flush
    ],
)
def test_ties_break_as_the_rules_say(better: str, worse: str) -> None:
    high, low = strength(cards_of(better, worse))
    assert high > low


def test_a_board_that_plays_for_both_is_a_tie() -> None:
    first, second = strength(cards_of("AsKsQsJsTs2d3h", "AsKsQsJsTs9c8c"))
    assert first == second


@pytest.mark.parametrize("board_size", [3, 4, 5])
def test_boards_and_holes_are_the_same_as_whole_hands(board_size: int) -> None:
    boards = random_hands(20, board_size, seed=1).astype(np.int64)
    holes = np.array(list(combinations(range(52), 2)))
    values = board_strengths(boards, holes)
    for board, row in zip(boards, values, strict=True):
        clash = np.isin(holes, board).any(axis=1)
        hands = np.hstack([np.tile(board, (len(holes), 1)), holes])
        assert np.all(row[clash] == -1)
        assert np.array_equal(row[~clash], strength(hands[~clash]))


def test_other_shapes_are_refused() -> None:
    for shape in [(7,), (2, 4), (2, 8)]:
        with pytest.raises(HandShapeError, match="5 to 7"):
            strength(np.zeros(shape, dtype=np.uint8))
    with pytest.raises(HandShapeError, match="5 to 7"):
        board_strengths(np.zeros((1, 2), dtype=np.int64), np.zeros((1, 2), dtype=np.int64))


@pytest.mark.bench
def test_throughput_is_printed() -> None:
    hands, holes = random_hands(200_000, 7, seed=0), np.array(list(combinations(range(52), 2)))
    start = time.process_time()
    strength(hands)
    print(f"\nhands of 7: {len(hands) / (time.process_time() - start) / 1e6:.1f} million a second")
    start = time.process_time()
    board_strengths(hands[:200, :5].astype(np.int64), holes)
    print(f"hands on boards: {200 * len(holes) / (time.process_time() - start) / 1e6:.1f} million a second")
