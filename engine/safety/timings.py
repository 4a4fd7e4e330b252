"""Latency of the stages: the last samples of each, with percentiles, in bounded memory."""

from collections import deque

from engine.clock import MILLISECOND
from engine.words import StageTiming

STAGES = ("capture", "recognise", "decide", "act", "verify")


class Timings:
    """Keeps the last ``keep`` samples of each stage. One thread records, any may read."""

    def __init__(self, keep: int = 512) -> None:
        self._samples = {stage: deque[float](maxlen=keep) for stage in STAGES}
        self._counts = dict.fromkeys(STAGES, 0)

    def add(self, stage: str, nanoseconds: int) -> None:
        """One sample of a stage (KeyError for an unknown stage)."""
        self._samples[stage].append(nanoseconds / MILLISECOND)
        self._counts[stage] += 1

    def summary(self) -> tuple[StageTiming, ...]:
        """Last, p50 and p95 in milliseconds for each stage that has samples."""
        return tuple(self._of(stage) for stage in STAGES if self._samples[stage])

    def _of(self, stage: str) -> StageTiming:
        samples = list(self._samples[stage])
        ranked = sorted(samples)
        median, high = (ranked[min(len(ranked) - 1, len(ranked) * share // 100)] for share in (50, 95))
        return StageTiming(stage, samples[-1], median, high, self._counts[stage])
