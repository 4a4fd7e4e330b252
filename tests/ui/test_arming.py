"""Arming is two steps: a list of checks, then the leave itself; neither can be skipped."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.console.window import ConsoleWindow
from engine.words import Mode
from tests.ui.scene import PANIC
from tests.ui.standin import FAILS, StandInEngine


def open_list(window: ConsoleWindow, qtbot: QtBot) -> None:
    window.strip.arm.click()
    qtbot.waitUntil(lambda: not window.commands.running("check"))


def test_the_first_step_only_checks(window: ConsoleWindow, engine: StandInEngine, qtbot: QtBot) -> None:
    open_list(window, qtbot)
    assert engine.calls == ["check"]
    assert window.readiness.isVisible()
    assert window.readiness.arm_button.isEnabled()
    assert "all 4 checks pass" in window.readiness.title.text()


def test_the_second_step_arms_and_closes_the_list(window: ConsoleWindow, engine: StandInEngine, qtbot: QtBot) -> None:
    open_list(window, qtbot)
    window.readiness.arm_button.click()
    qtbot.waitUntil(window.readiness.isHidden)
    assert engine.calls == ["check", "arm"]
    window.model.tick()
    assert window.strip.badge.mode is Mode.LIVE
    assert window.strip.word.text() == "Armed"


def test_a_failed_check_bars_the_second_step_and_says_how_to_mend_it(
    window: ConsoleWindow, engine: StandInEngine, qtbot: QtBot
) -> None:
    engine.results = FAILS
    open_list(window, qtbot)
    assert not window.readiness.arm_button.isEnabled()
    texts = [each.text() for each in window.readiness.findChildren(type(window.readiness.title))]
    assert any("move one of the windows" in text for text in texts)
    assert window.readiness.check_button.isEnabled()


def test_a_check_that_fails_between_the_steps_refuses_the_arming(
    window: ConsoleWindow, engine: StandInEngine, qtbot: QtBot
) -> None:
    open_list(window, qtbot)
    engine.results = FAILS
    window.readiness.arm_button.click()
    qtbot.waitUntil(lambda: "Not armed" in window.readiness.title.text())
    assert window.readiness.isVisible()
    assert not window.readiness.arm_button.isEnabled()


def test_the_button_shows_progress_and_cannot_arm_twice(
    window: ConsoleWindow, engine: StandInEngine, qtbot: QtBot
) -> None:
    open_list(window, qtbot)
    engine.gate.clear()
    window.readiness.arm_button.click()
    window.readiness.arm_wanted.emit()
    qtbot.waitUntil(lambda: engine.calls == ["check", "arm"])
    assert window.readiness.title.text() == "Arming …"
    assert not window.readiness.arm_button.isEnabled()
    assert not window.strip.arm.isEnabled()
    engine.gate.set()
    qtbot.waitUntil(window.readiness.isHidden)
    assert engine.calls == ["check", "arm"]


def test_a_stop_takes_the_open_list_away(window: ConsoleWindow, engine: StandInEngine, qtbot: QtBot) -> None:
    open_list(window, qtbot)
    engine.panic(PANIC)
    window.model.tick()
    assert window.readiness.isHidden()


def test_a_check_that_ends_after_a_stop_does_not_offer_to_arm(
    window: ConsoleWindow, engine: StandInEngine, qtbot: QtBot
) -> None:
    engine.gate.clear()
    window.strip.arm.click()
    engine.panic(PANIC)
    window.model.tick()
    engine.gate.set()
    qtbot.waitUntil(lambda: not window.commands.running("check"))
    assert not window.readiness.arm_button.isEnabled()


def test_the_keyboard_opens_the_list_and_never_arms(window: ConsoleWindow, engine: StandInEngine, qtbot: QtBot) -> None:
    for _ in range(3):
        QTest.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(window.readiness.isVisible)
        qtbot.waitUntil(lambda: not window.commands.running("check"))
    assert "arm" not in engine.calls


def test_a_command_that_raises_is_told_and_the_window_goes_on(
    window: ConsoleWindow, engine: StandInEngine, qtbot: QtBot
) -> None:
    engine.failure = OSError("the permit page cannot be made")
    window.strip.arm.click()
    qtbot.waitUntil(window.notice.isVisible)
    assert "the permit page cannot be made" in window.notice.text()
    assert not window.readiness.arm_button.isEnabled()
