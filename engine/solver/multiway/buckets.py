"""Pairs of hole cards gathered in buckets of like strength, for each player by his own range.

A bucket holds the same share of the range's weight, so the range is cut finely where it is dense. The hero's own pair
is a bucket by itself, the last one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.game.ranges import COMBO_COUNT, Weights
from engine.solver.multiway.form import Floats, Places

STATES: Final = 32
"""Private states of a player; the last is the hero's own pair, so that his range and the others' have 31 buckets."""


@dataclass(frozen=True, slots=True, eq=False)
class Buckets:
    """Where each player's pairs are, (players, 1326) int64, -1 outside his range; ``weights`` (players, 1326), each
    row adding up to 1; ``chances`` (players, STATES), the weight of each bucket.
    """

    place: Places
    weights: Weights
    chances: Floats


def into_buckets(ranges: Sequence[Weights], standings: Weights, hero: int, pair: int) -> Buckets:
    """Cut ranges into buckets. ``standings`` (1326,) says how good each pair is; ``hero`` is the hero's place among
    the players and ``pair`` his hand, which lies in the last bucket even if his range does not hold it.
    """
    weights = np.array(ranges, dtype=np.float64)
    weights /= weights.sum(axis=1, keepdims=True)
    place = np.array([_cut(row, standings) for row in weights])
    place[hero, pair] = STATES - 1
    chances = np.zeros((len(ranges), STATES))
    for row, places, weight in zip(chances, place, weights, strict=True):
        held = places >= 0
        np.add.at(row, places[held], weight[held])
    return Buckets(place, weights, chances)


def _cut(weights: Weights, standings: Weights) -> NDArray[np.int64]:
    order = np.argsort(standings, kind="stable")
    middle = np.cumsum(weights[order]) - weights[order] / 2
    place = np.empty(COMBO_COUNT, dtype=np.int64)
    place[order] = np.minimum((middle * (STATES - 1)).astype(np.int64), STATES - 2)
    return np.where(weights > 0, place, -1)


def best_of(ranges: Sequence[Weights], standings: Weights) -> Weights:
    """The range of the best of several hands, one drawn from each range: (1326,), the likeliest pair at 1.

    The hands are taken as independent. A pair counts as often as one player holds it and each other holds one that
    stands no higher.
    """
    order = np.argsort(standings, kind="stable")
    rows = np.array(ranges)[:, order]
    rows = rows / rows.sum(axis=1, keepdims=True)
    no_higher = np.cumsum(rows, axis=1)
    _, first, count = np.unique(standings[order], return_index=True, return_counts=True)
    no_higher = np.repeat(no_higher[:, first + count - 1], count, axis=1)
    best = np.zeros(COMBO_COUNT)
    for player, row in enumerate(rows):
        best[order] += row * np.prod(np.delete(no_higher, player, axis=0), axis=0)
    likeliest: Weights = best / best.max()
    return likeliest
