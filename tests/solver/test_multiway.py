"""Answers for several opponents: legal, repeatable, in time, near an equilibrium of the simplified game, and sane."""

import time
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from engine.clock import MILLISECOND, SystemClock, VirtualClock
from engine.game.actions import Action, ActionKind
from engine.game.cards import card_index, parse_cards
from engine.game.ranges import COMBO_COUNT, Weights, combo_index, top_fraction, without
from engine.game.state import Street, TableState
from engine.solver.multiway.kernels import gather
from engine.solver.multiway.leaves import WholeLeaves
from engine.solver.multiway.regret import Learner, gains, profile_reach
from engine.solver.multiway.solve import NoAnswerError, largest_gain, prepare, solve_multiway
from engine.solver.multiway.street import StreetError
from engine.solver.multiway.warm import warm_multiway
from engine.solver.spot import Limits, Spot
from engine.solver.subgame import Subgame
from engine.solver.tree.settings import TreeSettings
from engine.words import Solution
from tests.solver.reference.game import Game
from tests.solver.reference.listing import tree_of
from tests.solver.reference.program import game_value
from tests.solver.spots import CHECK, FOLD, bet, call, raise_to, spot, states_met
from tests.solver.test_multiway_street import limped

RIVER = "Td9d6hQc2s"
RAISES = (ActionKind.BET, ActionKind.RAISE)


def half_of_all(state: TableState) -> dict[int, Weights]:
    return {seat.seat: top_fraction(0.5) for seat in state.seats}


def solve(state: TableState, iterations: int = 100, seed: int = 7) -> Solution:
    return solve_multiway(state, half_of_all(state), Limits(iterations=iterations), VirtualClock(), seed)


def frequency(solution: Solution, *kinds: ActionKind) -> float:
    return sum(value.frequency for value in solution.actions if value.action.kind in kinds)


def on_river(hole: str, players: int, *river: Action, stack: int = 400) -> TableState:
    checked = [CHECK] * players
    return spot(hole, RIVER, limped(players), checked, checked, list(river), players=players, stack=stack)


