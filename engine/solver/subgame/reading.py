"""What a subgame's average strategy says at a node: frequencies, reach and values of all 1,326 pairs.

Values at the decisions of the street that is looked at are reckoned here from the leaves up, in plain matrices; what
lies beyond a deal is taken from a pass of the kernels.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from engine.game.evaluate import board_strengths
from engine.game.ranges import COMBO_COUNT, COMBOS
from engine.solver.spot import SpotError
from engine.solver.subgame.build import unblocked
from engine.solver.subgame.game import Game
from engine.solver.subgame.hands import relabelled_combos
from engine.solver.subgame.layout import RIVER, payoffs
from engine.solver.tree.nodes import NodeKind

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Cards = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node is looked at: the number of its street in the subgame and the out that was dealt there."""

    level: int
    out: int


def place_of(game: Game, node: int, cards: Cards) -> Place:
    """The place of a node after the given cards; SpotError when they do not fit it."""
    if not 0 <= node < game.tree.size:
        raise SpotError(f"there is no node {node}: the tree has {game.tree.size}")
    level = int(game.tree.street[node]) - len(game.spot.board)
    if len(cards) != level:
        raise SpotError(f"node {node} is reached after {level} more cards, not {len(cards)}")
    board = np.array((*game.spot.board, *cards))
    match = np.flatnonzero((game.streets[level].hands.deals.out_boards == board).all(axis=1))
    if not len(match):
        raise SpotError(f"the cards {cards} cannot be dealt on this board")
    return Place(level, int(match[0]))


def frequencies(game: Game, node: int, place: Place) -> Floats:
    """The average strategy at a decision, (actions, 1326); 0 where the player cannot hold the pair."""
    if game.tree.kind[node] > NodeKind.IP_ACTS:
        raise SpotError(f"nobody acts at node {node}")
    player, actions = int(game.tree.kind[node]), int(game.tree.children[node])
    deal, combos = held(game, place, player)
    stored = int(game.layout.stored[node])
    rows = game.stored_rows(game.average, place.level, player)[deal, stored : stored + actions]
    total = rows.sum(axis=0, dtype=np.float64)
    shares = np.where(total > 0, rows / np.where(total > 0, total, 1.0), 1.0 / actions)
    found = np.zeros((actions, COMBO_COUNT), dtype=np.float32)
    found[:, combos[combos >= 0]] = shares[:, combos >= 0]
    return found


def regrets(game: Game, node: int, place: Place) -> Floats:
    """The regrets at a decision, (actions, 1326), as if its street were the first."""
    player, actions = int(game.tree.kind[node]), int(game.tree.children[node])
    deal, combos = held(game, place, player)
    stored = int(game.layout.stored[node])
    rows = game.stored_rows(game.regret_sums, place.level, player)[deal, stored : stored + actions]
    found = np.zeros((actions, COMBO_COUNT), dtype=np.float32)
    found[:, combos[combos >= 0]] = rows[:, combos >= 0]
    for street in game.streets[: place.level + 1]:
        found /= np.float32(street.chance)
    return found


def held(game: Game, place: Place, player: int) -> tuple[int, NDArray[np.int64]]:
    """The deal that stands for an out, and which pairs its hands are under the out's own suits, -1 for none."""
    hands = game.streets[place.level].hands
    deal = int(np.searchsorted(hands.deals.outs_of, place.out, "right")) - 1
    relabelled = np.append(relabelled_combos(hands.deals.suits[place.out])[:-1], -1)
    return deal, relabelled[hands.combos[player][deal]]


def reach(game: Game, node: int, player: int, cards: Cards) -> Doubles:
    """The weight of each pair of a player at the root times what his average strategy makes of it, (1326,)."""
    place_of(game, node, cards)
    weights = np.zeros(COMBO_COUNT)
    weights[game.ranges[player].combos] = game.ranges[player].weights[: game.ranges[player].size]
    weights[np.isin(COMBOS, np.array(cards, dtype=np.int64)).any(axis=1)] = 0.0
    child, above = node, int(game.tree.parent[node])
    while above >= 0:
        if game.tree.kind[above] == player:
            level = int(game.tree.street[above]) - len(game.spot.board)
            action = game.tree.children_of(above).index(child)
            weights = weights * frequencies(game, above, place_of(game, above, cards[:level]))[action]
        child, above = above, int(game.tree.parent[above])
    return weights


