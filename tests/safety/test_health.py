"""The health monitor: believes a change only after a while, begins anew what is lost, in order and within budget."""

from dataclasses import replace

import pytest

from engine.clock import MILLISECOND, SECOND, VirtualClock
from engine.safety.health import HealthMonitor, HealthVerdict, RestartLimit
from engine.words import Cause, Component, HealthState
from tests.safety.ward import LIMITS, RESTARTABLE, Part, Ward


@pytest.fixture
def ward() -> Ward:
    made = Ward(Component.SOLVER)
    made.run(SECOND)
    assert made.verdict == HealthVerdict()
    return made


@pytest.fixture
def solver(ward: Ward) -> Part:
    return ward.parts[Component.SOLVER]


def test_what_has_never_been_ready_is_unwell_and_well_as_soon_as_it_is() -> None:
    ward = Ward(Component.SOLVER)
    assert ward.verdict.solver == "solver starting"
    assert ward.state(Component.SOLVER) is HealthState.STARTING
    assert ward.until(lambda verdict: not verdict.solver) <= 110 * MILLISECOND


def test_a_flicker_is_not_believed(ward: Ward, solver: Part) -> None:
    solver.ready = False
    assert ward.run(490 * MILLISECOND).solver == ""
    solver.ready = True
    assert ward.run(5 * SECOND).solver == ""


def test_not_ready_for_a_while_is_lost_and_ready_for_a_while_is_well_again(ward: Ward, solver: Part) -> None:
    solver.ready = False
    assert 490 * MILLISECOND <= ward.until(lambda verdict: verdict.solver) <= 510 * MILLISECOND
    assert ward.verdict.solver == "solver not ready: as told"
    solver.ready = True
    ward.run(SECOND)
    assert "ready again, but not yet for 2.0 s" in ward.verdict.solver
    solver.ready = False
    ward.step()
    solver.ready = True
    assert ward.until(lambda verdict: not verdict.solver) >= 2 * SECOND
    assert solver.restarts == []


def test_who_is_merely_not_ready_is_never_restarted() -> None:
    ward = Ward(Component.ADVISERS)
    ward.run(SECOND)
    ward.parts[Component.ADVISERS].ready = False
    ward.run(200 * SECOND)
    assert ward.parts[Component.ADVISERS].restarts == []
    assert ward.state(Component.ADVISERS) is HealthState.NOT_READY
    assert ward.verdict.advisers == "advisers not ready: as told"
    assert ward.verdict.faults == ()


def test_who_has_ended_is_lost_at_once_and_started_again(ward: Ward, solver: Part) -> None:
    solver.alive = False
    assert ward.step().restarted == (Component.SOLVER,)
    assert ward.verdict.solver == "solver starting again"
    assert len(solver.restarts) == 1
    assert 2 * SECOND <= ward.until(lambda verdict: not verdict.solver) <= 2200 * MILLISECOND
    assert ward.monitor.snapshot()[0].restarts == 1
    assert ward.monitor.snapshot()[0].restarts_left == 2


def test_no_progress_while_there_is_work_is_a_stall(ward: Ward, solver: Part) -> None:
    solver.working = False
    assert 2900 * MILLISECOND <= ward.until(lambda verdict: verdict.restarted) <= 3100 * MILLISECOND
    assert ward.verdict.solver
    ward.until(lambda verdict: not verdict.solver)
    assert len(solver.restarts) == 1


def test_no_progress_without_work_is_none(ward: Ward, solver: Part) -> None:
    solver.working = solver.busy = False
    assert ward.run(60 * SECOND).solver == ""
    solver.busy = True
    assert ward.run(2900 * MILLISECOND).solver == ""
    assert ward.run(300 * MILLISECOND).solver


def test_a_stall_while_not_ready_is_one_too(ward: Ward, solver: Part) -> None:
    solver.working = solver.ready = False
    ward.until(lambda verdict: verdict.restarted)
    assert len(solver.restarts) == 1


def test_sleep_of_the_machine_is_nobodys_stall(ward: Ward, solver: Part) -> None:
    solver.working = False
    ward.run(2 * SECOND)
    assert ward.step(after=3600 * SECOND).restarted == ()
    assert ward.until(lambda verdict: verdict.restarted) <= 1100 * MILLISECOND


@pytest.mark.parametrize("limit", [200 * MILLISECOND, SECOND, 10 * SECOND])
def test_a_stall_is_found_at_every_limit_that_can_be_configured(limit: int) -> None:
    ward = Ward(Component.SOLVER, limits=replace(LIMITS, stalled_after=limit))
    ward.run(SECOND)
    ward.parts[Component.SOLVER].working = False
    waited = 0
    while not ward.step(after=100 * MILLISECOND).restarted:
        waited += 100 * MILLISECOND
    assert limit - 200 * MILLISECOND <= waited <= limit + 200 * MILLISECOND


