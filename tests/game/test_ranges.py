"""Ranges count their pairs as the field does, and the committed equities are the evaluator's own."""

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.game import ranges
from engine.game.cards import DECK, CardError
from engine.game.evaluate import board_strengths
from engine.game.preflop_equity import half_wins
from engine.game.ranges import (
    CLASS_NAMES,
    CLASS_OF,
    COMBOS,
    EquityTableError,
    RangeError,
    class_combos,
    class_equities,
    combo_index,
    hand_class,
    standing,
    top_fraction,
    without,
)


def test_the_grid_holds_169_classes_of_1326_pairs() -> None:
    assert len(set(CLASS_NAMES)) == 169
    assert (CLASS_NAMES[0], CLASS_NAMES[1], CLASS_NAMES[13], CLASS_NAMES[-1]) == ("AA", "AKs", "AKo", "22")
    sizes = {name: len(class_combos(name)) for name in CLASS_NAMES}
    assert {sizes["77"], sizes["AKs"], sizes["T9o"]} == {6, 4, 12}
    assert sum(sizes.values()) == 1326


def test_every_pair_is_found_at_its_place_and_in_its_class() -> None:
    for place, (low, high) in enumerate(COMBOS):
        first, second = DECK[low], DECK[high]
        assert combo_index(first, second) == combo_index(second, first) == place
        assert hand_class(first, second) == hand_class(second, first) == CLASS_NAMES[CLASS_OF[place]]


def test_a_card_given_twice_and_a_name_of_nothing_are_refused() -> None:
    with pytest.raises(CardError, match="twice"):
        combo_index("As", "As")
    with pytest.raises(CardError, match="twice"):
        hand_class("As", "As")
    with pytest.raises(RangeError, match="KAs"):
        class_combos("KAs")
    with pytest.raises(RangeError, match="fraction"):
        top_fraction(1.5)


def test_known_equities_against_a_random_hand() -> None:
    """The figures of the published exact table (to the fourth place)."""
    equities = dict(zip(CLASS_NAMES, class_equities(), strict=True))
    published = {"AA": 0.8520, "KK": 0.8240, "AKs": 0.6704, "AKo": 0.6532, "22": 0.5033, "72o": 0.3458, "32o": 0.3230}
    for name, equity in published.items():
        assert equities[name] == pytest.approx(equity, abs=1e-4)


def test_equities_of_all_hands_average_to_one_half() -> None:
    sizes = np.bincount(CLASS_OF)
    assert np.average(class_equities(), weights=sizes) == pytest.approx(0.5, abs=1e-6)


def test_the_counting_of_the_generator_is_brute_force() -> None:
    board = np.array([[0, 17, 22, 35, 51]])
    strengths = board_strengths(board, COMBOS)[0]
    counted = half_wins(strengths)
    for pair in np.random.default_rng(5).choice(np.flatnonzero(strengths >= 0), 40, replace=False):
        apart = (strengths >= 0) & ~np.isin(COMBOS, COMBOS[pair]).any(axis=1)
        rivals = strengths[apart]
        assert counted[pair] == 2 * np.sum(rivals < strengths[pair]) + np.sum(rivals == strengths[pair])


@pytest.mark.parametrize("name", ["AA", "87s", "J4o", "22"])
def test_sampled_boards_agree_with_the_table(name: str) -> None:
    rng = np.random.default_rng(11)
    pair = int(class_combos(name)[0])
    deck = np.setdiff1d(np.arange(52), COMBOS[pair])
    boards = deck[np.argsort(rng.random((4_000, 50)), axis=1)[:, :5]]
    strengths = board_strengths(boards, COMBOS)
    apart = ~np.isin(COMBOS, COMBOS[pair]).any(axis=1)
    mine, rivals = strengths[:, pair, None], strengths[:, apart]
    live = rivals >= 0
    equity = np.sum(((rivals < mine) + 0.5 * (rivals == mine)) * live) / np.sum(live)
    assert equity == pytest.approx(class_equities()[CLASS_NAMES.index(name)], abs=0.02)


@given(st.floats(0, 1))
@settings(deadline=None)
def test_a_top_fraction_has_just_that_many_hands(fraction: float) -> None:
    weights = top_fraction(fraction)
    assert weights.shape == (1326,)
    assert weights.sum() == pytest.approx(1326 * fraction, abs=1e-6)


def test_top_fractions_are_nested_and_best_first() -> None:
    small, large = top_fraction(0.1), top_fraction(0.3)
    assert np.all(small <= large)
    assert set(np.flatnonzero(top_fraction(6 / 1326))) == set(class_combos("AA"))
    assert standing("As", "Ad") < standing("Ks", "Kd") < standing("7s", "2d") < 1


@given(st.sets(st.sampled_from(DECK), max_size=7))
@settings(deadline=None)
def test_dead_cards_leave_a_range(dead: set[str]) -> None:
    live = without(np.ones(1326), dead)
    left = 52 - len(dead)
    assert live.sum() == left * (left - 1) / 2
    for first, second in combinations(sorted(dead), 2):
        assert live[combo_index(first, second)] == 0


def test_a_damaged_table_says_how_to_make_it_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    damaged = tmp_path / "equity169.json"
    damaged.write_text(json.dumps({"equity": {"AA": 0.85}}), encoding="utf-8")
    for file in (damaged, tmp_path / "missing.json"):
        monkeypatch.setattr(ranges, "EQUITY_FILE", file)
        class_equities.cache_clear()
        with pytest.raises(EquityTableError, match="preflop_equity"):
            class_equities()
    monkeypatch.undo()
    class_equities.cache_clear()
