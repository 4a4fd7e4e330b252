"""What a pair of strategies is worth, and what the best reply to each would win more: by brute force over a game.

Nothing here needs the game to be constant-sum, so that rake is measured exactly.
"""

from collections.abc import Callable

import numpy as np

from tests.solver.reference.game import Game, Place, Table

Strategy = Callable[[Place], Table]
"""Frequencies of the player who acts at a place, (actions, hands) in the order of the game's hands."""


def values(game: Game, strategy: Strategy) -> tuple[float, float]:
    """What each player gets in chips when both follow the strategy."""
    return _worth(game, strategy, 0, best_reply=False), _worth(game, strategy, 1, best_reply=False)


def best_replies(game: Game, strategy: Strategy) -> tuple[float, float]:
    """What each player gets with his best reply to the other's strategy; locked nodes stay as they are."""
    return _worth(game, strategy, 0, best_reply=True), _worth(game, strategy, 1, best_reply=True)


def exploitability(game: Game, strategy: Strategy) -> float:
    """What the best replies win more than the strategies, summed and halved, in per cent of the starting pot."""
    gained = np.sum(best_replies(game, strategy)) - np.sum(values(game, strategy))
    return float(100 * gained / 2 / game.pot)


def _worth(game: Game, strategy: Strategy, player: int, *, best_reply: bool) -> float:
    reach = np.ones(len(game.hands[1 - player]))
    return float(_below(game, strategy, player, Place(0, ()), reach, best_reply=best_reply).sum())


def _below(game: Game, strategy: Strategy, player: int, place: Place, reach: Table, *, best_reply: bool) -> Table:
    """What each hand of ``player`` gets at a place, counting how often the other comes there."""
    if game.is_leaf(place):
        payoff = game.payoff(place)[player]
        worth: Table = (payoff if player == 0 else payoff.T) @ reach
        return worth
    actor, children = game.actor(place), game.children(place)
    if actor is None:
        parts = [_below(game, strategy, player, child, reach, best_reply=best_reply) for child in children]
        return _total(parts)
    frequencies = strategy(place)
    if actor != player:
        parts = [
            _below(game, strategy, player, child, reach * share, best_reply=best_reply)
            for child, share in zip(children, frequencies, strict=True)
        ]
        return _total(parts)
    below = np.array([_below(game, strategy, player, child, reach, best_reply=best_reply) for child in children])
    free = best_reply and game.lock_at(place) is None
    chosen: Table = below.max(axis=0) if free else (frequencies * below).sum(axis=0)
    return chosen


def _total(parts: list[Table]) -> Table:
    total: Table = np.sum(parts, axis=0)
    return total
