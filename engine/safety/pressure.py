"""Whether resources are short: too many late engine steps, or too much memory in use, for a while.

Pure functions and counters; who reads the machine's figures is the runtime.
"""

from collections import deque
from dataclasses import dataclass, replace

from engine.clock import SECOND

RELIEF = 0.9
"""Pressure ends below this part of its limit: a load that stands at the limit does not make it come and go."""


@dataclass(frozen=True, slots=True)
class PressureSample:
    """Shares from 0 to 1: engine steps that came late of late, and the machine's memory that is in use."""

    late_steps: float
    memory: float


@dataclass(frozen=True, slots=True)
class PressureLimits:
    """``share`` is what either may reach; the other two are nanoseconds."""

    share: float = 0.8
    after: int = SECOND
    relief_after: int = 5 * SECOND


@dataclass(frozen=True, slots=True)
class Pressure:
    """What is remembered. ``text`` says what is short, "" when nothing is."""

    text: str = ""
    high_since: int | None = None
    low_since: int | None = None


def judge(pressure: Pressure, now: int, sample: PressureSample, limits: PressureLimits) -> Pressure:
    """The pressure after ``sample`` at ``now`` (ns). A sample that is no number counts as high."""
    if not _highest(sample) <= limits.share:
        since = now if pressure.high_since is None else pressure.high_since
        text = _words(sample, limits) if now - since >= limits.after else pressure.text
        return Pressure(pressure.text or text, since, None)
    relieved = _highest(sample) < RELIEF * limits.share
    if not pressure.text or not relieved:
        return replace(pressure, high_since=None, low_since=None)
    since = now if pressure.low_since is None else pressure.low_since
    return Pressure("" if now - since >= limits.relief_after else pressure.text, None, since)


def _highest(sample: PressureSample) -> float:
    """The higher share; not a number as soon as one is not."""
    if sample.late_steps != sample.late_steps or sample.memory != sample.memory:
        return float("nan")
    return max(sample.late_steps, sample.memory)


def _words(sample: PressureSample, limits: PressureLimits) -> str:
    found = []
    if not sample.memory <= limits.share:
        found.append(f"{sample.memory:.0%} of the memory is in use")
    if not sample.late_steps <= limits.share:
        found.append(f"{sample.late_steps:.0%} of the engine's steps come late")
    return f"{' and '.join(found)} (limit {limits.share:.0%})"


class LateSteps:
    """The share of late steps in the last ``window`` nanoseconds. A step is late when it comes ``late_after`` after
    the one before.
    """

    def __init__(self, late_after: int, window: int = 2 * SECOND) -> None:
        self._late_after = late_after
        self._window = window
        self._steps: deque[tuple[int, bool]] = deque()
        self._late = 0
        self._last: int | None = None

    def step(self, now: int) -> None:
        """A step was made at ``now``."""
        if self._last is not None:
            late = now - self._last > self._late_after
            self._steps.append((now, late))
            self._late += late
        self._last = now
        while self._steps and now - self._steps[0][0] > self._window:
            self._late -= self._steps.popleft()[1]

    @property
    def share(self) -> float:
        """From 0 to 1; 0 before there were two steps."""
        return self._late / len(self._steps) if self._steps else 0.0
