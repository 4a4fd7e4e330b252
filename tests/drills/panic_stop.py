"""Measures the panic stop: from the bad picture on the table's screen to the last press the table received."""

import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from engine.clock import MILLISECOND
from engine.words import Mode
from tests.drills import page_witness
from tests.drills.feeder import Feeder
from tests.drills.stand import Stand
from tests.x11 import wait_until

DISTURBANCES = ("noise", "scramble-cards", "blank-pot")
SETTLE_S = 0.3
"""The actuator is fed for so long after STOPPED: what would come late comes by then."""
PAUSE_S = 0.25
"""Between two holds of the interpreter, as between two long computations."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One stop, in milliseconds. ``last_press`` is None when nothing was pressed after the bad picture.

    ``last_press`` and ``stopped`` count from the picture on the screen; ``after_capture`` is from the capture of the
    last confident frame to the trial's last press. Presses are timed by the screen itself; ``received`` is how much
    later the table, which may be painting just then, took the last one in. ``bad_leave``: the page gave leave for a
    frame taken after the bad picture was shown. ``latched``: the stop is on the disk with this cause.
    """

    disturbance: str
    asked: int
    presses: int
    last_press: float | None
    stopped: float
    after_capture: float
    received: float
    cause: str
    measured: str
    limit: str
    bad_leave: bool
    latched: bool


class InterpreterHog:
    """Holds the interpreter for up to a second at a time: one sort of a large list is one call in C."""

    def __init__(self) -> None:
        self._numbers = [random.random() for _ in range(800_000)]
        began = time.monotonic()
        self._hold(len(self._numbers))
        self._length_of_a_second = int(len(self._numbers) / (time.monotonic() - began))
        self._numbers *= 1 + self._length_of_a_second // len(self._numbers)

    @contextmanager
    def holding(self, at_first_hold: Callable[[], None]) -> Iterator[None]:
        """A thread that holds again and again while the block runs; ``at_first_hold`` is called as the first begins."""
        ending = threading.Event()
        thread = threading.Thread(target=self._hold_often, args=(ending, at_first_hold), name="interpreter hog")
        thread.start()
        try:
            yield
        finally:
            ending.set()
            thread.join()

    def _hold_often(self, ending: threading.Event, at_first_hold: Callable[[], None]) -> None:
        at_first_hold()
        self._hold(self._length_of_a_second)
        while not ending.wait(PAUSE_S):
            self._hold(int(self._length_of_a_second * random.uniform(0.1, 1.0)))

    def _hold(self, length: int) -> None:
        """One call that gives the interpreter to nobody else."""
        sorted(self._numbers[:length])


@contextmanager
def witnessed(path: Path) -> Iterator[dict[str, int]]:
    """What a process of its own saw of the page; the mapping is filled when the block ends."""
    seen: dict[str, int] = {}
    command = [sys.executable, "-m", page_witness.__name__, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "watching"
        try:
            yield seen
        finally:
            said, _ = process.communicate()
    seen.update(json.loads(said))


def trial(stand: Stand, disturbance: str, hog: InterpreterHog | None) -> Trial:
    """Arm, press, spoil the picture, wait for the stop; then reset. With ``hog`` while it holds the interpreter."""
    stand.arm()
    began = stand.runtime.snapshot().at
    with witnessed(stand.page) as seen, Feeder(stand) as feeder:
        wait_until(lambda: len(stand.lines("press", began)) >= 2, "legitimate presses")
        time.sleep(random.uniform(0.0, 0.15))
        with _disturbed(stand, disturbance, hog):
            await_stop(stand)
        time.sleep(SETTLE_S)
    made = _measured(stand, disturbance, began, feeder, seen)
    stand.disturb("none")
    stand.reset()
    return made


@contextmanager
def _disturbed(stand: Stand, disturbance: str, hog: InterpreterHog | None) -> Iterator[None]:
    """The bad picture; with ``hog`` it comes at the beginning of a hold, so that the permit can only expire."""
    if hog is None:
        stand.disturb(disturbance)
        yield
        return
    with hog.holding(lambda: stand.disturb(disturbance)):
        yield


def await_stop(stand: Stand) -> None:
    """Wait until the runtime has stopped and let its guards go."""
    wait_until(lambda: stand.mode is Mode.STOPPED and stand.runtime.guards is None, "STOPPED", patience=20)


def _measured(stand: Stand, disturbance: str, began: int, feeder: Feeder, seen: dict[str, int]) -> Trial:
    shown_at = next(line["t"] for line in stand.lines("disturb", began) if line["what"] == disturbance)
    presses, pressed_at = [line["t"] for line in stand.lines("press", began)], seen["pressed_at"]
    panic = stand.runtime.snapshot().panic
    assert panic is not None
    return Trial(
        disturbance=disturbance,
        asked=feeder.asked,
        presses=len(presses),
        last_press=(pressed_at - shown_at) / MILLISECOND if pressed_at > shown_at else None,
        stopped=(seen["stopped_at"] - shown_at) / MILLISECOND,
        after_capture=(pressed_at - seen["captured_at"]) / MILLISECOND,
        received=(presses[-1] - pressed_at) / MILLISECOND,
        cause=str(panic.cause),
        measured=panic.measured,
        limit=panic.limit,
        bad_leave=seen["captured_at"] > shown_at,
        latched=stand.latched() == panic.cause,
    )


def run(stand: Stand, trials: int, hog: InterpreterHog | None) -> list[Trial]:
    """So many stops, with one kind of bad picture after another."""
    return [trial(stand, DISTURBANCES[index % len(DISTURBANCES)], hog) for index in range(trials)]


def spread(values: Sequence[float]) -> dict[str, float]:
    """p50, p99 and largest, to a tenth of a millisecond."""
    ordered = sorted(values)
    places = {"p50": 0.5, "p99": 0.99, "max": 1.0}
    return {name: round(ordered[min(len(ordered) - 1, int(part * len(ordered)))], 1) for name, part in places.items()}


def figures(trials: Sequence[Trial]) -> dict[str, Any]:
    """The group's figures in milliseconds; a trial without a press after the bad picture counts as 0."""
    return {
        "trials": len(trials),
        "presses_asked": sum(made.asked for made in trials),
        "presses_received": sum(made.presses for made in trials),
        "bad_picture_to_last_press_ms": spread([made.last_press or 0.0 for made in trials]),
        "bad_picture_to_stopped_ms": spread([made.stopped for made in trials]),
        "last_confident_capture_to_last_press_ms": spread([made.after_capture for made in trials]),
        "last_press_to_the_tables_log_ms": spread([made.received for made in trials]),
    }


def report(path: Path, groups: dict[str, list[Trial]]) -> str:
    """Write every trial and the figures as JSON; the figures as text."""
    summary = {name: figures(trials) for name, trials in groups.items()}
    every = {name: [asdict(made) for made in trials] for name, trials in groups.items()}
    path.write_text(json.dumps({"figures": summary, "trials": every}, indent=1), encoding="utf-8")
    return json.dumps(summary, indent=1)
