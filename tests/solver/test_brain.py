"""The brain: which method answers, that answers are legal and in time, and what is carried from street to street."""

from dataclasses import replace

import numpy as np
import pytest

from engine.clock import SECOND, SystemClock
from engine.game.actions import ActionKind
from engine.game.packed import unpack
from engine.game.ranges import combo_index
from engine.game.state import Street
from engine.solver.baseline import SolveError
from engine.solver.brain.brain import Brain
from engine.solver.brain.street import street_line
from engine.solver.brain.warm import warm
from engine.solver.wire import Answer, check_solution, encode, read_told
from engine.words import Solution
from tests.solver.spots import CHECK, bet, call, raise_to, spot, states_met

PREFLOP, FLOP = [raise_to(50), call(30)], [CHECK, bet(60), call(60)]
TURN = spot("AsKs", "QsJs2d3c", PREFLOP, FLOP, [CHECK])
RIVER = spot("AsKs", "QsJs2d3c8h", PREFLOP, FLOP, [CHECK, bet(110), call(110)], [CHECK])
TIME = 20 * SECOND


@pytest.fixture(autouse=True, scope="module")
def compiled() -> None:
    warm(SystemClock())


def brain() -> Brain:
    return Brain(SystemClock())


def shares(solution: Solution) -> dict[ActionKind, float]:
    found: dict[ActionKind, float] = {}
    for value in solution.actions:
        found[value.action.kind] = found.get(value.action.kind, 0.0) + value.frequency
    return found


def test_a_heads_up_river_is_solved_exactly_and_says_so() -> None:
    solution = brain().solve(RIVER, TIME, 1)
    assert solution.source == "subgame"
    assert solution.exploitability is not None
    assert solution.exploitability < 0.25
    assert solution.iterations
    check_solution(RIVER, solution)


def test_a_turn_is_solved_with_its_rivers() -> None:
    solution = brain().solve(TURN, TIME, 1)
    assert solution.source == "subgame"
    assert solution.iterations
    check_solution(TURN, solution)


def test_a_flop_is_solved_up_to_a_limit_of_depth_and_says_which() -> None:
    state = spot("AsKs", "QsJs2d", PREFLOP, [CHECK])
    solution = brain().solve(state, 3 * SECOND, 1)
    assert solution.source == "limited"
    assert "with equity from the" in solution.detail
    check_solution(state, solution)


def test_a_turn_without_the_time_for_its_rivers_is_solved_to_a_limit_of_depth() -> None:
    solution = brain().solve(TURN, SECOND // 5, 1)
    assert solution.source in ("limited", "baseline")


def test_the_nuts_never_fold_and_nothing_never_calls_a_shove() -> None:
    nuts = spot("AsKs", "QsJsTs3c8h", PREFLOP, FLOP, [CHECK, CHECK], [bet(200)])
    assert ActionKind.FOLD not in {
        value.action.kind for value in brain().solve(nuts, TIME, 1).actions if value.frequency
    }
    nothing = spot("7d2c", "QsJsTs9c8s", PREFLOP, FLOP, [CHECK, CHECK], [bet(1890)])
    assert shares(brain().solve(nothing, TIME, 1))[ActionKind.FOLD] > 0.99


def test_the_answer_to_a_bet_is_to_the_bet_that_was_made() -> None:
    for amount in (37, 211, 1890):
        state = spot("AsKs", "QsJs2d3c8h", PREFLOP, FLOP, [CHECK, CHECK], [bet(amount)])
        solution = brain().solve(state, TIME, 1)
        assert solution.source == "subgame"
        check_solution(state, solution)
        assert all(value.action.amount == amount for value in solution.actions if value.action.kind is ActionKind.CALL)


def test_an_answer_fits_a_line_of_the_wire_and_comes_back_whole() -> None:
    solution = brain().solve(TURN, TIME, 1)
    message = read_told(encode(Answer(request=1, solution=solution)))
    assert isinstance(message, Answer)
    assert message.solution == solution


def test_what_can_be_looked_at_is_there() -> None:
    solution = brain().solve(RIVER, TIME, 1)
    held = {seat.seat: unpack(seat.weights)[0] for seat in solution.ranges}
    assert set(held) == {0, 1}
    own = combo_index(*RIVER.hole)
    assert held[RIVER.hero][own] > 0
    root, *replies = solution.nodes
    assert (root.seat, root.path) == (RIVER.hero, ())
    frequencies = unpack(root.frequencies)
    assert frequencies.shape == (len(root.actions), 1326)
    assert frequencies[:, own] == pytest.approx([value.frequency for value in solution.actions], abs=0.02)
    assert replies
    assert all(node.seat != RIVER.hero and len(node.path) == 1 for node in replies)


def test_ranges_go_by_bayes_from_the_turn_to_the_river() -> None:
    mind = brain()
    mind.solve(TURN, TIME, 1)
    river = mind.solve(RIVER, TIME, 1)
    assert "from the solution of the street before" in river.detail
    assert "rules of thumb" in brain().solve(RIVER, TIME, 1).detail
    other_hand = mind.solve(replace(RIVER, hand_id="another"), TIME, 1)
    assert "rules of thumb" in other_hand.detail


def test_the_same_questions_have_the_same_answers_bit_for_bit() -> None:
    first, second = (brain().solve(RIVER, TIME, 1) for _ in range(2))
    assert first.actions == second.actions
    assert first.iterations == second.iterations


def test_work_that_is_not_wanted_ends_with_what_there_is() -> None:
    asked = []

    def go_on() -> bool:
        asked.append(1)
        return len(asked) < 60

    solution = Brain(SystemClock(), go_on=go_on).solve(TURN, TIME, 1)
    check_solution(TURN, solution)


def test_without_time_the_baseline_answers() -> None:
    solution = brain().solve(TURN, 0, 1)
    assert solution.source == "baseline"
    assert "too few to go by" in solution.detail


def test_several_opponents_have_an_answer_that_says_what_it_is() -> None:
    state = spot("AsKs", "QsJs2d", [raise_to(50), call(40), call(30)], [CHECK, CHECK], players=3)
    solution = brain().solve(state, 5 * SECOND, 1)
    assert solution.source == "multiway"
    check_solution(state, solution)


def test_where_nobody_is_to_act_there_is_nothing_to_solve() -> None:
    with pytest.raises(SolveError):
        brain().solve(replace(RIVER, hero=1 - RIVER.hero), TIME, 1)


@pytest.mark.parametrize("players", [2, 3, 5])
def test_every_state_has_a_legal_answer(players: int) -> None:
    mind, sources = brain(), set()
    for number, state in enumerate(states_met(6, players, 50 + players)):
        solution = mind.solve(state, SECOND // 5, number)
        check_solution(state, solution)
        sources.add(solution.source)
        if state.street in (Street.TURN, Street.RIVER) and len(state.live_opponents) == 1:
            assert street_line(state).stack > 0
        assert np.isfinite(solution.equity)
    assert sources
