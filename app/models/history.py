"""Bounded history of measured values for the charts: one row a bucket of time, in plain numpy arrays."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Fold = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]


def lowest(old: NDArray[np.float64], new: NDArray[np.float64]) -> NDArray[np.float64]:
    """A bucket keeps its dips: what matters of a confidence is how low it fell."""
    return np.fmin(old, new)


def highest(old: NDArray[np.float64], new: NDArray[np.float64]) -> NDArray[np.float64]:
    """A bucket keeps its peaks: what matters of a latency is how long it took."""
    return np.fmax(old, new)


def latest(old: NDArray[np.float64], new: NDArray[np.float64]) -> NDArray[np.float64]:
    """A bucket keeps its last value."""
    return new


class History:
    """The last ``capacity`` buckets of ``series`` values. NaN is a gap.

    The arrays are twice as long as the capacity and shift down when full, so that every view is one slice.
    """

    def __init__(self, series: int, fold: Fold, bucket: int, capacity: int = 1000) -> None:
        self._fold, self._bucket, self._capacity = fold, bucket, capacity
        self._at = np.zeros(2 * capacity, np.int64)
        self._values = np.zeros((2 * capacity, series), np.float64)
        self._end = 0

    def __len__(self) -> int:
        return min(self._end, self._capacity)

    def append(self, at: int, values: tuple[float, ...]) -> None:
        """Add values measured at ``at``; inside the last bucket they are folded into it."""
        row = np.asarray(values, np.float64)
        start = at - at % self._bucket
        if self._end and start <= self._at[self._end - 1]:
            self._values[self._end - 1] = self._fold(self._values[self._end - 1], row)
            return
        self._make_room()
        self._at[self._end], self._values[self._end] = start, row
        self._end += 1

    def since(self, oldest: int) -> tuple[NDArray[Any], NDArray[np.float64]]:
        """Times (n,) int64 and values (n, series) float64 of the buckets not older than ``oldest``."""
        start = max(0, self._end - self._capacity)
        start += int(np.searchsorted(self._at[start : self._end], oldest))
        return self._at[start : self._end], self._values[start : self._end]

    def _make_room(self) -> None:
        if self._end < len(self._at):
            return
        self._at[: self._capacity] = self._at[self._capacity :]
        self._values[: self._capacity] = self._values[self._capacity :]
        self._end = self._capacity