def test_a_start_that_takes_too_long_is_begun_anew(ward: Ward, solver: Part) -> None:
    solver.start_takes = 3600 * SECOND
    solver.alive = False
    ward.step()
    assert 19 * SECOND <= ward.until(lambda verdict: verdict.restarted and len(solver.restarts) == 2) <= 21 * SECOND


def test_past_its_budget_a_component_is_a_fault_until_time_has_passed(ward: Ward, solver: Part) -> None:
    solver.hopeless, solver.alive = True, False
    spent_after = ward.until(lambda verdict: verdict.faults)
    assert len(solver.restarts) == 3
    assert spent_after < 3 * SECOND
    fault = ward.verdict.faults[0]
    assert fault.cause is Cause.RESTART_BUDGET
    assert fault.measured == "solver lost again after 3 restarts within 60 s: as told"
    assert ward.state(Component.SOLVER) is HealthState.SPENT
    solver.alive = True
    ward.run(30 * SECOND)
    assert ward.verdict.faults
    assert len(solver.restarts) == 3
    ward.run(35 * SECOND)
    assert ward.verdict == HealthVerdict()
    assert ward.state(Component.SOLVER) is HealthState.READY


def test_who_may_never_be_restarted_stops_the_bot_at_once_and_is_looked_at_again_later() -> None:
    ward = Ward(Component.SOLVER, limits=replace(LIMITS, restarts={Component.SOLVER: RestartLimit(0, 60 * SECOND)}))
    ward.run(SECOND)
    solver = ward.parts[Component.SOLVER]
    solver.alive = False
    assert ward.step().faults
    ward.run(100 * SECOND)
    assert ward.verdict.faults
    solver.alive = True
    ward.run(61 * SECOND)
    assert ward.verdict.faults == ()
    ward.run(2 * SECOND)
    assert ward.verdict.solver == ""
    assert solver.restarts == []


def test_restarts_far_apart_never_spend_the_budget(ward: Ward, solver: Part) -> None:
    for _ in range(10):
        solver.alive = False
        ward.step()
        ward.run(21 * SECOND)
    assert len(solver.restarts) == 10
    assert ward.verdict.faults == ()


def test_restarts_go_in_order_and_one_at_a_time() -> None:
    ward = Ward(*reversed(RESTARTABLE))
    ward.run(SECOND)
    for part in ward.parts.values():
        part.alive, part.start_takes = False, SECOND
    order = [ward.step().restarted]
    while len(order) < 300:
        order.append(ward.step().restarted)
    assert [restarted[0] for restarted in order if restarted] == list(RESTARTABLE)
    times = [ward.parts[component].restarts[0] for component in RESTARTABLE]
    assert times[1] - times[0] >= SECOND
    assert times[2] - times[1] >= SECOND


def test_who_spends_his_budget_holds_up_nobody_else() -> None:
    ward = Ward(Component.EYES, Component.SOLVER)
    ward.run(SECOND)
    ward.parts[Component.EYES].hopeless = True
    ward.parts[Component.EYES].alive = ward.parts[Component.SOLVER].alive = False
    ward.run(10 * SECOND)
    assert ward.state(Component.EYES) is HealthState.SPENT
    assert ward.verdict.solver == ""
    assert ward.verdict.eyes == "eyes restarts spent: as told"


@pytest.mark.parametrize("component", [Component.JOURNAL, Component.ACTUATOR, Component.WATCHDOG])
def test_the_guards_and_the_journal_are_shown_and_never_restarted(component: Component) -> None:
    ward = Ward(component)
    ward.run(SECOND)
    ward.parts[component].alive = False
    ward.run(100 * SECOND)
    assert ward.parts[component].restarts == []
    assert ward.state(component) is HealthState.GONE
    ward.parts[component].start_takes = 10**15
    ward.step()
    assert ward.state(component) is HealthState.OFF
    assert ward.verdict.faults == ()


def test_a_snapshot_is_due_every_five_seconds(ward: Ward) -> None:
    before = ward.dues
    ward.run(50 * SECOND)
    assert ward.dues - before == 10
    ward.step(after=100 * SECOND)
    ward.run(4 * SECOND)
    assert ward.dues - before == 11


def test_one_component_is_watched_once() -> None:
    part = Part(Component.SOLVER, VirtualClock())
    with pytest.raises(ValueError, match="watched twice"):
        HealthMonitor([part, part], LIMITS, part.clock)
