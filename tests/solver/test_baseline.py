"""The baseline solver is legal, honest about what it rests on, repeatable, and makes no beginner's mistakes."""

import time
from dataclasses import replace
from itertools import islice

import pytest

from engine.clock import SECOND, SystemClock, VirtualClock
from engine.game.actions import ActionKind
from engine.game.cards import parse_cards
from engine.game.state import Street, TableState
from engine.solver.baseline import BaselineSolver, SolveError
from engine.words import Solution
from tests.solver.spots import CHECK, FOLD, bet, call, raise_to, spot, states_met


def solve(state: TableState, *, samples: int = 100, seed: int = 7) -> Solution:
    return BaselineSolver(VirtualClock(), samples).solve(state, SECOND, seed)


def frequency(solution: Solution, *kinds: ActionKind) -> float:
    return sum(value.frequency for value in solution.actions if value.action.kind in kinds)


RAISES = (ActionKind.BET, ActionKind.RAISE)


@pytest.mark.parametrize("players", [2, 3, 6])
def test_solutions_are_legal_distributions_wherever_play_leads(players: int) -> None:
    for state in islice(states_met(25, players, seed=100 * players), 200):
        solution = solve(state, samples=20)
        assert state.legal is not None
        for value in solution.actions:
            state.legal.check(value.action)
            assert value.frequency >= 0
        assert sum(value.frequency for value in solution.actions) == pytest.approx(1, abs=1e-9)
        assert len({value.action for value in solution.actions}) == len(solution.actions)
        assert 0 <= solution.equity <= 1
        assert not (state.legal.can_check and any(value.action == FOLD for value in solution.actions))


@pytest.mark.parametrize("players", [2, 6])
def test_aces_never_fold_before_the_flop(players: int) -> None:
    for state in states_met(30, players, seed=players):
        if state.street is Street.PREFLOP:
            assert frequency(solve(replace(state, hole=("As", "Ah")), samples=20), ActionKind.FOLD) == 0


