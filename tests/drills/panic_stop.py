"""Measures the panic stop: from the bad picture on the table's screen to the last press the table received."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from engine.clock import MILLISECOND
from engine.permit.clock import now
from engine.words import Mode
from tests.drills import page_witness
from tests.drills.circumstances import Circumstances
from tests.drills.feeder import Feeder
from tests.drills.stand import Stand
from tests.x11 import wait_until

DISTURBANCES = ("noise", "scramble-cards", "blank-pot")
UNDISTURBED = "none"
"""The picture stays good, and the stop has another reason."""
SETTLE_S = 0.3
"""The actuator is fed for so long after STOPPED: what would come late comes by then."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One stop, in milliseconds. ``last_press`` is None when nothing was pressed after the trouble began.

    ``last_press`` and ``stopped`` count from the bad picture on the screen, or, when the picture stays good, from the
    moment the engine was stuck; ``after_capture`` is from the capture of the
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


def trial(stand: Stand, disturbance: str, around: Circumstances) -> Trial:
    """Arm, press, spoil the picture, wait for the stop; then reset."""
    stand.arm()
    began = stand.runtime.snapshot().at
    with witnessed(stand.page) as seen, Feeder(stand) as feeder:
        wait_until(lambda: len(stand.lines("press", began)) >= 2, "legitimate presses")
        time.sleep(random.uniform(0.0, 0.15))
        begun_at: list[int] = []
        with around(stand, partial(_begin, stand, disturbance, begun_at)):
            await_stop(stand)
        time.sleep(SETTLE_S)
    made = _measured(stand, disturbance, began, feeder, seen, begun_at[0])
    stand.disturb("none")
    stand.reset()
    return made


def _begin(stand: Stand, disturbance: str, begun_at: list[int]) -> None:
    begun_at.append(now())
    if disturbance != UNDISTURBED:
        stand.disturb(disturbance)


def await_stop(stand: Stand) -> None:
    """Wait until the runtime has stopped and let its guards go."""
    wait_until(lambda: stand.mode is Mode.STOPPED and stand.runtime.guards is None, "STOPPED", patience=20)


def _measured(stand: Stand, disturbance: str, began: int, feeder: Feeder, seen: dict[str, int], begun_at: int) -> Trial:
    shown = (line["t"] for line in stand.lines("disturb", began) if line["what"] == disturbance)
    shown_at = begun_at if disturbance == UNDISTURBED else next(shown)
    presses, pressed_at = [line["t"] for line in stand.lines("press", began)], seen["pressed_at"]
    panic = stand.runtime.snapshot().panic
    assert panic is not None
    assert pressed_at, "the screen's own record has no press, so it cannot say which was the last"
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
        bad_leave=disturbance != UNDISTURBED and seen["captured_at"] > shown_at,
        latched=stand.latched() == panic.cause,
    )


def run(stand: Stand, trials: int, around: Circumstances, disturbances: Sequence[str]) -> list[Trial]:
    """So many stops, with one kind of trouble after another."""
    return [trial(stand, disturbances[index % len(disturbances)], around) for index in range(trials)]


def spread(values: Sequence[float]) -> dict[str, float]:
    """p50, p99 and largest, to a tenth of a millisecond."""
    ordered = sorted(values)
    places = {"p50": 0.5, "p99": 0.99, "max": 1.0}
    return {name: round(ordered[min(len(ordered) - 1, int(part * len(ordered)))], 1) for name, part in places.items()}


def figures(trials: Sequence[Trial]) -> dict[str, Any]:
    """The group's figures in milliseconds; a trial without a press after the trouble began counts as 0."""
    return {
        "trials": len(trials),
        "presses_asked": sum(made.asked for made in trials),
        "presses_received": sum(made.presses for made in trials),
        "trouble_to_last_press_ms": spread([made.last_press or 0.0 for made in trials]),
        "trouble_to_stopped_ms": spread([made.stopped for made in trials]),
        "last_confident_capture_to_last_press_ms": spread([made.after_capture for made in trials]),
        "last_press_to_the_tables_log_ms": spread([made.received for made in trials]),
    }


def report(path: Path, trials: Sequence[Trial]) -> str:
    """Write every trial and the figures as JSON; the figures as text."""
    summary = figures(trials)
    path.write_text(json.dumps({"figures": summary, "trials": list(map(asdict, trials))}, indent=1), encoding="utf-8")
    return json.dumps(summary, indent=1)
