"""Time for the engine: one injected monotonic clock in integer nanoseconds that includes suspend.

``CLOCK_BOOTTIME`` goes on while the machine sleeps, so nothing that was fresh before a sleep is fresh after it
(clock_gettime(2)). ``time.monotonic`` stops during a suspend on Linux and ticks at 16 ms on Windows.
"""

import time
from datetime import UTC, datetime
from typing import Protocol

MILLISECOND = 1_000_000
SECOND = 1_000_000_000


class Clock(Protocol):
    """What the engine knows of time: nanoseconds since an arbitrary start, and a way to wait."""

    def now(self) -> int:
        """Monotonic nanoseconds, suspend included."""
        ...

    def sleep(self, nanoseconds: int) -> None:
        """Wait for at least ``nanoseconds``; not at all when it is not positive."""
        ...


class SystemClock:
    """The machine's own monotonic clock."""

    def now(self) -> int:
        if hasattr(time, "CLOCK_BOOTTIME"):
            return time.clock_gettime_ns(time.CLOCK_BOOTTIME)
        return time.perf_counter_ns()

    def sleep(self, nanoseconds: int) -> None:
        if nanoseconds > 0:
            time.sleep(nanoseconds / SECOND)


class VirtualClock:
    """A clock that moves only when told to: ``sleep`` returns at once, later."""

    def __init__(self, start: int = SECOND) -> None:
        self._now = start

    def now(self) -> int:
        return self._now

    def sleep(self, nanoseconds: int) -> None:
        self._now += max(0, nanoseconds)


def utc_now() -> str:
    """The wall clock as ISO 8601 text in UTC, milliseconds: written down for people, never computed with."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
