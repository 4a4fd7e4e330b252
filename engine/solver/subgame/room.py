"""Memory that one subgame after another may use.

A system hands out memory page by page as it is first touched; for a turn of full ranges that takes longer than ten
iterations. A process that solves one spot after the other keeps what it had and clears it, which is twenty times
quicker.
"""

from typing import Final

import numpy as np

from engine.solver.kernels.tables import Floats

LEAST_BLOCK: Final = 1 << 20


class Room:
    """Blocks of float32. What was taken belongs to its subgame until ``clear``; who is asked for more grows."""

    def __init__(self) -> None:
        self._blocks: list[Floats] = []
        self._used: list[int] = []

    @property
    def bytes(self) -> int:
        """What is held, used or not."""
        return sum(block.nbytes for block in self._blocks)

    def clear(self) -> None:
        """Everything is free again: whoever took a part must not use it any more."""
        self._used = [0] * len(self._blocks)

    def zeros(self, size: int) -> Floats:
        """So many zeros, (size,) float32, that overlap nothing else taken since ``clear``."""
        found = self.take(size)
        found.fill(0.0)
        return found

    def take(self, size: int) -> Floats:
        """So many numbers, whatever stands in them."""
        for number, block in enumerate(self._blocks):
            begin = self._used[number]
            if begin + size <= len(block):
                self._used[number] = begin + size
                return block[begin : begin + size]
        self._blocks.append(np.zeros(max(size, LEAST_BLOCK), dtype=np.float32))
        self._used.append(size)
        return self._blocks[-1][:size]
