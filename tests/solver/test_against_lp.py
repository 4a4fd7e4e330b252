"""The solver against an independent exact solution of small river and turn games.

The reference has its own evaluator, its own walk of tree and cards, and a linear programme for what a game is worth.
With rake that depends on the pot a game is not constant-sum and no linear programme finds its value: there the
solver's strategies are held against brute-force best replies, which is what an equilibrium is, and its values against
a count of what those strategies pay.
"""

from functools import cache

import numpy as np
import pytest

from engine.clock import SECOND, SystemClock
from engine.game.cards import card_index, parse_cards
from engine.game.ranges import COMBO_COUNT, Weights, combo_index
from engine.solver.anytime import solve_on
from engine.solver.spot import Limits, Lock, Rake, Spot
from engine.solver.subgame import Subgame
from engine.solver.tree.settings import TreeSettings
from tests.solver.reference.game import Game, Place, Table
from tests.solver.reference.games import GAMES, RAKED
from tests.solver.reference.program import game_value
from tests.solver.reference.response import Strategy, best_replies, exploitability, values

CLOSE = 0.001
"""Per cent of the pot within which values have to agree."""
TARGET = 0.0008
"""Exploitability, in per cent of the pot, that the solver is taken to, or near it: a few games take very long."""


@cache
def solved(number: int) -> tuple[Game, Subgame, Strategy]:
    """A game of GAMES and RAKED, solved by the product to an exploitability below TARGET, and its strategies."""
    game = (*GAMES, *RAKED)[number]
    board = tuple(card_index(card) for card in game.board)
    stack, bets = int(game.tree.paid.max()), (int(game.tree.paid[0, 0]), int(game.tree.paid[0, 1]))
    first, second = (weights(game, player) for player in (0, 1))
    spot = Spot(
        board,
        (first, second),
        game.pot,
        stack,
        TreeSettings(),
        Rake(*game.rake),
        bets,
        int(game.tree.kind[0]),
        int(max(bets) > 0),
    )
    locks = [Lock(node, locked(game, node)) for node in game.locks]
    subgame = Subgame(spot, game.tree, 1, locks)
    clock = SystemClock()
    limits = Limits(target=TARGET, iterations=20_000, deadline=clock.now() + 90 * SECOND)
    solve_on(subgame, limits, clock=clock)
    return game, subgame, cache(lambda place: strategy(game, subgame, place))


def places(game: Game, player: int) -> list[int]:
    return [combo_index(*parse_cards(hand)) for hand in game.names(player)]


def weights(game: Game, player: int) -> Weights:
    row = np.zeros(COMBO_COUNT)
    row[places(game, player)] = list(game.hands[player].values())
    return row


def locked(game: Game, node: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    player, shares = int(game.tree.kind[node]), game.locks[node]
    table = np.full((int(game.tree.children[node]), COMBO_COUNT), 1 / int(game.tree.children[node]), dtype=np.float32)
    for place, name in zip(places(game, player), game.names(player), strict=True):
        table[:, place] = shares[name]
    return table


def strategy(game: Game, subgame: Subgame, place: Place) -> Table:
    """The solver's frequencies at a place for the game's hands; evenly for hands that the cards rule out."""
    actor = game.actor(place)
    assert actor is not None
    cards = tuple(card_index(card) for card in place.cards)
    table = subgame.strategy(place.node, cards)[:, places(game, actor)].astype(np.float64)
    total = table.sum(axis=0)
    held: Table = np.where(total > 0.5, table / np.maximum(total, 0.5), 1 / len(table))
    return held


ALL = range(len(GAMES) + len(RAKED))
NAMES = [game.name for game in (*GAMES, *RAKED)]


@pytest.mark.parametrize("number", range(len(GAMES)), ids=NAMES[: len(GAMES)])
def test_values_are_those_of_the_linear_programme(number: int) -> None:
    game, subgame, _ = solved(number)
    value = game_value(game)
    total = game.pot - min(game.rake[0] * game.pot, game.rake[1])
    off = 100 * np.abs(np.array(subgame.evs()) - np.array([value, total - value])) / game.pot
    assert off.max() < CLOSE, f"{subgame.evs()} against {value}"


@pytest.mark.parametrize("number", ALL, ids=NAMES)
def test_exploitability_and_values_are_what_a_count_of_all_hands_gives(number: int) -> None:
    game, subgame, own = solved(number)
    counted = values(game, own)
    assert subgame.evs() == pytest.approx(counted, abs=game.pot * CLOSE / 100)
    exact = exploitability(game, own)
    assert exact >= -1e-9
    assert subgame.exploitability() == pytest.approx(exact, abs=1e-4)
    assert exact < 3 * TARGET
    if not game.rake[0]:
        assert sum(subgame.evs()) == pytest.approx(game.pot, abs=game.pot * 1e-6)


@pytest.mark.parametrize("number", range(len(GAMES), len(GAMES) + len(RAKED)), ids=NAMES[len(GAMES) :])
def test_with_rake_on_the_pot_nobody_gains_by_any_other_strategy(number: int) -> None:
    game, subgame, own = solved(number)
    gained = np.array(best_replies(game, own)) - np.array(values(game, own))
    assert 100 * gained.max() / game.pot < CLOSE
    assert game.pot - game.rake[1] <= sum(subgame.evs()) < game.pot * (1 - game.rake[0]) + 1e-6


def test_the_locked_node_is_what_was_asked_for() -> None:
    number = next(number for number, game in enumerate(GAMES) if game.locks)
    game, _, own = solved(number)
    for node in game.locks:
        lock = game.lock_at(Place(node, ()))
        assert lock is not None
        assert own(Place(node, ())) == pytest.approx(lock, abs=1e-6)
