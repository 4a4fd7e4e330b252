"""The street as a heads-up subgame: where it began for the two who are left, and what they did since."""

import pytest

from engine.game.state import Street
from engine.solver.brain.street import NotHeadsUpError, street_line
from engine.solver.tree.betting import Choice
from engine.solver.tree.nodes import Move
from tests.solver.spots import CHECK, FOLD, bet, call, raise_to, spot, states_met

LIMPED = [call(10), CHECK]


def test_a_street_that_two_began_is_a_subgame_from_its_beginning() -> None:
    line = street_line(spot("AsKs", "QsJs2d", LIMPED, [bet(30), raise_to(90)]))
    assert line.seats == (1, 0)
    assert (line.pot, line.stack, line.bets, line.to_act, line.raises, line.whole) == (40, 1980, (0, 0), 0, 0, True)
    assert line.made == (Choice(Move.BET, 30), Choice(Move.RAISE, 90))


def test_the_first_to_act_after_the_flop_is_out_of_position() -> None:
    line = street_line(spot("AsKs", "QsJs2d", LIMPED, []))
    assert (line.made, line.to_act) == ((), 0)


def test_checks_and_calls_are_told_with_what_lies_there_afterwards() -> None:
    line = street_line(spot("AsKs", "QsJs2d3c", LIMPED, [CHECK, bet(20), call(20)], [CHECK]))
    assert line.pot == 80
    assert line.made == (Choice(Move.CHECK),)
    line = street_line(spot("AsKs", "QsJs2d", LIMPED, [bet(1980)]))
    assert line.made == (Choice(Move.ALL_IN, 1980),)


def test_where_a_third_took_part_it_begins_after_his_fold() -> None:
    preflop = [raise_to(60), call(50), call(40)]
    state = spot("AsKs", "QsJs2d", preflop, [bet(60), FOLD], players=3)
    line = street_line(state)
    assert (line.bets, line.raises, line.made, line.whole) == ((60, 0), 1, (), False)
    assert line.pot == 180
    assert line.seats[line.to_act] == state.hero
    state = spot("AsKs", "QsJs2d", preflop, [bet(60), raise_to(180), FOLD], players=3)
    line = street_line(state)
    assert (line.bets, line.raises, line.to_act) == ((60, 180), 2, 0)


def test_a_bet_of_more_than_the_other_has_counts_as_all_he_has() -> None:
    met = 0
    for state in states_met(300, 2, 11):
        if state.street is Street.PREFLOP:
            continue
        line = street_line(state)
        both = [state.seat(seat) for seat in line.seats]
        assert line.stack == min(seat.stack + seat.bet for seat in both)
        assert all(choice.to <= line.stack for choice in line.made)
        assert line.pot + sum(seat.bet for seat in both) == state.pot
        assert line.pot > 0
        met += line.stack < max(seat.bet for seat in both)
    assert met


@pytest.mark.parametrize(
    "state",
    [spot("AsKs", "", [raise_to(60)]), spot("AsKs", "QsJs2d", [call(20), call(20), call(10), CHECK], [], players=4)],
)
def test_what_is_no_subgame_of_two_is_refused(state: object) -> None:
    with pytest.raises(NotHeadsUpError):
        street_line(state)  # type: ignore[arg-type]
