"""Begins a solve from strategies that are known: those of an earlier solve, on this street or the one before."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from engine.solver.spot import SpotError
from engine.solver.tree.nodes import BettingTree, NodeKind

if TYPE_CHECKING:
    from engine.solver.subgame.subgame import Subgame

REGRET_SHARE: Final = 0.02
"""How far the better of two actions is taken to be ahead, as a share of the pot: strategies do not tell, and a small
lead is soon corrected (Brown and Sandholm 2016 derive what is consistent; this is simpler and as quick here)."""


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """Where the strategies are: a node of a solved subgame, after ``cards`` have been dealt in it. They count like
    those of ``weight`` iterations."""

    source: "Subgame"
    node: int = 0
    cards: tuple[int, ...] = ()
    weight: int = 6


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
    """Put the strategies of the root's street in the place of a subgame's own, as far as the two trees match.

    Raises SpotError when the boards do not agree or nothing matches. What does not match stays as it was, and so do
    locked decisions.
    """
    source, board = start.source, subgame.spot.board
    if set(source.spot.board + start.cards) != set(board):
        raise SpotError("the solution to begin from is of another board")
    pairs = matching_nodes(subgame.tree, source.tree, start.node)
    pairs = [(here, there) for here, there in pairs if subgame.tree.street[here] == len(board)]
    if not pairs:
        raise SpotError("the solution to begin from considers other actions: nothing of it can be used")
    locked = {lock.node for lock in subgame.locks}
    for here, there in pairs:
        if here not in locked:
            subgame.put_strategy(here, source.strategy(there, start.cards), start.weight, REGRET_SHARE)
    subgame.iterations = max(subgame.iterations, start.weight)


def as_stored(
    frequencies: "np.ndarray[tuple[int, int], np.dtype[np.float32]]",
    combos: "np.ndarray[tuple[int, int], np.dtype[np.int64]]",
) -> "np.ndarray[tuple[int, int, int], np.dtype[np.float32]]":
    """(actions, 1326) frequencies in the order of stored rows: (deals, actions, width), 0 where there is no hand."""
    return np.where(combos[:, None] >= 0, frequencies[:, combos].transpose(1, 0, 2), np.float32(0))
