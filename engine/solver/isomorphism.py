"""Suits are only names: spots that differ in them alone are one spot, and cards that differ in them alone one deal.

No rule of the game prefers a suit. A relabelling of the four suits that changes neither the board nor a range
therefore changes no value and no equilibrium: a solver may solve one card of each orbit and count it as often as the
orbit is long, and a cache needs to keep one spot of the up to twenty-four that are the same (Waugh 2013, "A Fast and
Optimal Hand Isomorphism Algorithm").
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import permutations
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.game.ranges import COMBOS, Weights
from engine.solver.spot import Spot

Integers = NDArray[np.int64]
Number = TypeVar("Number", bound=np.floating)


@dataclass(frozen=True, slots=True)
class Relabelling:
    """Other names for the suits: what was suit s (0 to 3: clubs, diamonds, hearts, spades) is now ``suits[s]``."""

    suits: tuple[int, int, int, int]

    @property
    def cards(self) -> Integers:
        """(52,) the new integer of each card."""
        return _new_cards(self.suits)

    @property
    def places(self) -> Integers:
        """(1326,) the new place in ``COMBOS`` of each pair."""
        return _new_places(self.suits)

    def board(self, board: Sequence[int]) -> tuple[int, ...]:
        """The cards with their new names, in the order in which they stand."""
        return tuple(int(self.cards[card]) for card in board)

    def weights(self, weights: NDArray[Number]) -> NDArray[Number]:
        """A row for each pair, (..., 1326), moved to where the pairs now are."""
        moved = np.empty_like(weights)
        moved[..., self.places] = weights
        return moved

    def inverse(self) -> "Relabelling":
        """The one that gives the old names back."""
        first, second, third, fourth = (self.suits.index(suit) for suit in range(4))
        return Relabelling((first, second, third, fourth))


RELABELLINGS: Final = tuple(Relabelling((a, b, c, d)) for a, b, c, d in permutations(range(4)))
SAME: Final = RELABELLINGS[0]


@dataclass(frozen=True, slots=True, eq=False)
class Canonical:
    """The one of all relabelled boards and ranges that stands for them, and the relabelling that leads to it."""

    board: tuple[int, ...]
    ranges: tuple[Weights, ...]
    relabelling: Relabelling


@dataclass(frozen=True, slots=True)
class Deal:
    """Cards that may be dealt next and differ in their suits alone.

    ``card`` stands for all of ``cards``, itself among them. ``relabellings`` lead from it to each of them: a pair at
    place p after ``card`` is worth what the pair at ``relabelling.places[p]`` is worth after the other card.
    """

    card: int
    cards: tuple[int, ...]
    relabellings: tuple[Relabelling, ...]

    @property
    def count(self) -> int:
        """How many cards it stands for."""
        return len(self.cards)


def canonical(board: Sequence[int], ranges: Sequence[Weights] = ()) -> Canonical:
    """The canonical form of a board of any length and of ranges, (1326,) weights, on it.

    The board's cards come back sorted, since the values of what follows do not depend on the order in which they
    were dealt. Weights of pairs that the board makes impossible become 0.
    """
    boards = {one: tuple(sorted(one.board(board))) for one in RELABELLINGS}
    first = min(boards.values())
    live = [_live(weights, board) for weights in ranges]
    candidates = [(one, [one.weights(weights) for weights in live]) for one in RELABELLINGS if boards[one] == first]
    chosen, moved = min(candidates, key=lambda candidate: [_sort_key(weights) for weights in candidate[1]])
    return Canonical(first, tuple(moved), chosen)


def canonical_spot(spot: Spot) -> tuple[Spot, Relabelling]:
    """The spot that stands for all that differ from this one in their suits alone, and the relabelling to it."""
    form = canonical(spot.board, spot.ranges)
    out_of_position, in_position = form.ranges
    return replace(spot, board=form.board, ranges=(out_of_position, in_position)), form.relabelling


def symmetries(board: Sequence[int], ranges: Sequence[Weights] = ()) -> tuple[Relabelling, ...]:
    """The relabellings that change neither the board nor a range on it, bit for bit; the first changes nothing."""
    shown = set(board)
    live = [_live(weights, board) for weights in ranges]
    return tuple(
        one
        for one in RELABELLINGS
        if set(one.board(board)) == shown and all(np.array_equal(one.weights(row), row) for row in live)
    )


def deals(board: Sequence[int], ranges: Sequence[Weights] = ()) -> tuple[Deal, ...]:
    """The cards that may come next, those together that no range and no board card tells apart, in rising order.

    Each remaining card is in one Deal. For the card after next ask again with the board that has the next one.
    """
    group = symmetries(board, ranges)
    found, left = [], set(range(52)) - set(board)
    for card in range(52):
        if card in left:
            ways = {one.board((card,))[0]: one for one in reversed(group)}
            cards = tuple(sorted(ways))
            left -= ways.keys()
            found.append(Deal(card, cards, tuple(ways[other] for other in cards)))
    return tuple(found)


def _live(weights: Weights, board: Sequence[int]) -> Weights:
    """The range without the pairs that the board makes impossible; -0.0 becomes 0."""
    blocked = np.isin(COMBOS, np.asarray(board, dtype=np.int64)).any(axis=1)
    return np.where(blocked, 0.0, weights) + 0.0


def _sort_key(weights: NDArray[np.floating]) -> bytes:
    """Bytes that sort as the numbers do, on every machine (they are never negative)."""
    return weights.astype(">f8").tobytes()


@cache
def _new_cards(suits: tuple[int, int, int, int]) -> Integers:
    cards = np.arange(52)
    renamed: Integers = 4 * (cards // 4) + np.array(suits)[cards % 4]
    renamed.setflags(write=False)
    return renamed


@cache
def _new_places(suits: tuple[int, int, int, int]) -> Integers:
    low, high = np.sort(_new_cards(suits)[COMBOS], axis=1).T
    places: Integers = low * (103 - low) // 2 + high - low - 1
    places.setflags(write=False)
    return places
