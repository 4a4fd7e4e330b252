"""A solver that hangs, dies, or talks nonsense: the health monitor sees it and begins it anew, within a budget."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.clock import MILLISECOND, SECOND, SystemClock
from engine.safety.health import HealthLimits, HealthMonitor, HealthVerdict, RestartLimit
from engine.solver.process import SolverProcess
from engine.words import Cause, Component, HealthState, SolverError
from tests.solver.runs import answer, gone, long_spot, solver_process, until
from tests.solver.spots import CHECK, bet, call, spot

FACING_A_BET = spot("AsKs", "QsJs2d", [call(10), CHECK], [bet(20)])
LIMITS = HealthLimits(
    {Component.SOLVER: RestartLimit(2, 60 * SECOND)},
    up_after=100 * MILLISECOND,
    stalled_after=1500 * MILLISECOND,
)


def liar(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "tests.solver.liar", *arguments]


class Doctor:
    """The monitor over one real process, stepped as the engine steps it."""

    def __init__(self, solver: SolverProcess) -> None:
        self.monitor = HealthMonitor([solver], LIMITS, SystemClock())

    def until(self, condition: Callable[[HealthVerdict], object], what: str) -> HealthVerdict:
        deadline = time.monotonic() + 40
        while not condition(verdict := self.monitor.step()):
            assert time.monotonic() < deadline, what
            time.sleep(0.01)
        return verdict


def well(verdict: HealthVerdict) -> bool:
    return not verdict.solver and not verdict.faults


def failure(solver: SolverProcess) -> str:
    """What the request under way fails with."""
    with pytest.raises(SolverError) as error:
        answer(solver)
    return str(error.value)


def test_a_hung_solver_is_found_killed_and_replaced_in_the_middle_of_a_solve() -> None:
    with solver_process("--samples", "2000") as solver:
        doctor, hung = Doctor(solver), solver.pid
        assert hung is not None
        doctor.until(well, "health")
        solver.begin(long_spot(), 60 * SECOND, 1)
        os.kill(hung, signal.SIGSTOP)
        doctor.until(lambda verdict: verdict.restarted, "the restart")
        assert "started again" in failure(solver)
        doctor.until(well, "health again")
        until(lambda: gone(hung), "the end of the hung one")
        solver.begin(FACING_A_BET, SECOND, 1)
        assert answer(solver).actions


def test_a_solver_that_dies_is_replaced_until_its_budget_is_spent() -> None:
    with solver_process() as solver:
        doctor = Doctor(solver)
        for _ in range(2):
            doctor.until(well, "health")
            assert solver.pid is not None
            os.kill(solver.pid, signal.SIGKILL)
            doctor.until(lambda verdict: verdict.restarted, "the restart")
        doctor.until(well, "health after two restarts")
        assert solver.pid is not None
        os.kill(solver.pid, signal.SIGKILL)
        verdict = doctor.until(lambda verdict: verdict.faults, "the fault")
        assert verdict.faults[0].cause is Cause.RESTART_BUDGET
        assert "signal 9" in verdict.faults[0].measured
        assert doctor.monitor.snapshot()[0].state is HealthState.SPENT
        assert solver.generation == 3


def test_a_program_that_is_not_there_is_said_and_spends_the_budget() -> None:
    with solver_process(command=["/nowhere/solver"], ready=False) as solver:
        doctor = Doctor(solver)
        verdict = doctor.until(lambda verdict: verdict.faults, "the fault")
        assert "could not be started" in verdict.faults[0].measured
        with pytest.raises(SolverError, match="could not be started"):
            solver.begin(FACING_A_BET, SECOND, 1)


@pytest.mark.parametrize(
    ("manner", "why"),
    [("garbage", "not a message"), ("illegal", "the rules do not allow"), ("crash", "exit code 1: out of memory")],
)
def test_a_solver_that_talks_nonsense_fails_the_request_and_is_ended(manner: str, why: str) -> None:
    with solver_process(command=liar(manner)) as solver:
        pid = solver.pid
        assert pid is not None
        solver.begin(FACING_A_BET, SECOND, 1)
        assert why in failure(solver)
        assert not solver.report().alive
        assert why in solver.report().detail
        until(lambda: gone(pid), "its end")
        assert solver.stored(FACING_A_BET) is None
        assert solver.refused == (manner != "crash")


def test_an_answer_to_another_request_is_dropped_and_counted() -> None:
    with solver_process(command=liar("stray")) as solver:
        solver.begin(FACING_A_BET, SECOND, 1)
        assert answer(solver).equity == 0.1
        assert solver.dropped == 1


def test_what_it_streams_is_there_at_once_checked_and_gone_with_the_request() -> None:
    with solver_process(command=liar("streams")) as solver:
        assert solver.so_far() is None
        solver.begin(FACING_A_BET, SECOND, 1)
        until(lambda: (solution := solver.so_far()) is not None and solution.equity == 0.2, "the second answer so far")
        assert solver.answer() is None
        solver.hurry()
        until(lambda: solver.refused, "refusal")
        assert "that the rules do not allow" in failure(solver)
        assert solver.so_far() is None


def test_what_an_older_run_still_says_is_dropped_and_counted(tmp_path: Path) -> None:
    speak = tmp_path / "speak"
    with solver_process(command=liar("late", str(speak))) as solver:
        solver.begin(FACING_A_BET, SECOND, 1)
        until((tmp_path / "speak.asked").exists, "the arrival of the request")
        solver.restart()
        assert "started again" in failure(solver)
        until(lambda: solver.report().started, "the start of the second run")
        before = solver.report()
        speak.touch()
        until(lambda: solver.dropped, "the late answer")
        assert solver.report() == before
        assert not before.ready
        assert solver.answer() is None
        assert solver.stored(FACING_A_BET) is None
        assert (solver.dropped, solver.refused, solver.generation) == (1, 0, 2)


def test_one_that_stays_silent_is_given_up_like_one_that_hangs() -> None:
    with solver_process(command=liar("silent")) as solver:
        doctor = Doctor(solver)
        doctor.until(well, "health")
        doctor.until(lambda verdict: verdict.restarted, "the restart")
        assert solver.generation == 2


def test_a_partition_is_found_and_heals(tmp_path: Path) -> None:
    cut = tmp_path / "cut"
    with solver_process(command=liar("relay", str(cut))) as solver:
        doctor = Doctor(solver)
        doctor.until(well, "health")
        cut.touch()
        solver.begin(long_spot(), 60 * SECOND, 1)
        doctor.until(lambda verdict: verdict.restarted, "the restart")
        assert "started again" in failure(solver)
        cut.unlink()
        doctor.until(well, "health again")
        solver.begin(FACING_A_BET, SECOND, 1)
        assert answer(solver).source in ("limited", "baseline")
