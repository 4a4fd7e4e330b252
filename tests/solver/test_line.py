"""The line worked out from the history is what each player really faced."""

import pytest

from engine.game.state import TableState
from engine.solver.line import in_position, players_behind, preflop_order, steps
from tests.solver.spots import CHECK, FOLD, bet, call, raise_to, spot, states_met


@pytest.mark.parametrize("players", [2, 3, 6])
def test_pot_and_price_of_each_step_are_pokerkits(players: int) -> None:
    earlier: dict[tuple[str, int], TableState] = {}
    for state in states_met(40, players, seed=players):
        earlier[state.hand_id, len(state.history)] = state
        for place, step in enumerate(steps(state)):
            met = earlier[state.hand_id, place]
            assert met.legal is not None
            assert (step.seat, step.street, step.pot) == (met.to_act, met.street, met.pot)
            assert min(step.price, met.seat(step.seat).stack) == met.legal.call_amount


def test_raises_and_callers_are_counted_by_street() -> None:
    state = spot("AsKs", "2c7d9h", [call(20), raise_to(80), FOLD, call(60), call(60)], [bet(100), call(100)], players=4)
    counted = [(step.raises, step.callers) for step in steps(state)]
    assert counted == [(0, 0), (0, 1), (1, 0), (1, 0), (1, 1), (0, 0), (1, 0)]


def test_positions() -> None:
    six = spot("AsKs", "", [], players=6, button=2)
    assert preflop_order(six) == (5, 0, 1, 2, 3, 4)
    assert [players_behind(six, seat) for seat in (5, 2, 3, 4)] == [5, 2, 1, 0]
    two = spot("AsKs", "", [])
    assert preflop_order(two) == (0, 1)
    assert (two.hero, players_behind(two, 0)) == (0, 1)


def test_the_button_acts_last_after_the_flop() -> None:
    assert in_position(spot("AsKs", "2c7d9h", [call(10), CHECK], [CHECK]))
    assert not in_position(spot("AsKs", "2c7d9h", [call(10), CHECK], []))
