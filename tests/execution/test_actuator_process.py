"""The real actuator process on a real screen: a permitted press lands, and nothing else does."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from engine.execution.processes import ActuatorProcess, ProcessError, StopReport
from engine.permit.clock import MILLISECOND, now
from engine.permit.page import PermitMode, StopCode
from engine.words import Box, GestureKind, ReceiptStatus
from tests.execution.guards import ACTUATOR, Keeper, ask, await_report, intent, point_at, pointer_at
from tests.x11 import Window, buttons_held, wait_until

pytestmark = pytest.mark.xvfb


def test_a_permitted_click_lands_once_where_it_was_aimed(
    actuator: ActuatorProcess, table: Window, keeper: Keeper
) -> None:
    report = ask(actuator, intent(table, 1))
    assert (report.status, report.reason) == (ReceiptStatus.PRESSED, "")
    assert [(event.kind, event.x, event.y) for event in table.received()] == [("press", 120, 80), ("release", 120, 80)]
    assert now() - report.ended_at < 5_000 * MILLISECOND
    assert report.ended_at - report.pressed_at >= 30 * MILLISECOND


def test_an_amount_is_typed_into_the_window_that_was_clicked(actuator: ActuatorProcess, table: Window) -> None:
    report = ask(actuator, intent(table, 1, GestureKind.ENTER_AMOUNT, "1250", "amount"))
    assert (report.status, report.reason) == (ReceiptStatus.PRESSED, "")
    assert len(table.presses()) == 1
    assert table.typed() == ["ctrl+a", "1", "2", "5", "0"]


def test_the_keys_take_less_time_than_the_eyes_need_for_a_frame(actuator: ActuatorProcess, table: Window) -> None:
    """Otherwise a frame of the half-typed amount would void the permit between two keys."""
    table.focus()
    report = ask(actuator, intent(table, 1, GestureKind.ENTER_AMOUNT, "123456", "amount"))
    typing = report.ended_at - report.pressed_at - 50 * MILLISECOND
    assert typing < 100 * MILLISECOND


REFUSALS: dict[str, tuple[Callable[[Keeper], None], str]] = {
    "standby": (lambda keeper: keeper.set_mode(PermitMode.STANDBY), "mode STANDBY"),
    "shadow": (lambda keeper: keeper.set_mode(PermitMode.SHADOW), "mode SHADOW"),
    "hold": (lambda keeper: keeper.set_mode(PermitMode.HOLD), "mode HOLD"),
    "stopped": (lambda keeper: keeper.set_mode(PermitMode.STOPPED), "mode STOPPED"),
    "safe": (lambda keeper: keeper.set_mode(PermitMode.SAFE), "check and fold only"),
    "console's stop": (lambda keeper: keeper.permit.console.stop(StopCode.BUTTON), "console: BUTTON"),
    "command's stop": (lambda keeper: keeper.permit.command.stop(StopCode.COMMAND), "command: COMMAND"),
    "watchdog's stop": (lambda keeper: keeper.permit.watchdog.stop(StopCode.HOTKEY), "watchdog: HOTKEY"),
    "another view": (lambda keeper: setattr(keeper, "view", 6), "something else than what was decided on"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_without_leave_no_press_lands(actuator: ActuatorProcess, table: Window, keeper: Keeper, name: str) -> None:
    spoil, reason = REFUSALS[name]
    spoil(keeper)
    wait_until(lambda: keeper.permit.read().view_id == keeper.view, "the eyes' next frame")
    report = ask(actuator, intent(table, 1))
    assert report.status is ReceiptStatus.REFUSED
    assert reason in report.reason
    assert table.presses() == []


@pytest.mark.parametrize(
    ("part", "reason"), [("eyes", "last confident frame"), ("engine", "engine's beat"), ("beats", "watchdog's beat")]
)
def test_silence_ends_the_leave(
    actuator: ActuatorProcess, table: Window, keeper: Keeper, part: str, reason: str
) -> None:
    setattr(keeper, part, False)
    time.sleep(0.51)
    report = ask(actuator, intent(table, 1))
    assert report.status is ReceiptStatus.REFUSED
    assert reason in report.reason
    assert table.presses() == []


def test_safe_lets_a_check_through(actuator: ActuatorProcess, table: Window, keeper: Keeper) -> None:
    keeper.set_mode(PermitMode.SAFE)
    assert ask(actuator, intent(table, 1, purpose="check")).status is ReceiptStatus.PRESSED
    assert len(table.presses()) == 1


def test_an_intent_is_used_once(actuator: ActuatorProcess, table: Window) -> None:
    first = intent(table, 4)
    assert ask(actuator, first).status is ReceiptStatus.PRESSED
    assert "was used" in ask(actuator, first).reason
    assert "was used" in ask(actuator, intent(table, 3)).reason
    assert len(table.presses()) == 1


def test_a_new_page_under_the_same_name_gives_the_old_actuator_no_leave(
    actuator: ActuatorProcess, table: Window, keeper: Keeper
) -> None:
    keeper.eyes = keeper.engine = keeper.beats = False
    with Keeper(keeper.path):
        time.sleep(0.3)
        assert "last confident frame" in ask(actuator, intent(table, 1)).reason
    assert table.presses() == []


def test_a_window_that_moved_is_not_pressed(actuator: ActuatorProcess, table: Window) -> None:
    asked = intent(table, 1)
    table.move(400, 300)
    assert "the table window is at" in ask(actuator, asked).reason
    assert table.presses() == []


def test_a_window_that_is_gone_is_not_pressed(actuator: ActuatorProcess, table: Window) -> None:
    asked = intent(table, 1)
    table.destroy()
    assert ask(actuator, asked).reason == "the table window is gone"


def test_a_window_that_came_between_gets_no_press(actuator: ActuatorProcess, table: Window) -> None:
    asked = intent(table, 1)
    cover = Window("Cover", Box(380, 250, 200, 200), "Other")
    report = ask(actuator, asked)
    assert report.reason == "another window lies under the pointer"
    assert table.presses() == cover.presses() == []
    cover.close()


def test_a_person_who_moves_the_pointer_has_it(table: Window, keeper: Keeper) -> None:
    slow = f"from engine.permit import gesture; gesture.DWELL = 5 * 10**9\n{ACTUATOR[2]}"
    with ActuatorProcess.start(keeper.path, keeper.permit.epoch, [sys.executable, "-c", slow]) as actuator:
        actuator.press(intent(table, 1))
        target = (table.info.box.x + 120, table.info.box.y + 80)
        wait_until(lambda: pointer_at() == target, "the pointer on its target")
        point_at(700, 700)
        report = await_report(actuator, 1)
        assert (report.status, report.reason) == (ReceiptStatus.YIELDED, "a person has the pointer")
        assert ask(actuator, intent(table, 2)).status is ReceiptStatus.YIELDED
    assert table.presses() == []


def test_a_stop_word_is_answered_within_milliseconds(actuator: ActuatorProcess, keeper: Keeper) -> None:
    time.sleep(0.05)
    start = now()
    keeper.permit.console.stop(StopCode.BUTTON)
    wait_until(lambda: any(stop.owner == "actuator" for stop in keeper.permit.stops()), "the actuator's word")
    assert now() - start < 250 * MILLISECOND, "measured: 1.5 ms, and 6 ms at most, when idle"
    said = [stop for stop in until_said(actuator) if stop.guard == "actuator"]
    assert said[0].stops == ("console: BUTTON",)


def until_said(actuator: ActuatorProcess) -> list[StopReport]:
    """What the actuator says about a stop, once it has said it."""
    said: list[StopReport] = []

    def heard() -> bool:
        actuator.reports()
        said.extend(actuator.stops())
        return bool(said)

    wait_until(heard, "the actuator's line")
    return said


def test_the_corner_stops_the_actuator(actuator: ActuatorProcess, table: Window, keeper: Keeper) -> None:
    time.sleep(0.05)
    point_at(0, 0)
    time.sleep(0.6)
    report = ask(actuator, intent(table, 1))
    assert "corner" in report.reason
    assert str(keeper.permit.stops()[0]) == "actuator: CORNER"
    assert "stopped by" in ask(actuator, intent(table, 2)).reason
    assert table.presses() == []


def test_end_of_file_ends_it_without_a_press(actuator: ActuatorProcess, table: Window) -> None:
    actuator.press(intent(table, 1))
    actuator.close()
    assert not actuator.alive
    assert buttons_held() == 0
    assert len(table.presses()) <= 1


def test_nothing_is_left_after_close(display: str, keeper: Keeper) -> None:
    threads = threading.active_count()
    process = ActuatorProcess.start(keeper.path, keeper.permit.epoch, ACTUATOR)
    process.close()
    process.close()
    assert threading.active_count() == threads
    assert not Path(f"/proc/{process.pid}").exists()


def test_an_actuator_that_was_killed_is_lost_with_what_it_was_asked(actuator: ActuatorProcess, table: Window) -> None:
    os.kill(actuator.pid, signal.SIGSTOP)
    actuator.press(intent(table, 1))
    os.kill(actuator.pid, signal.SIGKILL)
    report = await_report(actuator, 1)
    assert report.status is ReceiptStatus.LOST
    assert not actuator.alive
    actuator.press(intent(table, 2))
    assert await_report(actuator, 2).status is ReceiptStatus.LOST


def test_a_flood_of_requests_never_blocks_the_engine(actuator: ActuatorProcess, table: Window) -> None:
    os.kill(actuator.pid, signal.SIGSTOP)
    first = intent(table, 1)
    start = now()
    for number in range(1, 400):
        actuator.press(replace(first, intent_id=number))
    assert now() - start < 2_000 * MILLISECOND
    refused = [report for report in actuator.reports() if report.status is ReceiptStatus.REFUSED]
    assert refused
    assert "has not yet read" in refused[0].reason
    os.kill(actuator.pid, signal.SIGKILL)


def test_a_missing_page_is_said_at_the_start(display: str, tmp_path: Path) -> None:
    with pytest.raises(ProcessError, match="no permit page"):
        ActuatorProcess.start(tmp_path / "permit", 1, ACTUATOR)


def test_another_epoch_is_refused_at_the_start(display: str, keeper: Keeper) -> None:
    with pytest.raises(ProcessError, match="another epoch"):
        ActuatorProcess.start(keeper.path, keeper.permit.epoch ^ 1, ACTUATOR)


def test_no_display_is_said_at_the_start(monkeypatch: pytest.MonkeyPatch, keeper: Keeper) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(ProcessError, match="DISPLAY is not set"):
        ActuatorProcess.start(keeper.path, keeper.permit.epoch, ACTUATOR)


def test_a_display_that_is_not_there_is_said_at_the_start(monkeypatch: pytest.MonkeyPatch, keeper: Keeper) -> None:
    monkeypatch.setenv("DISPLAY", ":9999")
    with pytest.raises(ProcessError, match="cannot be opened"):
        ActuatorProcess.start(keeper.path, keeper.permit.epoch, ACTUATOR)


def test_a_key_that_does_not_open_the_screen_is_said_at_the_start(
    display: str, monkeypatch: pytest.MonkeyPatch, keeper: Keeper, tmp_path: Path
) -> None:
    monkeypatch.setenv("XAUTHORITY", str(tmp_path / "nothing"))
    with pytest.raises(ProcessError, match="check DISPLAY and XAUTHORITY"):
        ActuatorProcess.start(keeper.path, keeper.permit.epoch, ACTUATOR)


LACKS = {
    "a missing package": ("import sys; sys.modules['pyautogui'] = None", "install the locked requirements"),
    "an exit of tkinter's": (
        "import sys; sys.meta_path.insert(0, type('Exit', (), {'find_spec': staticmethod("
        "lambda name, *_: sys.exit('tk') if name == 'pyautogui' else None)}))",
        "install the package python3-tk",
    ),
}


@pytest.mark.parametrize("name", LACKS)
def test_what_pyautogui_lacks_is_said_at_the_start(display: str, keeper: Keeper, name: str) -> None:
    before, advice = LACKS[name]
    program = f"{before}\n{ACTUATOR[2]}"
    with pytest.raises(ProcessError, match=advice):
        ActuatorProcess.start(keeper.path, keeper.permit.epoch, [sys.executable, "-c", program])


def test_a_program_that_is_not_there_is_said_at_the_start(keeper: Keeper) -> None:
    with pytest.raises(ProcessError, match="could not be started"):
        ActuatorProcess.start(keeper.path, keeper.permit.epoch, ["/nowhere/actuator"])


def test_last_words_of_a_program_that_ends_at_once_are_told(keeper: Keeper) -> None:
    with pytest.raises(ProcessError, match="ended at once: no module"):
        ActuatorProcess.start(
            keeper.path, keeper.permit.epoch, [sys.executable, "-c", "print('no module', flush=True)"]
        )


def test_two_clocks_are_found_out(keeper: Keeper) -> None:
    program = 'import json; print(json.dumps({"ready": True, "pid": 1, "now": 2**62}), flush=True); input()'
    with pytest.raises(ProcessError, match="clock is ahead"):
        ActuatorProcess.start(keeper.path, keeper.permit.epoch, [sys.executable, "-c", program])
