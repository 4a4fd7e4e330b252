"""Solving within limits: deadline, target, iterations, cancel; what is told on the way."""

import numpy as np
import pytest

from engine.clock import MILLISECOND, SystemClock, VirtualClock
from engine.solver.anytime import solve
from engine.solver.spot import Limits, Progress
from engine.solver.subgame import Start
from tests.solver.subgames import random_weights, sizes, spot

RIVER, TURN = "Td9d6hQc2s", "Td9d6hQc"
CLOCK = SystemClock()


class Ticking(VirtualClock):
    """Time that passes only by being looked at: a millisecond a look."""

    def now(self) -> int:
        self.sleep(MILLISECOND)
        return super().now()


@pytest.mark.parametrize("board", [RIVER, TURN])
def test_a_target_is_met_and_no_more_is_done(board: str) -> None:
    solved, subgame = solve(spot(board), Limits(target=0.5), clock=CLOCK)
    assert solved.exploitability is not None
    assert solved.exploitability <= 0.5
    assert not solved.cut
    assert subgame.exploitability() == pytest.approx(solved.exploitability, abs=1e-6)
    assert subgame.iterations == solved.iteration < 400
    assert solved.ev == subgame.evs()


@pytest.mark.parametrize("board", [RIVER, TURN])
def test_a_deadline_ends_it_with_the_answer_of_whole_iterations(board: str) -> None:
    clock = Ticking()
    cut, subgame = solve(spot(board), Limits(deadline=clock.now() + 60 * MILLISECOND), clock=clock)
    assert cut.cut
    assert cut.iteration > 0
    again, _ = solve(spot(board), Limits(iterations=cut.iteration), clock=CLOCK)
    assert np.array_equal(again.root, cut.root)
    assert np.array_equal(subgame.strategy(0), cut.root)
    assert not again.cut


def test_a_large_iteration_is_cut_in_the_middle_and_taken_back() -> None:
    clock = Ticking()
    wide = spot(TURN, random_weights(1, 0.9), random_weights(2, 0.9), settings=sizes("33%, 75%, 150%, a"), stack=900)
    cut, subgame = solve(wide, Limits(deadline=clock.now() + 250 * MILLISECOND), clock=clock)
    assert cut.cut
    assert subgame.stored_numbers > 2_000_000
    again, replayed = solve(wide, Limits(iterations=cut.iteration), clock=CLOCK)
    assert cut.iteration >= 1
    assert np.array_equal(again.root, cut.root)
    for level in (0, 1):
        for player in (0, 1):
            assert np.array_equal(subgame.average[level][player], replayed.average[level][player])


def test_a_deadline_that_has_passed_gives_the_even_strategy() -> None:
    solved, _ = solve(spot(RIVER), Limits(deadline=CLOCK.now()), clock=CLOCK)
    assert solved.cut
    assert solved.iteration == 0
    held = solved.root.sum(axis=0) > 0
    assert np.allclose(solved.root[:, held], 1 / len(solved.root))


def test_a_cancel_ends_it_at_once() -> None:
    for board in (RIVER, TURN):
        asked: list[None] = []

        def cancel(asked: list[None] = asked) -> bool:
            asked.append(None)
            return len(asked) > 5

        solved, _ = solve(spot(board), Limits(), clock=CLOCK, cancel=cancel)
        assert solved.cut
        assert solved.iteration > 0
        assert len(asked) == 6


def test_the_same_number_of_iterations_gives_the_same_bits_on_every_number_of_threads() -> None:
    for board in (RIVER, TURN):
        first, one = solve(spot(board), Limits(iterations=12), clock=CLOCK)
        second, two = solve(spot(board), Limits(iterations=12), clock=CLOCK, threads=2)
        assert first.iteration == second.iteration == 12
        assert np.array_equal(first.root, second.root)
        assert one.evs() == two.evs()
        two.close()


def test_progress_is_told_in_order_and_ends_with_the_answer() -> None:
    told: list[Progress] = []
    clock = Ticking()
    solved, _ = solve(spot(TURN), Limits(iterations=40), clock=clock, listener=told.append)
    assert len(told) > 2
    assert [each.iteration for each in told] == sorted(each.iteration for each in told)
    assert [each.took_ns for each in told] == sorted(each.took_ns for each in told)
    measured = [each.exploitability for each in told if each.exploitability is not None]
    assert measured[-1] == solved.exploitability
    assert measured[-1] < measured[0]
    assert np.array_equal(told[-1].root, solved.root)


def test_an_answer_says_what_it_is_of() -> None:
    solved, subgame = solve(spot(RIVER), Limits(iterations=3), clock=CLOCK)
    assert solved.actions == ("Check", "Bet(50)", "AllIn(200)")
    assert solved.root.shape == (3, 1326)
    assert solved.hands == tuple(len(hands) for hands in subgame.hands)
    assert solved.memory_bytes == subgame.memory_bytes > 0
    assert solved.build_ns > 0
    assert sum(solved.equity) == pytest.approx(1.0)
    assert sum(solved.ev or ()) == pytest.approx(100.0, abs=1e-3)


def test_a_known_solution_is_a_better_beginning_than_none() -> None:
    """The river of a solved turn begins where the turn's solution left it."""
    _, turn = solve(spot(TURN), Limits(iterations=150), clock=CLOCK)
    node = next(place for place in range(turn.tree.size) if turn.tree.street[place] == 5)
    card = 48
    ranges = [turn.reach(node, player, (card,)) for player in (0, 1)]
    pot = 100 + 2 * int(turn.tree.paid[node, 0])
    river = spot("Td9d6hQcAc", ranges[0], ranges[1], pot=pot, stack=200 - int(turn.tree.paid[node, 0]))
    warm, _ = solve(river, Limits(iterations=4), clock=CLOCK, start=Start(turn, node, (card,)))
    cold, _ = solve(river, Limits(iterations=10), clock=CLOCK)
    assert warm.exploitability is not None
    assert cold.exploitability is not None
    assert warm.exploitability < cold.exploitability / 2


def test_a_solve_that_nothing_ends_is_refused() -> None:
    with pytest.raises(ValueError, match="would never end"):
        solve(spot(RIVER), Limits(), clock=CLOCK)
