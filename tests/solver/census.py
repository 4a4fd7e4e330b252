"""Every seven-card hand once, counted by its category."""

import numpy as np
from numpy.typing import NDArray

from engine.game.evaluate import CATEGORY_SHIFT, SUITS_START
from engine.solver.kernels.compile import jit
from engine.solver.kernels.evaluator import Tables, strength_of, tables


def census() -> NDArray[np.int64]:
    """How many of all seven-card hands are of each Category, (9,) int64."""
    counts = np.zeros(9, dtype=np.int64)
    _count(tables(7), counts)
    return counts


@jit
def _count(tables: Tables, counts: NDArray[np.int64]) -> None:
    keys, masks = tables.keys, tables.masks
    for a in range(52):
        for b in range(a):
            for c in range(b):
                for d in range(c):
                    for e in range(d):
                        key_5 = SUITS_START + keys[a] + keys[b] + keys[c] + keys[d] + keys[e]
                        mask_5 = masks[a] | masks[b] | masks[c] | masks[d] | masks[e]
                        for f in range(e):
                            key_6, mask_6 = key_5 + keys[f], mask_5 | masks[f]
                            for g in range(f):
                                strength = strength_of(tables, key_6 + keys[g], mask_6 | masks[g])
                                counts[strength >> CATEGORY_SHIFT] += 1
