"""A player's side of a game in sequence form (von Stengel 1996), and the game's leaves as a Protocol.

A sequence is a player's own actions on the way to a public node; sequence 0 is the empty one. What he knows besides
is his private state (a card, a pair, a bucket of pairs), the same number of states at each of his decisions. Chance
and the other players stand in the leaves alone, so two, three or ten players make no difference here.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """One player's d decisions, parents first, each with ``states`` information sets.

    ``parent`` (d,) is the sequence that leads to a decision, ``first`` (d,) the first of the ``count`` (d,) sequences
    that it opens, one an action. All int64; the decisions' sequences follow one another from 1 on.
    """

    parent: Places
    first: Places
    count: Places
    states: int

    @property
    def sequences(self) -> int:
        """How many sequences there are, the empty one included."""
        return 1 + int(self.count.sum())


class FormBuilder:
    """Collects a player's decisions while a game's public tree is walked, parents first."""

    def __init__(self, states: int) -> None:
        self._states = states
        self._parent: list[int] = []
        self._count: list[int] = []
        self._next = 1

    def decide(self, parent: int, count: int) -> int:
        """A decision between ``count`` actions after sequence ``parent``; the first of its sequences."""
        first = self._next
        self._parent.append(parent)
        self._count.append(count)
        self._next += count
        return first

    def form(self) -> Form:
        """What was collected."""
        counts = np.array(self._count, dtype=np.int64)
        first = 1 + np.cumsum(counts) - counts
        return Form(np.array(self._parent, dtype=np.int64), first, counts, self._states)


class Leaves(Protocol):
    """The ends of a game: who gets what when everybody follows his sequences."""

    def gradient(self, player: int, reach: tuple[Floats, ...]) -> Floats:
        """What each of a player's sequences is worth to each of his states, (sequences, states).

        ``reach`` holds each player's realisation weights, (sequences, states) with row 0 all ones: how likely he is
        to make the sequence's actions. Only leaves count that the sequence leads to directly, without another
        decision of the player in between; his own reach is not in it, chance and that of the others are.
        """
        ...

    def chances(self, player: int) -> Floats:
        """How much each state of a player counts, (states,): what the gradient leaves out."""
        ...