@pytest.mark.parametrize(("hole", "board"), [("AsTs", "KsQsJs2d3c"), ("2h2c", "AsKsQsJsTs"), ("7h7c", "7d7s2c2hAh")])
@pytest.mark.parametrize("players", [2, 4])
def test_the_nuts_never_fold_on_the_river(hole: str, board: str, players: int) -> None:
    met = 0
    for state in states_met(160 // players, players, seed=50):
        if state.street is Street.RIVER:
            met += 1
            solution = solve(replace(state, hole=parse_cards(hole), board=parse_cards(board)), samples=20)
            assert frequency(solution, ActionKind.FOLD) == 0
    assert met > 20


def test_seven_deuce_folds_under_the_gun_and_to_a_raise() -> None:
    first_in = solve(spot("7h2d", "", [], players=6))
    raised = solve(spot("7h2d", "", [raise_to(50)], players=6))
    big_blind = solve(spot("7h2d", "", [FOLD, FOLD, FOLD, raise_to(60), FOLD], players=6))
    for solution in (first_in, raised, big_blind):
        assert frequency(solution, ActionKind.FOLD) == 1


def test_good_hands_open_and_the_best_raise_again() -> None:
    assert frequency(solve(spot("AsKs", "", [], players=6)), *RAISES) == 1
    assert frequency(solve(spot("KsKh", "", [raise_to(50)], players=6)), *RAISES) == 1
    assert frequency(solve(spot("QsQh", "", [FOLD, FOLD, FOLD, raise_to(50)], players=6)), *RAISES) == 1


def test_a_short_stack_opens_all_in() -> None:
    state = spot("AsKd", "", [], stack=180)
    raises = [value for value in solve(state).actions if value.action.kind is ActionKind.RAISE]
    assert [(value.action.amount, value.frequency) for value in raises] == [(180, 1.0)]


def test_a_strong_hand_bets_for_value_and_air_does_not_call() -> None:
    limped = [call(10), CHECK]
    strong = solve(spot("TcTd", "Ts9s3h", limped, []))
    air = solve(spot("5c4d", "TsKs9hAh2d", limped, [CHECK, CHECK], [CHECK, CHECK], [bet(40)]))
    assert frequency(strong, *RAISES) > 0.9
    assert frequency(air, ActionKind.FOLD) == 1


def test_a_call_is_worth_its_equity_less_its_price_on_the_river() -> None:
    """40 in the pot, 40 bet: calling wins 80 and risks 40."""
    state = spot("TcAd", "TsKs9h4h2d", [call(10), CHECK], [CHECK, CHECK], [CHECK, CHECK], [bet(40)])
    solution = solve(state)
    called = next(value for value in solution.actions if value.action.kind is ActionKind.CALL)
    assert called.ev == pytest.approx(120 * solution.equity - 40)
    assert "a call needs 33%" in solution.detail
    assert "every run-out" in solution.detail


def test_what_nobody_can_match_is_not_counted() -> None:
    """A shove of 2000 into a stack of 150 costs 150 to call, and no more than the main pot can be won."""
    state = next(state for state in states_met(60, 2, seed=3) if shoved_over(state))
    solution = solve(replace(state, hole=("As", "Ah")))
    called = next(value for value in solution.actions if value.action.kind is ActionKind.CALL)
    hero = state.seat(state.hero)
    assert called.ev == pytest.approx(solution.equity * 2 * hero.start_stack - hero.stack)


def shoved_over(state: TableState) -> bool:
    hero = state.seat(state.hero)
    rival = state.live_opponents[0]
    over = state.legal is not None and state.legal.call_amount == hero.stack and rival.contributed > hero.start_stack
    return over and state.street is Street.PREFLOP


def test_the_same_state_and_seed_give_the_same_solution_whatever_the_time() -> None:
    for state in islice(states_met(20, 3, seed=9), 40):
        first = BaselineSolver(VirtualClock(), 100).solve(state, SECOND, 5)
        second = BaselineSolver(SystemClock(), 100).solve(state, 60 * SECOND, 5)
        assert replace(first, took_ns=0) == replace(second, took_ns=0)


def test_it_says_when_time_ran_out_and_still_answers() -> None:
    solution = BaselineSolver(SystemClock(), 400).solve(spot("AsKs", "", [raise_to(60)]), 0, 1)
    assert "out of time: 50 of 400 run-outs" in solution.detail
    assert sum(value.frequency for value in solution.actions) == pytest.approx(1)


def test_it_names_itself_and_what_it_assumes() -> None:
    solution = solve(spot("AsKd", "", [raise_to(50)], players=6))
    assert (solution.source, solution.exploitability) == ("baseline", None)
    for words in ("equity", "over 100 run-outs", "seat 3 is read on", "raised, 100 big blinds deep"):
        assert words in solution.detail


def test_states_without_a_question_are_refused() -> None:
    state = spot("AsKs", "", [])
    for wrong in (
        replace(state, to_act=1),
        replace(state, legal=None),
        replace(state, hole=()),
        replace(state, board=("2c",)),
        replace(state, seats=tuple(replace(seat, folded=seat.seat != state.hero) for seat in state.seats)),
    ):
        with pytest.raises(SolveError, match="spot"):
            solve(wrong)
    for samples in (0, 1_000_000):
        with pytest.raises(ValueError, match="2000"):
            BaselineSolver(VirtualClock(), samples)


@pytest.mark.bench
def test_decision_time_is_printed() -> None:
    states = list(states_met(30, 6, seed=1))
    solver = BaselineSolver(VirtualClock())
    for street in Street:
        spots = [state for state in states if state.street is street][:25]
        start = time.process_time()
        for state in spots:
            solver.solve(state, SECOND, 1)
        took = 1000 * (time.process_time() - start) / len(spots)
        print(f"baseline, {street.name.lower()}: {took:.1f} ms of CPU a decision")
