"""The guards of a machine under pressure: the watchdog's beat stays fresh, and a stop is seen and obeyed in time."""

import os
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from engine.execution.processes import ActuatorProcess, WatchdogProcess
from engine.permit.clock import MILLISECOND, SECOND, BootClock, now
from engine.permit.page import StopCode
from engine.permit.rules import WATCHDOG_BEAT_LIMIT
from tests.execution.guards import ACTUATOR, Keeper
from tests.execution.pressure import pressure
from tests.x11 import wait_until

pytestmark = pytest.mark.xvfb

SAMPLE = MILLISECOND
OBEYED_WITHIN = 500 * MILLISECOND


@dataclass(frozen=True, slots=True)
class Figures:
    """Ages of the watchdog's beat, and how long after the stop word it was obeyed; nanoseconds."""

    ages: Sequence[int]
    obeyed_after: int
    stopped_before: bool

    def __str__(self) -> str:
        ordered = sorted(self.ages)
        p50, p99, worst = (value / MILLISECOND for value in (statistics.median(ordered), _p99(ordered), ordered[-1]))
        beat = f"watchdog's beat p50 {p50:.1f} p99 {p99:.1f} max {worst:.1f} ms in {len(ordered)} samples"
        return f"{beat}; a stop word obeyed after {self.obeyed_after / MILLISECOND:.1f} ms"


def _p99(ordered: Sequence[int]) -> int:
    return ordered[int(len(ordered) * 0.99)]


def measure(watchdog: WatchdogProcess, keeper: Keeper, seconds: float) -> Figures:
    """Under a load of twice the cores: watch the beat, then stop and await the actuator's own word."""
    with ActuatorProcess.start(keeper.path, keeper.permit.epoch, ACTUATOR) as actuator:
        before = keeper.permit.read().watchdog_beat
        watchdog.guard(actuator.pid)
        wait_until(lambda: keeper.permit.read().watchdog_beat > before, "the watchdog's beat")
        with pressure():
            ages = _ages(keeper, round(seconds * SECOND))
            stopped_before = keeper.permit.stopped()
            at = now()
            keeper.permit.console.stop(StopCode.BUTTON)
            wait_until(lambda: any(stop.owner == "actuator" for stop in keeper.permit.stops()), "the actuator's word")
            return Figures(ages, now() - at, stopped_before)


def _ages(keeper: Keeper, duration: int) -> list[int]:
    """The time is taken before the word is read: a sampler that is held up does not make the beat look old."""
    clock, ages = BootClock(), []
    end = clock.now() + duration
    while (at := clock.now()) < end:
        ages.append(max(0, at - keeper.permit.read().watchdog_beat))
        clock.sleep(SAMPLE)
    return ages


def assert_fresh(figures: Figures) -> None:
    assert not figures.stopped_before, "the pressure alone is no reason to stop"
    assert max(figures.ages) < WATCHDOG_BEAT_LIMIT, figures
    assert figures.obeyed_after < OBEYED_WITHIN, figures


def test_the_watchdogs_beat_stays_fresh_under_pressure(watchdog: WatchdogProcess, keeper: Keeper) -> None:
    assert_fresh(measure(watchdog, keeper, 3.0))


@pytest.mark.bench
@pytest.mark.timeout(300)
def test_the_watchdogs_beat_under_a_minute_of_pressure(
    watchdog: WatchdogProcess, keeper: Keeper, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = measure(watchdog, keeper, 60.0)
    with capsys.disabled():
        print(f"\n{2 * (os.cpu_count() or 1)} busy processes on {os.cpu_count()} cores: {figures}")
    assert_fresh(figures)
