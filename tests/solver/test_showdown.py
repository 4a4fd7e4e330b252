"""Equities of two ranges are those of plain counting, hand by hand, with every run-out and every blocker."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.game.cards import DECK, card_index, parse_cards
from engine.game.range_notation import parse
from engine.game.ranges import COMBO_COUNT, COMBOS, Weights, combo_index, without
from engine.solver.equity import equity, run_outs
from engine.solver.kernels.showdown import Showdown, of_ranges, showdown
from engine.solver.spot import SpotError

OUT_OF_POSITION = "66+,A8s+,A5s-A4s,AJo+,K9s+,KQo,QTs+,JTs,96s+,85s+,75s+,65s,54s"
IN_POSITION = "QQ-22,AQs-A2s,ATo+,K5s+,KJo+,Q8s+,J8s+,T7s+,96s+,86s+,75s+,64s+,53s+"


def integers(board: str) -> tuple[int, ...]:
    return tuple(card_index(card) for card in parse_cards(board))


def of_texts(board: str, out_of_position: str, in_position: str) -> Showdown:
    return of_ranges(integers(board), (parse(out_of_position), parse(in_position)))


def counted(board: str, place: int, against: Weights) -> float:
    """The equity of one pair by the run-outs of ``engine.solver.equity``, all of them."""
    hole = tuple(DECK[card] for card in COMBOS[place])
    outs = run_outs(parse_cards(board), hole, 2_000, np.random.default_rng(0), lambda: True)
    assert outs.exact
    return equity(outs, place, [without(against, hole + parse_cards(board))])


@pytest.mark.parametrize("board", ["Td9d6h", "Td9d6hQc", "Td9d6hQc2s", "AsAdAh", "2c2d2h2s", "TsJsQsKsAs"])
def test_equities_against_a_weighted_range_are_those_of_counting(board: str) -> None:
    mine, theirs = "66+, AJ+, 54s, 72o, AsKs", "random:0.25, QQ-22:0.5, A2s+, AcAh:0.123"
    shown = of_texts(board, mine, theirs)
    ranges = parse(mine), parse(theirs)
    for player in (0, 1):
        against = ranges[1 - player]
        ours = shown.equities(player, against[shown.hands[1 - player]])
        chosen = np.random.default_rng(3).choice(len(ours), 12 if len(board) > 6 else 4, replace=False)
        for hand in chosen:
            assert ours[hand] == pytest.approx(counted(board, shown.hands[player][hand], against), abs=2e-6)


def test_one_hand_against_one_on_the_flop() -> None:
    """An overpair against a flush draw with an overcard, by counting the 990 run-outs one by one."""
    shown = of_texts("Td9d6h", "QsQc", "Ad5d")
    boards = run_outs(parse_cards("Td9d6h"), parse_cards("QsQcAd5d"), 2_000, np.random.default_rng(0), lambda: True)
    one, two = (boards.strengths[:, combo_index(*cards)] for cards in (("Qs", "Qc"), ("Ad", "5d")))
    assert len(one) == 990
    assert shown.share[0, 0] == pytest.approx(np.mean((one > two) + 0.5 * (one == two)), abs=1e-6)


def test_hands_that_share_a_card_do_not_meet() -> None:
    shown = of_texts("Td9d6h", "AhAd, KsKc", "AhKh, KdKh, QsQh")
    names = [["".join(DECK[card] for card in COMBOS[place][::-1]) for place in places] for places in shown.hands]
    expected = [[not {a[:2], a[2:]} & {b[:2], b[2:]} for b in names[1]] for a in names[0]]
    assert np.array_equal(shown.possible, np.array(expected))
    assert np.all(shown.share[shown.possible == 0] == 0)
    assert np.all(shown.share[shown.possible == 1] > 0)


def test_what_one_player_wins_the_other_loses() -> None:
    shown = of_texts("Td9d6h", OUT_OF_POSITION, IN_POSITION)
    turned = of_texts("Td9d6h", IN_POSITION, OUT_OF_POSITION)
    assert np.array_equal(turned.possible, shown.possible.T)
    assert np.allclose(turned.share, shown.possible.T - shown.share.T, atol=1e-6)
    ours, theirs = shown.equity((np.ones(180), np.ones(265)))
    assert ours + theirs == 1
    assert turned.equity((np.ones(265), np.ones(180))) == pytest.approx((theirs, ours), abs=1e-6)


def test_values_weighted_with_the_reaches_add_up_to_the_pot() -> None:
    shown = of_texts("Td9d6hQc", OUT_OF_POSITION, IN_POSITION)
    generator = np.random.default_rng(5)
    reaches = tuple(generator.random(len(places)) for places in shown.hands)
    met = reaches[0] @ shown.opposing(0, reaches[1])
    won = [float(reaches[player] @ shown.counterfactual(player, reaches[1 - player])) for player in (0, 1)]
    assert sum(won) == pytest.approx(met, rel=1e-6)
    assert shown.equity((reaches[0], reaches[1])) == pytest.approx((won[0] / met, won[1] / met), rel=1e-6)


def test_many_reaches_at_once_are_the_same_as_one_by_one() -> None:
    shown = of_texts("Td9d6h", OUT_OF_POSITION, IN_POSITION)
    reaches = np.random.default_rng(1).random((5, 265)).astype(np.float32)
    together = shown.counterfactual(0, reaches)
    assert together.shape == (5, 180)
    for row, reach in zip(together, reaches, strict=True):
        assert row == pytest.approx(shown.counterfactual(0, reach), rel=1e-5)


@given(st.permutations(range(52)), st.integers(3, 5), st.permutations(range(4)))
@settings(max_examples=15, deadline=None)
def test_renamed_suits_change_nothing(deck: list[int], size: int, suits: list[int]) -> None:
    names = np.array([4 * (card // 4) + suits[card % 4] for card in range(52)])
    board, cards = np.array(deck[:size]), np.array(deck[size : size + 20])
    hands = np.array([combo_index(DECK[low], DECK[high]) for low, high in zip(cards[::2], cards[1::2], strict=True)])
    moved = names[cards]
    others = np.array([combo_index(DECK[low], DECK[high]) for low, high in zip(moved[::2], moved[1::2], strict=True)])
    one, two = showdown(board.tolist(), (hands, hands)), showdown(names[board].tolist(), (others, others))
    assert np.array_equal(one.share, two.share)
    assert np.array_equal(one.possible, two.possible)


def test_the_full_ranges_meet_half_and_half() -> None:
    shown = of_texts("Td9d6hQc2s", "random", "random")
    assert [len(places) for places in shown.hands] == [1081, 1081]
    assert shown.equity((np.ones(1081), np.ones(1081))) == pytest.approx((0.5, 0.5), abs=1e-9)


def test_a_hand_that_meets_none_has_no_equity() -> None:
    shown = of_texts("Td9d6h", "AsAh, KsKh", "AsAh")
    assert shown.equities(0, np.ones(1))[np.flatnonzero(shown.hands[0] == combo_index("As", "Ah"))[0]] == 0
    with pytest.raises(SpotError, match="no hand of one range"):
        of_texts("Td9d6h", "AsAh", "AsKh").equity((np.ones(1), np.ones(1)))


def test_ranges_without_hands_make_an_empty_showdown() -> None:
    shown = of_ranges(integers("Td9d6h"), (np.zeros(COMBO_COUNT), np.ones(COMBO_COUNT)))
    assert shown.share.shape == (0, 1176)
    with pytest.raises(SpotError, match="no hand of one range"):
        shown.equity((np.ones(0), np.ones(1176)))


@pytest.mark.parametrize("board", [(), (0, 1), (0, 1, 2, 3, 4, 5), (0, 0, 1), (0, 1, 52), (-1, 0, 1)])
def test_other_boards_are_refused(board: tuple[int, ...]) -> None:
    with pytest.raises(SpotError, match="3 to 5 different cards"):
        showdown(board, (np.array([5]), np.array([9])))


def test_impossible_hands_are_refused() -> None:
    board = integers("Td9d6h")
    with pytest.raises(SpotError, match="holds a card of the board"):
        showdown(board, (np.array([combo_index("Td", "As")]), np.array([0])))
    for place in (-1, COMBO_COUNT):
        with pytest.raises(SpotError, match="places from 0 to 1325"):
            showdown(board, (np.array([0]), np.array([place])))
