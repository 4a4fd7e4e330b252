"""The permit's time: nanoseconds that go on while the machine sleeps, from the standard library alone."""

import time
from typing import Protocol

MILLISECOND = 1_000_000
SECOND = 1_000_000_000


class Clock(Protocol):
    """What the guards know of time; ``engine.clock`` has the same shape for the rest of the engine."""

    def now(self) -> int:
        """Nanoseconds since an arbitrary start, suspend included."""
        ...

    def sleep(self, nanoseconds: int) -> None:
        """Wait for at least ``nanoseconds``; not at all when it is not positive."""
        ...


def now() -> int:
    """Nanoseconds on the clock all processes of the product share (CLOCK_BOOTTIME where there is one)."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    return time.perf_counter_ns()


class BootClock:
    """The machine's own clock as a ``Clock``."""

    def now(self) -> int:
        return now()

    def sleep(self, nanoseconds: int) -> None:
        if nanoseconds > 0:
            time.sleep(nanoseconds / SECOND)
