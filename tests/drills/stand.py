"""The stand of the stop drills: a real runtime in this process, a real practice table, watchdog and actuator.

The table is slow on purpose: an opponent thinks for a minute, so that the bot has no press of its own to make, and the
only presses are those the drill asks for.
"""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.desk.practice_process import PracticeTable
from app.desk.virtual_screen import environment
from app.practice.geometry import boxes, placement
from engine.config import Config, load
from engine.permit.home import permit_path
from engine.runtime.runtime import Runtime
from engine.safety.latch import PERMISSION_NAME
from engine.words import Box, Mode
from tests.x11 import wait_until

PLACE = (20, 60, 960, 600)
SEED = 7
PLAYERS = 6
FIRST_PACE = 0.3
OPPONENT_PACE = 100
"""A minute for each opponent; the first hand's button is the hero, so three of them come before him."""
TURN_S = 60.0
"""The turn's timer moves as long as an opponent thinks: a picture in which nothing moves is stale after two seconds."""
OPPONENT = "seat.3.pod"

Line = dict[str, Any]


class Stand:
    """Table and runtime over one directory; ``renew`` takes a new runtime on the same state."""

    def __init__(self, directory: Path, config: Config) -> None:
        self.directory, self.config = directory, config
        self.truth = directory / f"truth-{secrets.token_hex(4)}.jsonl"
        self.table = PracticeTable(config, self.truth, None, PLACE)
        self.table.send(cmd="pace", factor=OPPONENT_PACE)
        self.runtime = self._open()

    def _open(self) -> Runtime:
        runtime = Runtime(self.config, self.directory / "dev", secrets.token_hex(6))
        runtime.start()
        return runtime

    def close(self) -> None:
        self.runtime.close()
        self.table.close()

    def renew(self) -> Runtime:
        """Close the runtime in order and open a new one on the same directory."""
        self.runtime.close()
        self.runtime = self._open()
        wait_until(lambda: self.runtime.snapshot().look, "the first look")
        return self.runtime

    def arm(self) -> None:
        """Go LIVE on an undisturbed table."""
        failed = self.runtime.arm()
        assert not failed, failed
        assert self.mode is Mode.LIVE

    def reset(self) -> None:
        """Clear the stop once the table can be read again."""
        wait_until(lambda: self.runtime.reset() == "", "the reset")
        assert self.mode is Mode.STANDBY

    @property
    def mode(self) -> Mode:
        return self.runtime.snapshot().mode

    @property
    def page(self) -> Path:
        return permit_path(self.runtime.directory)

    def latched(self) -> str:
        """The cause of the stop that is on the disk, "" for none."""
        event = json.loads((self.runtime.directory / PERMISSION_NAME).read_text(encoding="utf-8"))["event"]
        return "" if event is None else str(event["cause"])

    def disturb(self, what: str) -> None:
        self.table.send(cmd="disturb", what=what)

    def lines(self, kind: str, since: int = 0) -> list[Line]:
        """The table's own log from ``since`` on."""
        return read_truth(self.truth, kind, since)

    def opponents_plate(self) -> tuple[int, int]:
        """A point of the table that is no control, in pixels of its client area."""
        return spot(OPPONENT)


def spot(element: str) -> tuple[int, int]:
    """The middle of an element of the table, in pixels of its client area."""
    area = placement(*PLACE[2:]).to_pixels(boxes()[element])
    return Box(int(area.x), int(area.y), int(area.width), int(area.height)).centre


def read_truth(path: Path, kind: str, since: int = 0) -> list[Line]:
    """The whole lines of one kind in a table's log."""
    whole = path.read_text(encoding="utf-8").rpartition("\n")[0]
    lines = [json.loads(line) for line in whole.splitlines()]
    return [line for line in lines if line["kind"] == kind and line["t"] >= since]


def drill_config(**vision: object) -> Config:
    """The product's configuration with six players, and other limits of the eyes where they are given."""
    config = load(None, "dev")
    table = config.table.model_copy(
        update={"pace": FIRST_PACE, "turn_seconds": TURN_S, "seed": SEED, "players": PLAYERS}
    )
    return config.model_copy(update={"table": table, "vision": config.vision.model_copy(update=vision)})


@contextmanager
def stand(directory: Path, config: Config | None = None) -> Iterator[Stand]:
    """A stand on the screen that DISPLAY names, whose hand has been dealt and can be read."""
    with environment({"QT_QPA_PLATFORM": "xcb"}):
        made = Stand(directory, config or drill_config())
        try:
            wait_until(lambda: _dealt(made), "a hand dealt and read")
            yield made
        finally:
            made.close()


def _dealt(made: Stand) -> bool:
    state = made.runtime.snapshot().state
    return state is not None and bool(state.hole)
