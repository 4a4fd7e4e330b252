"""What is going to happen in the simulation, in the order of its times."""

import heapq
from collections.abc import Callable
from itertools import count

NEVER = 1 << 62


class Agenda:
    """Acts to be done at their virtual time (nanoseconds); acts of one time happen in the order they were put in."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Callable[[], None]]] = []
        self._numbers = count()

    def at(self, time: int, act: Callable[[], None]) -> None:
        """Put an act in; one whose time has passed is done at the next step."""
        heapq.heappush(self._heap, (time, next(self._numbers), act))

    @property
    def next_time(self) -> int:
        """The time of the next act; NEVER without one."""
        return self._heap[0][0] if self._heap else NEVER

    def run_due(self, now: int) -> None:
        """Do every act whose time has come, also those that these put in."""
        while self._heap and self._heap[0][0] <= now:
            heapq.heappop(self._heap)[2]()
