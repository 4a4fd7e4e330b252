"""Spots that differ in their suits alone have one canonical form, and cards that differ so are dealt as one."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.game.cards import DECK, card_index, parse_cards
from engine.game.range_notation import parse
from engine.game.ranges import COMBO_COUNT, COMBOS, Weights, combo_index
from engine.solver.isomorphism import RELABELLINGS, SAME, Relabelling, canonical, canonical_spot, deals, symmetries
from engine.solver.kernels.showdown import of_ranges
from engine.solver.spot import Spot
from engine.solver.tree.settings import TreeSettings

BY_CLASS = parse("66+,A8s+,KQo,54s"), parse("QQ-22,ATo+,K5s+:0.5")


def cards(text: str) -> tuple[int, ...]:
    return tuple(card_index(card) for card in parse_cards(text))


def names(some: tuple[int, ...]) -> str:
    return " ".join(DECK[card] for card in some)


relabellings = st.sampled_from(RELABELLINGS)
boards = st.tuples(st.permutations(range(52)), st.integers(3, 5)).map(lambda drawn: tuple(drawn[0][: drawn[1]]))


def random_range(seed: int) -> Weights:
    generator = np.random.default_rng(seed)
    return np.where(generator.random(COMBO_COUNT) < 0.5, generator.integers(0, 5, COMBO_COUNT) / 4, 0.0)


@given(relabellings)
def test_a_relabelling_moves_pairs_as_it_moves_their_cards(one: Relabelling) -> None:
    for place in (0, 17, 600, 1325):
        first, second = (DECK[card] for card in one.board(COMBOS[place].tolist()))
        assert one.places[place] == combo_index(first, second)
    assert sorted(one.places.tolist()) == list(range(COMBO_COUNT))


@given(relabellings, st.integers(0, 100))
def test_the_inverse_gives_the_old_names_back(one: Relabelling, seed: int) -> None:
    weights, board = random_range(seed), cards("Td9d6hQc")
    assert one.inverse().board(one.board(board)) == board
    assert np.array_equal(one.inverse().weights(one.weights(weights)), weights)


@given(boards, relabellings, st.integers(0, 100))
@settings(max_examples=60, deadline=None)
def test_relabelled_spots_have_one_canonical_form(board: tuple[int, ...], one: Relabelling, seed: int) -> None:
    spot = Spot(board, (random_range(seed), random_range(seed + 1)), 200, 900, TreeSettings())
    ranges = one.weights(spot.ranges[0]), one.weights(spot.ranges[1])
    relabelled = replace(spot, board=one.board(board)[::-1], ranges=ranges)
    (first, way), (second, _) = canonical_spot(spot), canonical_spot(relabelled)
    assert first.board == second.board == tuple(sorted(way.board(board)))
    for player in (0, 1):
        assert np.array_equal(first.ranges[player], second.ranges[player])
        live = ~np.isin(COMBOS, board).any(axis=1)
        assert np.array_equal(first.ranges[player], way.weights(np.where(live, spot.ranges[player], 0)))
    assert (first.pot, first.stack, first.settings) == (spot.pot, spot.stack, spot.settings)


def test_spots_that_are_not_the_same_have_other_forms() -> None:
    suited, other = parse("AhKh"), parse("AsKs")
    board = cards("Th9h2c")
    assert not np.array_equal(canonical(board, [suited]).ranges[0], canonical(board, [other]).ranges[0])
    assert canonical(cards("Th9h2c")).board != canonical(cards("Th9h2h")).board


def test_there_are_1755_flops() -> None:
    """The known number of flops that differ in more than their suits."""
    assert len({canonical(flop).board for flop in combinations(range(52), 3)}) == 1_755


@pytest.mark.parametrize(
    ("board", "ways"), [("Td9h6s", 1), ("Td9d6h", 2), ("TdTh6s", 2), ("Td9d6d", 6), ("Td9d6hQc", 1), ("TdTh6s6c", 4)]
)
def test_the_symmetries_of_a_board_and_of_ranges_by_class(board: str, ways: int) -> None:
    found = symmetries(cards(board), BY_CLASS)
    assert found[0] == SAME
    assert len(found) == ways


def test_a_range_that_tells_suits_apart_breaks_the_symmetry() -> None:
    board = cards("Td9d6d")
    one_pair_less = BY_CLASS[0].copy()
    one_pair_less[combo_index("Ah", "As")] = 0.5
    assert len(symmetries(board, [one_pair_less, BY_CLASS[1]])) == 2
    impossible = BY_CLASS[0].copy()
    impossible[combo_index("Td", "9h")] = 0.5
    assert len(symmetries(board, [impossible, BY_CLASS[1]])) == 6


def test_the_deals_after_a_flop_in_two_suits() -> None:
    """Clubs and spades are on no card of the board: a card in one of them stands for both."""
    found = deals(cards("Td9d6h"), BY_CLASS)
    assert {deal.count for deal in found if deal.card % 4 in (1, 2)} == {1}
    assert [names(deal.cards) for deal in found[:3]] == ["2c 2s", "2d", "2h"]
    assert len(found) == 11 + 12 + 13


def test_the_river_after_a_turn_asks_again() -> None:
    flop = cards("Td9d6d")
    assert [names(deal.cards) for deal in deals(flop, BY_CLASS)[:2]] == ["2c 2h 2s", "2d"]
    assert [names(deal.cards) for deal in deals((*flop, *cards("2c")), BY_CLASS)[:2]] == ["2d", "2h 2s"]


@given(boards.filter(lambda board: len(board) < 5), st.sampled_from([BY_CLASS, (random_range(1), random_range(2))]))
@settings(max_examples=40, deadline=None)
def test_each_card_is_dealt_once(board: tuple[int, ...], ranges: tuple[Weights, Weights]) -> None:
    found = deals(board, ranges)
    assert sorted(card for deal in found for card in deal.cards) == sorted(set(range(52)) - set(board))
    for deal in found:
        assert deal.card == deal.cards[0]
        assert deal.relabellings[0] == SAME
        for card, one in zip(deal.cards, deal.relabellings, strict=True):
            assert one.board((deal.card,)) == (card,)
            assert set(one.board(board)) == set(board)


@pytest.mark.parametrize("board", ["Td9d6h", "Td9d6d2c", "TdTh6s6c"])
def test_what_is_worth_something_after_one_card_is_worth_it_after_its_equals(board: str) -> None:
    merged = [deal for deal in deals(cards(board), BY_CLASS) if deal.count > 1]
    assert merged
    for deal in (merged[0], merged[-1]):
        values = [after(cards(board), card) for card in deal.cards]
        for value, one in zip(values, deal.relabellings, strict=True):
            assert np.allclose(one.weights(values[0]), value, atol=1e-6)
            assert value.any()


def after(board: tuple[int, ...], card: int) -> Weights:
    """The equity of each pair of the first range when a card has been dealt, (1326,), 0 where it is not held."""
    shown = of_ranges((*board, card), BY_CLASS)
    values = np.zeros(COMBO_COUNT)
    values[shown.hands[0]] = shown.equities(0, BY_CLASS[1][shown.hands[1]])
    return values
