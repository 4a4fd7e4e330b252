"""A solver in this process behind the solver's port: one thread works, and the engine never waits for it."""

from concurrent.futures import Future, ThreadPoolExecutor

from engine.game.state import TableState
from engine.ports import SpotSolver
from engine.words import Solution, SolverError


class InProcessSolver:
    """Implements ``engine.ports.Solver`` over a kernel; ``close`` waits for the work under way and ends the thread."""

    def __init__(self, kernel: SpotSolver) -> None:
        self._kernel = kernel
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="solver")
        self._future: Future[Solution] | None = None

    def begin(self, state: TableState, budget_ns: int, seed: int) -> None:
        """Start on a spot; a request under way is abandoned."""
        self.abandon()
        self._future = self._pool.submit(self._kernel.solve, state, budget_ns, seed)

    def answer(self) -> Solution | None:
        """The answer, once; SolverError with what the kernel raised."""
        if self._future is None or not self._future.done():
            return None
        future, self._future = self._future, None
        try:
            return future.result()
        except Exception as error:
            raise SolverError(f"{type(error).__name__}: {error}") from error

    def hurry(self) -> None:
        """The kernel was given its time and keeps to it."""

    def abandon(self) -> None:
        """Forget the request under way."""
        if self._future is not None:
            self._future.cancel()
            self._future = None

    def stored(self, state: TableState) -> Solution | None:
        """Nothing is kept."""
        return None

    def close(self) -> None:
        """Wait for the work under way and end the thread."""
        self.abandon()
        self._pool.shutdown(wait=True)
