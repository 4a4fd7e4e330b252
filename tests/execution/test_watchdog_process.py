"""The real watchdog process on a real screen: every way to stop, who dies, and that nothing stays pressed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from Xlib import XK, X
from Xlib.ext import xtest

from engine import x11
from engine.execution.processes import ActuatorProcess, ProcessError, StopReport, WatchdogProcess
from engine.permit.clock import MILLISECOND, now
from engine.permit.page import PermitMode, StopCode
from tests.execution.guards import ACTUATOR, WATCHDOG, Keeper, ask, intent, point_at, pointer_at
from tests.x11 import Window, buttons_held, wait_until

pytestmark = pytest.mark.xvfb

HOLD_FOR_EVER = """
import sys
import threading
from engine.execution.devices import open_device
from engine.permit import actuator, gesture
gesture.HOLD = 3600 * 10**9
"""


@pytest.fixture
def guarded(watchdog: WatchdogProcess, keeper: Keeper) -> Iterator[ActuatorProcess]:
    """An actuator under the watchdog's guard."""
    with ActuatorProcess.start(keeper.path, keeper.permit.epoch, ACTUATOR) as process:
        watchdog.guard(process.pid)
        yield process


def stopped_by(keeper: Keeper, expected: str) -> None:
    wait_until(lambda: expected in map(str, keeper.permit.stops()), expected)


def report_of(watchdog: WatchdogProcess) -> StopReport:
    found: list[StopReport] = []

    def heard() -> bool:
        found.extend(watchdog.stops())
        return bool(found)

    wait_until(heard, "the watchdog's report")
    return found[0]


def key(*arguments: str) -> None:
    subprocess.run(["xdotool", *arguments], check=True)


CHORDS = {"Pause": ["Pause"], "ctrl+alt+space": ["Control_L", "Alt_L", "space"]}


def tap(*names: str) -> None:
    """Press and release keys together, too short for anybody who only looks now and then."""
    display = x11.connect()
    codes = [display.keysym_to_keycode(XK.string_to_keysym(name)) for name in names]
    for code in codes:
        xtest.fake_input(display, X.KeyPress, code)
    for code in reversed(codes):
        xtest.fake_input(display, X.KeyRelease, code)
    display.sync()
    x11.disconnect(display)


