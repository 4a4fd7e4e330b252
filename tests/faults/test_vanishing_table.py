"""The table vanishes while the actuator presses it: HOLD, then STOPPED, and nothing else is pressed in its place."""

import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.permit.clock import MILLISECOND, now
from engine.records.journal_reading import read
from engine.words import Box, Cause, Mode
from tests.drills.feeder import Feeder
from tests.drills.panic_stop import await_stop
from tests.drills.stand import drill_config, stand
from tests.faults.product import Pointer
from tests.x11 import Window, wait_until

pytestmark = pytest.mark.xvfb

HOLD_LIMIT_S = 1.0
LONGEST_WAIT = 200 * MILLISECOND


@pytest.fixture
def beneath(display: str) -> Iterator[Window]:
    """A window under the whole table."""
    window = Window("Beneath", Box(0, 0, 1200, 760), "Editor")
    yield window
    window.close()


def vanish(directory: Path, beneath: Window, pointer: Pointer, mid_click: bool) -> None:
    """One table that is killed while it is pressed: with the button down, or at a random moment of a gesture."""
    directory.mkdir(exist_ok=True)
    with stand(directory, drill_config(hold_limit_s=HOLD_LIMIT_S)) as made:
        made.arm()
        with Feeder(made) as feeder:
            wait_until(lambda: len(made.lines("press")) >= 2, "legitimate presses")
            if mid_click:
                wait_until(pointer.held, "a button down")
            else:
                moment = now() + random.randrange(LONGEST_WAIT)
                wait_until(lambda: now() >= moment, "the moment of the kill")
            os.kill(made.table.pid, signal.SIGKILL)
            wait_until(lambda: made.mode is Mode.HOLD, "HOLD")
            assert "the table window was not found" in made.runtime.snapshot().mode_reason
            fed = feeder.asked
            await_stop(made)
            assert feeder.asked > fed
        assert made.latched() == Cause.HOLD_LIMIT
    assert beneath.presses() == []
    assert not pointer.held()
    changes = [row.data["transition"] for row in read(made.runtime.journal_path, "mode")]
    modes = [change["target"] for change in changes if change["target"] != change["source"]]
    assert modes == ["LIVE", "HOLD", "STOPPED"]


@pytest.mark.parametrize("mid_click", [True, False], ids=["button down", "random moment"])
def test_a_table_that_vanishes_while_it_is_pressed(beneath: Window, tmp_path: Path, mid_click: bool) -> None:
    with Pointer() as pointer:
        vanish(tmp_path, beneath, pointer, mid_click)


@pytest.mark.e2e
@pytest.mark.timeout(1800)
def test_fifty_tables_that_vanish_while_they_are_pressed(beneath: Window, tmp_path: Path) -> None:
    with Pointer() as pointer:
        for number in range(50):
            vanish(tmp_path / f"trial-{number}", beneath, pointer, mid_click=number % 2 == 0)
