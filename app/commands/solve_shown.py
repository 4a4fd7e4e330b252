"""The node of a solution that `pitboss solve` shows: how often each action is taken, and what it is worth."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.solver.frequencies import ClassFrequencies, Doubles, against, by_class, overall
from engine.solver.spot import Spot
from engine.solver.tree.nodes import BettingTree
from engine.solver.tree.path import path_of
from engine.solver.tree.text import action_names

Cards = tuple[int, ...]


class Answer(Protocol):
    """A solution that can be looked at: a subgame, or what was stored of one."""

    @property
    def spot(self) -> Spot: ...

    @property
    def tree(self) -> BettingTree: ...

    def strategy(self, node: int, cards: Cards = ()) -> NDArray[np.float32]: ...

    def reach(self, node: int, player: int, cards: Cards = ()) -> Doubles: ...

    def values(self, node: int, player: int, cards: Cards = ()) -> Doubles: ...


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A node: the actions that lead to it, who acts, the board there, the names of the actions, how often each is
    taken over the whole range (actions,) and class by class, and what the player expects from there on in chips (None
    where it is never reached).
    """

    path: str
    player: int
    board: Cards
    actions: tuple[str, ...]
    overall: Doubles
    classes: ClassFrequencies
    ev: float | None


def shown(answer: Answer, node: int, cards: Cards) -> Shown:
    """A decision of a solution, after the ``cards`` that were dealt on the way to it. Raises SpotError."""
    tree, player = answer.tree, int(answer.tree.kind[node])
    board = (*answer.spot.board, *cards)
    strategy = answer.strategy(node, cards)
    reach = answer.reach(node, player, cards)
    weights = against(reach, answer.reach(node, 1 - player, cards))
    total = weights.sum()
    ev = None
    if total > 0:
        from_here = answer.values(node, player, cards) + float(tree.paid[node, player])
        ev = float(weights @ from_here / total)
    return Shown(
        path=path_of(tree, node),
        player=player,
        board=board,
        actions=action_names(tree, node),
        overall=overall(strategy, weights),
        classes=by_class(strategy, reach, board),
        ev=ev,
    )
