"""A solved street as the answer to a state: legal actions with frequencies and values, and ranges to look at."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.game.actions import Action, ActionKind, LegalActions
from engine.game.packed import pack
from engine.game.ranges import Weights, combo_index
from engine.game.state import TableState
from engine.solver.brain.beliefs import narrowed
from engine.solver.brain.game import Floats, Game
from engine.solver.brain.street import StreetLine
from engine.solver.tree.nodes import BettingTree, Move, NodeKind
from engine.words import ActionValue, NodeStrategy, SeatRange

RARE = 0.01
SHOWN_REPLIES = 5
"""Nodes after the hero's that are given along to be looked at."""


class NoAnswerError(ValueError):
    """A solution that says nothing about the hero's spot."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where the hero stands in a solved street: the way from the root to his node."""

    state: TableState
    line: StreetLine
    game: Game
    path: tuple[int, ...]

    @property
    def node(self) -> int:
        return self.path[-1]


def action_values(place: Place, strategy: Floats, values: NDArray[np.float64]) -> tuple[ActionValue, ...]:
    """The hero's actions with how often his pair takes them and what they are worth, folding at 0, in chips.

    ``strategy`` and ``values`` are (actions, 1326) at his node. Sizes that come to the same legal action are added up.
    What is taken less often than ``RARE`` is not taken at all (Ganzfried, Sandholm and Waugh 2012): it is mostly what
    the first iterations left in the average, and the nuts would be folded once in a while.
    NoAnswerError when the solution holds nothing for his pair.
    """
    own = combo_index(*place.state.hole)
    frequencies = strategy[:, own].astype(np.float64)
    frequencies[frequencies < RARE * frequencies.sum()] = 0.0
    total = float(frequencies.sum())
    if not total > 0 or not np.isfinite(total):
        raise NoAnswerError("the solution holds nothing for the hero's hand")
    folding = -float(place.game.tree.paid[place.node][place.game.tree.kind[place.node]])
    merged: dict[Action, tuple[float, float]] = {}
    for number, action in enumerate(legal_actions(place)):
        share, value = float(frequencies[number]) / total, float(values[number, own]) - folding
        before, earlier = merged.get(action, (0.0, value))
        merged[action] = before + share, max(earlier, value)
    return tuple(ActionValue(action, share, value) for action, (share, value) in merged.items())


def legal_actions(place: Place) -> tuple[Action, ...]:
    """What each child of the hero's node is at the table, in their order."""
    legal = place.state.legal
    if legal is None:
        raise NoAnswerError("nobody is to act")
    tree = place.game.tree
    return tuple(_legal(tree, child, legal, place.line.stack) for child in tree.children_of(place.node))


def _legal(tree: BettingTree, child: int, legal: LegalActions, stack: int) -> Action:
    move, to = Move(int(tree.move[child])), int(tree.to[child])
    if move is Move.FOLD:
        return Action(ActionKind.FOLD)
    if move in (Move.CHECK, Move.CALL) or not legal.can_raise:
        return Action(ActionKind.CHECK) if legal.can_check else Action(ActionKind.CALL, legal.call_amount)
    kind = ActionKind.BET if legal.opening else ActionKind.RAISE
    return Action(kind, min(max(to, legal.min_to), legal.max_to))


def shown(
    place: Place, ranges: tuple[Weights, Weights], values: NDArray[np.float64]
) -> tuple[tuple[SeatRange, ...], tuple[NodeStrategy, ...]]:
    """Both ranges at the hero's node, and the strategies there, with their ``values``, and at the replies."""
    held = narrowed(place.game, place.path, ranges)
    seats = tuple(SeatRange(seat, pack(weights)) for seat, weights in zip(place.line.seats, held, strict=True))
    nodes = [_node(place, place.node, (), held, values)]
    tree = place.game.tree
    for child, action in zip(tree.children_of(place.node), legal_actions(place), strict=True):
        if int(tree.kind[child]) in (NodeKind.OOP_ACTS, NodeKind.IP_ACTS):
            nodes.append(_node(place, child, (action,), held))
    return seats, tuple(nodes[: 1 + SHOWN_REPLIES])


def _node(
    place: Place,
    node: int,
    path: tuple[Action, ...],
    held: tuple[Weights, Weights],
    values: NDArray[np.float64] | None = None,
) -> NodeStrategy:
    tree, player = place.game.tree, int(place.game.tree.kind[node])
    strategy = place.game.strategy(node)
    worth = "" if values is None else pack((values + float(tree.paid[node][player])) / place.state.big_blind)
    reach = held[player]
    actions = legal_actions(place) if not path else tuple(_as_made(tree, child) for child in tree.children_of(node))
    frequencies = np.where(reach > 0, strategy, 0.0)
    return NodeStrategy(path, place.line.seats[player], actions, pack(reach), pack(frequencies), worth)


def _as_made(tree: BettingTree, child: int) -> Action:
    """An opponent's action as he would make it, in the tree's chips."""
    move, to = Move(int(tree.move[child])), int(tree.to[child])
    if move is Move.FOLD:
        return Action(ActionKind.FOLD)
    if move is Move.CHECK:
        return Action(ActionKind.CHECK)
    if move is Move.CALL:
        above = int(tree.parent[child])
        mover = int(tree.kind[above])
        return Action(ActionKind.CALL, int(tree.paid[child][mover] - tree.paid[above][mover]))
    above = int(tree.parent[child])
    opening = tree.paid[above][0] == tree.paid[above][1]
    return Action(ActionKind.BET if opening else ActionKind.RAISE, to)
