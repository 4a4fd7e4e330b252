"""The watch: what may be reset again only after two healthy snapshots, what counts as lost, and what is told."""

from pathlib import Path

import pytest

from engine.clock import MILLISECOND, SECOND, VirtualClock
from engine.risk.calendar import EventCalendar
from engine.safety.health import HealthLimits, HealthMonitor, RestartLimit
from engine.safety.pressure import LateSteps, PressureLimits
from engine.session.watch import EVERY, Findings, Watch
from engine.words import Component, HealthReport, HealthState
from tests.session.desk import MemoryJournal


class Solver:
    """ports.Watched: a solver that may end and, while it heals, is begun anew at once."""

    component = Component.SOLVER

    def __init__(self) -> None:
        self.alive = self.heals = self.ready = True
        self.progress = 0

    def report(self) -> HealthReport:
        self.progress += 1
        return HealthReport(self.component, True, self.ready, self.alive, True, self.progress, "run 1")

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
        self.clock, self.solver, self.problem = VirtualClock(), Solver(), ""
        self.findings: list[Findings] = []
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
            problems=(lambda: self.problem,),
        )

    def run(self, time: int) -> None:
        for _ in range(time // EVERY):
            self.clock.sleep(EVERY)
            self.findings.append(self.watch.step())

    def news(self) -> list[str]:
        return [text for found in self.findings for text in found.news]


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


def test_a_component_that_is_lost_and_back_between_two_snapshots_keeps_a_reset_back(room: Room) -> None:
    room.run(2 * EVERY)
    room.solver.alive = False
    room.run(6 * EVERY)
    assert room.watch.components[0].state is HealthState.READY
    assert "no two healthy snapshots" in room.watch.unwell
    room.run(SECOND)
    assert "no two healthy snapshots" in room.watch.unwell
    room.run(SECOND)
    assert room.watch.unwell == ""


def test_each_restart_is_told_once_with_what_is_left(room: Room) -> None:
    assert room.news() == []
    for _ in range(2):
        room.solver.alive = False
        room.run(3 * SECOND)
    assert room.news() == [
        "solver started again, restarts left: 2; it last said: run 1",
        "solver started again, restarts left: 1; it last said: run 1",
    ]


def test_a_problem_is_told_once_and_again_when_it_comes_back(room: Room) -> None:
    for problem in ("the disk is full", "", "the disk is full", "another"):
        room.problem = problem
        room.run(SECOND)
    assert room.news() == ["the disk is full", "the disk is full", "another"]


def test_what_starts_for_the_first_time_is_not_lost_but_nothing_may_be_reset_yet() -> None:
    room = Room()
    room.solver.ready = False
    room.run(3 * SECOND)
    assert room.watch.components[0].state is HealthState.STARTING
    assert {found.conditions.solver for found in room.findings} == {""}
    assert room.watch.unwell == "solver starting"
    room.solver.ready = True
    room.run(SECOND)
    room.solver.alive = room.solver.ready = False
    room.run(SECOND)
    assert room.watch.components[0].state is HealthState.STARTING
    assert room.findings[-1].conditions.solver == "solver starting again"
