"""A small heads-up game written out: every pair of hands, every public node after every card, what each is worth.

Dense and slow on purpose: payoffs are tables over pairs of hands, made one pair at a time from the brute-force
evaluator. It shares with the product only the arrays of the betting tree.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.solver.tree.nodes import BettingTree, NodeKind
from tests.solver.reference.hand import RANKS, best

Table = NDArray[np.float64]
DECK = tuple(rank + suit for rank in RANKS for suit in "cdhs")


@dataclass(frozen=True, slots=True)
class Place:
    """A public node after the cards that were dealt on the way to it."""

    node: int
    cards: tuple[str, ...]


@dataclass(frozen=True)
class Game:
    """``hands`` of each player by name with their weights, on a ``board`` of four or five cards.

    ``rake`` is (share, cap) of the pot that is called; ``locks`` hold a node's frequencies, hand by hand, wherever
    the node is met.
    """

    name: str
    board: tuple[str, ...]
    hands: tuple[Mapping[str, float], Mapping[str, float]]
    tree: BettingTree
    rake: tuple[float, float] = (0.0, 0.0)
    locks: Mapping[int, Mapping[str, tuple[float, ...]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        blocked = [hand for own in self.hands for hand in own if _cards(hand) & set(self.board)]
        assert not blocked, f"{self.name}: the board holds a card of {blocked}"

    def names(self, player: int) -> tuple[str, ...]:
        return tuple(self.hands[player])

    @property
    def pot(self) -> int:
        return self.tree.pot

    @cached_property
    def deals(self) -> Table:
        """The chance of each pair of hands, (hands of 0, hands of 1); 0 where they share a card."""
        chances = np.array(
            [
                [0.0 if _cards(one) & _cards(two) else weight * other for two, other in self.hands[1].items()]
                for one, weight in self.hands[0].items()
            ]
        )
        normal: Table = chances / chances.sum()
        return normal

    def children(self, place: Place) -> tuple[Place, ...]:
        """What follows a decision, or a chance node's one child after every card that may come."""
        nodes = self.tree.children_of(place.node)
        if self.tree.kind[place.node] != NodeKind.CHANCE:
            return tuple(Place(node, place.cards) for node in nodes)
        return tuple(Place(nodes[0], (*place.cards, card)) for card in self.unseen(place.cards))

    def unseen(self, cards: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(card for card in DECK if card not in self.board and card not in cards)

    def open_chances(self, cards: tuple[str, ...]) -> Table:
        """The chance that these cards came, for each pair of hands: 0 where a hand holds one of them."""
        if not cards:
            return np.ones_like(self.deals)
        free = [
            [0.0 if (_cards(one) | _cards(two)) & set(cards) else 1.0 for two in self.hands[1]] for one in self.hands[0]
        ]
        return np.array(free) / (52 - len(self.board) - 4)

    @cached_property
    def _payoffs(self) -> dict[Place, tuple[Table, Table]]:
        return {}

    def payoff(self, place: Place) -> tuple[Table, Table]:
        """Chips that each player takes at a leaf less what he put in, times the chance of the hands and cards."""
        if place not in self._payoffs:
            self._payoffs[place] = self._payoff(place)
        return self._payoffs[place]

    def _payoff(self, place: Place) -> tuple[Table, Table]:
        paid = self.tree.paid[place.node]
        chance = self.deals * self.open_chances(place.cards)
        called = self.pot + 2 * int(paid.min())
        rake = min(self.rake[0] * called, self.rake[1])
        if self.tree.kind[place.node] == NodeKind.FOLD:
            loser = int(self.tree.folded[place.node])
            share = np.full_like(chance, float(loser == 1))
        else:
            share = self.shares(place.cards)
        middle = self.pot + int(paid.sum()) - rake
        return chance * (share * middle - paid[0]), chance * ((1 - share) * middle - paid[1])

    def shares(self, cards: tuple[str, ...]) -> Table:
        """What player 0 takes of the pot at showdown for each pair of hands; averaged over the river before it."""
        board = (*self.board, *cards)
        table = np.zeros_like(self.deals)
        for row, one in enumerate(self.hands[0]):
            for column, two in enumerate(self.hands[1]):
                held = _cards(one) | _cards(two)
                if len(held) == 4:
                    ends = [board] if len(board) == 5 else [(*board, card) for card in self.unseen(cards)]
                    open_ends = [end for end in ends if not held & set(end)]
                    table[row, column] = np.mean([_share(one, two, end) for end in open_ends] or [0.0])
        return table

    def places(self) -> Iterator[Place]:
        """Every public node after every card, parents first."""
        ahead = [Place(0, ())]
        while ahead:
            place = ahead.pop()
            yield place
            ahead.extend(reversed(self.children(place)))

    def is_leaf(self, place: Place) -> bool:
        return self.tree.kind[place.node] in (NodeKind.FOLD, NodeKind.SHOWDOWN)

    def actor(self, place: Place) -> int | None:
        """Who acts at a place; None at a chance node or leaf."""
        kind = int(self.tree.kind[place.node])
        return kind if kind in (0, 1) else None

    def lock_at(self, place: Place) -> Table | None:
        """The frequencies that are held fixed at a place, (actions, hands); None where the player is free."""
        actor = self.actor(place)
        if actor is None or place.node not in self.locks:
            return None
        return np.array([self.locks[place.node][name] for name in self.names(actor)]).T


def _cards(hand: str) -> set[str]:
    return {hand[:2], hand[2:]}


def _share(one: str, two: str, board: tuple[str, ...]) -> float:
    mine, theirs = (best(frozenset(_cards(hand) | set(board))) for hand in (one, two))
    return (mine > theirs) + 0.5 * (mine == theirs)
