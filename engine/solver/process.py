"""The engine's side of the solver process: asked without waiting, replaced when it hangs, never taken at its word."""

import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.game.state import TableState
from engine.solver.cache import SolutionCache
from engine.solver.child import Child
from engine.solver.wire import (
    Abandon,
    Answer,
    Failed,
    Hurry,
    Partial,
    Ready,
    Solve,
    Started,
    Told,
    WireError,
    check_solution,
    encode,
    read_told,
)
from engine.words import Component, HealthReport, Solution, SolvePoint, SolverError, SolverView

POINTS = 500
"""Answers so far of one request that are kept to be looked at."""


class SolverProcess:
    """Implements ``engine.ports.Solver`` and ``engine.ports.Watched``. Any thread may call; no call waits.

    Every run of the program and every request has a number. What an earlier run, or an earlier request, still has to
    say is counted in ``dropped`` and goes no further. An answer that cannot be one ends the run: who is wrong once is
    not asked again.
    """

    component = Component.SOLVER

    def __init__(
        self, command: Sequence[str], cache: SolutionCache, environment: Mapping[str, str] | None = None
    ) -> None:
        """``command`` starts the program (``role_command(SOLVER)``); nothing runs before ``start``."""
        self._command = tuple(command)
        self._environment = environment
        self._cache = cache
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._generation = 0
        self._closed = False
        self._started = self._ready = False
        self._progress = 0
        self._problem = "not started yet"
        self._number = 0
        self._asked: Solve | None = None
        self._hurried = False
        self._answer: Solution | None = None
        self._partial: Solution | None = None
        self._failure = ""
        self._retired: list[Child] = []
        self._last: Solve | None = None
        self._points: deque[SolvePoint] = deque(maxlen=POINTS)
        self._told: Solution | None = None
        self.dropped = 0
        self.refused = 0

    @property
    def generation(self) -> int:
        """How often the program was started."""
        return self._generation

    @property
    def pid(self) -> int | None:
        """Number of the process, None while there is none."""
        child = self._child
        return None if child is None else child.pid

    def start(self) -> None:
        """Start the program; readiness comes by report."""
        self.restart()

    def restart(self) -> None:
        """End the run there is and begin a new one. A request under way fails."""
        with self._lock:
            if self._closed:
                return
            if self._child is not None:
                self._retire(self._child, "was started again")
            self._retired = [child for child in self._retired if child.running]
            self._generation += 1
            self._started = self._ready = False
            self._problem = ""
            self._child = Child(self._generation, self._command, self._environment, self._heard, self._ended)
            self._child.start()

    def close(self) -> None:
        """End every run, within a bounded time."""
        with self._lock:
            self._closed = True
            if self._child is not None:
                self._retire(self._child, "was closed")
            children, self._retired = self._retired, []
        for child in children:
            child.close()

    # the solver's port

    def begin(self, state: TableState, budget_ns: int, seed: int) -> None:
        """Ask about a spot. SolverError when the solver is not ready or does not read."""
        with self._lock:
            self._forget()
            if self._child is None or not self._ready:
                raise SolverError(self._not_ready())
            self._number += 1
            asked = Solve(request=self._number, budget_ns=max(0, budget_ns), seed=seed, state=state)
            if not self._child.send(encode(asked)):
                raise SolverError("the solver does not read what it is asked")
            self._asked = self._last = asked
            self._points.clear()
            self._told = None

    def answer(self) -> Solution | None:
        """The answer to the request under way, once; None until it is there. SolverError when none will come."""
        with self._lock:
            if self._failure:
                failure = self._failure
                self._forget()
                raise SolverError(failure)
            answer = self._answer
            if answer is not None:
                self._forget()
            return answer

    def so_far(self) -> Solution | None:
        """The last answer that was streamed to the request under way."""
        with self._lock:
            return self._answer or self._partial

    def hurry(self) -> None:
        """Ask for the best answer so far."""
        with self._lock:
            if self._asked is not None and self._child is not None and not self._hurried:
                self._hurried = True
                self._child.send(encode(Hurry(request=self._asked.request)))

    def abandon(self) -> None:
        """Forget the request under way."""
        with self._lock:
            if self._asked is not None and self._child is not None:
                self._child.send(encode(Abandon(request=self._asked.request)))
            self._forget()

    def stored(self, state: TableState) -> Solution | None:
        """What was answered to exactly this spot before."""
        return self._cache.get(state)

    def view(self) -> SolverView:
        """The request under way or the last one, to be looked at; never blocks."""
        kept = self._cache.status
        with self._lock:
            asked, running = self._last, self._asked is not None and self._answer is None and not self._failure
            return SolverView(
                state=None if asked is None else asked.state,
                running=running,
                budget_ns=0 if asked is None else asked.budget_ns,
                points=tuple(self._points),
                solution=self._told,
                stored=kept.entries,
                hits=kept.hits,
                misses=kept.misses,
                problem=kept.problem,
            )

    # its health

    def report(self) -> HealthReport:
        """Started: the program runs. Ready: it has solved spots whose answers are known. Progress: messages from its
        working loop, which come while it solves and while it waits.
        """
        with self._lock:
            alive = self._child is not None and not self._problem
            detail = self._problem or f"run {self._generation}{'' if self._ready else ', not ready yet'}"
            return HealthReport(
                self.component, self._started, self._ready, alive, self._ready, self._progress, f"the solver {detail}"
            )

    def _not_ready(self) -> str:
        return f"the solver {self._problem}" if self._problem else "the solver is not ready yet"

    # what the runs say, from their threads

    def _heard(self, child: Child, line: bytes) -> None:
        try:
            message = read_told(line)
            with self._lock:
                answered = self._take(child, message)
        except WireError as error:
            self._distrust(child, error)
            return
        if answered is not None:
            asked, solution, whole = answered
            self._cache.put(asked.state, replace(solution, ranges=(), nodes=()), whole=whole)

    def _distrust(self, child: Child, error: WireError) -> None:
        with self._lock:
            if child is self._child:
                self.refused += 1
                self._retire(child, f"was ended because of what it said: {error}")

    def _take(self, child: Child, message: Told) -> tuple[Solve, Solution, bool] | None:
        if child is not self._child:
            self.dropped += isinstance(message, Partial | Answer | Failed)
            return None
        self._progress += 1
        if isinstance(message, Started):
            self._started = True
        elif isinstance(message, Ready):
            self._ready = self._started
        elif isinstance(message, Partial | Answer | Failed):
            return self._settle(message)
        return None

    def _settle(self, message: Partial | Answer | Failed) -> tuple[Solve, Solution, bool] | None:
        asked = self._asked
        if asked is None or message.request != asked.request or self._answer is not None or self._failure:
            self.dropped += 1
            return None
        if isinstance(message, Failed):
            self._failure = f"the solver failed: {message.reason}"
            return None
        check_solution(asked.state, message.solution)
        self._tell(message.solution)
        if isinstance(message, Partial):
            self._partial = message.solution
            return None
        self._answer = message.solution
        whole = not self._hurried and message.solution.took_ns < asked.budget_ns
        return asked, message.solution, whole

    def _tell(self, solution: Solution) -> None:
        self._told = solution
        self._points.append(SolvePoint(solution.took_ns, solution.iterations, solution.exploitability))

    def _ended(self, child: Child, why: str) -> None:
        with self._lock:
            if child is self._child:
                self._retire(child, why)

    def _retire(self, child: Child, why: str) -> None:
        """The run is over: its request fails, and nothing it says counts any more."""
        child.kill()
        self._retired.append(child)
        self._child = None
        self._started = self._ready = False
        self._problem = why
        if self._asked is not None and self._answer is None:
            self._failure = self._failure or f"the solver {why}"

    def _forget(self) -> None:
        self._asked, self._answer, self._partial, self._failure, self._hurried = None, None, None, "", False
