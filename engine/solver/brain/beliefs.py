"""Ranges through a hand by Bayes: what each of two players may hold, given what he did where his strategy was solved.

A pair's weight is multiplied by the frequency with which the solution takes the action that was made (Bayes' rule, the
card removal of the other's pair left to the solver). A player may depart from the solution, so every action keeps a
small share of every pair (``TREMBLE``); nobody's range is ever empty.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from engine.game.ranges import COMBO_COUNT, Weights, combo_index, without
from engine.game.state import Street, TableState
from engine.solver.brain.game import Floats, Game, follow
from engine.solver.brain.street import StreetLine, made_on
from engine.solver.tree.nodes import BettingTree, NodeKind

TREMBLE = 0.03
LEAST_WEIGHT = 0.04
"""A pair that is so much less likely than the likeliest is left out: it costs time and changes nothing."""
LEAST_OWN = 0.04
"""The least weight of the hero's own pair in his range: he holds it, whatever he is taken to do with it."""


@dataclass(frozen=True, slots=True, eq=False)
class RootRanges:
    """The ranges, of the player out of position and the one in position, where a street's subgame begins.

    ``how``: solved (by Bayes from the solution of the street before), chart (before the flop), read (rules of thumb).
    """

    weights: tuple[Weights, Weights]
    how: str


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """The average strategies of a solved street, without what solving them took."""

    tree: BettingTree
    strategies: dict[int, Floats]

    @staticmethod
    def of(game: Game) -> "Kept":
        """What is needed of a game once it is solved: the decisions of the root's street."""
        tree = game.tree
        acting = np.flatnonzero((tree.kind <= NodeKind.IP_ACTS) & (tree.street == tree.street[0]))
        return Kept(tree, {int(node): game.strategy(int(node)) for node in acting})

    def strategy(self, node: int) -> Floats:
        """As in the game."""
        return self.strategies[node]


@dataclass(frozen=True, slots=True, eq=False)
class _Solved:
    """A street that was solved: from which root and which ranges."""

    line: StreetLine
    ranges: RootRanges
    kept: Kept


class Beliefs:
    """What was solved in the hand under way. A new hand forgets the old one."""

    def __init__(self) -> None:
        self._hand = ""
        self._streets: dict[Street, _Solved] = {}

    def keep(self, state: TableState, line: StreetLine, ranges: RootRanges, game: Game) -> None:
        """Remember the solution of a street; a later one of the same street takes its place."""
        self._begin(state)
        self._streets[state.street] = _Solved(line, ranges, Kept.of(game))

    def solved(self, state: TableState) -> tuple[StreetLine, RootRanges] | None:
        """Where this street was solved from before, None when it was not."""
        self._begin(state)
        known = self._streets.get(state.street)
        return None if known is None else (known.line, known.ranges)

    def earlier(self, state: TableState, line: StreetLine) -> RootRanges | None:
        """The ranges at the root of a street from the solution of the street before; None where there is none, or
        where it lacks an action that was made.
        """
        self._begin(state)
        known = self._streets.get(Street(state.street - 1)) if state.street > Street.FLOP else None
        if known is None or not line.whole or known.line.seats != line.seats:
            return None
        made = made_on(state, known.line, Street(state.street - 1))
        path = follow(known.kept.tree, made)
        if path is None:
            return None
        weights = narrowed(known.kept, path, known.ranges.weights)
        return RootRanges(settled(state, line, weights), "solved")

    def _begin(self, state: TableState) -> None:
        if state.hand_id != self._hand:
            self._hand = state.hand_id
            self._streets.clear()


def narrowed(game: Game | Kept, path: tuple[int, ...], weights: tuple[Weights, Weights]) -> tuple[Weights, Weights]:
    """Ranges after the actions that lead along ``path``, a way through the tree from its root."""
    held = [weights[0].copy(), weights[1].copy()]
    for node, child in pairwise(path):
        kind = NodeKind(int(game.tree.kind[node]))
        if kind in (NodeKind.OOP_ACTS, NodeKind.IP_ACTS):
            taken = game.strategy(node)[game.tree.children_of(node).index(child)]
            held[int(kind)] *= TREMBLE + (1 - TREMBLE) * taken.astype(np.float64)
    return held[0], held[1]


def settled(state: TableState, line: StreetLine, weights: tuple[Weights, Weights]) -> tuple[Weights, Weights]:
    """Ranges made fit to be solved: no pair that the board shows, the hero's own pair in his, the likeliest at 1."""
    oop, ip = (_settle(state, seat, held) for seat, held in zip(line.seats, weights, strict=True))
    return oop, ip


def _settle(state: TableState, seat: int, weights: Weights) -> Weights:
    possible = without(np.ones(COMBO_COUNT), state.board)
    held: Weights = np.clip(weights, 0.0, None) * possible
    if held.max() <= 0:
        held = possible
    held = held / held.max()
    held[held < LEAST_WEIGHT] = 0.0
    if seat == state.hero and len(state.hole) == 2:
        own = combo_index(*state.hole)
        held[own] = max(held[own], LEAST_OWN)
    return held


def before_root(state: TableState, line: StreetLine) -> TableState:
    """The state with the history as it was at the root of its street's subgame."""
    made = len(line.made)
    return replace(state, history=state.history[: len(state.history) - made])
