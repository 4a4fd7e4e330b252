"""The world: it plays, it is the same for the same seed, and what stops the bot stops it there too."""

from pathlib import Path

import pytest

from engine.clock import SECOND
from engine.drills.simulation.faults import GARBAGE, OFF, STUCK, WRONG, Fault, FaultKind
from engine.drills.simulation.world import World
from engine.safety.latch import LatchState
from engine.safety.supervisor import InvalidTransitionError
from engine.words import Cause, Mode


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, seed=5)


def mode(world: World) -> Mode:
    return world.mode


def causes(world: World) -> list[Cause]:
    return [made.cause for made in world.transitions]


def test_it_plays_hands_and_the_figures_are_the_tables(world: World) -> None:
    world.arm()
    world.run(300)
    assert mode(world) is Mode.LIVE
    assert world.hands_played > 8
    assert world.table.by_table == 0, "the table never had to act for the hero"
    assert len(world.presses) > 15
    assert all(press.made and press.effect != "nothing" for press in world.presses)
    done = world.hands_played
    assert world.risk.status(None).session_result == sum(list(world.table.results.values())[:done])


def test_the_same_seed_gives_the_same_history_and_another_seed_another(tmp_path: Path) -> None:
    digests = []
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        world = World(tmp_path / name, seed=seed)
        world.arm()
        world.run(60)
        world.eyes.fault = GARBAGE
        world.run(2)
        world.crash()
        world.restart()
        world.run(5)
        digests.append(world.digest)
    assert digests[0] == digests[1] != digests[2]


def test_nothing_is_pressed_before_arming(world: World) -> None:
    world.run(60)
    assert mode(world) is Mode.STANDBY
    assert not world.presses
    assert world.table.by_table > 0


def test_the_red_button_stops_and_only_reset_and_arm_go_on(world: World) -> None:
    world.arm()
    assert world.until(lambda: len(world.presses) > 2, 60)
    world.stop()
    world.step()
    assert mode(world) is Mode.STOPPED
    assert causes(world)[-1] is Cause.OPERATOR_BUTTON
    before = len(world.presses)
    world.run(30)
    with pytest.raises(InvalidTransitionError):
        world.arm()
    world.run(5)
    assert len(world.presses) == before
    assert world.reset() == ""
    assert mode(world) is Mode.STANDBY
    world.arm()
    assert world.until(lambda: len(world.presses) > before, 60)


def test_three_bad_frames_stop_and_two_do_not(world: World) -> None:
    world.arm()
    world.run(10)
    world.eyes.fault = GARBAGE
    assert world.until(lambda: world.eyes.bad_in_a_row == 2, 2)
    world.eyes.fault = Fault()
    world.run(3)
    assert mode(world) is Mode.LIVE
    world.eyes.fault = GARBAGE
    assert world.until(lambda: world.eyes.bad_in_a_row == 3, 2)
    assert mode(world) is Mode.STOPPED
    assert causes(world)[-1] is Cause.CONFIDENCE


def test_nothing_is_decided_on_a_confidence_that_is_no_number(world: World) -> None:
    world.run(5)
    world.arm()
    for _ in range(10):
        world.until(lambda: world.table.heros_turn, 60)
        world.eyes.fault = Fault(FaultKind.GARBAGE, 1)
        world.until(lambda: world.eyes.bad_in_a_row == 2, 3)
        world.eyes.fault = Fault()
        world.run(1)
    assert mode(world) is Mode.LIVE
    assert not world.violations


def test_known_blindness_holds_and_sight_ends_it(world: World) -> None:
    world.arm()
    world.run(10)
    world.eyes.fault = OFF
    assert world.until(lambda: world.mode is Mode.HOLD, 1)
    world.eyes.fault = Fault()
    assert world.until(lambda: world.mode is Mode.LIVE, 2)
    assert causes(world)[-2:] == [Cause.BLIND, Cause.EYES_BACK]


def test_a_crash_while_armed_starts_stopped(world: World) -> None:
    world.arm()
    world.run(10)
    world.crash()
    before = len(world.presses)
    world.run(20)
    assert len(world.presses) == before
    assert world.restart() == ""
    assert mode(world) is Mode.STOPPED
    assert world.latch.state is LatchState.STOPPED
    assert world.session.panic is not None
    assert world.session.panic.cause is Cause.UNCLEAN_END


