"""Begins a solve from strategies that are known: those of an earlier solve, on this street or the one before."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from engine.solver.spot import SpotError
from engine.solver.tree.nodes import BettingTree, NodeKind

if TYPE_CHECKING:
    from engine.solver.subgame.subgame import Subgame

AVERAGE_MASS: Final = 5
"""After t iterations with weights that grow with the fourth power, their sum is t / 5 of the last one's."""


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """Where the strategies and regrets are: a node of a solved subgame, after ``cards`` have been dealt in it. They
    count like those of at most ``weight`` iterations: fewer let the solve move away from them sooner."""

    source: "Subgame"
    node: int = 0
    cards: tuple[int, ...] = ()
    weight: int = 30


def matching_nodes(tree: BettingTree, source: BettingTree, node: int) -> list[tuple[int, int]]:
    """Decisions of a tree, each with the decision of ``source`` that the same actions lead to from ``node`` on, where
    both consider the same actions."""
    if source.kind[node] == NodeKind.CHANCE:
        node = int(source.first_child[node])
    found, ahead = [], [(0, node)]
    while ahead:
        here, there = ahead.pop()
        mine, theirs = tree.children_of(here), source.children_of(there)
        same = [tree.to[child] for child in mine] == [source.to[child] for child in theirs]
        if tree.kind[here] != source.kind[there] or not same:
            continue
        if tree.kind[here] <= NodeKind.IP_ACTS:
            found.append((here, there))
        ahead.extend(zip(mine, theirs, strict=True))
    return found


def begin_from(subgame: "Subgame", start: Start) -> None:
    """Put strategies and regrets of the root's street in the place of a subgame's own, as far as the trees match.

    Regrets are those of the source for one card dealt there, so that they count for as many as could have come. The
    ranges are expected to be the reach in the source, or close to it. What does not match stays as it was, and so do
    locked decisions. Raises SpotError when the boards do not agree or nothing matches.
    """
    source, board = start.source, subgame.spot.board
    if set(source.spot.board + start.cards) != set(board):
        raise SpotError("the solution to begin from is of another board")
    pairs = matching_nodes(subgame.tree, source.tree, start.node)
    pairs = [(here, there) for here, there in pairs if subgame.tree.street[here] == len(board)]
    if not pairs:
        raise SpotError("the solution to begin from considers other actions: nothing of it can be used")
    weight = min(start.weight, source.iterations)
    locked = {lock.node for lock in subgame.locks}
    for here, there in pairs:
        if here not in locked:
            regrets = source.regrets(there, start.cards)
            subgame.put(here, source.strategy(there, start.cards), weight / AVERAGE_MASS, regrets)
    subgame.iterations = weight


def as_stored(
    frequencies: "np.ndarray[tuple[int, int], np.dtype[np.float32]]",
    combos: "np.ndarray[tuple[int, int], np.dtype[np.int64]]",
) -> "np.ndarray[tuple[int, int, int], np.dtype[np.float32]]":
    """(actions, 1326) frequencies in the order of stored rows: (deals, actions, width), 0 where there is no hand."""
    return np.where(combos[:, None] >= 0, frequencies[:, combos].transpose(1, 0, 2), np.float32(0))
