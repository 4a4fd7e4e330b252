"""A constant-sum game's value by the sequence-form linear programme (Koller, Megiddo and von Stengel 1996).

Player 0's realisation plan x maximises what the best reply of player 1 leaves him. The dual of that reply gives one
number q a constraint of player 1: maximise f'q subject to E x = e, F'q <= A'x, x >= 0. A locked node is the
constraint that each of its sequences is a fixed share of the sequence above.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import bmat, coo_array, csr_array

from tests.solver.reference.game import Game, Place, Table

Cells = tuple[NDArray[np.int64], NDArray[np.int64], Table]
"""Entries of the payoff matrix: sequences of player 0, of player 1, chips."""


@dataclass(slots=True)
class Plan:
    """One player's sequences and what binds them: rows of (constraint, sequence, factor), (constraint, total)."""

    hands: int
    sequences: int = 0
    entries: list[tuple[int, int, float]] = field(default_factory=list)
    totals: list[float] = field(default_factory=list)

    def add(self, count: int) -> int:
        first = self.sequences
        self.sequences += count
        return first

    def bind(self, terms: list[tuple[int, float]], total: float) -> None:
        self.entries.extend((len(self.totals), sequence, factor) for sequence, factor in terms)
        self.totals.append(total)

    def matrix(self) -> csr_array:
        rows, columns, factors = zip(*self.entries, strict=True)
        return csr_array(coo_array((factors, (rows, columns)), shape=(len(self.totals), self.sequences)))


def game_value(game: Game) -> float:
    """What player 0 gets in the game's equilibrium, in chips, his share of the starting pot included.

    The game must be constant-sum: without rake, or with one that is the same at every leaf.
    """
    plans = (Plan(len(game.hands[0])), Plan(len(game.hands[1])))
    for plan in plans:
        first = plan.add(plan.hands)
        for hand in range(plan.hands):
            plan.bind([(first + hand, 1.0)], 1.0)
    cells: list[Cells] = []
    totals: list[float] = []
    _walk(game, Place(0, ()), (0, 0), plans, cells, totals)
    assert np.ptp(totals) < 1e-9 * game.pot, "the linear programme is for constant-sum games"
    rows, columns, pots = (np.concatenate([cell[part] for cell in cells]) for part in range(3))
    payoff = csr_array(coo_array((pots / game.pot, (rows, columns)), shape=(plans[0].sequences, plans[1].sequences)))
    mine, theirs = plans[0].matrix(), plans[1].matrix()
    replies = bmat([[-payoff.T, theirs.T]], format="csr")
    bound = bmat([[mine, csr_array((mine.shape[0], theirs.shape[0]))]], format="csr")
    cost = np.concatenate([np.zeros(mine.shape[1]), -np.array(plans[1].totals)])
    limits = [(0, None)] * mine.shape[1] + [(None, None)] * theirs.shape[0]
    solved = linprog(cost, replies, np.zeros(replies.shape[0]), bound, plans[0].totals, limits, method="highs-ds")
    assert solved.status == 0, solved.message
    return float(-solved.fun * game.pot)


def _walk(
    game: Game,
    place: Place,
    last: tuple[int, int],
    plans: tuple[Plan, Plan],
    cells: list[Cells],
    totals: list[float],
) -> None:
    """Number the sequences below a place; ``last`` are the first of each player's sequences that lead there."""
    if game.is_leaf(place):
        mine, theirs = game.payoff(place)
        rows, columns = np.nonzero(game.deals * game.open_chances(place.cards))
        cells.append((last[0] + rows, last[1] + columns, mine[rows, columns]))
        chance = (game.deals * game.open_chances(place.cards)).sum()
        totals.append(float((mine + theirs).sum() / chance) if chance else totals[-1])
        return
    actor, children = game.actor(place), game.children(place)
    if actor is None:
        for child in children:
            _walk(game, child, last, plans, cells, totals)
        return
    plan = plans[actor]
    first = [plan.add(plan.hands) for _ in children]
    lock = game.lock_at(place)
    for hand in range(plan.hands):
        above = last[actor] + hand
        if lock is None:
            plan.bind([(above, -1.0), *((start + hand, 1.0) for start in first)], 0.0)
        else:
            for start, share in zip(first, lock[:, hand], strict=True):
                plan.bind([(start + hand, 1.0), (above, -float(share))], 0.0)
    for child, start in zip(children, first, strict=True):
        _walk(game, child, (start, last[1]) if actor == 0 else (last[0], start), plans, cells, totals)
