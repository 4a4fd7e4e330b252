"""The health monitor's limits, each to the step at which it applies, and what it says and shows of each component."""

from dataclasses import replace

import pytest

from engine.clock import MILLISECOND, SECOND, VirtualClock
from engine.safety.health import HealthLimits, HealthMonitor, HealthVerdict, RestartLimit
from engine.words import Component, ComponentHealth, HealthState
from tests.safety.ward import LIMITS, RESTARTABLE, STEP, Part, Ward

NEVER_RESTARTED = HealthLimits({})


def well(*components: Component, limits: HealthLimits = LIMITS) -> Ward:
    """A ward whose parts are well, and moved on in the last step."""
    ward = Ward(*components, limits=limits)
    ward.run(SECOND)
    assert replace(ward.verdict, due=False) == HealthVerdict()
    return ward


def shown(ward: Ward, component: Component = Component.SOLVER) -> ComponentHealth:
    return next(entry for entry in ward.monitor.snapshot() if entry.component is component)


# limits


def test_not_ready_counts_from_the_first_report_of_it() -> None:
    ward = well(Component.SOLVER)
    ward.parts[Component.SOLVER].ready = False
    ward.step()
    assert ward.run(LIMITS.down_after - STEP).solver == ""
    assert ward.step().solver == "solver not ready: as told"


def test_two_spells_of_not_being_ready_are_not_added_up() -> None:
    ward = well(Component.SOLVER)
    for _ in range(3):
        ward.parts[Component.SOLVER].ready = False
        assert ward.run(LIMITS.down_after).solver == ""
        ward.parts[Component.SOLVER].ready = True
        assert ward.step().solver == ""


def test_well_again_counts_from_the_first_report_of_it_without_a_break() -> None:
    ward = well(Component.SOLVER)
    ward.parts[Component.SOLVER].ready = False
    ward.run(SECOND)
    ward.parts[Component.SOLVER].ready = True
    ward.run(SECOND)
    ward.parts[Component.SOLVER].ready = False
    assert ward.step().solver == "solver not ready: as told"
    ward.parts[Component.SOLVER].ready = True
    ward.step()
    assert ward.run(LIMITS.up_after - STEP).solver == "solver ready again, but not yet for 2.0 s"
    assert ward.step().solver == ""


@pytest.mark.parametrize(
    ("sooner", "seconds"), [({}, 3), ({Component.SOLVER: SECOND}, 1), ({Component.SOLVER: 9 * SECOND}, 3)]
)
def test_a_part_may_stand_still_for_its_limit_and_never_longer_than_all_may(
    sooner: dict[Component, int], seconds: int
) -> None:
    ward = well(Component.SOLVER, Component.ADVISERS, limits=replace(LIMITS, stalled_sooner=sooner))
    ward.parts[Component.SOLVER].working = False
    assert ward.run(seconds * SECOND - STEP).restarted == ()
    assert ward.step().restarted == (Component.SOLVER,)


def test_standing_still_counts_from_the_first_of_two_reports_of_work() -> None:
    ward = well(Component.SOLVER)
    solver = ward.parts[Component.SOLVER]
    solver.working = solver.busy = False
    ward.run(60 * SECOND)
    solver.busy = True
    assert ward.run(LIMITS.stalled_after).restarted == ()
    assert ward.step().restarted == (Component.SOLVER,)


def test_a_start_may_take_its_limit_and_no_longer() -> None:
    ward = Ward(Component.SOLVER)
    solver = ward.parts[Component.SOLVER]
    solver.start_takes = 3600 * SECOND
    assert ward.run(LIMITS.start_limit - STEP).restarted == ()
    assert ward.step().restarted == (Component.SOLVER,)
    assert ward.run(LIMITS.start_limit - STEP).restarted == ()
    assert ward.step().restarted == (Component.SOLVER,)


def test_a_start_is_given_a_moment_before_the_next() -> None:
    ward = well(Component.SOLVER)
    solver = ward.parts[Component.SOLVER]
    solver.hopeless, solver.alive = True, False
    ward.run(2 * SECOND)
    first, second, third = solver.restarts
    assert second - first == third - second == LIMITS.down_after


def test_a_start_that_never_becomes_ready_is_a_start_still_and_not_a_part_that_is_merely_not_ready() -> None:
    ward = well(Component.SOLVER)
    solver = ward.parts[Component.SOLVER]
    solver.hopeless, solver.working, solver.start_takes = True, False, 0
    ward.until(lambda verdict: verdict.restarted)
    solver.ready = False
    assert ward.run(LIMITS.start_limit - STEP).solver == "solver starting again"
    assert ward.step().restarted == (Component.SOLVER,)


def test_a_budget_of_one_is_one_restart_and_then_a_fault() -> None:
    ward = well(Component.SOLVER, limits=replace(LIMITS, restarts={Component.SOLVER: RestartLimit(1, 60 * SECOND)}))
    solver = ward.parts[Component.SOLVER]
    solver.hopeless, solver.alive = True, False
    ward.step()
    assert (len(solver.restarts), ward.verdict.faults, shown(ward).restarts_left) == (1, (), 0)
    ward.run(LIMITS.down_after)
    assert len(solver.restarts) == 1
    (fault,) = ward.verdict.faults
    assert fault.measured == "solver lost again after 1 restarts within 60 s: as told"
    assert fault.limit == "at most 1 restarts within 60 s"


