"""Runs solver, advisers and strategist beside the engine thread, so that its heart keeps beating while they work."""

from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass

from engine.game.state import TableState
from engine.ports import SpotSolver, Strategist
from engine.words import Decision, Solution


@dataclass(frozen=True, slots=True)
class Thought:
    """What thinking came to: the solution and the decision made of it."""

    solution: Solution
    decision: Decision


class Thinker:
    """One thought at a time. A new one abandons the old: its result is never looked at.

    ``pool`` runs the thoughts, by default one thread of its own; ``close`` shuts it down.
    """

    def __init__(self, solver: SpotSolver, strategist: Strategist, pool: Executor | None = None) -> None:
        self._solver = solver
        self._strategist = strategist
        self._pool = pool or ThreadPoolExecutor(max_workers=1, thread_name_prefix="thinker")
        self._future: Future[Thought] | None = None

    def begin(self, state: TableState, budget_ns: int, seed: int) -> None:
        """Start on a state; the budget is divided between solver and advisers."""
        self.abandon()
        self._future = self._pool.submit(self._think, state, budget_ns, seed)

    def result(self) -> Thought | None:
        """The thought when it is done; raises what went wrong in it."""
        if self._future is None or not self._future.done():
            return None
        future, self._future = self._future, None
        return future.result()

    def abandon(self) -> None:
        """Forget the thought under way."""
        if self._future is not None:
            self._future.cancel()
            self._future = None

    def close(self) -> None:
        """Wait for the thought under way and end the thread."""
        self.abandon()
        self._pool.shutdown(wait=True)

    def _think(self, state: TableState, budget_ns: int, seed: int) -> Thought:
        solution = self._solver.solve(state, budget_ns // 2, seed)
        return Thought(solution, self._strategist.decide(state, solution, (), seed))
