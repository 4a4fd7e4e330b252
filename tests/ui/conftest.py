"""The console's tests run without a display: the platform is chosen before Qt is imported."""

import os
import sys

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.console.window import ConsoleWindow
from app.models.drill_runner import CommandOf
from app.theme.apply import apply_theme, prepare
from engine.clock import VirtualClock
from tests.ui.scene import UTC_S
from tests.ui.standin import StandInEngine


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform warns of every smallest size; nothing else is let through."""
    for item in items:
        item.add_marker(pytest.mark.qt_log_ignore("does not support propagateSizeHints"))


@pytest.fixture
def engine() -> StandInEngine:
    return StandInEngine()


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture(scope="session")
def prepared(qapp: QApplication) -> QApplication:
    prepare(qapp)
    return qapp


@pytest.fixture
def dressed(prepared: QApplication) -> QApplication:
    """The application with the console's fonts and its light theme."""
    apply_theme(prepared, "light")
    return prepared


@pytest.fixture
def drill_command() -> CommandOf:
    """A drill program that has no drills; a test of drills has one of its own."""
    return lambda *arguments: [sys.executable, "-c", "print('[]')"]


@pytest.fixture
def window(
    qtbot: QtBot, dressed: QApplication, engine: StandInEngine, clock: VirtualClock, drill_command: CommandOf
) -> Iterator[ConsoleWindow]:
    """A console on the stand-in, shown and drawn once; its timer is stopped, so that a test ticks it by hand."""
    made = ConsoleWindow(engine, clock=clock, drill_command=drill_command, utc=lambda: UTC_S)
    made.resize(940, 1000)
    made.show()
    made.model.stop()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.model.tick()
    yield made
    engine.gate.set()
    made.close()
    qtbot.waitUntil(made.isHidden)
    assert made.commands.wait(1000)
    assert not made.model.running
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
