"""The wiring: every setting arrives where it counts, and no stand-in gets into a profile that plays for real."""

from pathlib import Path

import pytest

from engine.clock import MILLISECOND, SECOND, VirtualClock
from engine.config import Config
from engine.config.models import CalendarSection, DegradationSection
from engine.permit.watchdog import STALL_LIMIT
from engine.safety.health import HealthMonitor
from engine.safety.latch import Latch
from engine.session.wiring import StandInError, StandIns, Wired, health_limits, risk_guard, stages, wire
from engine.solver.process import SolverProcess
from engine.words import Component, HealthReport, Stage
from tests.session.desk import EvenSolver, Guard, MemoryJournal, SlowAdvisers

PROD = Config(profile="prod", calendar=CalendarSection(enabled=True, primary="events.csv"))
CLOCK = VirtualClock()


def stand_ins() -> StandIns:
    return StandIns(EvenSolver(CLOCK), SlowAdvisers(CLOCK))


def wired(config: Config, directory: Path) -> Wired:
    return wire(
        config,
        session_id="s",
        clock=CLOCK,
        utc=lambda: "2026-01-01T00:00:00.000+00:00",
        journal=MemoryJournal([]),
        permission=Latch.open(directory, CLOCK),
        risk=risk_guard(config, directory),
        guard=Guard(),
        stages=stages(config, stand_ins()),
    )


@pytest.mark.parametrize("given", [StandIns(EvenSolver(CLOCK)), StandIns(advisers=SlowAdvisers(CLOCK)), stand_ins()])
def test_prod_takes_no_stand_in(given: StandIns) -> None:
    with pytest.raises(StandInError, match="prod profile takes no stand-ins"):
        stages(PROD, given)


@pytest.mark.parametrize("config", [PROD, Config()])
def test_the_products_own_solver_is_a_process_whose_health_is_watched(config: Config) -> None:
    made = stages(config)
    assert isinstance(made.solver, SolverProcess)
    assert [watched.component for watched in made.watched] == [Component.SOLVER]
    made.close()


def test_a_stand_in_takes_the_place_of_the_stage() -> None:
    given = stand_ins()
    made = stages(Config(), given)
    assert (made.solver, made.advisers) == (given.solver, given.advisers)


def test_the_configured_shares_split_the_configured_time(tmp_path: Path) -> None:
    config = Config()
    budget = wired(config, tmp_path).budget
    budget.begin(0)
    total = config.decision.budget_ms * MILLISECOND
    assert budget.deadline(Stage.SOLVER) == round(0.55 * total)
    assert budget.deadline(Stage.EXECUTION) == total
    assert [one.share_ms for one in budget.summary()] == [200, 900, 400, 100, 400]


@pytest.mark.parametrize("lost", ["cache-only", "safe"])
def test_the_configured_limits_reach_the_supervisor(tmp_path: Path, lost: str) -> None:
    config = Config(degradation=DegradationSection.model_validate({"solver_lost": lost}))
    limits = wired(config, tmp_path).parts.limits
    assert limits.solver_lost_is_safe is (lost == "safe")
    assert (limits.hold_limit, limits.eyes_back) == (10 * SECOND, 500 * MILLISECOND)
    assert (limits.confidence, limits.bad_frames) == (0.99, 3)


class StuckEyes:
    """ports.Watched: eyes that have looked and then hang."""

    component = Component.EYES

    def __init__(self) -> None:
        self.restarts = 0

    def report(self) -> HealthReport:
        return HealthReport(self.component, True, True, True, True, 7, "")

    def restart(self) -> None:
        self.restarts += 1


def test_eyes_that_hang_are_begun_anew_well_before_the_watchdog_stops_for_them() -> None:
    clock, eyes = VirtualClock(), StuckEyes()
    monitor = HealthMonitor([eyes], health_limits(Config()), clock)
    began = clock.now()
    while not eyes.restarts:
        clock.sleep(100 * MILLISECOND)
        monitor.step()
    assert clock.now() - began <= STALL_LIMIT - SECOND
