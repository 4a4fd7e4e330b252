"""Passes over a subgame: reach down through the streets, values back up, the deals shared out among threads."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np

from engine.solver.kernels.streets import close_street, finish, open_street
from engine.solver.kernels.tables import Floats, Memory, Rule, Scratch, room
from engine.solver.subgame.hands import Range, StreetHands
from engine.solver.subgame.layout import StreetLayout

CHUNK_NUMBERS: Final = 600_000
"""About how many stored numbers one call of a kernel goes through: a millisecond or two between two looks at the
clock, which costs little."""


@dataclass(frozen=True, slots=True, eq=False)
class Street:
    """One street as the kernels see it; ``chance`` is how likely one deal is, given both players' hands."""

    layout: StreetLayout
    hands: StreetHands
    chance: float

    def width(self, player: int) -> int:
        return int(self.hands.tables[player].width)

    def numbers(self, player: int) -> int:
        """How many regrets a player has on this street."""
        stored = int(self.layout.sequences[player].stored)
        return self.hands.deals.count * stored * self.width(player)

    @property
    def segments(self) -> int:
        return len(self.layout.segments)


@dataclass(slots=True, eq=False)
class Room:
    """One thread's working memory: scratch of each street, and what the deals after it are worth to each player."""

    scratch: list[Scratch]
    after: list[tuple[Floats, Floats]]
    summed: list[tuple[Floats, Floats]]