@pytest.mark.parametrize("players", [2, 3, 6, 10])
def test_answers_are_legal_distributions_wherever_play_leads(players: int) -> None:
    met = (state for state in states_met(60, players, seed=11 * players) if state.street is not Street.PREFLOP)
    for state in islice(met, 40 // players):
        everything = {seat.seat: np.ones(COMBO_COUNT) for seat in state.live_opponents}
        solution = solve_multiway(state, everything, Limits(iterations=3), VirtualClock(), 3)
        assert state.legal is not None
        for value in solution.actions:
            state.legal.check(value.action)
            assert np.isfinite(value.ev)
        assert (solution.source, solution.iterations) == ("multiway", 3)
        assert sum(value.frequency for value in solution.actions) == pytest.approx(1, abs=1e-9)
        assert 0 <= solution.equity <= 1
        folds = [value.ev for value in solution.actions if value.action == FOLD]
        assert folds in ([], [pytest.approx(0, abs=1e-6)])


@pytest.mark.parametrize("players", [2, 3, 4, 7])
def test_the_nuts_never_fold_and_what_cannot_win_never_calls(players: int) -> None:
    nuts, nothing = (solve(on_river(hole, players, bet(40))) for hole in ("KhJh", "5c4c"))
    assert frequency(nuts, ActionKind.FOLD) == 0
    assert nuts.equity > 0.9
    assert frequency(nothing, ActionKind.CALL) == 0
    assert nothing.equity == 0


def test_more_opponents_are_bluffed_less() -> None:
    """Nothing at all on the river, first to act: how often it bets."""
    bluffs = [frequency(solve(on_river("5c4c", players), 300), *RAISES) for players in (2, 3, 4)]
    assert bluffs == sorted(bluffs, reverse=True)
    assert bluffs[0] > bluffs[2] + 0.1


def test_more_opponents_leave_a_hand_less_equity() -> None:
    shares = [solve(on_river("AsTs", players), 1).equity for players in (2, 3, 4, 6)]
    assert shares == sorted(shares, reverse=True)


def test_a_draw_is_worth_the_cards_that_help_it() -> None:
    """The nut flush draw against a made hand each on the turn: 9 of 44 rivers, less those that also help the others."""
    state = spot("AhKh", "Th9h6c2d", limped(3), [CHECK] * 3, [], players=3, stack=400)
    made = {seat.seat: only("TcTd" if seat.seat == 0 else "9c9d") for seat in state.live_opponents}
    solution = solve_multiway(state, made, Limits(iterations=2), VirtualClock(), 1)
    assert solution.equity == pytest.approx(7 / 42, abs=0.03)


def only(*hands: str) -> Weights:
    weights = np.zeros(COMBO_COUNT)
    weights[[combo_index(*parse_cards(hand)) for hand in hands]] = 1.0
    return weights


HEADS_UP = """
    Check
      Check
      Bet 20
        Fold
        Call
        AllIn 40
          Fold
          Call
      AllIn 40
        Fold
        Call
    Bet 20
      Fold
      Call
      AllIn 40
        Fold
        Call
    AllIn 40
      Fold
      Call
"""


def test_two_players_on_the_river_reach_the_value_of_the_exact_game() -> None:
    """Few enough hands that each has its own bucket: the linear programme's value within a thousandth of the pot."""
    first = ("KhJh", "TcTh", "AhQd", "7s5s", "5h4h", "KcJc")
    second = ("QdQh", "9s9c", "AcQs", "JsTs", "8c7c", "7h5h")
    state = on_river("KhJh", 2, stack=60)
    ranges = {state.hero: only(*first), 1 - state.hero: only(*second)}
    spot_ = prepare(state, ranges, 1)
    learner = Learner(spot_.game.forms, spot_.leaves)
    for _ in range(1500):
        learner.step()
    profile = [learner.average(player) for player in range(2)]
    worth, gained = gains(spot_.game.forms, spot_.leaves, profile)
    hands = (dict.fromkeys(first, 1.0), dict.fromkeys(second, 1.0))
    game = Game("river", parse_cards(RIVER), hands, tree_of(HEADS_UP, state.pot, 5))
    assert len(spot_.game.leaves) == sum(1 for place in game.places() if game.is_leaf(place))
    value = game_value(game)
    assert worth[spot_.game.hero] == pytest.approx(value, abs=0.001 * state.pot)
    assert worth.sum() == pytest.approx(state.pot, abs=1e-3)
    assert gained.max() < 0.001 * state.pot


def test_wide_ranges_heads_up_come_near_the_exact_solver() -> None:
    """Half of all hands each in 31 buckets: within 1.5% of the pot for the ranges, 3% for the average pair, of the
    subgame solved hand by hand."""
    state = on_river("KhJh", 2, stack=60)
    ranges = {seat.seat: without(top_fraction(0.5), state.board) for seat in state.seats}
    spot_ = prepare(state, ranges, 1)
    learner = Learner(spot_.game.forms, spot_.leaves)
    for _ in range(600):
        learner.step()
    hero = spot_.game.hero
    profile = [learner.average(player) for player in range(2)]
    worth, _ = gains(spot_.game.forms, spot_.leaves, profile)
    tree = tree_of(HEADS_UP, state.pot, 5)
    board = tuple(card_index(card) for card in state.board)
    exact = Subgame(Spot(board, (ranges[0], ranges[1]), state.pot, 40, TreeSettings()), tree)
    exact.advance(300)
    assert worth[hero] == pytest.approx(exact.evs()[0], abs=0.015 * state.pot)
    values = WholeLeaves(spot_.leaves).gradient(hero, profile_reach(spot_.game.forms, profile))
    form = spot_.game.forms[hero]
    gather(values, profile[hero], form.parent, form.first, form.count)
    by_bucket = values[0] / np.maximum(spot_.leaves.room(hero), 1e-9)
    pairs = np.flatnonzero(ranges[hero])
    off = np.abs(by_bucket[spot_.buckets.place[hero][pairs]] - exact.values(0, 0)[pairs])
    assert off.mean() < 0.03 * state.pot
    assert off[pairs == combo_index("Kh", "Jh")] < 0.02 * state.pot


@pytest.mark.parametrize("players", [3, 4])
def test_nobody_gains_much_in_the_simplified_game(players: int) -> None:
    """Nothing proves that for more than two players: it is measured, on the river, by exact best replies."""
    spot_ = prepare(state := on_river("AhQd", players), half_of_all(state), 1)
    learner = Learner(spot_.game.forms, spot_.leaves)
    reached = []
    for iterations in (20, 400):
        while learner.iterations < iterations:
            learner.step()
        reached.append(largest_gain(spot_, learner))
    assert reached[1] < reached[0] / 4
    assert reached[1] < 0.5


def test_the_same_iterations_give_the_same_answer_bit_for_bit() -> None:
    state = spot("AsTs", "Td9d6hQc", limped(3), [CHECK] * 3, [], players=3, stack=400)
    timed = solve_multiway(state, half_of_all(state), Limits(deadline=10**15), Ticking(10**15 - 1000 * MILLISECOND), 5)
    assert timed.iterations is not None
    assert 1 <= timed.iterations < 1000
    again = solve(state, timed.iterations, seed=5)
    assert replace(timed, took_ns=0) == replace(again, took_ns=0)
    assert solve(state, timed.iterations, seed=6) != again


class Ticking(VirtualClock):
    """A clock on which every look takes four milliseconds, so that time passes alike on every machine."""

    def now(self) -> int:
        self.sleep(4 * MILLISECOND)
        return super().now()


def test_a_target_ends_it_early() -> None:
    state = on_river("AsTs", 3)
    limits = Limits(target=2.0)
    solution = solve_multiway(state, half_of_all(state), limits, VirtualClock(), 1)
    assert solution.iterations is not None
    assert solution.iterations < 1000


def test_it_answers_with_what_it_has_when_it_is_not_wanted_any_more() -> None:
    state = on_river("AsTs", 3)
    asked = 0

    def still_wanted() -> bool:
        nonlocal asked
        asked += 1
        return asked < 60

    solution = solve_multiway(state, half_of_all(state), Limits(), VirtualClock(), 1, still_wanted)
    assert solution.iterations is not None
    assert 1 <= solution.iterations < 60
    with pytest.raises(NoAnswerError, match="no time"):
        solve_multiway(state, half_of_all(state), Limits(deadline=0), VirtualClock(), 1)


def test_it_names_its_method_and_what_it_gives_up() -> None:
    solution = solve(on_river("AsTs", 7), 5)
    assert (solution.source, solution.exploitability) == ("multiway", None)
    for words in ("regret minimisation", "4 players", "stand as one", "independent", "checked down", "31 buckets"):
        assert words in solution.detail


def test_it_can_be_made_ready_beforehand() -> None:
    warm_multiway(VirtualClock())


def test_the_hero_is_seen_by_what_he_did() -> None:
    """Who has raised before the flop is not taken to hold any two cards: his range is narrower than the callers'."""
    rounds = [[raise_to(60), call(50), call(40)], [CHECK, CHECK]]
    state = spot("AsTs", "Td9d6h", *rounds, players=3)
    everything = {seat.seat: np.ones(COMBO_COUNT) for seat in state.live_opponents}
    spot_ = prepare(state, everything, 1)
    held = [np.count_nonzero(row > 2e-4) for row in spot_.buckets.weights]
    assert state.hero == 0
    assert held[spot_.game.hero] < 0.7 * min(held[1:])


def test_spots_that_it_cannot_play_on_are_refused() -> None:
    state = on_river("AsTs", 3)
    ranges = half_of_all(state)
    opponent = state.live_opponents[0].seat
    for wrong_state, wrong_ranges in (
        (spot("AsTs", "", [call(20)], players=3), ranges),
        (replace(state, to_act=opponent), ranges),
        (state, {state.hero: ranges[state.hero]}),
        (state, ranges | {opponent: only("TdAh")}),
        (state, ranges | {opponent: only("AsKs")}),
    ):
        with pytest.raises(StreetError, match="hand spot"):
            solve_multiway(wrong_state, wrong_ranges, Limits(iterations=1), VirtualClock(), 1)


@pytest.mark.bench
@pytest.mark.parametrize("players", [3, 4, 6, 10])
def test_what_400_ms_reach_is_printed(players: int) -> None:
    """Wall time of a machine that does nothing else; the processor time of one iteration stands beside it."""
    clock = SystemClock()
    for board, streets in (("Td9d6h", 1), ("Td9d6hQc", 2), (RIVER, 3)):
        rounds = [limped(players), *[[CHECK] * players] * (streets - 1), []]
        state = spot("AsTs", board, *rounds, players=players)
        ranges = half_of_all(state)
        spent = [processor_ms(state, ranges, iterations) for iterations in (1, 1, 41)]
        answers = [timed(state, ranges, seed, clock) for seed in range(5)]
        done, over = [made for made, _ in answers], max(late for _, late in answers)
        print(
            f"{players} players, {state.street.name.lower()}: {min(done)} to {max(done)} iterations in 400 ms, at most "
            f"{over:.1f} ms late; first answer {spent[1]:.1f} ms of processor, 40 more {spent[2] - spent[1]:.1f}"
        )


def processor_ms(state: TableState, ranges: dict[int, Weights], iterations: int) -> float:
    start = time.thread_time()
    solve_multiway(state, ranges, Limits(iterations=iterations), VirtualClock(), 1)
    return 1000 * (time.thread_time() - start)


def timed(state: TableState, ranges: dict[int, Weights], seed: int, clock: SystemClock) -> tuple[int, float]:
    """Iterations made in 400 ms, none where there was no answer, and how late it came in milliseconds."""
    deadline = clock.now() + 400 * MILLISECOND
    try:
        made = solve_multiway(state, ranges, Limits(deadline=deadline), clock, seed).iterations or 0
    except NoAnswerError:
        made = 0
    return made, (clock.now() - deadline) / MILLISECOND
