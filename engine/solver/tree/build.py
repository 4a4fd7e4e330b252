"""Builds the public betting tree of a spot, within bounds."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from engine.solver.spot import Spot, TooBigError
from engine.solver.tree.betting import Betting, Choice, root
from engine.solver.tree.choices import choices
from engine.solver.tree.memory import Storage, readable
from engine.solver.tree.nodes import BettingTree, Move, NodeKind
from engine.solver.tree.settings import TreeSettings

MOST_NODES: Final = 100_000


def build(spot: Spot) -> BettingTree:
    """The tree of everything the spot's settings consider, and of what was made, depth first.

    Raises TooBigError when it has more than ``MOST_NODES`` public nodes, with the memory that the part seen until
    then would need at the least.
    """
    storage, nodes = Storage.of(spot), _Nodes()
    ahead = [(root(spot), Choice(Move.ROOT), -1, spot.made)]
    while ahead:
        betting, choice, above, made = ahead.pop()
        node = nodes.add(betting, choice, above)
        following = _following(betting, spot.settings, made)
        if betting.decides:
            storage.add(betting.street, int(betting.kind), len(following))
        if node >= MOST_NODES:
            raise TooBigError(
                f"the betting tree has more than {MOST_NODES:,} nodes; solving it would need more than "
                f"{readable(storage.bytes)} of memory: take fewer or larger sizes, or limit the raises"
            )
        ahead.extend((betting.after(action), action, node, _still(made, action)) for action in reversed(following))
    return nodes.tree(spot.pot)


def _following(betting: Betting, settings: TreeSettings, made: tuple[int, ...]) -> tuple[Choice, ...]:
    if betting.decides:
        return choices(betting, settings, made[0] if made else 0)
    return (Choice(Move.DEAL),) if betting.kind == NodeKind.CHANCE else ()


def _still(made: tuple[int, ...], action: Choice) -> tuple[int, ...]:
    """What was made after an action: nothing that is known, where another one was."""
    return made[1:] if made and action.to == made[0] and action.move is not Move.FOLD else ()


@dataclass(slots=True)
class _Nodes:
    """The tree's columns while it grows."""

    kind: list[int] = field(default_factory=list)
    move: list[int] = field(default_factory=list)
    street: list[int] = field(default_factory=list)
    to: list[int] = field(default_factory=list)
    paid: list[tuple[int, int]] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    folded: list[int] = field(default_factory=list)

    def add(self, betting: Betting, choice: Choice, above: int) -> int:
        """Append a node; its number."""
        self.kind.append(betting.kind)
        self.move.append(choice.move)
        self.street.append(betting.street)
        self.to.append(choice.to)
        self.paid.append(betting.paid)
        self.parent.append(above)
        self.folded.append(betting.folded)
        return len(self.kind) - 1

    def tree(self, pot: int) -> BettingTree:
        """The finished tree."""
        size = len(self.kind)
        first, children, end = [-1] * size, [0] * size, [0] * size
        for node in range(size - 1, -1, -1):  # children come before their parent
            end[node] = max(end[node], node + 1)
            above = self.parent[node]
            if above >= 0:
                first[above] = node
                children[above] += 1
                end[above] = max(end[above], end[node])
        return BettingTree(
            kind=np.array(self.kind, dtype=np.int8),
            move=np.array(self.move, dtype=np.int8),
            street=np.array(self.street, dtype=np.int8),
            to=np.array(self.to, dtype=np.int64),
            paid=np.array(self.paid, dtype=np.int64),
            parent=np.array(self.parent, dtype=np.int32),
            first_child=np.array(first, dtype=np.int32),
            children=np.array(children, dtype=np.int32),
            end=np.array(end, dtype=np.int32),
            folded=np.array(self.folded, dtype=np.int8),
            pot=pot,
        )
