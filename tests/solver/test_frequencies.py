"""Frequencies of actions: counted one pair at a time, and class by class."""

import numpy as np

from engine.game.cards import card_index
from engine.game.range_notation import parse
from engine.game.ranges import CLASS_NAMES, COMBOS, combo_index
from engine.solver.frequencies import against, by_class, overall

BOARD = tuple(card_index(card) for card in ("Td", "9d", "6h"))
RANDOM = np.random.default_rng(5)


def test_a_pair_counts_as_often_as_the_opponent_can_hold_another() -> None:
    own, other = RANDOM.uniform(0, 1, (2, 1326))
    weights = against(own, other)

    for place in RANDOM.integers(0, 1326, 40):
        apart = ~np.isin(COMBOS, COMBOS[place]).any(axis=1)
        assert np.isclose(weights[place], own[place] * other[apart].sum())


def test_a_range_that_blocks_all_of_the_other_is_never_held() -> None:
    assert not against(parse("AsAh"), parse("AsKs, AhKs, AhAs")).any()


def test_frequencies_over_the_range_are_weighted() -> None:
    weights = np.zeros(1326)
    weights[combo_index("As", "Ah")], weights[combo_index("Ks", "Kh")] = 3.0, 1.0
    strategy = np.zeros((2, 1326), dtype=np.float32)
    strategy[0, combo_index("As", "Ah")] = strategy[1, combo_index("Ks", "Kh")] = 1

    np.testing.assert_allclose(overall(strategy, weights), [0.75, 0.25])
    assert not overall(strategy, np.zeros(1326)).any()


def test_classes_are_weighted_by_what_the_board_leaves_of_them() -> None:
    reach = parse("TT:0.5, AKs, AhKs:0.25")
    strategy = np.zeros((2, 1326), dtype=np.float32)
    strategy[0], strategy[1] = 0.25, 0.75
    strategy[:, combo_index("As", "Ks")] = 1, 0
    found = by_class(strategy, reach, BOARD)
    place = {name: number for number, name in enumerate(CLASS_NAMES)}

    assert found.weight[place["TT"]] == 0.5  # three pairs of tens are left, all of them at a half
    assert found.weight[place["AKs"]] == 1
    assert np.isclose(found.weight[place["AKo"]], 0.25 / 12)
    assert found.weight[place["QQ"]] == 0
    np.testing.assert_allclose(found.frequency[:, place["AKs"]], [(3 * 0.25 + 1) / 4, 3 * 0.75 / 4])
    np.testing.assert_allclose(found.frequency[:, place["TT"]], [0.25, 0.75])
    assert not found.frequency[:, place["QQ"]].any()
