"""Measured times as one line of a table: how often, p50 and p95 by the clock on the wall, and CPU of the thread."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

WIDTH = 44


@dataclass(slots=True)
class Figure:
    """Times of one thing in milliseconds; ``cpu`` stays empty where another process does the work."""

    name: str
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def add(self, wall_ms: float, cpu_ms: float | None = None) -> None:
        self.wall.append(wall_ms)
        if cpu_ms is not None:
            self.cpu.append(cpu_ms)

    def timed(self, act: Callable[[], object]) -> None:
        """Do something once in this thread, and add what it took."""
        wall, cpu = time.perf_counter_ns(), time.thread_time_ns()
        act()
        self.add((time.perf_counter_ns() - wall) / 1e6, (time.thread_time_ns() - cpu) / 1e6)

    def line(self) -> str:
        if not self.wall:
            return f"  {self.name:{WIDTH}} never happened"
        cpu = _two(self.cpu) if self.cpu else ""
        return f"  {self.name:{WIDTH}} {len(self.wall):5}  {_two(self.wall)}  {cpu}".rstrip()


def show(title: str, *figures: Figure) -> None:
    """Print a table of figures."""
    print(f"\n{title}\n  {'':{WIDTH}} count    wall p50     p95 ms     CPU p50     p95 ms")
    for figure in figures:
        print(figure.line())


def ratio(name: str, one: Figure, other: Figure) -> None:
    """Print how many times one median is of another in the same run."""
    if one.wall and other.wall:
        print(f"  {name:{WIDTH}} {np.median(one.wall) / np.median(other.wall):8.1f} x")


def _two(values: list[float]) -> str:
    low, high = np.percentile(values, (50, 95))
    return f"{low:10.3f} {high:10.3f}"
