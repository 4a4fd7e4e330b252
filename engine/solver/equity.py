"""Equity: run-outs of the board, the strength of every pair on each of them, and what a hand's share of the pot is.

Every run-out is scored against every hand of a range, not against one sampled hand, so a few hundred run-outs say
what tens of thousands of single deals would. On the turn and river, and wherever the limit covers all run-outs, the
result against one opponent is exact. Against several, the opponents' hands are taken as independent given the
run-out: cards that one opponent holds are not taken out of another's range.

Sums are made in integers, so that they are the same on every machine.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from engine.game.cards import card_index
from engine.game.evaluate import board_strengths
from engine.game.ranges import COMBO_COUNT, COMBOS, Weights

Integers = NDArray[np.int64]

BATCH = 50
WEIGHT_UNITS = 1_000_000
"""Weights are counted in millionths: fine enough that no part of a range vanishes, and 1,326 of them fit an int64."""
STANDING_ROWS = 64


@dataclass(frozen=True, slots=True, eq=False)
class RunOuts:
    """Strengths of all pairs on completed boards: (r, 1326) int64, -1 where the board holds one of the cards.

    ``planned`` is how many run-outs were asked for; fewer were made when time ran out. ``exact`` says that they are
    all there are.
    """

    strengths: Integers
    planned: int
    exact: bool

    @property
    def made(self) -> int:
        return len(self.strengths)


def run_outs(
    board: Sequence[str],
    hole: Sequence[str],
    limit: int,
    generator: np.random.Generator,
    in_time: Callable[[], bool],
) -> RunOuts:
    """Complete a board of 0, 3, 4 or 5 cards in up to ``limit`` ways that ``hole`` leaves open.

    ``in_time`` is asked between batches; the first batch is always made.
    """
    boards, exact = _completions(board, hole, limit, generator)
    batches = [board_strengths(boards[:BATCH], COMBOS)]
    for start in range(BATCH, len(boards), BATCH):
        if not in_time():
            break
        batches.append(board_strengths(boards[start : start + BATCH], COMBOS))
    strengths = np.concatenate(batches)
    return RunOuts(strengths, len(boards), exact and len(strengths) == len(boards))


def _completions(
    board: Sequence[str], hole: Sequence[str], limit: int, generator: np.random.Generator
) -> tuple[Integers, bool]:
    """Completed boards (r, 5), and whether they are all there are."""
    shown = np.array([card_index(card) for card in board], dtype=np.int64)
    dead = [card_index(card) for card in (*board, *hole)]
    deck, missing = np.setdiff1d(np.arange(52), dead), 5 - len(shown)
    ways = comb(len(deck), missing)
    if missing <= 2:
        rest = np.array(list(combinations(deck, missing)), dtype=np.int64).reshape(ways, missing)
        if ways > limit:
            rest = rest[generator.choice(ways, limit, replace=False)]
    else:
        rest = deck[np.argsort(generator.random((limit, len(deck))), axis=1, kind="stable")[:, :missing]]
    return np.hstack([np.tile(shown, (len(rest), 1)), rest]), ways <= limit and missing <= 2


def equity(outs: RunOuts, hero: int, ranges: Sequence[Weights]) -> float:
    """The hero's share of the pot at showdown against one hand of each range, ties divided.

    ``hero`` is his pair's place in COMBOS; ``ranges`` are (1326,) weights. A range that holds no possible hand
    counts as beaten: 1.0 when that is true of all.
    """
    mine = outs.strengths[:, hero, None]
    units = np.rint(WEIGHT_UNITS * np.array(ranges).reshape(-1, COMBO_COUNT)).astype(np.int64).T
    held = _held_by(units, outs.strengths >= 0)
    won = _held_by(units, (outs.strengths >= 0) & (outs.strengths < mine))
    tied = _held_by(units, outs.strengths == mine)
    chances = np.prod(held / np.maximum(held.max(axis=0), 1), axis=1)
    chances[outs.strengths[:, hero] < 0] = 0.0
    if not chances.any():
        return 1.0
    shares = _shares(won / np.maximum(held, 1), tied / np.maximum(held, 1))
    return float(np.sum(chances * shares) / np.sum(chances))


def _held_by(units: Integers, chosen: NDArray[np.bool_]) -> Integers:
    """The weight of the chosen pairs in each range: (r, ranges) integers."""
    total: Integers = chosen.astype(np.int64) @ units
    return total


def _shares(won: Weights, tied: Weights) -> Weights:
    """The expected share of the pot on each run-out when each opponent is beaten or tied with these chances.

    The product of (won + tied x) over the opponents counts, at x^k, the chance to tie with k of them and beat the
    rest; that is worth 1 / (k + 1) of the pot.
    """
    count = won.shape[1]
    ties = reduce(_times, zip(won.T, tied.T, strict=True), np.ones((1, len(won))))
    shares: Weights = (ties / np.arange(1, count + 2)[:, None]).sum(axis=0)
    return shares


def _times(ties: Weights, opponent: tuple[Weights, Weights]) -> Weights:
    won, tied = opponent
    nothing = np.zeros((1, ties.shape[1]))
    return np.vstack([ties * won, nothing]) + np.vstack([nothing, ties * tied])


def unbeaten(outs: RunOuts, hero: int) -> bool:
    """Whether no possible pair beats the hero on any of the run-outs (on the river: he holds the nuts, or shares
    them)."""
    return bool(np.all(outs.strengths <= outs.strengths[:, hero, None]))


def standing_on(outs: RunOuts) -> Weights:
    """How good each pair is on this board: the share of all possible pairs it beats at showdown, ties half, (1326,).

    Draws count with what they become. Up to 64 of the run-outs are used.
    """
    rows = outs.strengths[np.linspace(0, outs.made - 1, min(outs.made, STANDING_ROWS)).astype(np.int64)]
    beaten, seen = np.zeros(COMBO_COUNT), np.zeros(COMBO_COUNT)
    for row in rows:
        live = row >= 0
        ranked = np.sort(row[live])
        halves = np.searchsorted(ranked, row, "left") + np.searchsorted(ranked, row, "right")
        beaten += np.where(live, halves / (2 * len(ranked)), 0.0)
        seen += live
    return beaten / np.maximum(seen, 1.0)