def resize_screen(width: int, height: int) -> None:
    display = x11.connect()
    root = display.screen().root
    resources = root.xrandr_get_screen_resources()
    display.xrandr_set_crtc_config(resources.crtcs[0], resources.config_timestamp, 0, 0, 0, 1, [])
    root.xrandr_set_screen_size(width, height, width // 4, height // 4)
    display.sync()
    x11.disconnect(display)


def keys_held() -> bool:
    display = x11.connect()
    held = any(display.query_keymap())
    x11.disconnect(display)
    return held


def test_its_beat_lets_the_actuator_press(
    guarded: ActuatorProcess, watchdog: WatchdogProcess, table: Window, keeper: Keeper
) -> None:
    report = ask(guarded, intent(table, 1))
    assert report.reason == ""
    assert len(table.presses()) == 1
    assert watchdog.warnings == []
    assert keeper.permit.stops() == ()


@pytest.mark.parametrize("chord", CHORDS)
@pytest.mark.parametrize("lock", ["", "Num_Lock", "Caps_Lock"])
def test_the_hotkey_works_while_another_window_has_the_focus(
    guarded: ActuatorProcess, watchdog: WatchdogProcess, table: Window, keeper: Keeper, chord: str, lock: str
) -> None:
    table.focus()
    if lock:
        key("key", lock)
    tap(*CHORDS[chord])
    stopped_by(keeper, "watchdog: HOTKEY")
    report = report_of(watchdog)
    assert report.answered
    assert report.killed
    wait_until(lambda: not guarded.alive, "the actuator's end")
    assert not keys_held()
    assert chord not in table.typed()


def test_a_plain_key_is_not_the_hotkey(
    guarded: ActuatorProcess, watchdog: WatchdogProcess, table: Window, keeper: Keeper
) -> None:
    table.focus()
    key("key", "space", "a", "ctrl+space", "alt+space")
    time.sleep(0.05)
    assert keeper.permit.stops() == ()
    assert " " in table.typed()


def test_a_hotkey_that_another_program_has_is_reported_and_works_while_held(display: str, keeper: Keeper) -> None:
    other = x11.connect()
    keycode = other.keysym_to_keycode(XK.XK_Pause)
    other.screen().root.grab_key(keycode, X.AnyModifier, False, X.GrabModeAsync, X.GrabModeAsync)
    other.sync()
    with WatchdogProcess.start(keeper.path, keeper.permit.epoch, WATCHDOG) as watchdog:
        assert "Pause is taken by another program" in watchdog.warnings[0]
        key("keydown", "Pause")
        stopped_by(keeper, "watchdog: HOTKEY")
        key("keyup", "Pause")
    x11.disconnect(other)


def test_a_hotkey_of_ones_own(display: str, keeper: Keeper) -> None:
    with WatchdogProcess.start(keeper.path, keeper.permit.epoch, [*WATCHDOG, "--hotkey", "shift+F12"]):
        key("key", "Pause")
        time.sleep(0.03)
        assert not keeper.permit.stopped()
        key("key", "shift+F12")
        stopped_by(keeper, "watchdog: HOTKEY")


def test_a_hotkey_that_cannot_be_made_is_said_at_the_start(display: str, keeper: Keeper) -> None:
    with pytest.raises(ProcessError, match="hotkey 'hyper\\+Q' cannot be made"):
        WatchdogProcess.start(keeper.path, keeper.permit.epoch, [*WATCHDOG, "--hotkey", "hyper+Q"])


@pytest.mark.parametrize("corner", [(0, 0), (1279, 0), (1, 799), (1279, 799)])
def test_the_pointer_in_a_corner_stops(
    guarded: ActuatorProcess, watchdog: WatchdogProcess, keeper: Keeper, corner: tuple[int, int]
) -> None:
    point_at(*corner)
    stopped_by(keeper, "watchdog: CORNER")
    assert report_of(watchdog).killed


def test_an_edge_is_no_corner_and_a_corner_counts_only_while_armed(watchdog: WatchdogProcess, keeper: Keeper) -> None:
    point_at(640, 0)
    time.sleep(0.05)
    keeper.set_mode(PermitMode.SHADOW)
    point_at(0, 0)
    time.sleep(0.05)
    assert not keeper.permit.stopped()


def test_the_corners_move_with_the_screens_size(watchdog: WatchdogProcess, keeper: Keeper) -> None:
    resize_screen(1024, 768)
    time.sleep(0.05)
    assert not keeper.permit.stopped()
    point_at(1023, 767)
    stopped_by(keeper, "watchdog: CORNER")


@pytest.mark.parametrize(("part", "code"), [("engine", "ENGINE_PROGRESS"), ("eyes", "VISION_PROGRESS")])
def test_no_progress_for_three_seconds_stops(watchdog: WatchdogProcess, keeper: Keeper, part: str, code: str) -> None:
    setattr(keeper, part, False)
    start = now()
    stopped_by(keeper, f"watchdog: {code}")
    assert 2_900 * MILLISECOND < now() - start < 4_500 * MILLISECOND


def test_the_end_of_the_actuator_stops(guarded: ActuatorProcess, watchdog: WatchdogProcess, keeper: Keeper) -> None:
    os.kill(guarded.pid, signal.SIGKILL)
    stopped_by(keeper, "watchdog: ACTUATOR_GONE")
    assert not report_of(watchdog).killed


def test_after_a_stop_it_beats_no_more(guarded: ActuatorProcess, watchdog: WatchdogProcess, keeper: Keeper) -> None:
    keeper.permit.console.stop(StopCode.BUTTON)
    report = report_of(watchdog)
    assert report.stops == ("console: BUTTON", "actuator: OBEYED")
    beat = keeper.permit.read().watchdog_beat
    time.sleep(0.05)
    assert keeper.permit.read().watchdog_beat == beat


def test_an_actuator_that_does_not_answer_is_killed(
    guarded: ActuatorProcess, watchdog: WatchdogProcess, keeper: Keeper
) -> None:
    os.kill(guarded.pid, signal.SIGSTOP)
    start = now()
    keeper.permit.console.stop(StopCode.BUTTON)
    report = report_of(watchdog)
    assert (report.answered, report.killed) == (False, True)
    assert now() - start > 100 * MILLISECOND
    assert not guarded.alive


def test_a_process_that_only_has_the_actuators_number_is_not_killed(watchdog: WatchdogProcess, keeper: Keeper) -> None:
    bystander = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    watchdog._send({"actuator": bystander.pid, "started": 1})
    stopped_by(keeper, "watchdog: ACTUATOR_GONE")
    assert not report_of(watchdog).killed
    assert bystander.poll() is None
    bystander.communicate(b"\n")


def test_there_must_be_an_actuator_to_guard(watchdog: WatchdogProcess) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    with pytest.raises(ProcessError, match="no actuator to guard"):
        watchdog.guard(ended.pid)


def test_killed_between_down_and_up_the_actuator_leaves_no_button_held(
    watchdog: WatchdogProcess, table: Window, keeper: Keeper
) -> None:
    program = HOLD_FOR_EVER + ACTUATOR[2]
    with ActuatorProcess.start(keeper.path, keeper.permit.epoch, [sys.executable, "-c", program]) as actuator:
        watchdog.guard(actuator.pid)
        actuator.press(intent(table, 1))
        wait_until(buttons_held, "the button down")
        os.kill(actuator.pid, signal.SIGKILL)
        report = report_of(watchdog)
        assert report.released == ("button 1",)
        assert buttons_held() == 0
    assert [event.kind for event in table.received()] == ["press", "release"]


def test_keys_that_a_killed_program_held_come_up(watchdog: WatchdogProcess, table: Window, keeper: Keeper) -> None:
    table.focus()
    key("keydown", "ctrl", "keydown", "7")
    keeper.permit.console.stop(StopCode.BUTTON)
    report = report_of(watchdog)
    assert report.released == ("key 7", "key Control_L")
    assert not keys_held()


def test_a_dismissed_watchdog_stops_nothing(display: str, keeper: Keeper) -> None:
    keeper.beats = False
    WatchdogProcess.start(keeper.path, keeper.permit.epoch, WATCHDOG).close()
    assert keeper.permit.stops() == ()


CONSOLE = """
import sys, time
from pathlib import Path
from engine.execution.processes import ActuatorProcess, WatchdogProcess
page, epoch = Path(sys.argv[1]), int(sys.argv[2])
watchdog = WatchdogProcess.start(page, epoch, {watchdog!r})
actuator = ActuatorProcess.start(page, epoch, {actuator!r})
watchdog.guard(actuator.pid)
print(watchdog.pid, actuator.pid, flush=True)
time.sleep(60)
"""


def test_a_console_killed_outright_takes_its_guards_along(display: str, keeper: Keeper) -> None:
    program = CONSOLE.format(watchdog=WATCHDOG, actuator=ACTUATOR)
    command = [sys.executable, "-c", program, str(keeper.path), str(keeper.permit.epoch)]
    keeper.beats = False
    with subprocess.Popen(command, stdout=subprocess.PIPE) as console:
        assert console.stdout is not None
        guards = [int(pid) for pid in console.stdout.readline().split()]
        console.kill()
    stopped_by(keeper, "watchdog: ENGINE_GONE")
    wait_until(lambda: not any(_runs(pid) for pid in guards), "the end of both guards")


def _runs(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


def test_the_watchdogs_death_ends_the_leave(guarded: ActuatorProcess, watchdog: WatchdogProcess, table: Window) -> None:
    os.kill(watchdog.pid, signal.SIGKILL)
    wait_until(lambda: not watchdog.alive, "the watchdog's end")
    time.sleep(0.51)
    assert "watchdog's beat" in ask(guarded, intent(table, 1)).reason
    assert table.presses() == []


def test_a_button_that_a_person_let_go_is_not_touched(watchdog: WatchdogProcess, keeper: Keeper) -> None:
    before = pointer_at()
    keeper.permit.console.stop(StopCode.BUTTON)
    assert report_of(watchdog).released == ()
    assert pointer_at() == before


def test_no_display_is_said_at_the_start(monkeypatch: pytest.MonkeyPatch, keeper: Keeper) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(ProcessError, match="DISPLAY is not set"):
        WatchdogProcess.start(keeper.path, keeper.permit.epoch, WATCHDOG)


def test_a_held_button_of_any_program_is_released(watchdog: WatchdogProcess, keeper: Keeper) -> None:
    display = x11.connect()
    xtest.fake_input(display, X.ButtonPress, 3)
    display.sync()
    x11.disconnect(display)
    keeper.permit.console.stop(StopCode.BUTTON)
    assert report_of(watchdog).released == ("button 3",)
    assert buttons_held() == 0


def test_a_stop_just_before_the_dismissal_is_still_enforced(watchdog: WatchdogProcess, keeper: Keeper) -> None:
    """A console that finds the actuator dead stops and lets its guards go in one breath."""
    display = x11.connect()
    xtest.fake_input(display, X.ButtonPress, 1)
    display.sync()
    x11.disconnect(display)
    os.kill(watchdog.pid, signal.SIGSTOP)
    keeper.permit.console.stop(StopCode.PANIC)
    threading.Timer(0.1, os.kill, (watchdog.pid, signal.SIGCONT)).start()
    watchdog.close()
    assert buttons_held() == 0
