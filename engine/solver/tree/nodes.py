"""What a betting tree is made of: flat arrays over its public nodes, without cards.

A chance node stands for every card that may be dealt: what follows it is the same betting for each of them, so it has
one child. Players are 0 (out of position, first to act after the flop) and 1 (in position).
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

OOP: Final = 0
IP: Final = 1


class NodeKind(IntEnum):
    """What happens at a public node. The first two are also the number of the player who acts."""

    OOP_ACTS = 0
    IP_ACTS = 1
    CHANCE = 2
    FOLD = 3
    """Somebody has folded: the other takes the pot."""
    SHOWDOWN = 4
    """Nobody acts any more. Before the river the board is first run out, every card with the same chance."""


class Move(IntEnum):
    """How a node is reached from its parent."""

    ROOT = 0
    FOLD = 1
    CHECK = 2
    CALL = 3
    BET = 4
    RAISE = 5
    ALL_IN = 6
    """A bet or raise with everything that can go in; a call all-in stays a CALL."""
    DEAL = 7


@dataclass(frozen=True, slots=True, eq=False)
class BettingTree:
    """Public nodes in depth-first order; node 0 is the root, children of a node are in the order of their sizes.

    For n nodes: ``kind``, ``move``, ``street`` (3 flop, 4 turn, 5 river: board cards shown) are (n,) int8; ``to``
    (n,) int64 is what the mover has put in on this street afterwards, in chips (0 for a check, fold or deal);
    ``paid`` (n, 2) int64 is what each player has put in since the tree's starting pot, the root's own bets included;
    ``parent``, ``first_child``, ``children`` are (n,) int32, -1 and 0 where there is none. The children of a node
    are not adjacent: the next sibling begins where a child's subtree ends, and ``end`` (n,) int32 says where that is.
    ``folded`` (n,) int8 is the player who folded at a FOLD node, else -1.
    """

    kind: NDArray[np.int8]
    move: NDArray[np.int8]
    street: NDArray[np.int8]
    to: NDArray[np.int64]
    paid: NDArray[np.int64]
    parent: NDArray[np.int32]
    first_child: NDArray[np.int32]
    children: NDArray[np.int32]
    end: NDArray[np.int32]
    folded: NDArray[np.int8]
    pot: int
    """Chips in the middle before anything in ``paid``."""

    @property
    def size(self) -> int:
        return len(self.kind)

    def children_of(self, node: int) -> tuple[int, ...]:
        """The numbers of a node's children."""
        found, child = [], int(self.first_child[node])
        for _ in range(int(self.children[node])):
            found.append(child)
            child = int(self.end[child])
        return tuple(found)