def test_a_budget_that_is_spent_is_a_loss_at_once_even_where_a_loss_is_otherwise_believed_later() -> None:
    never = {Component.SOLVER: RestartLimit(0, 60 * SECOND)}
    ward = well(Component.SOLVER, limits=HealthLimits(never, down_after=5 * SECOND, start_limit=SECOND))
    ward.parts[Component.SOLVER].start_takes = 3600 * SECOND
    assert ward.run(SECOND).solver == ""
    assert ward.step().solver == "solver restarts spent: as told"


def test_a_restart_is_forgotten_after_exactly_its_time_and_the_total_never() -> None:
    ward = well(Component.SOLVER)
    ward.parts[Component.SOLVER].alive = False
    ward.step()
    ward.run(60 * SECOND - STEP)
    assert (shown(ward).restarts, shown(ward).restarts_left) == (1, 2)
    ward.step()
    assert (shown(ward).restarts, shown(ward).restarts_left) == (1, 3)


def test_a_budget_that_is_spent_stops_until_a_restart_is_forgotten_and_then_it_is_tried_again() -> None:
    ward = well(Component.SOLVER)
    solver = ward.parts[Component.SOLVER]
    solver.hopeless, solver.alive = True, False
    ward.until(lambda verdict: verdict.faults)
    ward.run(solver.restarts[0] + 60 * SECOND - ward.clock.now() - STEP)
    assert ward.verdict.faults
    assert len(solver.restarts) == 3
    assert ward.step().restarted == (Component.SOLVER,)
    assert ward.verdict.faults == ()


def test_who_may_never_be_restarted_is_looked_at_again_after_exactly_its_time() -> None:
    ward = well(Component.SOLVER, limits=replace(LIMITS, restarts={Component.SOLVER: RestartLimit(0, 60 * SECOND)}))
    ward.parts[Component.SOLVER].alive = False
    assert ward.step().faults
    ward.parts[Component.SOLVER].alive = True
    assert ward.run(60 * SECOND - STEP).faults
    assert ward.step().faults == ()


# absence of the monitor


