"""The operator's four ways to stop, each while the actuator is asked for a press every 5 ms; and what a stop leaves."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.permit.clock import MILLISECOND
from engine.words import Box, Cause, Mode
from tests.drills.feeder import Feeder
from tests.drills.panic_stop import await_stop, witnessed
from tests.drills.stand import Stand, stand
from tests.x11 import Window, buttons_held, wait_until

pytestmark = pytest.mark.xvfb

ON_THE_WAY = 50 * MILLISECOND
"""A press made just before the stop word may still be on its way to the table."""
BESIDE = Box(1000, 300, 240, 200)


@pytest.fixture
def drill(display: str, tmp_path: Path) -> Iterator[Stand]:
    with stand(tmp_path) as made:
        yield made


@pytest.fixture
def beside(display: str) -> Iterator[Window]:
    window = Window("Something else", BESIDE, "Editor")
    yield window
    window.close()


def press_the_red_button(drill: Stand, beside: Window) -> None:
    drill.runtime.stop()


def run_pitboss_stop(drill: Stand, beside: Window) -> None:
    home = {"PITBOSS_HOME": str(drill.directory)}
    said = subprocess.run(
        [sys.executable, "-m", "app", "stop"], env=os.environ | home, capture_output=True, text=True, check=False
    )
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.startswith("STOPPED")


def press_the_hotkey_elsewhere(drill: Stand, beside: Window) -> None:
    subprocess.run(["xdotool", "windowfocus", "--sync", str(beside.handle), "key", "Pause"], check=True)


def push_the_pointer_into_the_corner(drill: Stand, beside: Window) -> None:
    subprocess.run(["xdotool", "mousemove", "0", "0"], check=True)


WAYS: dict[Cause, Callable[[Stand, Window], None]] = {
    Cause.OPERATOR_BUTTON: press_the_red_button,
    Cause.OPERATOR_COMMAND: run_pitboss_stop,
    Cause.OPERATOR_HOTKEY: press_the_hotkey_elsewhere,
    Cause.OPERATOR_CORNER: push_the_pointer_into_the_corner,
}


@pytest.mark.parametrize("cause", WAYS)
def test_the_operator_stops_the_bot(drill: Stand, beside: Window, cause: Cause) -> None:
    drill.arm()
    with witnessed(drill.page) as seen, Feeder(drill) as feeder:
        wait_until(lambda: len(drill.lines("press")) >= 2, "legitimate presses")
        WAYS[cause](drill, beside)
        await_stop(drill)
        fed = feeder.asked
        wait_until(lambda: feeder.asked > fed + 40, "more requests after the stop")
    panic = drill.runtime.snapshot().panic
    assert panic is not None
    assert (panic.cause, drill.latched()) == (cause, cause)
    assert drill.lines("press", seen["stop_word_at"] + ON_THE_WAY) == []
    assert buttons_held() == 0
    assert beside.presses() == []


def test_a_stop_outlives_the_program_and_a_reset_leads_to_standby_only(drill: Stand) -> None:
    drill.arm()
    drill.runtime.stop()
    await_stop(drill)
    again = drill.renew()
    assert again.snapshot().mode is Mode.STOPPED
    refused = again.arm()
    assert [check.name for check in refused] == ["No stop is latched"]
    assert "operator-button" in refused[0].detail
    assert "reset" in refused[0].advice
    assert again.guards is None
    drill.reset()
    assert drill.latched() == ""
    assert drill.mode is Mode.STANDBY
    assert again.guards is None
    drill.arm()


def test_a_stop_pressed_before_the_guards_are_there_is_not_lost(drill: Stand) -> None:
    drill.runtime.stop()
    await_stop(drill)
    assert [check.name for check in drill.runtime.arm()] == ["No stop is latched"]