@pytest.mark.parametrize(
    ("port", "fault", "cause"),
    [
        ("hands", OFF, Cause.ACTUATOR_LOST),
        ("hands", STUCK, Cause.ACTUATOR_LOST),
        ("hands", Fault(FaultKind.STUCK, 1), Cause.WATCHDOG),
        ("hands", GARBAGE, Cause.ENGINE_FAULT),
        ("hands", WRONG, Cause.MISFIRE),
        ("hands", Fault(FaultKind.WRONG, 1), Cause.MISFIRE),
        ("guard", OFF, Cause.TABLE_GUARD),
        ("watchdog", OFF, Cause.WATCHDOG_LOST),
    ],
)
def test_faults_of_the_hands_and_guards_stop(world: World, port: str, fault: Fault, cause: Cause) -> None:
    world.arm()
    world.run(10)
    getattr(world, port).fault = fault
    assert world.until(lambda: world.mode is Mode.STOPPED, 60)
    assert causes(world)[-1] is cause


def stand(world: World, seconds: float) -> None:
    """The engine stands still from now on."""
    world.engine_stuck_until = world.clock.now() + round(seconds * SECOND)


def test_an_arming_that_the_engine_does_not_take_up_is_withdrawn_for_good(world: World) -> None:
    world.run(5)
    stand(world, 8.0)
    with pytest.raises(InvalidTransitionError, match="will not be carried out any more"):
        world.arm()
    assert world.engine_stands, "who waits gives up before the engine is back"
    world.run(20)
    assert mode(world) is Mode.STANDBY
    assert not world.watchdog.running
    assert not world.violations


def test_an_arming_that_waits_for_the_engine_is_done_when_it_is_back(world: World) -> None:
    world.run(5)
    stand(world, 2.0)
    world.arm()
    assert not world.engine_stands
    assert mode(world) is Mode.LIVE


def test_a_stop_while_an_arming_waits_for_the_engine_refuses_it(world: World) -> None:
    world.run(5)
    stand(world, 2.0)
    world.agenda.at(world.clock.now() + SECOND, world.stop)
    with pytest.raises(InvalidTransitionError, match="stopped"):
        world.arm()
    world.run(1)
    assert mode(world) is Mode.STOPPED
    assert Cause.ARM not in causes(world)


def test_a_program_that_is_killed_while_it_arms_starts_with_nothing_armed(world: World) -> None:
    world.run(5)
    stand(world, 2.0)
    world.agenda.at(world.clock.now() + SECOND, world.crash)
    with pytest.raises(InvalidTransitionError, match="ended"):
        world.arm()
    assert not world.watchdog.running
    assert world.restart() == ""
    assert mode(world) is Mode.STANDBY


def test_the_command_line_finishes_by_the_page(world: World) -> None:
    world.arm()
    world.run(10)
    world.page.command.ask_finish()
    assert world.until(lambda: world.mode is Mode.STANDBY, 120)
    assert Cause.FINISH in causes(world)
    assert not world.watchdog.running


def test_an_orderly_end_leaves_the_latch_clear(world: World) -> None:
    world.arm()
    world.run(10)
    world.end()
    assert world.restart() == ""
    assert mode(world) is Mode.STANDBY
    assert world.latch.state is LatchState.CLEAR


def test_a_full_disk_stops_at_the_next_intent(world: World) -> None:
    world.arm()
    world.run(10)
    world.disk.full = True
    before = len(world.presses)
    assert world.until(lambda: world.mode is Mode.STOPPED, 60)
    assert len(world.presses) == before
    assert causes(world)[-1] is Cause.JOURNAL


def test_a_solver_that_is_gone_is_started_again_within_its_budget(world: World) -> None:
    world.arm()
    world.run(5)
    world.solver.fault = OFF
    assert world.until(lambda: Cause.SOLVER_LOST in causes(world), 10)
    assert world.until(lambda: Cause.SOLVER_BACK in causes(world), 60)
    assert mode(world) is Mode.LIVE


def test_the_real_disk_keeps_the_same_journal(tmp_path: Path) -> None:
    world = World(tmp_path, seed=5, disk="real")
    world.arm()
    world.run(60)
    world.close()
    assert mode(world) is Mode.LIVE
    assert world.journal.problem == ""
    assert len(world.presses) > 3
