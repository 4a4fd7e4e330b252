"""Passes over a game of limited depth: those of a subgame, with equities where the last street's betting ends."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from engine.solver.flop.equities import Equities
from engine.solver.flop.kernels.finish import finish_by_equity
from engine.solver.kernels.tables import Floats, Memory, Rule
from engine.solver.subgame.passes import CHUNK_NUMBERS, Passes, _Work

PRODUCTS_A_NUMBER: Final = 16
"""So many products of reach and equity take about as long as one stored number."""


@dataclass(eq=False)
class LimitedPasses(Passes):
    """Passes whose last street ends in ``equities``."""

    equities: Equities = field(kw_only=True)

    def run(
        self,
        player: int,
        rule: Rule,
        memories: Sequence[Memory],
        strategies: Sequence[Floats],
        cancel: Callable[[], bool] | None = None,
        reaches: tuple[Floats, Floats] | None = None,
        only: int | None = None,
    ) -> Floats | None:
        """As in a subgame."""
        self._stopped = False
        at_root = reaches or (self.ranges[0].weights, self.ranges[1].weights)
        values = np.zeros(len(at_root[player]), dtype=np.float32)
        work = _LimitedWork(self, player, rule, memories, strategies, cancel, only)
        before = at_root[1 - player]
        play = work.finish if len(self.streets) == 1 else work.through
        first, second = (0, 1) if len(self.streets) == 1 else (0, 0)
        return values if play(first, second, before, values, 0, 0) else None

    def work(self) -> int:
        """How long an iteration takes, in stored numbers."""
        last = self.streets[-1]
        lanes = sum(len(sequences.lanes) for sequences in last.layout.sequences)
        products = lanes * last.hands.deals.count * last.width(0) * last.width(1)
        numbers = sum(street.numbers(player) for street in self.streets for player in (0, 1))
        return numbers + products // PRODUCTS_A_NUMBER


class _LimitedWork(_Work):
    """One pass under way."""

    def finish(self, begin: int, end: int, before: Floats, after: Floats, first_out: int, thread: int) -> bool:
        """Deals of the last street, some at a time; False when cancelled."""
        passes, player = self.passes, self.player
        assert isinstance(passes, LimitedPasses)
        level = len(passes.streets) - 1
        street = passes.streets[level]
        own, other = street.layout.sequences[player], street.layout.sequences[1 - player]
        hands, against = street.hands.tables[player], street.hands.tables[1 - player]
        chunk = max(1, CHUNK_NUMBERS * street.hands.deals.count // max(1, passes.work()))
        for start in range(begin, end, chunk):
            if self._cancelled(thread):
                return False
            finish_by_equity(
                start, min(end, start + chunk), street.hands.deals.outs_of, street.layout.segments_of, own, other,
                hands, against, self.memories[level], self.strategies[level], before,
                self._width_before(level, 1 - player), street.chance, passes.equities.won[player], after,
                self._width_before(level, player), first_out, passes._rooms[thread].scratch[level], self.rule,
            )  # fmt: skip
        return True
