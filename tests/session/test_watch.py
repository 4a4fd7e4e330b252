"""The watch: what may be reset again only after two healthy snapshots."""

from pathlib import Path

import pytest

from engine.clock import MILLISECOND, SECOND, VirtualClock
from engine.risk.calendar import EventCalendar
from engine.safety.health import HealthLimits, HealthMonitor, RestartLimit
from engine.safety.pressure import LateSteps, PressureLimits
from engine.session.watch import EVERY, Watch
from engine.words import Component, HealthReport
from tests.session.desk import MemoryJournal


class Solver:
    """ports.Watched: a solver that may end and, while it heals, is begun anew at once."""

    component = Component.SOLVER

    def __init__(self) -> None:
        self.alive = self.heals = True
        self.progress = 0

    def report(self) -> HealthReport:
        self.progress += 1
        return HealthReport(self.component, True, True, self.alive, True, self.progress, "")

    def restart(self) -> None:
        self.alive = self.heals


class StillDesk:
    """A desk on which nothing changes."""

    memory = 0.1

    def changed(self) -> str:
        return ""


class Room:
    """A watch over one solver in virtual time; a snapshot every second."""

    def __init__(self) -> None:
        self.clock, self.solver = VirtualClock(), Solver()
        limits = HealthLimits({Component.SOLVER: RestartLimit(3, 60 * SECOND)}, snapshot_every=SECOND)
        self.watch = Watch(
            clock=self.clock,
            health=HealthMonitor([self.solver], limits, self.clock),
            calendar=EventCalendar(None, None, Path("unused"), lambda: 0.0),
            surroundings=StillDesk(),
            late=LateSteps(50 * MILLISECOND),
            pressure=PressureLimits(),
            journal=MemoryJournal([]),
            budgets=tuple,
        )

    def run(self, time: int) -> None:
        for _ in range(time // EVERY):
            self.clock.sleep(EVERY)
            self.watch.step()


@pytest.fixture
def room() -> Room:
    room = Room()
    room.run(3 * SECOND)
    return room


def test_two_healthy_snapshots_let_a_reset_pass(room: Room) -> None:
    assert room.watch.unwell == ""


def test_a_component_that_is_lost_keeps_a_reset_back_now_and_for_two_snapshots(room: Room) -> None:
    room.solver.alive = room.solver.heals = False
    room.run(EVERY)
    assert "solver" in room.watch.unwell
    room.run(SECOND)
    room.solver.alive = True
    room.run(EVERY)
    assert "no two healthy snapshots" in room.watch.unwell
    room.run(SECOND)
    assert "no two healthy snapshots" in room.watch.unwell
    room.run(SECOND)
    assert room.watch.unwell == ""
