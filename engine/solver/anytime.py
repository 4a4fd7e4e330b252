"""Solves a spot until a deadline, a target or a number of iterations, and tells how far it is on the way.

An answer is the average strategy after whole iterations. On the turn and flop an iteration that the deadline or a
cancel catches between two cards is taken back, so that a solve to the same number of iterations gives the same answer
bit for bit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.clock import MILLISECOND, Clock
from engine.game.ranges import COMBO_COUNT
from engine.solver.spot import Cancel, Limits, Listener, Lock, Progress, Solved, Spot
from engine.solver.subgame import Start, Subgame
from engine.solver.subgame.game import MOST_MEMORY
from engine.solver.tree.build import build
from engine.solver.tree.nodes import NodeKind
from engine.solver.tree.text import action_names

STREAM_EVERY: Final = 20 * MILLISECOND
CALL_NUMBERS: Final = 300_000
"""About how many stored numbers are gone through between two looks at the clock: a millisecond or two."""
WHOLE_NUMBERS: Final = 2_000_000
"""An iteration over more of them than this takes so long that it can be cut and taken back."""
FIRST_MEASURE: Final = 8
MEASURE_SHARE: Final = 8
"""At most about one part in so many of the time goes into measuring exploitability."""


def solve(
    spot: Spot,
    limits: Limits,
    *,
    clock: Clock,
    threads: int = 1,
    cancel: Cancel | None = None,
    listener: Listener | None = None,
    locks: Sequence[Lock] = (),
    start: Start | None = None,
    memory_limit: int = MOST_MEMORY,
    constraint: NDArray[np.floating] | None = None,
) -> tuple[Solved, Subgame]:
    """The best average strategy within the limits, and the subgame it comes from, which can be solved on.

    ``cancel`` is asked every millisecond or two and ends the solve when it says yes. ``listener`` hears of the
    progress about every 20 ms, in this thread. ``start`` is a solution to begin from,
    ``constraint`` what the player not to act may have at most (see ``Subgame``). The exploitability of an answer
    that was cut short is the last one measured, None when there was no time for any. Raises SpotError for a spot
    that cannot be solved, TooBigError for one that needs more than ``memory_limit`` bytes, and ValueError when
    nothing would end the solve.
    """
    require_an_end(limits, cancel)
    begun = clock.now()
    subgame = Subgame(spot, build(spot), threads, locks, memory_limit=memory_limit, constraint=constraint)
    if start is not None:
        subgame.start_from(start)
    return solve_on(subgame, limits, clock=clock, cancel=cancel, listener=listener, begun=begun), subgame


def solve_on(
    subgame: Subgame,
    limits: Limits,
    *,
    clock: Clock,
    cancel: Cancel | None = None,
    listener: Listener | None = None,
    begun: int | None = None,
) -> Solved:
    """Like ``solve``, of a subgame that has been built, from where it stands; ``begun`` is when its time began."""
    require_an_end(limits, cancel)
    run = _Run(subgame, limits, clock, cancel, listener, clock.now() if begun is None else begun)
    return run.solved(cut=run.to_the_end())


def require_an_end(limits: Limits, cancel: Cancel | None) -> None:
    """ValueError when nothing would end a solve."""
    if cancel is None and limits == Limits():
        raise ValueError("the solve would never end: give a deadline, a target, a number of iterations or a cancel")


@dataclass(slots=True, eq=False)
class _Run:
    """A solve under way."""

    subgame: Subgame
    limits: Limits
    clock: Clock
    cancel: Cancel | None
    listener: Listener | None
    begun: int
    exploitability: float | None = None
    evs: tuple[float, float] | None = None
    measured_at: int = -1
    next_measure: int = FIRST_MEASURE
    measuring: int = 0
    equity: tuple[float, float] = field(init=False)
    streamed: int = field(init=False)
    first: int = field(init=False)

    def __post_init__(self) -> None:
        self.equity = self.subgame.equity()
        self.streamed = self.begun
        self.first = self.subgame.iterations

    def to_the_end(self) -> bool:
        """Iterate until a limit is met; whether it was the deadline or a cancel."""
        while not self._satisfied():
            if self._stopped():
                return True
            if not self._iterate():
                return True
            if self.subgame.iterations - self.first >= self.next_measure:
                self._measure_in_turn()
            self._stream()
        if self.measured_at != self.subgame.iterations and self._time_for_a_measure():
            self._measure()
        return False

    def _iterate(self) -> bool:
        """One iteration, or as many as take a millisecond or two; False when it was cut and taken back."""
        each = max(1, self.subgame.stored_numbers)
        if each > WHOLE_NUMBERS:
            return self.subgame.step(self._stopped)
        self.subgame.advance(min(max(1, CALL_NUMBERS // each), self._iterations_left(), self._until_measure()))
        return True

    def _iterations_left(self) -> int:
        if self.limits.iterations is None:
            return 1 << 30
        return self.limits.iterations - (self.subgame.iterations - self.first)

    def _until_measure(self) -> int:
        return max(1, self.next_measure - (self.subgame.iterations - self.first))

    def _satisfied(self) -> bool:
        if self._iterations_left() <= 0:
            return True
        target = self.limits.target
        return target is not None and self.exploitability is not None and self.exploitability <= target

    def _stopped(self) -> bool:
        """Whether the deadline has come or the solve was cancelled."""
        if self.limits.deadline is not None and self.clock.now() >= self.limits.deadline:
            return True
        return self.cancel is not None and self.cancel()

    def _measure_in_turn(self) -> None:
        """Measure unless that took too much of the time so far, and choose when to measure next."""
        done = self.subgame.iterations - self.first
        wanted = self.limits.target is not None
        affordable = self.measuring * MEASURE_SHARE <= self.clock.now() - self.begun
        if (wanted or affordable) and self._time_for_a_measure():
            self._measure()
        self.next_measure = self._next_measure(done)

    def _next_measure(self, done: int) -> int:
        """With a target, about when it will be met: exploitability falls with the square of the iterations."""
        target, now = self.limits.target, self.exploitability
        if target is None or now is None or target <= 0 or now <= 0:
            return done + max(FIRST_MEASURE, done // 2)
        ahead = done * float(np.sqrt(now / target))
        return int(min(max(ahead, done + 2), 2 * done))

    def _time_for_a_measure(self) -> bool:
        """Whether a measure, which takes about two iterations, would end before the deadline."""
        if self.limits.deadline is None:
            return True
        done = max(1, self.subgame.iterations - self.first)
        one = (self.clock.now() - self.begun - self.measuring) // done
        return self.clock.now() + 3 * one < self.limits.deadline

    def _measure(self) -> None:
        begun = self.clock.now()
        self.evs = self.subgame.evs()
        self.exploitability = self.subgame.exploitability(self.evs)
        self.measured_at = self.subgame.iterations
        self.measuring += self.clock.now() - begun
        self._tell()

    def _stream(self) -> None:
        if self.listener is not None and self.clock.now() - self.streamed >= STREAM_EVERY:
            self._tell()

    def _tell(self) -> None:
        if self.listener is not None:
            self.streamed = self.clock.now()
            self.listener(
                Progress(
                    self.subgame.iterations, self.exploitability, self.evs, self._root(), self.streamed - self.begun
                )
            )

    def _root(self) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
        if self.subgame.tree.kind[0] > NodeKind.IP_ACTS:
            return np.zeros((0, COMBO_COUNT), dtype=np.float32)
        return self.subgame.strategy(0)

    def solved(self, *, cut: bool) -> Solved:
        """The answer after the last whole iteration."""
        subgame = self.subgame
        oop, ip = subgame.hands
        return Solved(
            iteration=subgame.iterations,
            exploitability=self.exploitability,
            ev=self.evs,
            root=self._root(),
            took_ns=self.clock.now() - self.begun,
            hands=(len(oop), len(ip)),
            equity=self.equity,
            build_ns=subgame.build_ns,
            memory_bytes=subgame.memory_bytes,
            cut=cut,
            actions=action_names(subgame.tree, 0),
        )
