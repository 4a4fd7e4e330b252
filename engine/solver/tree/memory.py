"""How much memory the regrets and strategies of a tree take, reckoned before any of it is allocated."""

from dataclasses import dataclass
from math import prod

import numpy as np

from engine.game.ranges import COMBOS
from engine.solver.spot import Spot

BYTES_AN_ACTION = 8
"""A regret and a share of the average strategy, float32 each, for each hand."""


@dataclass(slots=True)
class Storage:
    """The bytes of the decisions added so far: every action, hand and board that may be dealt."""

    hands: tuple[int, int]
    boards: tuple[int, ...]
    bytes: int = 0

    @staticmethod
    def of(spot: Spot) -> "Storage":
        """Nothing yet, of a spot's street and its hands that are in range and not on the board."""
        free = ~np.isin(COMBOS, spot.board).any(axis=1)
        oop, ip = (int(np.count_nonzero(free & (weights > 0))) for weights in spot.ranges)
        at_root = len(spot.board)
        return Storage((oop, ip), tuple(prod(52 - cards for cards in range(at_root, street)) for street in range(6)))

    def add(self, street: int, player: int, actions: int) -> None:
        """A decision of a player on a street (3 flop, 4 turn, 5 river)."""
        self.bytes += self.boards[street] * actions * self.hands[player] * BYTES_AN_ACTION


def readable(size: int) -> str:
    """A number of bytes in the unit that suits it: ``4.9 GB``."""
    amount = float(size)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:,.1f} TB"