@dataclass(slots=True, eq=False)
class Valuation:
    """Counterfactual values of one player on one street after one deal, under the average strategies."""

    game: Game
    player: int
    place: Place
    cards: Cards
    beyond: Floats | None
    """What lies beyond each deal or run-out, (segments, hands here); None on the river."""
    showdown: Floats | None = None

    def of(self, node: int, against: Doubles) -> Doubles:
        """Chips counted from half of the starting pot, times ``against``, the opponent's reach (1326,), summed."""
        tree = self.game.tree
        kind = NodeKind(int(tree.kind[node]))
        if kind == NodeKind.FOLD or (kind == NodeKind.SHOWDOWN and tree.street[node] == RIVER):
            return self._end(node, against)
        if kind in (NodeKind.CHANCE, NodeKind.SHOWDOWN):
            return self._beyond(node)
        parts = self.by_action(node, against)
        if kind == self.player:
            parts = parts * frequencies(self.game, node, self.place)
        total: Doubles = parts.sum(axis=0)
        return total

    def by_action(self, node: int, against: Doubles) -> Doubles:
        """The same after each action of a decision, (actions, 1326); of the opponent's, each with its reach."""
        children = self.game.tree.children_of(node)
        if int(self.game.tree.kind[node]) == self.player:
            return np.stack([self.of(child, against) for child in children])
        chosen = frequencies(self.game, node, self.place)
        return np.stack([self.of(child, against * share) for child, share in zip(children, chosen, strict=True)])

    def _end(self, node: int, against: Doubles) -> Doubles:
        game = self.game
        showdown, even = payoffs(game.tree, game.spot.rake, node, self.player)
        paid = even * unblocked(against)
        if showdown:
            held = game.ranges[1 - self.player].combos
            paid = paid + showdown * (self._won() @ against[held].astype(np.float32))
        return paid

    def _won(self) -> Floats:
        """1 where the pair of the row beats that of the column, one of the opponent's range; -1 where it loses, 0 for a
        tie or a shared card: (1326, n).
        """
        if self.showdown is None:
            strengths = board_strengths(np.array([(*self.game.spot.board, *self.cards)]), COMBOS)[0]
            held = self.game.ranges[1 - self.player].combos
            ahead = np.sign(strengths[:, None] - strengths[held]).astype(np.float32)
            ahead[_sharing_a_card()[:, held]] = 0.0
            ahead[strengths < 0], ahead[:, strengths[held] < 0] = 0.0, 0.0
            self.showdown = ahead
        return self.showdown

    def _beyond(self, node: int) -> Doubles:
        assert self.beyond is not None
        _, combos = held(self.game, self.place, self.player)
        values = np.zeros(COMBO_COUNT)
        values[combos[combos >= 0]] = self.beyond[self.game.layout.segment[self.place.level, node]][combos >= 0]
        return values


@cache
def _sharing_a_card() -> NDArray[np.bool_]:
    """Which two of the 1,326 pairs cannot be held together, (1326, 1326)."""
    holds = np.zeros((COMBO_COUNT, 52), dtype=np.float32)
    np.put_along_axis(holds, COMBOS, np.float32(1), axis=1)
    shared: NDArray[np.bool_] = holds @ holds.T > 0
    return shared


def valuation(game: Game, player: int, place: Place, cards: Cards) -> Valuation:
    """A valuation of a street after some cards; one pass of the kernels unless it is the river."""
    if place.level + 1 == len(game.streets):
        return Valuation(game, player, place, cards, None)
    beyond = game.beyond(player, place.level, held(game, place, player)[0])
    return Valuation(game, player, place, cards, beyond)


def possible(game: Game, player: int, cards: Cards) -> NDArray[np.bool_]:
    """Which pairs a player may hold, (1326,)."""
    found = np.zeros(COMBO_COUNT, dtype=bool)
    found[game.ranges[player].combos] = True
    dealt: NDArray[np.bool_] = found & ~np.isin(COMBOS, np.array(cards, dtype=np.int64)).any(axis=1)
    return dealt
