"""Finds a node by the actions that lead to it, as people write them: ``x/b120/r300/c`` or ``Check/Bet(120)``.

Short forms are x check, f fold, c call, b120 bet, r300 raise, a all-in; ``root`` or nothing is the root. A deal is
passed through by itself: what follows it is the same betting for every card.
"""

import re

from engine.solver.spot import SpotError
from engine.solver.tree.nodes import BettingTree, Move, NodeKind
from engine.solver.tree.text import action_names

_STEP = re.compile(r"(?P<name>[a-z]+)[ (]*(?P<to>\d*)\)?", re.IGNORECASE)
_MOVES = {
    "x": Move.CHECK,
    "check": Move.CHECK,
    "f": Move.FOLD,
    "fold": Move.FOLD,
    "c": Move.CALL,
    "call": Move.CALL,
    "b": Move.BET,
    "bet": Move.BET,
    "r": Move.RAISE,
    "raise": Move.RAISE,
    "a": Move.ALL_IN,
    "allin": Move.ALL_IN,
}


class PathError(SpotError):
    """A path that leads to no node; the message says which step is wrong and what may stand there."""


def find(tree: BettingTree, path: str) -> int:
    """The decision that a path leads to. Raises PathError."""
    node = 0
    for step in re.split(r"\s*/\s*", path.strip().removeprefix("root").strip("/ ")):
        if step:
            node = _decision(tree, action_at(tree, node, step))
    if tree.kind[node] not in (NodeKind.OOP_ACTS, NodeKind.IP_ACTS):
        raise PathError(f"after {path!r} nobody acts any more")
    return node


def action_at(tree: BettingTree, node: int, text: str) -> int:
    """The child of a node that an action leads to. Raises PathError."""
    found = _STEP.fullmatch(text.strip())
    move = _MOVES.get(found["name"].lower()) if found else None
    if found is not None and move is not None:
        for child in tree.children_of(node):
            if tree.move[child] == move and found["to"] in ("", str(tree.to[child])):
                return child
    raise PathError(f"{text!r} is no action here: there are {', '.join(action_names(tree, node)) or 'none'}")


def path_of(tree: BettingTree, node: int) -> str:
    """The actions that lead to a node, with their full names; ``root`` for the root."""
    steps: list[str] = []
    while node > 0:
        above = int(tree.parent[node])
        if tree.move[node] != Move.DEAL:
            steps.append(action_names(tree, above)[tree.children_of(above).index(node)])
        node = above
    return "/".join(reversed(steps)) or "root"


def _decision(tree: BettingTree, node: int) -> int:
    """What comes after a deal; any other node itself."""
    return int(tree.first_child[node]) if tree.kind[node] == NodeKind.CHANCE else node
