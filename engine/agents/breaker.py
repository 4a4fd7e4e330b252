"""A circuit breaker: after some failures in a row nobody is asked for a while, and then one trial decides.

After Nygard, "Release It!", chapter 5: closed, open, half-open.
"""

from enum import StrEnum

from engine.clock import SECOND, Clock


class BreakerState(StrEnum):
    """Closed: asked as usual. Open: not asked. Half-open: asked once more, and the answer decides."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


class CircuitBreaker:
    """Opens after ``failures`` in a row, is half-open ``open_for`` nanoseconds later, closes with a success."""

    def __init__(self, clock: Clock, failures: int = 3, open_for: int = 30 * SECOND) -> None:
        """ValueError unless ``failures`` is at least 1."""
        if failures < 1:
            raise ValueError(f"{failures} failures: give at least 1")
        self._clock = clock
        self._limit = failures
        self._open_for = open_for
        self._failures = 0
        self._opened_at: int | None = None

    @property
    def state(self) -> BreakerState:
        if self._opened_at is None:
            return BreakerState.CLOSED
        over = self._clock.now() - self._opened_at >= self._open_for
        return BreakerState.HALF_OPEN if over else BreakerState.OPEN

    @property
    def failures(self) -> int:
        """Failures in a row."""
        return self._failures

    def succeeded(self) -> None:
        """Closes it, unless it is open: an answer to a question of before says nothing about now."""
        if self.state is not BreakerState.OPEN:
            self.reset()

    def failed(self) -> None:
        """One more failure; in the trial it opens again at once."""
        self._failures += 1
        if self.state is BreakerState.HALF_OPEN or (self._opened_at is None and self._failures >= self._limit):
            self._opened_at = self._clock.now()

    def reset(self) -> None:
        """Closed, and nothing counted: what was asked before is not there any more."""
        self._failures, self._opened_at = 0, None
