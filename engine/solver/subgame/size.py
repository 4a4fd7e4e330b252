"""How much memory a subgame takes, told from its tree and ranges alone."""

from math import prod
from typing import Final

import numpy as np

from engine.game.ranges import COMBOS
from engine.solver.spot import Spot
from engine.solver.subgame.hands import live, padded_width
from engine.solver.tree.nodes import BettingTree, NodeKind

NUMBER_BYTES: Final = 4
STORED_COPIES: Final = 2
"""Regrets and sums of strategies; both once more where an iteration may have to be taken back."""
TABLE_BYTES: Final = 48
"""Of the tables that a hand takes up after each deal (``kernels.tables.Hands``, and which pair it is)."""
WORKING_ROWS: Final = 250


def predicted_bytes(spot: Spot, tree: BettingTree, threads: int = 1) -> int:
    """The most that a Subgame of this tree will hold, in bytes; nothing is allocated to tell."""
    first = len(spot.board)
    copies = STORED_COPIES * (1 if first == 5 else 2)
    total = 0
    for player in (0, 1):
        combos = live(spot.ranges[player], spot.board).combos
        held = np.bincount(COMBOS[combos].ravel(), minlength=52)
        free = np.setdiff1d(np.arange(52), spot.board)
        most = len(combos) - int(held[free].min())
        acting = tree.kind == player
        for street in range(first, 6):
            width = padded_width(len(combos) if street == first else most)
            deals = prod(52 - cards for cards in range(first, street))
            rows = int(tree.children[acting & (tree.street == street)].sum())
            ends = (tree.kind == NodeKind.CHANCE) | ((tree.kind == NodeKind.SHOWDOWN) & (tree.street < 5))
            total += deals * width * (rows * NUMBER_BYTES * copies + TABLE_BYTES)
            total += width * NUMBER_BYTES * (WORKING_ROWS + 50 * int(ends.sum()) + rows * 2) * threads
    return total
