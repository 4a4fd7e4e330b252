"""Real solver processes for tests: started, waited for, and gone afterwards."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from engine.execution.roles import SOLVER, clean_environment, role_command
from engine.game.state import TableState
from engine.solver.cache import SolutionCache
from engine.solver.process import SolverProcess
from engine.words import Solution
from tests.solver.spots import call, raise_to, spot

PATIENCE = 90.0


def until(condition: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    """Poll until ``condition`` holds; an assertion error that names ``what`` when it never does."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen within {patience} s"
        time.sleep(0.002)


@contextmanager
def solver_process(
    *arguments: str, command: Sequence[str] = (), ready: bool = True, directory: Path | None = None
) -> Iterator[SolverProcess]:
    """A solver process that has been started, by default the real one and ready."""
    cache = SolutionCache("test", directory)
    solver = SolverProcess(command or role_command(SOLVER, *arguments), cache, clean_environment())
    try:
        solver.start()
        if ready:
            until(lambda: solver.report().ready, "readiness")
        yield solver
    finally:
        solver.close()
        cache.close()


def long_spot() -> TableState:
    """A spot with six players that takes the solver a while: before the flop, with many run-outs."""
    return spot("AsKs", "", [raise_to(60), call(60), call(60)], players=6)


def answer(solver: SolverProcess) -> Solution:
    """The answer to the request under way."""
    found: list[Solution] = []

    def came() -> bool:
        found.extend(solution for solution in [solver.answer()] if solution is not None)
        return bool(found)

    until(came, "an answer")
    return found[0]


def gone(pid: int) -> bool:
    """Whether there is no such process any more (a zombie that nobody has waited for counts as gone)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


def frozen_still(pid: int) -> bool:
    """Whether a process has taken its SIGSTOP."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
