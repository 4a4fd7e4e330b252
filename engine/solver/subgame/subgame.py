"""A subgame as the rest of the house sees it: solve it step by step, and read what it found."""

import numpy as np
from numpy.typing import NDArray

from engine.game.ranges import COMBO_COUNT
from engine.solver.kernels.tables import BEST_RESPONSE
from engine.solver.spot import Floats
from engine.solver.subgame import reading
from engine.solver.subgame.build import compatible, unblocked
from engine.solver.subgame.game import Game
from engine.solver.subgame.start import Start, begin_from

Doubles = NDArray[np.float64]
Cards = tuple[int, ...]


class Subgame(Game):
    """A heads-up subgame on the flop, turn or river, every hand and every card in it.

    Nodes are those of its betting tree; ``cards`` are what has been dealt after the root's board, in order, when a
    node lies on a later street. All values are in chips, counted from the root: a player's share of the starting pot
    is in, and what he puts in from there on is taken off, the root's own bets included. ``tree.paid[node, player]``
    added to a value counts it from the node on instead.
    """

    def start_from(self, start: Start) -> None:
        """Begin from a known solution's strategies; SpotError when it is of another board or tree."""
        begin_from(self, start)

    def strategy(self, node: int, cards: Cards = ()) -> Floats:
        """The average strategy at a decision: (actions, 1326) float32, 0 where the player cannot hold the pair."""
        return reading.frequencies(self, node, reading.place_of(self, node, cards))

    def regrets(self, node: int, cards: Cards = ()) -> Floats:
        """The clipped regrets at a decision, (actions, 1326), in chips times the opponent's weight."""
        return reading.regrets(self, node, reading.place_of(self, node, cards))

    def reach(self, node: int, player: int, cards: Cards = ()) -> Doubles:
        """How much of each pair a player brings to a node, (1326,): its weight at the root times his frequencies."""
        return reading.reach(self, node, player, cards)

    def counterfactual_values(self, node: int, player: int, cards: Cards = ()) -> Doubles:
        """What each pair of a player is worth at a node, times the opponent's reach there, (1326,): the chips summed
        over the opponent's pairs that do not block it."""
        at, against = self._valued(node, player, cards)
        worth = at.of(node, against) + self.tree.pot / 2 * unblocked(against)
        return np.where(reading.possible(self, player, cards), worth, 0.0)

    def values(self, node: int, player: int, cards: Cards = ()) -> Doubles:
        """Expected chips of each pair of a player at a node, given that he holds it there, (1326,).

        0 where he cannot hold the pair, or where the opponent can hold nothing beside it.
        """
        at, against = self._valued(node, player, cards)
        return self._chips(at.of(node, against), against, player, cards)

    def best_response_values(self, player: int) -> Doubles:
        """What each pair of a player could be worth at the root at most, as counterfactual values, (1326,)."""
        held = self.ranges[player]
        worth = np.zeros(COMBO_COUNT)
        worth[held.combos] = self._evaluate(player, BEST_RESPONSE)[: held.size]
        worth[held.combos] += self.spot.pot / 2 * compatible(self.ranges, player)
        return worth

    def action_values(self, node: int, cards: Cards = ()) -> Doubles:
        """Expected chips of each pair of the player who acts after each of his actions, (actions, 1326)."""
        player = int(self.tree.kind[node])
        reading.frequencies(self, node, reading.place_of(self, node, cards))
        at, against = self._valued(node, player, cards)
        return np.stack([self._chips(each, against, player, cards) for each in at.by_action(node, against)])

    def _valued(self, node: int, player: int, cards: Cards) -> tuple[reading.Valuation, Doubles]:
        place = reading.place_of(self, node, cards)
        return reading.valuation(self, player, place, cards), self.reach(node, 1 - player, cards)

    def _chips(self, worth: Doubles, against: Doubles, player: int, cards: Cards) -> Doubles:
        met = unblocked(against)
        known = reading.possible(self, player, cards) & (met > 1e-12)
        chips = np.zeros(COMBO_COUNT)
        chips[known] = worth[known] / met[known] + self.tree.pot / 2
        return chips