@pytest.mark.parametrize(
    ("stalled_after", "step"), [(3 * SECOND, 1500 * MILLISECOND), (200 * MILLISECOND, SECOND), (SECOND, SECOND)]
)
def test_steps_that_are_slow_are_no_absence(stalled_after: int, step: int) -> None:
    ward = well(Component.SOLVER, limits=replace(LIMITS, stalled_after=stalled_after))
    ward.parts[Component.SOLVER].working = False
    steps = -(-stalled_after // step)
    for _ in range(steps - 1):
        assert ward.step(after=step).restarted == ()
    assert ward.step(after=step).restarted == (Component.SOLVER,)


@pytest.mark.parametrize(("stalled_after", "away"), [(3 * SECOND, 1500 * MILLISECOND), (200 * MILLISECOND, SECOND)])
def test_a_longer_absence_counts_for_nobody(stalled_after: int, away: int) -> None:
    ward = well(Component.SOLVER, limits=replace(LIMITS, stalled_after=stalled_after))
    ward.parts[Component.SOLVER].working = False
    for _ in range(20):
        assert ward.step(after=away + 1).restarted == ()
    assert ward.run(stalled_after - STEP).restarted == ()
    assert ward.step().restarted == (Component.SOLVER,)


# order


def test_the_next_is_begun_anew_in_the_step_in_which_the_one_before_is_up() -> None:
    ward = well(Component.EYES, Component.SOLVER)
    for part in ward.parts.values():
        part.alive = False
    assert ward.step().restarted == (Component.EYES,)
    up = ward.parts[Component.EYES].start_takes
    assert ward.run(up - STEP).restarted == ()
    assert ward.step().restarted == (Component.SOLVER,)


def test_a_start_that_hangs_holds_up_the_others_until_its_budget_is_spent() -> None:
    ward = well(Component.EYES, Component.SOLVER, limits=replace(LIMITS, start_limit=5 * SECOND))
    for part in ward.parts.values():
        part.alive = False
    ward.parts[Component.EYES].start_takes = 3600 * SECOND
    begun = [ward.step().restarted for _ in range(20 * SECOND // STEP)]
    assert [restarted[0] for restarted in begun if restarted] == [*[Component.EYES] * 3, Component.SOLVER]
    assert begun.index((Component.SOLVER,)) == 15 * SECOND // STEP
    assert ward.state(Component.EYES) is HealthState.SPENT


def test_who_spent_his_budget_and_comes_up_by_himself_later_holds_up_nobody() -> None:
    budgets = {part: RestartLimit(1, 5 * SECOND) for part in RESTARTABLE}
    ward = well(Component.EYES, Component.SOLVER, limits=replace(LIMITS, restarts=budgets))
    eyes, solver = ward.parts[Component.EYES], ward.parts[Component.SOLVER]
    eyes.hopeless, eyes.alive = True, False
    ward.until(lambda verdict: verdict.faults)
    eyes.alive, eyes.start_takes, solver.alive = True, 3600 * SECOND, False
    assert ward.step(after=5 * SECOND).restarted == (Component.SOLVER,)
    assert ward.verdict.eyes == "eyes starting"


def test_parts_are_shown_in_their_order_however_they_are_given() -> None:
    assert [entry.component for entry in Ward(*reversed(Component)).monitor.snapshot()] == list(Component)


# what is shown and said


def test_before_the_first_step_nothing_is_known_of_a_part() -> None:
    clock = VirtualClock(7 * SECOND)
    monitor = HealthMonitor([Part(Component.SOLVER, clock)], LIMITS, clock)
    assert monitor.snapshot() == (ComponentHealth(Component.SOLVER, HealthState.STARTING, 7 * SECOND, 0, 0, 3, ""),)


def test_a_part_is_shown_with_its_progress_its_word_and_since_when_it_is_so() -> None:
    ward = Ward(Component.SOLVER, Component.JOURNAL)
    ward.run(SECOND)
    now, solver = ward.clock.now(), ward.parts[Component.SOLVER]
    assert shown(ward).state is HealthState.READY
    assert shown(ward).progress == solver.progress > 0
    assert shown(ward).since == solver.began + solver.start_takes
    assert (shown(ward).restarts_left, shown(ward, Component.JOURNAL).restarts_left) == (3, 0)
    solver.alive = False
    ward.step()
    assert shown(ward) == ComponentHealth(
        Component.SOLVER, HealthState.STARTING, now + STEP, solver.progress, 1, 2, "as told"
    )


def test_a_budget_that_is_spent_is_shown_since_then() -> None:
    ward = well(Component.SOLVER, limits=replace(LIMITS, restarts={Component.SOLVER: RestartLimit(0, 60 * SECOND)}))
    ward.parts[Component.SOLVER].alive = False
    ward.step()
    spent = ward.clock.now()
    ward.run(SECOND)
    assert (shown(ward).state, shown(ward).since) == (HealthState.SPENT, spent)


@pytest.mark.parametrize("component", RESTARTABLE)
def test_what_is_wrong_is_said_of_the_part_it_is_wrong_with(component: Component) -> None:
    """Of one that is not started again too, for then its state is what the operator sees."""
    ward = well(*RESTARTABLE, limits=replace(NEVER_RESTARTED, stalled_sooner={Component.EYES: SECOND}))
    part = ward.parts[component]
    part.working = False
    ward.run(4 * SECOND)
    seconds = "1.0" if component is Component.EYES else "3.0"
    said = {one: getattr(ward.verdict, one) for one in RESTARTABLE}
    assert said == {one: f"{one} without progress for {seconds} s" if one is component else "" for one in RESTARTABLE}
    part.alive = False
    ward.step()
    assert getattr(ward.verdict, component) == f"{component} gone: as told"


def test_a_part_that_says_nothing_is_named_alone() -> None:
    ward = well(Component.SOLVER, limits=replace(LIMITS, restarts={Component.SOLVER: RestartLimit(0, 60 * SECOND)}))
    solver = ward.parts[Component.SOLVER]
    solver.alive, solver.said = False, ""
    ward.step()
    assert ward.verdict.solver == "solver restarts spent"
    assert ward.verdict.faults[0].measured == "solver lost again after 0 restarts within 60 s"


def test_a_part_that_has_not_moved_is_ready_again_in_the_moment_it_moves() -> None:
    ward = well(Component.SOLVER, limits=NEVER_RESTARTED)
    solver = ward.parts[Component.SOLVER]
    solver.working = False
    ward.run(LIMITS.stalled_after)
    assert shown(ward).state is HealthState.STALLED
    solver.working = True
    ward.step()
    assert shown(ward).state is HealthState.READY


def test_who_ended_and_is_back_starts_until_it_is_ready_and_only_then_can_be_not_ready() -> None:
    ward = well(Component.SOLVER, limits=NEVER_RESTARTED)
    solver, seen = ward.parts[Component.SOLVER], []
    for solver.alive, solver.ready in [(False, True), (True, False), (True, True), (True, False)]:
        ward.step()
        seen.append(shown(ward).state)
    assert seen == [HealthState.GONE, HealthState.STARTING, HealthState.READY, HealthState.NOT_READY]


# snapshots


def test_snapshots_keep_to_their_beat_though_a_step_be_late() -> None:
    ward = Ward(Component.SOLVER)
    assert ward.verdict.due, "the first step"
    dues = [ward.step(after=SECOND).due for _ in range(10)]
    assert dues == [*[False] * 4, True] * 2
    assert ward.step(after=6 * SECOND).due
    assert [ward.step(after=SECOND).due for _ in range(4)] == [False, False, False, True]
    assert ward.step(after=10 * SECOND).due, "two beats at once"
    assert [ward.step(after=SECOND).due for _ in range(5)] == [*[False] * 4, True]
