"""Guards that hang or die together: what they held comes up, and what was asked of them is not done later."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from Xlib import X
from Xlib.ext import xtest

from engine import x11
from engine.execution.processes import STAND_IN, ActuatorProcess, ProcessError, WatchdogProcess
from engine.permit.clock import MILLISECOND, now
from engine.permit.page import PermitMode
from engine.words import ReceiptStatus
from tests.execution.guards import ACTUATOR, WATCHDOG, Keeper, ask, await_report, intent
from tests.execution.test_watchdog_process import HOLD_FOR_EVER
from tests.x11 import Window, buttons_held, wait_until

pytestmark = pytest.mark.xvfb

ENDLESS = [sys.executable, "-c", HOLD_FOR_EVER + ACTUATOR[2]]


@contextmanager
def holding(keeper: Keeper, watchdog: WatchdogProcess, table: Window) -> Iterator[ActuatorProcess]:
    """An actuator under guard that has the button down and does not let go."""
    with ActuatorProcess.start(keeper.path, keeper.permit.epoch, ENDLESS) as actuator:
        before = keeper.permit.read().watchdog_beat
        watchdog.guard(actuator.pid)
        wait_until(lambda: keeper.permit.read().watchdog_beat > before, "the watchdog's beat")
        actuator.press(intent(table, 1))
        wait_until(buttons_held, "the button down")
        yield actuator


def hold_a_button() -> None:
    """Press a button as a program does that is then killed."""
    display = x11.connect()
    xtest.fake_input(display, X.ButtonPress, 1)
    display.sync()
    x11.disconnect(display)


def test_both_guards_killed_with_the_button_down_are_stood_in_for(display: str, keeper: Keeper, table: Window) -> None:
    keeper.beats = False
    with WatchdogProcess.start(keeper.path, keeper.permit.epoch, WATCHDOG) as watchdog:
        with holding(keeper, watchdog, table) as actuator:
            os.kill(watchdog.pid, signal.SIGKILL)
            os.kill(actuator.pid, signal.SIGKILL)
            wait_until(lambda: not actuator.alive and not watchdog.alive, "the end of both")
            assert buttons_held()
        watchdog.close()
        assert buttons_held() == 0
        stood_in = watchdog.stops()
        assert [(stop.guard, stop.released) for stop in stood_in] == [(STAND_IN, ("button 1",))]
    assert watchdog.stops() == []
    assert watchdog.warnings == []
    assert [event.kind for event in table.received()] == ["press", "release"]


def test_a_watchdog_that_ended_in_order_needs_no_stand_in(watchdog: WatchdogProcess, keeper: Keeper) -> None:
    watchdog.close()
    assert watchdog.stops() == []


def test_what_a_program_killed_before_left_pressed_comes_up_at_the_next_start(display: str, keeper: Keeper) -> None:
    hold_a_button()
    assert buttons_held()
    with WatchdogProcess.start(keeper.path, keeper.permit.epoch, WATCHDOG) as watchdog:
        assert buttons_held() == 0
        assert watchdog.warnings == ["button 1 was still held by a program that has ended: it is released"]


def test_an_actuator_that_had_to_be_killed_at_an_orderly_end_leaves_no_button_held(
    watchdog: WatchdogProcess, keeper: Keeper, table: Window
) -> None:
    """It does not read its end-of-file, is killed after a second, and no stop word was ever set."""
    with holding(keeper, watchdog, table):
        keeper.set_mode(PermitMode.STANDBY)
    assert buttons_held()
    watchdog.close()
    assert buttons_held() == 0
    assert keeper.permit.stops() == ()


def test_an_actuator_that_hangs_with_the_button_down_is_stopped_and_the_button_comes_up(
    watchdog: WatchdogProcess, keeper: Keeper, table: Window
) -> None:
    with holding(keeper, watchdog, table) as actuator:
        os.kill(actuator.pid, signal.SIGSTOP)
        wait_until(lambda: "watchdog: ACTUATOR_PROGRESS" in map(str, keeper.permit.stops()), "the watchdog's stop")
        wait_until(lambda: not buttons_held(), "the button up")
        wait_until(lambda: not actuator.alive, "the actuator's end")


def test_the_watchdog_gives_no_leave_before_it_knows_whom_to_kill(watchdog: WatchdogProcess, keeper: Keeper) -> None:
    before = keeper.permit.read().watchdog_beat
    time.sleep(0.05)
    assert keeper.permit.read().watchdog_beat == before
    watchdog.guard(os.getpid())
    wait_until(lambda: keeper.permit.read().watchdog_beat > before, "the watchdog's beat")


def test_a_watchdog_that_does_not_listen_cannot_guard(watchdog: WatchdogProcess) -> None:
    os.kill(watchdog.pid, signal.SIGKILL)
    wait_until(lambda: not watchdog.alive, "the watchdog's end")
    with pytest.raises(ProcessError, match="does not listen"):
        watchdog.guard(os.getpid())


def test_a_request_that_lay_in_the_pipe_is_not_carried_out_later(actuator: ActuatorProcess, table: Window) -> None:
    os.kill(actuator.pid, signal.SIGSTOP)
    actuator.press(intent(table, 1))
    time.sleep(0.3)
    os.kill(actuator.pid, signal.SIGCONT)
    assert "the request is" in await_report(actuator, 1).reason
    assert ask(actuator, intent(table, 2)).status is ReceiptStatus.PRESSED
    assert len(table.presses()) == 1


def test_what_was_asked_before_a_hold_is_not_pressed_after_it(
    actuator: ActuatorProcess, table: Window, keeper: Keeper
) -> None:
    os.kill(actuator.pid, signal.SIGSTOP)
    actuator.press(intent(table, 1))
    keeper.set_mode(PermitMode.HOLD)
    keeper.set_mode(PermitMode.LIVE)
    os.kill(actuator.pid, signal.SIGCONT)
    assert "the mode has changed" in await_report(actuator, 1).reason
    assert table.presses() == []


def test_a_new_actuator_on_the_same_page_knows_what_was_used(
    actuator: ActuatorProcess, table: Window, keeper: Keeper
) -> None:
    assert ask(actuator, intent(table, 7)).status is ReceiptStatus.PRESSED
    actuator.close()
    with ActuatorProcess.start(keeper.path, keeper.permit.epoch, ACTUATOR) as another:
        assert "was used" in ask(another, intent(table, 7)).reason
        assert ask(another, intent(table, 8)).status is ReceiptStatus.PRESSED


def test_safe_presses_nothing_where_the_eyes_see_no_check_or_fold(
    actuator: ActuatorProcess, table: Window, keeper: Keeper
) -> None:
    """The engine calls it a fold; the eyes know better."""
    keeper.set_mode(PermitMode.SAFE)
    keeper.passive = {"fold": (0, 0, 50, 50)}
    seen = now()
    wait_until(lambda: keeper.permit.read().captured_at > seen + 20 * MILLISECOND, "the eyes' next frame")
    assert "the eyes see neither" in ask(actuator, intent(table, 1, purpose="fold")).reason
    assert table.presses() == []


RELEASED_IN_A_CORNER = """
import sys
from Xlib import XK, X
from Xlib.ext import xtest
from engine import x11
from engine.execution.devices import open_device
device, display = open_device(), x11.connect()
for name in ("Control_L", "a", "7"):
    xtest.fake_input(display, X.KeyPress, display.keysym_to_keycode(XK.string_to_keysym(name)))
