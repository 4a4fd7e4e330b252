"""Equities agree with counting by hand, with published figures, and say how they were made."""

from itertools import combinations

import numpy as np
import pytest

from engine.game.cards import card_index, parse_cards
from engine.game.evaluate import strength
from engine.game.ranges import COMBO_COUNT, COMBOS, Weights, class_combos, combo_index, top_fraction, without
from engine.solver.equity import RunOuts, equity, run_outs, standing_on, unbeaten


def outs_of(hole: str, board: str, limit: int = 2000) -> RunOuts:
    return run_outs(parse_cards(board), parse_cards(hole), limit, np.random.default_rng(1), lambda: True)


def only(*hands: str) -> Weights:
    weights = np.zeros(COMBO_COUNT)
    weights[[combo_index(*parse_cards(hand)) for hand in hands]] = 1.0
    return weights


def place(hole: str) -> int:
    return combo_index(*parse_cards(hole))


def test_the_river_against_a_range_is_exact() -> None:
    hole, board = "AhQd", "Td9d6hQc2s"
    weights = without(top_fraction(0.4), parse_cards(hole + board))
    shown = [card_index(card) for card in parse_cards(board)]
    mine = strength(np.array([[*shown, *COMBOS[place(hole)]]]))[0]
    theirs = strength(np.hstack([np.tile(shown, (COMBO_COUNT, 1)), COMBOS]))
    counted = np.sum(weights * ((theirs < mine) + 0.5 * (theirs == mine))) / np.sum(weights)
    outs = outs_of(hole, board)
    assert outs.exact
    assert equity(outs, place(hole), [weights]) == pytest.approx(counted, abs=1e-6)


@pytest.mark.parametrize("board", ["Td9d6hQc", "Td9d6h"])
def test_every_run_out_is_counted_where_the_limit_allows(board: str) -> None:
    hole, rival = "AhQd", "JsTs"
    known = parse_cards(board + hole + rival)
    deck = [card for card in range(52) if card not in {card_index(card) for card in known}]
    shown = [card_index(card) for card in parse_cards(board)]
    rests = np.array(list(combinations(deck, 5 - len(shown))))
    boards = np.hstack([np.tile(shown, (len(rests), 1)), rests])
    mine, theirs = (
        strength(np.hstack([boards, np.tile(COMBOS[place(cards)], (len(boards), 1))])) for cards in (hole, rival)
    )
    counted = np.mean((mine > theirs) + 0.5 * (mine == theirs))
    assert equity(outs_of(hole, board), place(hole), [only(rival)]) == pytest.approx(counted, abs=1e-12)


@pytest.mark.parametrize(("hole", "rival", "published"), [("AsAh", "KdKc", 0.82), ("AsKs", "2h2d", 0.50)])
def test_known_pre_flop_match_ups(hole: str, rival: str, published: float) -> None:
    assert equity(outs_of(hole, ""), place(hole), [only(rival)]) == pytest.approx(published, abs=0.03)


def test_ties_divide_the_pot() -> None:
    board = "AsKsQsJsTs"
    one, two = only("2c2d"), only("3c3d")
    outs = outs_of("4c4d", board)
    assert equity(outs, place("4c4d"), [one]) == pytest.approx(1 / 2)
    assert equity(outs, place("4c4d"), [one, two]) == pytest.approx(1 / 3)


def test_more_opponents_leave_less() -> None:
    outs = outs_of("AhQd", "Td9d6h", 300)
    anyone = without(np.ones(COMBO_COUNT), parse_cards("AhQdTd9d6h"))
    shares = [equity(outs, place("AhQd"), [anyone] * count) for count in range(1, 6)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.5


def test_against_two_a_rare_tie_counts_a_part() -> None:
    """He beats one and ties the other on each river: half the pot."""
    outs = outs_of("AhKd", "AsAdKh7c2s")
    assert equity(outs, place("AhKd"), [only("AcKs"), only("QcQd")]) == pytest.approx(1 / 2)


def test_a_range_without_a_possible_hand_counts_as_beaten() -> None:
    assert equity(outs_of("AhKd", "AsAdKh7c2s"), place("AhKd"), [only("AsAd")]) == 1.0


def test_time_up_leaves_the_first_batch() -> None:
    outs = run_outs((), parse_cards("AsAh"), 400, np.random.default_rng(1), lambda: False)
    assert (outs.made, outs.planned, outs.exact) == (50, 400, False)


def test_only_the_best_hand_is_unbeaten() -> None:
    assert unbeaten(outs_of("AsTs", "KsQsJs2d3c"), place("AsTs"))
    assert not unbeaten(outs_of("9sTs", "KsQsJs2d3c"), place("9sTs"))


def test_standing_ranks_sets_over_draws_over_air() -> None:
    standing = standing_on(outs_of("2c2d", "Ts9s3h", 400))
    made, draw, air = (standing[place(hand)] for hand in ("TcTd", "KsQs", "5c4d"))
    assert 1 >= made > draw > air > 0
    assert standing[class_combos("TT")].max() == pytest.approx(made, abs=0.05)
