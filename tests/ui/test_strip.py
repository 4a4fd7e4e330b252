"""The strip: every mode drawn, every control open only where it may be used, and a stop that always acts on press."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.console.mode_badge import SHAPES
from app.console.stop_button import StopLook
from app.console.window import ConsoleWindow
from app.theme.apply import apply_theme
from app.theme.colours import STOP_YELLOW
from engine.clock import SECOND, VirtualClock
from engine.words import Mode
from tests.ui.standin import StandInEngine

LEFT = Qt.MouseButton.LeftButton


def show_mode(window: ConsoleWindow, engine: StandInEngine, mode: Mode, **changes: object) -> None:
    engine.show_mode(mode, **changes)
    window.model.tick()


def stop_ground(window: ConsoleWindow) -> QColor:
    """The colour of the stop button's plate, between its lines of text."""
    image = window.strip.stop.grab().toImage()
    return image.pixelColor(image.width() - 8, image.height() // 2)


def enabled(window: ConsoleWindow) -> set[str]:
    return {name for name in ("standby", "shadow", "arm", "finish", "reset") if getattr(window.strip, name).isEnabled()}


def test_every_mode_has_a_shape_a_word_and_its_own_picture(window: ConsoleWindow, engine: StandInEngine) -> None:
    pictures = []
    for mode in Mode:
        show_mode(window, engine, mode)
        assert str(mode) in window.strip.badge.accessibleDescription()
        pictures.append(window.strip.badge.grab().toImage())
    assert set(SHAPES) == set(Mode)
    assert len(set(SHAPES.values())) == len(Mode)
    assert all(one != other for place, one in enumerate(pictures) for other in pictures[:place])


@pytest.mark.parametrize(
    ("mode", "open_controls"),
    [
        (Mode.STANDBY, {"shadow", "arm"}),
        (Mode.SHADOW, {"standby", "arm"}),
        (Mode.LIVE, {"standby", "shadow", "finish"}),
        (Mode.SAFE, {"standby", "shadow", "finish"}),
        (Mode.HOLD, {"standby", "shadow", "finish"}),
        (Mode.STOPPED, {"reset"}),
    ],
)
def test_a_control_is_open_only_where_it_may_be_used(
    window: ConsoleWindow, engine: StandInEngine, mode: Mode, open_controls: set[str]
) -> None:
    show_mode(window, engine, mode)
    assert enabled(window) == open_controls


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_stop_acts_on_press_in_every_mode(
    window: ConsoleWindow, engine: StandInEngine, dressed: QApplication, mode: Mode, theme: str
) -> None:
    apply_theme(dressed, theme)
    show_mode(window, engine, mode)
    QTest.mousePress(window.strip.stop, LEFT)
    assert engine.stops == ["MainThread"]
    QTest.mouseRelease(window.strip.stop, LEFT)
    assert len(engine.stops) == 1


@pytest.mark.parametrize("size", [(564, 550), (580, 600), (590, 744), (800, 876), (900, 640), (940, 1000), (1400, 900)])
def test_the_stop_is_whole_and_in_the_same_corner_at_every_size(
    window: ConsoleWindow, engine: StandInEngine, size: tuple[int, int]
) -> None:
    engine.results = ()
    for mode in Mode:
        show_mode(window, engine, mode, mode_reason="a long reason " * 20)
        window.resize(*size)
        stop = window.strip.stop
        place = stop.mapTo(window, stop.rect().topRight())
        assert window.size().toTuple() == size
        assert (window.width() - place.x(), place.y()) == (9, 10)
        assert stop.size() == stop.sizeHint()
        assert stop.visibleRegion().boundingRect() == stop.rect()


@pytest.mark.parametrize("size", [(564, 550), (899, 700), (900, 640), (1400, 900)])
def test_every_control_is_whole_in_one_row_or_two(
    window: ConsoleWindow, engine: StandInEngine, size: tuple[int, int]
) -> None:
    show_mode(window, engine, Mode.LIVE, mode_reason="a long reason " * 20)
    window.resize(*size)
    QApplication.processEvents()
    strip = window.strip
    controls = [strip.standby, strip.shadow, strip.arm, strip.reset, strip.finish]
    rows = {each.mapTo(window, each.rect().topLeft()).y() for each in controls}
    assert len(rows) == 1
    assert all(each.visibleRegion().boundingRect() == each.rect() for each in (*controls, strip.badge))
    below = rows.pop() > strip.stop.geometry().bottom()
    assert below is (size[0] < 900)
    assert strip.word.visibleRegion().boundingRect() == strip.word.rect()


def test_the_stop_acts_while_readiness_is_open_and_a_command_hangs(
    window: ConsoleWindow, engine: StandInEngine, qtbot: QtBot
) -> None:
    engine.gate.clear()
    window.strip.arm.click()
    qtbot.waitUntil(lambda: engine.calls == ["check"])
    QTest.mousePress(window.strip.stop, LEFT)
    assert engine.stops


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_a_key_on_the_focused_stop_acts_when_it_goes_down(
    window: ConsoleWindow, engine: StandInEngine, key: Qt.Key
) -> None:
    window.strip.stop.setFocus()
    QTest.keyPress(window.strip.stop, key)
    assert len(engine.stops) == 1
    QTest.keyRelease(window.strip.stop, key)
    assert len(engine.stops) == 1


@pytest.mark.parametrize("name", ["table", "events", "hand"])
def test_escape_and_control_period_stop_from_anywhere(window: ConsoleWindow, engine: StandInEngine, name: str) -> None:
    focus = window.panels[name]
    QTest.keyClick(focus, Qt.Key.Key_Escape)
    QTest.keyClick(focus, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    assert len(engine.stops) == 2


def test_an_assistive_press_stops_too(window: ConsoleWindow, engine: StandInEngine) -> None:
    window.strip.stop.click()
    assert len(engine.stops) == 1


@pytest.mark.parametrize(
    ("mode", "alive", "look"),
    [
        (Mode.LIVE, True, StopLook.WORKS),
        (Mode.LIVE, False, StopLook.DISCONNECTED),
        (Mode.STANDBY, False, StopLook.NOTHING_ARMED),
        (Mode.STOPPED, False, StopLook.STOPPED),
    ],
)
def test_red_on_yellow_only_while_the_stop_works(
    window: ConsoleWindow, engine: StandInEngine, mode: Mode, alive: bool, look: StopLook
) -> None:
    show_mode(window, engine, mode, actuator_alive=alive)
    assert window.strip.stop.look is look
    assert look.value in window.strip.stop.accessibleDescription()
    yellow = stop_ground(window) == QColor(STOP_YELLOW)
    assert yellow is (look in (StopLook.WORKS, StopLook.NOTHING_ARMED))
    assert yellow or stop_ground(window).saturation() < 40


def test_a_silent_engine_is_said_and_leaves_only_the_stop(
    window: ConsoleWindow, engine: StandInEngine, clock: VirtualClock
) -> None:
    show_mode(window, engine, Mode.LIVE)
    clock.sleep(2 * SECOND)
    window.model.tick()
    assert window.strip.badge.mode is None
    assert "no word from the engine" in window.strip.reason.text
    assert enabled(window) == set()
    QTest.mousePress(window.strip.stop, LEFT)
    assert engine.stops


def test_the_commands_reach_the_engine(window: ConsoleWindow, engine: StandInEngine, qtbot: QtBot) -> None:
    show_mode(window, engine, Mode.LIVE)
    window.strip.finish.click()
    window.strip.shadow.click()
    qtbot.waitUntil(lambda: set(engine.calls) == {"finish", "shadow"} and not window.commands.running("shadow"))
    window.model.tick()
    window.strip.standby.click()
    qtbot.waitUntil(lambda: "disarm" in engine.calls)


def test_the_focus_of_a_control_that_closes_goes_to_no_other(
    window: ConsoleWindow, engine: StandInEngine, qtbot: QtBot
) -> None:
    show_mode(window, engine, Mode.STOPPED)
    window.strip.reset.setFocus()
    show_mode(window, engine, Mode.STANDBY)
    qtbot.waitUntil(window.hasFocus)


def test_a_refused_reset_says_why_and_one_at_a_time_runs(
    window: ConsoleWindow, engine: StandInEngine, qtbot: QtBot
) -> None:
    engine.reset_problem = "the risk state is not sound"
    engine.gate.clear()
    show_mode(window, engine, Mode.STOPPED)
    window.strip.reset.click()
    qtbot.waitUntil(lambda: engine.calls == ["reset"])
    assert not window.strip.reset.isEnabled()
    assert window.strip.reset.text() == "Wait …"
    engine.gate.set()
    qtbot.waitUntil(window.notice.isVisible)
    assert "the risk state is not sound" in window.notice.text()
    assert engine.calls == ["reset"]


@pytest.mark.parametrize(
    ("mode", "reason", "open_", "text"),
    [
        (Mode.LIVE, "armed by the operator", True, "Finish safely"),
        (Mode.HOLD, "blind: covered", True, "Finish safely"),
        (Mode.SAFE, "solver-lost: no answer", True, "Finish safely"),
        (Mode.SAFE, "finish: operator", False, "Finishing …"),
        (Mode.STANDBY, "hand-over: the hand is over", False, "Finish safely"),
        (Mode.STOPPED, "", False, "Finish safely"),
    ],
)
def test_finish_is_open_while_there_is_a_hand_to_finish_and_says_that_it_is_at_it(
    window: ConsoleWindow, engine: StandInEngine, mode: Mode, reason: str, open_: bool, text: str
) -> None:
    show_mode(window, engine, mode, mode_reason=reason)
    assert (window.strip.finish.isEnabled(), window.strip.finish.text()) == (open_, text)
    assert "end of this hand" in window.strip.finish.toolTip()


@pytest.mark.parametrize("mode", [Mode.LIVE, Mode.HOLD])
def test_finish_has_a_key_of_its_own(window: ConsoleWindow, engine: StandInEngine, qtbot: QtBot, mode: Mode) -> None:
    show_mode(window, engine, mode)
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: engine.calls == ["finish"] and not window.commands.running("finish"))
