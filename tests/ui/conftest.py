"""The console's tests run without a display: the platform is chosen before Qt is imported."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.console.window import ConsoleWindow
from app.theme.apply import apply_theme, prepare
from engine.clock import VirtualClock
from tests.ui.standin import StandInEngine


@pytest.fixture
def engine() -> StandInEngine:
    return StandInEngine()


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, engine: StandInEngine) -> Iterator[ConsoleWindow]:
    """A console on the stand-in, shown and drawn once; its timer is stopped, so that a test ticks it by hand."""
    prepare(qapp)
    apply_theme(qapp, "light")
    made = ConsoleWindow(engine, clock=VirtualClock())
    made.resize(940, 1000)
    made.show()
    made.model.stop()
    made.model.tick()
    yield made
    made.close()
    qtbot.waitUntil(made.isHidden)
    assert made.commands.wait(1000)
    assert not made.model.running
    made.deleteLater()