@dataclass(eq=False)
class Passes:
    """Runs passes over the streets of one subgame with a fixed number of threads.

    Each deal's values have a place of their own and are added up in the order of the deals, so a result does not
    depend on the number of threads.
    """

    streets: Sequence[Street]
    ranges: tuple[Range, Range]
    threads: int = 1
    _rooms: list[Room] = field(init=False)
    _pool: ThreadPoolExecutor | None = field(init=False, default=None)
    _stopped: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        shared = len(self.streets) > 1
        self.threads = max(1, min(self.threads, self.streets[1].hands.deals.count)) if shared else 1
        self._rooms = [self._room(thread) for thread in range(self.threads)]
        if self.threads > 1:
            self._pool = ThreadPoolExecutor(self.threads - 1, thread_name_prefix="solve")

    def _room(self, thread: int) -> Room:
        scratch, after, summed = [], [], []
        for level, street in enumerate(self.streets):
            width = max(street.width(0), street.width(1))
            rows = max(sequences.rows for sequences in street.layout.sequences)
            scratch.append(room(rows, width))
            if level + 1 == len(self.streets):
                break
            following = self.streets[level + 1]
            deals = following.hands.deals
            starts = deals.outs_of[deals.children_of]
            outs = int(np.diff(starts).max())
            wanted = outs if level > 0 or thread == 0 else 0
            after.append(tuple(_zeros(wanted * following.segments * street.width(player)) for player in (0, 1)))
            summed.append(tuple(_zeros(following.segments * street.width(player)) for player in (0, 1)))
        return Room(scratch, after, summed)  # type: ignore[arg-type]

    def scratch(self, level: int) -> Scratch:
        """The calling thread's scratch of a street."""
        return self._rooms[0].scratch[level]

    @property
    def bytes(self) -> int:
        """Of the working memory of all threads."""
        arrays = [array for each in self._rooms for scratch in each.scratch for array in scratch]
        arrays += [array for each in self._rooms for pair in (*each.after, *each.summed) for array in pair]
        return sum(array.nbytes for array in arrays)

    def close(self) -> None:
        """End the threads."""
        if self._pool is not None:
            self._pool.shutdown()

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
        """One pass for a player; the values of his hands at the root, (width,) float32, in the order of his range.

        ``memories`` are his on each street, ``strategies`` what his opponent plays there, in the form in which
        regrets and sums of strategies are stored. ``reaches`` take the place of the ranges' weights. None when
        ``cancel`` said so between two chunks of deals: what the memories' next arrays hold is then worthless.
        """
        self._stopped = False
        at_root = reaches or (self.ranges[0].weights, self.ranges[1].weights)
        values = _zeros(len(at_root[player]))
        work = _Work(self, player, rule, memories, strategies, cancel, only)
        last = len(self.streets) == 1
        before = at_root[1 - player]
        done = work.finish(0, 1, before, values, 0, 0) if last else work.through(0, 0, before, values, 0, 0)
        return values if done else None

    def summed(self, level: int, player: int) -> Floats:
        """After a pass: what each segment that follows on a street's leaves is worth, (segments, width)."""
        return self._rooms[0].summed[level][player].reshape(-1, self.streets[level].width(player))


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """One pass under way."""

    passes: Passes
    player: int
    rule: Rule
    memories: Sequence[Memory]
    strategies: Sequence[Floats]
    cancel: Callable[[], bool] | None
    only: int | None

    def through(self, level: int, deal: int, before: Floats, values: Floats, first_out: int, thread: int) -> bool:
        """A street that others follow: open it, play what follows, close it."""
        passes, player = self.passes, self.player
        street, following = passes.streets[level], passes.streets[level + 1]
        own, other = street.layout.sequences[player], street.layout.sequences[1 - player]
        hands, against = street.hands.tables[player], street.hands.tables[1 - player]
        rooms = passes._rooms[thread]
        scratch, after = rooms.scratch[level], rooms.after[level][player]
        open_street(
            deal, street.layout.segments_of, 0, other, against, self.strategies[level], before,
            self._width_before(level, 1 - player), street.chance, scratch,
        )  # fmt: skip
        children = following.hands.deals.children_of
        begin, end = int(children[deal]), int(children[deal + 1])
        if level > 0:
            after.fill(0.0)  # what the deal before left at hands that are dead now
        if not self._play(level + 1, begin, end, scratch.reach, after, thread):
            return False
        outs, out_of = street.hands.deals.outs_of, following.hands.deals.outs_of
        close_street(
            deal, int(outs[deal]), int(outs[deal + 1]), street.layout.segments_of, own, hands, against,
            self.memories[level], after, int(out_of[end] - out_of[begin]),
            following.layout.sequences[player].parent_row, rooms.summed[level][player], values,
            self._width_before(level, player), first_out, scratch, self.rule,
        )  # fmt: skip
        return True

    def _play(self, level: int, begin: int, end: int, before: Floats, after: Floats, thread: int) -> bool:
        """The deals of a street from ``begin`` to ``end``; the first dealt street is shared out among the threads."""
        pool = self.passes._pool
        first_out = int(self.passes.streets[level].hands.deals.outs_of[begin])
        if level == 1 and self.only is not None:
            return self._some(level, self.only, self.only + 1, before, after, first_out, 0)
        if level != 1 or pool is None:
            return self._some(level, begin, end, before, after, first_out, thread)
        bounds = [begin + (end - begin) * part // self.passes.threads for part in range(self.passes.threads + 1)]
        others = [
            pool.submit(self._some, level, part, to, before, after, first_out, number + 1)
            for number, (part, to) in enumerate(pairwise(bounds[1:]))
        ]
        done = [self._some(level, bounds[0], bounds[1], before, after, first_out, 0)]
        done += [other.result() for other in others]
        return all(done)

    def _some(
        self, level: int, begin: int, end: int, before: Floats, after: Floats, first_out: int, thread: int
    ) -> bool:
        if level + 1 == len(self.passes.streets):
            return self.finish(begin, end, before, after, first_out, thread)
        return all(self.through(level, deal, before, after, first_out, thread) for deal in range(begin, end))

    def finish(self, begin: int, end: int, before: Floats, after: Floats, first_out: int, thread: int) -> bool:
        """Deals of the last street, a chunk at a time; False when cancelled."""
        passes, player = self.passes, self.player
        level = len(passes.streets) - 1
        street = passes.streets[level]
        own, other = street.layout.sequences[player], street.layout.sequences[1 - player]
        hands, against = street.hands.tables[player], street.hands.tables[1 - player]
        numbers = sum(street.numbers(each) for each in (0, 1)) // street.hands.deals.count
        chunk = max(1, CHUNK_NUMBERS // max(1, numbers))
        for start in range(begin, end, chunk):
            if self._cancelled(thread):
                return False
            finish(
                start, min(end, start + chunk), street.hands.deals.outs_of, street.layout.segments_of, own, other,
                hands, against, self.memories[level], self.strategies[level], before,
                self._width_before(level, 1 - player), street.chance, after, self._width_before(level, player),
                first_out, passes._rooms[thread].scratch[level], self.rule,
            )  # fmt: skip
        return True

    def _cancelled(self, thread: int) -> bool:
        """Only the caller's own thread asks; the others hear of it."""
        if thread == 0 and self.cancel is not None and self.cancel():
            self.passes._stopped = True
        return self.passes._stopped

    def _width_before(self, level: int, player: int) -> int:
        if level == 0:
            return len(self.passes.ranges[player].weights)
        return self.passes.streets[level - 1].width(player)


def _zeros(size: int) -> Floats:
    return np.zeros(size, dtype=np.float32)
