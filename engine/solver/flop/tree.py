"""Betting trees that end with a street: what comes after it is not bet on."""

from typing import Final

import numpy as np

from engine.solver.spot import Spot, TooBigError
from engine.solver.tree.betting import Betting, Choice, root
from engine.solver.tree.choices import choices
from engine.solver.tree.nodes import BettingTree, Move, NodeKind

MOST_NODES: Final = 20_000
DEAL: Final = Choice(Move.DEAL)


def tree_to(spot: Spot, last: int) -> BettingTree:
    """The spot's betting tree up to street ``last`` (3 flop, 4 turn, 5 river), depth first; where that street's
    betting is over there is a showdown. Up to the river it is the tree of ``engine.solver.tree.build``. TooBigError
    when there are more than ``MOST_NODES`` nodes.
    """
    met: list[Betting] = []
    taken: list[Choice] = []
    parents: list[int] = []
    ahead = [(root(spot), Choice(Move.ROOT), -1, spot.made)]
    while ahead:
        betting, choice, above, made = ahead.pop()
        if betting.kind == NodeKind.CHANCE and betting.street == last:
            betting = betting._replace(kind=NodeKind.SHOWDOWN)
        node = len(met)
        if node >= MOST_NODES:
            raise TooBigError(f"the betting tree has more than {MOST_NODES:,} nodes: take fewer or larger sizes")
        met.append(betting)
        taken.append(choice)
        parents.append(above)
        if betting.decides:
            following = choices(betting, spot.settings, made[0] if made else 0)
        else:
            following = (DEAL,) if betting.kind == NodeKind.CHANCE else ()
        for action in reversed(following):
            known = bool(made) and action.to == made[0] and action.move is not Move.FOLD
            ahead.append((betting.after(action), action, node, made[1:] if known else ()))
    return _columns(met, taken, parents, spot.pot)


def _columns(met: list[Betting], taken: list[Choice], parents: list[int], pot: int) -> BettingTree:
    size = len(met)
    first, children, end = [-1] * size, [0] * size, list(range(1, size + 1))
    for node in range(size - 1, 0, -1):  # children come before their parent
        above = parents[node]
        first[above] = node
        children[above] += 1
        end[above] = max(end[above], end[node])
    return BettingTree(
        kind=np.array([each.kind for each in met], dtype=np.int8),
        move=np.array([each.move for each in taken], dtype=np.int8),
        street=np.array([each.street for each in met], dtype=np.int8),
        to=np.array([each.to for each in taken], dtype=np.int64),
        paid=np.array([each.paid for each in met], dtype=np.int64),
        parent=np.array(parents, dtype=np.int32),
        first_child=np.array(first, dtype=np.int32),
        children=np.array(children, dtype=np.int32),
        end=np.array(end, dtype=np.int32),
        folded=np.array([each.folded for each in met], dtype=np.int8),
        pot=pot,
    )
