"""How often a player takes each action: over his range, and in each of the 169 classes of hands."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.game.ranges import CLASS_COUNT, CLASS_OF, COMBOS

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ClassFrequencies:
    """``weight`` (169,) is the share of a class's pairs that is in range, 0 to 1, pairs that the board makes
    impossible not counted; ``frequency`` (actions, 169) adds up to 1 where ``weight`` is above 0, and is 0 elsewhere.
    """

    weight: Doubles
    frequency: Doubles


def against(own: Doubles, other: Doubles) -> Doubles:
    """How often each pair is held at a node: its reach times that of every opposing pair that shares no card with it.

    ``own`` and ``other`` are (1326,) reaches of the two players; inclusion and exclusion over the two cards.
    """
    by_card = np.bincount(COMBOS.ravel(), weights=np.repeat(other, 2), minlength=52)
    first, second = COMBOS.T
    weights: Doubles = own * np.maximum(other.sum() - by_card[first] - by_card[second] + other, 0.0)
    return weights


def overall(strategy: NDArray[np.float32], weights: Doubles) -> Doubles:
    """The frequency of each action over a range: ``strategy`` is (actions, 1326), ``weights`` (1326,)."""
    total = weights.sum()
    shares: Doubles = strategy.astype(np.float64) @ weights
    return shares / total if total > 0 else np.zeros(len(strategy))


def by_class(strategy: NDArray[np.float32], reach: Doubles, board: tuple[int, ...]) -> ClassFrequencies:
    """The same class by class, for the player whose ``reach`` (1326,) is given; a pair counts as much as its reach."""
    free = ~np.isin(COMBOS, board).any(axis=1)
    held = np.where(free, reach, 0.0)
    mass = np.bincount(CLASS_OF, weights=held, minlength=CLASS_COUNT)
    possible = np.bincount(CLASS_OF[free], minlength=CLASS_COUNT)
    played = np.stack([np.bincount(CLASS_OF, weights=row * held, minlength=CLASS_COUNT) for row in strategy])
    weight = np.divide(mass, possible, out=np.zeros(CLASS_COUNT), where=possible > 0)
    return ClassFrequencies(weight, np.divide(played, mass, out=np.zeros(played.shape), where=mass > 0))
