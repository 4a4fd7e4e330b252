"""Measures kill -9 of the console: from the kill to the last press, by the screen's own record."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from engine.clock import MILLISECOND
from engine.permit.clock import now
from engine.permit.process_identity import ProcessIdentity, identify
from tests.drills import console_host
from tests.drills.panic_stop import SETTLE_S, spread, witnessed
from tests.drills.stand import read_truth
from tests.x11 import buttons_held, wait_until


@dataclass(frozen=True, slots=True)
class KilledConsole:
    """One kill, in milliseconds: ``last_press`` counts from the kill (negative when it was before), ``after_capture``
    from the capture of the last confident frame, ``gone`` is when neither guard nor table was left.

    ``mid_click`` says that the kill came with the button down.
    """

    mid_click: bool
    presses: int
    last_press: float
    after_capture: float
    gone: float
    held: bool


@contextmanager
def console(directory: Path) -> Iterator[tuple["subprocess.Popen[str]", dict[str, Any]]]:
    """A host that feeds its actuator, and what it said; killed at the end of the block at the latest."""
    command = [sys.executable, "-m", console_host.__name__, str(directory)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        try:
            assert process.stdout is not None
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


def kill(directory: Path, mid_click: bool) -> KilledConsole:
    """One console that is killed while its actuator presses."""
    directory.mkdir(exist_ok=True)
    with console(directory) as (process, said):
        truth = Path(said["truth"])
        family = [found for pid in said["pids"] if (found := identify(pid)) is not None]
        assert len(family) == len(said["pids"])
        with witnessed(Path(said["page"])) as seen:
            since = now()
            wait_until(lambda: len(read_truth(truth, "press", since)) >= 2, "legitimate presses")
            time.sleep(random.uniform(0.0, 0.15))
            if mid_click:
                wait_until(buttons_held, "a button down")
            killed_at = now()
            process.kill()
            wait_until(lambda: not _alive(family), "the end of guards and table", patience=5)
            gone_at = now()
            time.sleep(SETTLE_S)
        assert seen["pressed_at"], "the screen's own record has no press, so it cannot say which was the last"
        return KilledConsole(
            mid_click=mid_click,
            presses=len(read_truth(truth, "press", since)),
            last_press=(seen["pressed_at"] - killed_at) / MILLISECOND,
            after_capture=(seen["pressed_at"] - seen["captured_at"]) / MILLISECOND,
            gone=(gone_at - killed_at) / MILLISECOND,
            held=bool(buttons_held()),
        )


def _alive(family: Sequence[ProcessIdentity]) -> list[int]:
    return [process.pid for process in family if process.alive]


def report(path: Path, kills: Sequence[KilledConsole]) -> str:
    """Write every kill and the figures as JSON; the figures as text."""
    summary = {
        "kills": len(kills),
        "presses_received": sum(made.presses for made in kills),
        "kill_to_last_press_ms": spread([made.last_press for made in kills]),
        "last_confident_capture_to_last_press_ms": spread([made.after_capture for made in kills]),
        "kill_to_all_gone_ms": spread([made.gone for made in kills]),
        "buttons_held": sum(made.held for made in kills),
    }
    path.write_text(json.dumps({"figures": summary, "kills": list(map(asdict, kills))}, indent=1), encoding="utf-8")
    return json.dumps(summary, indent=1)
