"""Opponents' ranges narrow as they act, and never hold a card that is seen elsewhere."""

import numpy as np
import pytest

from engine.game.actions import Action
from engine.game.ranges import CLASS_OF, COMBO_COUNT, Weights, class_combos, class_equities, combo_index
from engine.game.state import Street, TableState
from engine.solver.equity import run_outs, standing_on
from engine.solver.reading import keep_best, opponent_ranges, width
from tests.solver.spots import CHECK, FOLD, bet, call, raise_to, spot


def read(state: TableState) -> dict[int, Weights]:
    def standing_at(street: Street) -> Weights:
        board = state.board[: street.board_cards]
        return standing_on(run_outs(board, state.hole, 64, np.random.default_rng(1), lambda: True))

    return opponent_ranges(state, standing_at)


def width_of(state: TableState, seat: int) -> float:
    return width(read(state)[seat], (*state.hole, *state.board))


def test_who_has_not_acted_may_hold_anything_but_seen_cards() -> None:
    ranges = read(spot("AsKs", "", [], players=3))
    for weights in ranges.values():
        assert weights.max() == 1
        assert np.count_nonzero(weights) == 50 * 49 / 2
        assert weights[combo_index("As", "Kd")] == 0


def test_earlier_and_larger_and_later_raises_are_stronger() -> None:
    early = spot("9c9d", "", [raise_to(50), FOLD, FOLD], players=6, button=0)
    late = spot("9c9d", "", [FOLD, FOLD, FOLD, raise_to(50)], players=6, button=0)
    large = spot("9c9d", "", [FOLD, FOLD, FOLD, raise_to(400)], players=6, button=0)
    again = spot("9c9d", "", [raise_to(50), raise_to(160), FOLD, FOLD, FOLD, FOLD], players=6, button=0)
    assert width_of(early, 3) < width_of(late, 0)
    assert width_of(large, 0) < width_of(late, 0)
    assert width_of(again, 4) < width_of(early, 3)


def test_calling_a_raise_is_weaker_than_raising_it() -> None:
    called = read(spot("9c9d", "", [raise_to(50), call(50), FOLD, FOLD, FOLD], players=6, button=0))
    aces, suited = class_combos("AA"), class_combos("KQs")
    assert called[3][aces].max() == called[3][suited].max() == 1
    assert called[4][aces].max() < called[4][suited].max() == 1


LIMPED = [call(10), CHECK]


@pytest.mark.parametrize(
    ("quiet", "loud"),
    [
        ([CHECK], [bet(20)]),
        ([bet(20)], [bet(60)]),
        ([CHECK, bet(40), call(40)], [CHECK, bet(40), raise_to(160)]),
    ],
)
def test_louder_actions_after_the_flop_narrow_more(quiet: list[Action], loud: list[Action]) -> None:
    """Seat 1 acts first after the flop; the button is seat 0."""
    quiet_rounds = [LIMPED, quiet] if quiet[-1] != call(40) else [LIMPED, quiet, [CHECK]]
    board = "Ts9s3h" if len(quiet_rounds) == 2 else "Ts9s3h2d"
    assert width_of(spot("AcKd", board, *quiet_rounds), 1) > width_of(spot("AcKd", "Ts9s3h", LIMPED, loud), 1)


def test_a_bettor_holds_more_sets_than_air_yet_air_is_not_ruled_out() -> None:
    weights = read(spot("AcKd", "Ts9s3h", LIMPED, [bet(40)]))[1]
    assert weights[combo_index("Tc", "Td")] == 1
    assert 0 < weights[combo_index("5c", "4d")] < 0.5


def test_the_best_part_of_a_range_is_kept() -> None:
    standings = class_equities()[CLASS_OF]
    kept = keep_best(np.ones(COMBO_COUNT), standings, 6 / COMBO_COUNT, outside=0.0)
    assert np.flatnonzero(kept > 1e-9).tolist() == class_combos("AA").tolist()
    whole = keep_best(np.ones(COMBO_COUNT), standings, 1.0, outside=0.0)
    assert whole.sum() == pytest.approx(COMBO_COUNT)
