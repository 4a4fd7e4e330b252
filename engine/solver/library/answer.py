"""A street from the library: both players' strategies at every node of it, and values by what its ends are worth."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.solver.spot import Floats, Spot, SpotError
from engine.solver.subgame.build import unblocked
from engine.solver.subgame.layout import payoffs
from engine.solver.tree.nodes import BettingTree, NodeKind

Doubles = NDArray[np.float64]
Cards = tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class StreetAnswer:
    """The solution of a street, asked like a subgame: nodes are those of ``tree``, amounts in the spot's chips.

    ``frequencies`` are (actions, 1326) at each decision; ``worth`` (2, 1326) at each node where the street ends with
    both players in: what a pair of each expects in starting pots, his share of it included. ``limit`` says which game
    was solved, in which ``exploitability`` (per cent of the pot) is measured; ``rounded`` how far it is another spot.
    """

    spot: Spot
    tree: BettingTree
    frequencies: Mapping[int, Floats]
    worth: Mapping[int, Doubles]
    iterations: int
    exploitability: float | None
    limit: str
    rounded: str

    def strategy(self, node: int, cards: Cards = ()) -> Floats:
        """The average strategy at a decision: (actions, 1326) float32, 0 where the player cannot hold the pair."""
        if cards or node not in self.frequencies:
            raise SpotError(f"the library knows the decisions of one street: node {node} is none of them")
        return self.frequencies[node]

    def reach(self, node: int, player: int, cards: Cards = ()) -> Doubles:
        """How much of each pair a player brings to a node, (1326,): its weight at the root times his frequencies."""
        if cards:
            raise SpotError("the library knows one street: there are no further cards in it")
        weights = self.spot.ranges[player].astype(np.float64)
        child, above = node, int(self.tree.parent[node])
        while above >= 0:
            if self.tree.kind[above] == player:
                weights = weights * self.strategy(above)[self.tree.children_of(above).index(child)]
            child, above = above, int(self.tree.parent[above])
        return weights

    def action_values(self, node: int, cards: Cards = ()) -> Doubles:
        """Expected chips of each pair of the player who acts after each of his actions, (actions, 1326)."""
        player = int(self.tree.kind[node])
        known = self.strategy(node, cards).sum(axis=0) > 0
        against = self.reach(node, 1 - player)
        met = unblocked(against)
        met[met <= 1e-12] = np.inf
        worth = [self._worth(child, player, against) for child in self.tree.children_of(node)]
        return np.where(known, np.stack(worth) / met, 0.0)

    def _worth(self, node: int, player: int, against: Doubles) -> Doubles:
        """Counterfactual values at a node: chips times the opponent's reach, summed."""
        kind = NodeKind(int(self.tree.kind[node]))
        if kind == NodeKind.FOLD:
            even = payoffs(self.tree, self.spot.rake, node, player)[1] + self.spot.pot / 2
            return even * unblocked(against)
        if kind > NodeKind.IP_ACTS:
            ends: Doubles = self.worth[node][player] * self.spot.pot * unblocked(against)
            return ends
        children, chosen = self.tree.children_of(node), self.strategy(node)
        if kind == player:
            parts = [share * self._worth(child, player, against) for child, share in zip(children, chosen, strict=True)]
        else:
            parts = [self._worth(child, player, against * share) for child, share in zip(children, chosen, strict=True)]
        total: Doubles = np.sum(parts, axis=0)
        return total