xtest.fake_input(display, X.MotionNotify, x=0, y=0)
display.sync()
before = sum(bin(byte).count("1") for byte in display.query_keymap())
device.release()
print(before, sum(bin(byte).count("1") for byte in display.query_keymap()))
"""


def test_the_actuator_lets_go_of_its_keys_with_the_pointer_in_a_corner(display: str) -> None:
    """The corner is a stop, and pyautogui refuses everything there, also to let go."""
    said = subprocess.run([sys.executable, "-c", RELEASED_IN_A_CORNER], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["3", "0"]


def test_the_stand_in_says_what_it_cannot_do(keeper: Keeper, display: str) -> None:
    """A release program that fails is a warning, and the console goes on."""
    program = f"import sys\nif '--release' in sys.argv: sys.exit(3)\n{WATCHDOG[2]}"
    with WatchdogProcess.start(keeper.path, keeper.permit.epoch, [sys.executable, "-c", program]) as watchdog:
        os.kill(watchdog.pid, signal.SIGKILL)
    assert len(watchdog.warnings) == 1
    assert "could not be released" in watchdog.warnings[0]


def test_release_alone_ends_by_itself(display: str) -> None:
    hold_a_button()
    said = subprocess.run([*WATCHDOG, "--release"], capture_output=True, text=True, check=True, timeout=20)
    assert said.stdout == '{"released": ["button 1"]}\n'
    assert buttons_held() == 0
