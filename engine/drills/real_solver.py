"""The real solver process under the real health monitor, on the machine's own clock: frozen, killed, asked again."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from engine.clock import SECOND, SystemClock
from engine.drills.drill import Bench
from engine.drills.screen import came
from engine.drills.simulation.world import health_limits
from engine.execution.roles import SOLVER, clean_environment, role_command
from engine.safety.health import HealthMonitor
from engine.solver.cache import SolutionCache
from engine.solver.known_spots import KNOWN_SPOTS
from engine.solver.process import SolverProcess
from engine.words import ComponentHealth, HealthState, Solution, SolverError

READY_WITHIN_S = 60.0
ANSWER_WITHIN_S = 20.0
BUDGET = 2 * SECOND
STEP_S = 0.02
SPOT = KNOWN_SPOTS[1]


@dataclass(frozen=True, slots=True)
class RealSolver:
    """The process, its monitor, and what is asked of both."""

    process: SolverProcess
    monitor: HealthMonitor

    def watch_until(self, condition: Callable[[], bool], within_s: float) -> bool:
        """Step the monitor until the condition holds; False when it does not in time."""

        def stepped() -> bool:
            self.monitor.step()
            return condition()

        return came(stepped, within_s, STEP_S)

    @property
    def health(self) -> ComponentHealth:
        """The monitor's view of it."""
        return self.monitor.snapshot()[0]

    def ready(self) -> bool:
        """Whether the monitor holds it for ready."""
        return self.health.state is HealthState.READY

    def ask(self) -> Solution | None:
        """The answer to a spot whose answer is known; None when there is none, or a wrong one."""
        self.process.begin(SPOT.state, BUDGET, 1)
        found: list[Solution] = []

        def answered() -> bool:
            found.extend(answer for answer in (self.process.answer(),) if answer is not None)
            return bool(found)

        if not came(answered, ANSWER_WITHIN_S, STEP_S):
            return None
        low, high = SPOT.equity
        return found[0] if low <= found[0].equity <= high else None

    def fails(self, within_s: float) -> str:
        """What the request under way fails with; "" when it does not."""
        said: list[str] = []

        def failed() -> bool:
            try:
                self.process.answer()
            except SolverError as error:
                said.append(str(error))
            return bool(said)

        self.watch_until(failed, within_s)
        return said[0] if said else ""

    def signal(self, number: int) -> None:
        """Send the process a signal."""
        pid = self.process.pid
        if pid is not None:
            os.kill(pid, number)


@contextmanager
def real_solver(bench: Bench) -> Iterator[RealSolver]:
    """A solver process that has been started and is ready, watched with the configured limits."""
    cache = SolutionCache("drill", None)
    process = SolverProcess(role_command(SOLVER), cache, clean_environment())
    monitor = HealthMonitor([process], health_limits(bench.config), SystemClock())
    made = RealSolver(process, monitor)
    try:
        process.start()
        if not made.watch_until(made.ready, READY_WITHIN_S):
            raise RuntimeError(f"the solver process was not ready within {READY_WITHIN_S:.0f} s: {made.health.detail}")
        yield made
    finally:
        process.close()
        cache.close()


def real_partition(bench: Bench, key: str) -> None:
    """Freeze it in the middle of a request: found by its missing progress, replaced, asked again."""
    with real_solver(bench) as solver:
        first = solver.process.generation
        solver.process.begin(SPOT.state, 60 * SECOND, 1)
        solver.signal(signal.SIGSTOP)
        began = SystemClock().now()
        replaced = solver.watch_until(lambda: solver.process.generation > first, READY_WITHIN_S)
        found_after = (SystemClock().now() - began) / SECOND
        ready = replaced and solver.watch_until(solver.ready, READY_WITHIN_S)
        back_after = (SystemClock().now() - began) / SECOND
        answer = solver.ask() if ready else None
        said = f"replaced after {found_after:.1f} s, ready after {back_after:.1f} s" if ready else "not replaced"
        bench.judge(key, answer is not None, said if answer is not None else f"{said}; no sound answer")
        bench.figure("a frozen solver process: until it was replaced", found_after, "s")
        bench.figure("a frozen solver process: until it was ready again", back_after, "s")


def real_restart(bench: Bench, key: str) -> None:
    """Kill it in the middle of a request: that request fails, the next run answers, the old one's answer is dropped."""
    with real_solver(bench) as solver:
        first = solver.process.generation
        solver.process.begin(SPOT.state, 60 * SECOND, 1)
        began = SystemClock().now()
        solver.signal(signal.SIGKILL)
        failure = solver.fails(ANSWER_WITHIN_S)
        anew = solver.watch_until(lambda: solver.process.generation > first and solver.ready(), READY_WITHIN_S)
        back_after = (SystemClock().now() - began) / SECOND
        answer = solver.ask() if anew else None
        bench.judge(key, bool(failure), failure or "the request of before never failed")
        said = f"run {solver.process.generation} answers after {back_after:.1f} s"
        bench.judge(key, answer is not None, said if answer is not None else "no sound answer from the new run")
        bench.figure("a killed solver process: until it was ready again", back_after, "s")
