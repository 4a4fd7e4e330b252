"""What the tests of the real guard processes share: a screen, a page that is kept fresh, and the processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.execution.processes import ActuatorProcess, WatchdogProcess
from tests.execution.guards import ACTUATOR, WATCHDOG, Keeper
from tests.x11 import Window, display

__all__ = ["display"]


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    """A page on which engine and eyes go on."""
    with Keeper(tmp_path / "run" / "permit") as made:
        yield made


@pytest.fixture
def actuator(display: str, keeper: Keeper) -> Iterator[ActuatorProcess]:
    """A running actuator whose watchdog's beat is kept by the keeper."""
    with ActuatorProcess.start(keeper.path, keeper.permit.epoch, ACTUATOR) as process:
        yield process


@pytest.fixture
def watchdog(display: str, keeper: Keeper) -> Iterator[WatchdogProcess]:
    """A running watchdog."""
    keeper.beats = False
    with WatchdogProcess.start(keeper.path, keeper.permit.epoch, WATCHDOG) as process:
        yield process


@pytest.fixture
def table(display: str) -> Iterator[Window]:
    """A window that remembers its presses."""
    window = Window()
    yield window
    window.close()
