"""How long the way to the solver process and back takes, beside the solving itself."""

import time
from functools import partial

import pytest

from engine.clock import SECOND
from engine.solver.process import SolverProcess
from tests.benchmarks.figures import Figure, show
from tests.solver.runs import answer, long_spot, solver_process, until
from tests.solver.spots import states_met

pytestmark = pytest.mark.bench


def moved(solver: SolverProcess, before: int) -> bool:
    return solver.report().progress > before


def test_the_way_to_the_solver_and_back() -> None:
    start, asking, around, hurrying = (
        Figure("start to ready"),
        Figure("begin (the engine's thread)"),
        Figure("begin to answer, without the solving"),
        Figure("hurry to the best so far"),
    )
    began = time.perf_counter()
    with solver_process("--samples", "2000") as solver:
        start.add((time.perf_counter() - began) * 1e3)
        for state in list(states_met(10, 4, seed=3))[:60]:
            asked = time.perf_counter()
            asking.timed(partial(solver.begin, state, SECOND, 1))
            solution = answer(solver)
            around.add((time.perf_counter() - asked) * 1e3 - solution.took_ns / 1e6)
        for seed in range(30):
            solver.begin(long_spot(), 60 * SECOND, seed)
            until(partial(moved, solver, solver.report().progress), "work")
            asked = time.perf_counter()
            solver.hurry()
            answer(solver)
            hurrying.add((time.perf_counter() - asked) * 1e3)
    show("Solver process (2000 run-outs, polled every 2 ms)", start, asking, around, hurrying)
    assert len(around.wall) == 60
