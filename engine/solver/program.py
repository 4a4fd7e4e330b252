"""The solver as a program of its own: reads what is asked on stdin, solves, and answers on stdout (``wire``).

One thread reads and one works, so that "hurry" reaches a solve in progress. The working loop says that it moves on,
also between requests: who is silent is stuck. The end of stdin is the end of the process, at once.
"""

import argparse
import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from typing import NoReturn

from engine.clock import MILLISECOND, SECOND, Clock, SystemClock
from engine.game.actions import ActionKind
from engine.ports import SpotSolver
from engine.solver.brain.brain import Brain
from engine.solver.brain.warm import warm
from engine.solver.known_spots import KNOWN_SPOTS
from engine.solver.wire import (
    LINE_LIMIT,
    Answer,
    Asked,
    Beat,
    Failed,
    Hurry,
    Partial,
    Ready,
    Solve,
    Started,
    Told,
    WireError,
    encode,
    read_asked,
)
from engine.words import Solution

BEAT_EVERY = 50 * MILLISECOND
IDLE_BEAT = SECOND // 2
NICER = 5
"""Behind eyes, engine and console, yet not so far that a machine under load makes it look hung."""
PROBE_BUDGET = SECOND
EXIT_FAILED = 1
PR_SET_PDEATHSIG = 1


class SelfTestError(RuntimeError):
    """The solver gives a wrong answer to a spot whose answer is known: it must not be asked."""


class Desk:
    """Where the reading thread lays what is asked and the working thread takes it: the newest request alone."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: Solve | None = None
        self._working: int | None = None
        self._cut_short = False

    def lay(self, asked: Asked) -> None:
        """Take in one message; a request under way that is hurried, abandoned or replaced is cut short."""
        with self._changed:
            if isinstance(asked, Solve):
                self._waiting, self._cut_short = asked, True
            elif self._waiting is not None and self._waiting.request == asked.request:
                self._waiting = self._waiting.model_copy(update={"budget_ns": 0}) if _hurries(asked) else None
            elif self._working == asked.request:
                self._cut_short = True
            self._changed.notify()

    def take(self, timeout_ns: int) -> Solve | None:
        """The newest request, which is then the one worked on; None when none came in time."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting is not None, timeout_ns / SECOND)
            taken, self._waiting = self._waiting, None
            self._working, self._cut_short = (taken.request if taken else None), False
            return taken

    @property
    def working(self) -> int | None:
        """The request that is being worked on."""
        with self._changed:
            return self._working

    @property
    def cut_short(self) -> bool:
        with self._changed:
            return self._cut_short


def _hurries(asked: Asked) -> bool:
    return isinstance(asked, Hurry)


class Pulse:
    """Beats from the working thread, at most every 50 ms; ``still_wanted`` is what the solver asks between batches."""

    def __init__(self, say: Callable[[Told], None], clock: Clock, cut_short: Callable[[], bool]) -> None:
        self._say = say
        self._clock = clock
        self._cut_short = cut_short
        self._work = 0
        self._last = 0

    def beat(self) -> None:
        self._work += 1
        now = self._clock.now()
        if now - self._last >= BEAT_EVERY:
            self._last = now
            self._say(Beat(work=self._work))

    def still_wanted(self) -> bool:
        self.beat()
        return not self._cut_short()


def solver_main(arguments: Sequence[str] = ()) -> NoReturn:
    """Run the solver until its stdin ends. ``--samples N``: run-outs of one equity. ``--threads N``: of the kernels."""
    parser = argparse.ArgumentParser("pitboss _solver", description=__doc__)
    parser.add_argument("--samples", type=int, default=400)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args(list(arguments))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _step_back()
    _die_with_the_parent()
    say, desk, clock = _voice(), Desk(), SystemClock()
    say(Started(pid=os.getpid()))
    pulse = Pulse(say, clock, lambda: desk.cut_short)
    solver = Brain(
        clock, samples=given.samples, threads=given.threads, go_on=pulse.still_wanted, tell=_streamer(desk, say)
    )
    threading.Thread(target=_read, args=(desk,), name="reader", daemon=True).start()
    try:
        warm(clock)
        prove(solver)
    except SelfTestError as error:
        _end(str(error))
    say(Ready())
    while True:
        _serve(desk.take(IDLE_BEAT), solver, pulse, say)


def _streamer(desk: Desk, say: Callable[[Told], None]) -> Callable[[Solution], None]:
    """Passes an answer so far on to whoever asked; what the self-test finds is for nobody."""

    def tell(solution: Solution) -> None:
        request = desk.working
        if request is not None:
            say(Partial(request=request, solution=solution))

    return tell


def prove(solver: SpotSolver) -> None:
    """Solve the known spots. Raises SelfTestError when an answer is not the right one."""
    for spot in KNOWN_SPOTS:
        solution = solver.solve(spot.state, PROBE_BUDGET, 1)
        folds = sum(value.frequency for value in solution.actions if value.action.kind is ActionKind.FOLD)
        low, high = spot.equity
        if folds > 0 or not low <= solution.equity <= high:
            raise SelfTestError(
                f"the solver failed its self-test: {spot.name} has an equity of {low:.2f} to {high:.2f} and never "
                f"folds, and it says {solution.equity:.2f} and folds {folds:.0%}: install Pitboss anew"
            )


def _serve(asked: Solve | None, solver: SpotSolver, pulse: Pulse, say: Callable[[Told], None]) -> None:
    pulse.beat()
    if asked is None:
        return
    try:
        solution = solver.solve(asked.state, asked.budget_ns, asked.seed)
    except Exception as error:  # whatever goes wrong with one spot is the answer to that request
        say(Failed(request=asked.request, reason=f"{type(error).__name__}: {error}"))
    else:
        say(Answer(request=asked.request, solution=solution))


def _read(desk: Desk) -> None:
    """Whatever the working thread is at: the end of stdin, or a line that is no message, ends the process."""
    try:
        while line := sys.stdin.buffer.readline(LINE_LIMIT):
            desk.lay(read_asked(line))
    except WireError as error:
        _end(f"the console sent what cannot be read: {error}")
    os._exit(0)


def _end(reason: str) -> NoReturn:
    """End at once, whatever the other thread is at; the engine shows a dead process's last words."""
    sys.stderr.write(f"{reason}\n")
    sys.stderr.flush()
    os._exit(EXIT_FAILED)


def _voice() -> Callable[[Told], None]:
    """Writes messages to what was stdout; from now on a stray print goes to stderr."""
    descriptor = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def say(message: Told) -> None:
        rest = encode(message)
        try:
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        except BrokenPipeError:
            os._exit(0)

    return say


def _step_back() -> None:
    """Below-normal priority: eyes, engine and console come first. Where there is no nice(2), the parent sets it."""
    if hasattr(os, "nice"):
        os.nice(NICER)


def _die_with_the_parent() -> None:
    """Linux ends a process with the thread that started it, even one that is stopped and reads no end-of-file
    (prctl(2), PR_SET_PDEATHSIG). Elsewhere the end of stdin has to do.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
