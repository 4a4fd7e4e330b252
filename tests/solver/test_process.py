"""The solver in a process of its own: answers like the solver itself, and every way to lose it is survived."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest

from engine.clock import SECOND, SystemClock
from engine.solver.brain.brain import Brain
from engine.words import SolverError
from tests.solver.runs import answer, frozen_still, gone, long_spot, solver_process, until
from tests.solver.spots import CHECK, bet, call, raise_to, spot

PREFLOP, FLOP, TURN = [raise_to(50), call(30)], [CHECK, bet(60), call(60)], [CHECK, bet(110), call(110)]
EASY = spot("AsKs", "QsJs2d3c8h", PREFLOP, FLOP, TURN, [CHECK])
"""A river that is solved to its target in a fraction of a second."""


def test_answers_are_those_of_the_solver_itself_and_nothing_waits() -> None:
    with solver_process("--samples", "100") as solver:
        for state in (EASY, long_spot()):
            solver.begin(state, SECOND * 20, 7)
            given = answer(solver)
            wanted = Brain(SystemClock(), samples=100).solve(state, SECOND * 20, 7)
            assert given.actions == wanted.actions
            assert given.equity == wanted.equity
        assert solver.answer() is None
        assert solver.dropped == solver.refused == 0


def test_it_runs_below_normal_priority() -> None:
    with solver_process() as solver:
        assert solver.pid is not None
        assert os.getpriority(os.PRIO_PROCESS, solver.pid) > os.getpriority(os.PRIO_PROCESS, 0)


def test_before_it_is_ready_a_request_is_refused_with_the_reason() -> None:
    with solver_process(ready=False) as solver:
        report = solver.report()
        assert (report.alive, report.ready) == (True, False)
        with pytest.raises(SolverError, match="not ready yet"):
            solver.begin(EASY, SECOND, 1)


def test_progress_moves_also_while_nothing_is_asked() -> None:
    with solver_process() as solver:
        before = solver.report()
        assert before.busy
        until(lambda: solver.report().progress > before.progress + 1, "progress")


def test_hurry_brings_the_best_so_far() -> None:
    with solver_process("--samples", "2000") as solver:
        began = time.monotonic()
        solver.begin(long_spot(), 60 * SECOND, 7)
        solver.hurry()
        solution = answer(solver)
        assert "out of time" in solution.detail
        assert time.monotonic() - began < 20
        assert solver.stored(long_spot()) is not None


def test_hurry_reaches_a_solve_in_progress() -> None:
    with solver_process("--samples", "2000") as solver:
        made = 0
        for attempt in range(50):
            solver.begin(long_spot(), 60 * SECOND, attempt)
            time.sleep(0.002 * attempt)
            solver.hurry()
            found = re.search(r"out of time: (\d+) of 2000", answer(solver).detail)
            made = int(found[1]) if found else 0
            if 50 < made < 2000:
                return
    pytest.fail(f"no solve was cut short once it had begun (last: {made} run-outs)")


def test_an_abandoned_request_never_answers_the_next() -> None:
    with solver_process("--samples", "400") as solver:
        solver.begin(long_spot(), SECOND, 7)
        solver.abandon()
        assert solver.answer() is None
        solver.begin(EASY, 20 * SECOND, 7)
        assert answer(solver).actions == Brain(SystemClock(), samples=400).solve(EASY, 20 * SECOND, 7).actions


def test_killed_in_the_middle_of_a_solve_it_fails_that_request_and_comes_back() -> None:
    with solver_process("--samples", "2000") as solver:
        assert solver.pid is not None
        solver.begin(long_spot(), 60 * SECOND, 7)
        os.kill(solver.pid, signal.SIGKILL)
        with pytest.raises(SolverError, match="signal 9"):
            answer(solver)
        report = solver.report()
        assert (report.alive, report.ready) == (False, False)
        with pytest.raises(SolverError, match="signal 9"):
            solver.begin(EASY, SECOND, 7)
        solver.restart()
        until(lambda: solver.report().ready, "readiness after the restart")
        solver.begin(EASY, 20 * SECOND, 7)
        assert answer(solver).source == "subgame"
        assert solver.generation == 2


def test_a_hung_one_shows_no_progress_is_asked_without_waiting_and_is_replaced() -> None:
    with solver_process() as solver:
        hung = solver.pid
        assert hung is not None
        os.kill(hung, signal.SIGSTOP)
        until(lambda: frozen_still(hung), "the stop")
        progress = solver.report().progress
        began = time.monotonic()
        for _ in range(200):  # more than its pipe holds
            try:
                solver.begin(long_spot(), SECOND, 7)
            except SolverError:
                break
        else:
            pytest.fail("a process that does not read went on being asked")
        assert time.monotonic() - began < 5
        assert solver.report().progress <= progress + 1
        solver.restart()
        until(lambda: solver.report().ready, "readiness after the restart")
        assert solver.pid != hung
        until(lambda: gone(hung), "the end of the hung one")
        solver.begin(EASY, SECOND, 7)
        assert answer(solver).actions


CONSOLE = """
import sys
from engine.clock import SECOND
from tests.solver.runs import long_spot, solver_process
with solver_process("--samples", "2000") as solver:
    solver.begin(long_spot(), 60 * SECOND, 7)
    print(solver.pid, flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("hung", [False, True])
def test_no_orphan_survives_the_console(hung: bool) -> None:
    console = subprocess.Popen(
        [sys.executable, "-c", CONSOLE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with console:
        assert console.stdout is not None
        pid = int(console.stdout.readline())
        assert not gone(pid)
        if hung:
            os.kill(pid, signal.SIGSTOP)
            until(lambda: frozen_still(pid), "the stop")
        console.kill()
    until(lambda: gone(pid), "the end of the solver")
