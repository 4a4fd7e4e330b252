"""What the brain asks of a solved street, whichever method solved it."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.solver.tree.betting import Choice
from engine.solver.tree.nodes import BettingTree, Move

Floats = NDArray[np.float32]
PASSIVE = frozenset({Move.FOLD, Move.CHECK, Move.CALL})


class Game(Protocol):
    """A solved betting tree. ``cards`` are those dealt since the root, where the tree goes on over a deal."""

    @property
    def tree(self) -> BettingTree:
        """The public tree that was solved."""
        ...

    def strategy(self, node: int, cards: tuple[int, ...] = ()) -> Floats:
        """Average strategy at a decision: (actions, 1326), columns adding up to 1 where the pair is possible."""
        ...

    def action_values(self, node: int, cards: tuple[int, ...] = ()) -> NDArray[np.float64]:
        """Expected chips of each pair of the player who acts, for each action: (actions, 1326)."""
        ...


def follow(tree: BettingTree, made: Sequence[Choice]) -> tuple[int, ...] | None:
    """The nodes on the way that actions lead from the root, the root first; None where the tree lacks one of them."""
    path = [0]
    for choice in made:
        found = [child for child in tree.children_of(path[-1]) if _leads(tree, child, choice)]
        if not found:
            return None
        path.append(found[0])
    return tuple(path)


def _leads(tree: BettingTree, child: int, choice: Choice) -> bool:
    move = Move(int(tree.move[child]))
    if choice.move in PASSIVE or move in PASSIVE:
        return move is choice.move
    return int(tree.to[child]) == choice.to
