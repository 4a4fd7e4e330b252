"""The solver of the simulation with the product's own cache of answers, on a real disk."""

from pathlib import Path

from engine.clock import Clock
from engine.drills.simulation.thinking import SimulatedSolver
from engine.game.state import TableState
from engine.solver.cache import FILE_NAME, SolutionCache
from engine.words import HealthReport, Solution, SolverError


class KeepingSolver(SimulatedSolver):
    """Every answer is kept in ``cache``; what is stored comes from there alone. ``connected`` False: out of reach."""

    def __init__(self, clock: Clock, seed: int, directory: Path) -> None:
        super().__init__(clock, seed)
        self.cache = SolutionCache("drill", directory)
        self.file = directory / FILE_NAME
        self.connected = True
        self._asked: TableState | None = None

    def report(self) -> HealthReport:
        """Alive, and ready only when it can be reached."""
        said = super().report()
        if self.connected:
            return said
        detail = "it cannot be reached"
        return HealthReport(said.component, said.started, False, said.alive, False, said.progress, detail)

    def begin(self, state: TableState, budget_ns: int, seed: int) -> None:
        """SolverError while it cannot be reached."""
        if not self.connected:
            raise SolverError("the solver cannot be reached")
        super().begin(state, budget_ns, seed)
        self._asked = state

    def answer(self) -> Solution | None:
        """The answer, which is kept."""
        if self._asked is not None and not self.connected:
            self.abandon()
            self._asked = None
            raise SolverError("the solver cannot be reached")
        found = super().answer()
        if found is not None and self._asked is not None:
            self.cache.put(self._asked, found)
            self._asked = None
        return found

    def stored(self, state: TableState) -> Solution | None:
        """What the cache holds."""
        return self.cache.get(state)
