"""What the machine and the program are busy with when a stop is due: each is a block in which the trouble begins."""

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from engine.permit import page
from tests.drills import solver_load
from tests.drills.stand import Stand
from tests.x11 import wait_until

Trouble = Callable[[], None]
Circumstances = Callable[[Stand, Trouble], AbstractContextManager[None]]
"""``circumstances(stand, trouble)``: a block to wait in for the stop; ``trouble`` is called as it begins."""

PAUSE_S = 0.25
"""Between two holds of the interpreter, as between two long computations."""


@contextmanager
def idle(stand: Stand, trouble: Trouble) -> Iterator[None]:
    """Nothing beside the trouble itself."""
    trouble()
    yield


class InterpreterHog:
    """Holds the interpreter for up to a second at a time: one sort of a large list is one call in C."""

    def __init__(self) -> None:
        self._numbers = [random.random() for _ in range(800_000)]
        began = time.monotonic()
        self._hold(len(self._numbers))
        self._length_of_a_second = int(len(self._numbers) / (time.monotonic() - began))
        self._numbers *= 1 + self._length_of_a_second // len(self._numbers)

    @contextmanager
    def __call__(self, stand: Stand, trouble: Trouble) -> Iterator[None]:
        """The trouble comes at the beginning of a hold of a second, so that the permit can only expire."""
        ending = threading.Event()
        thread = threading.Thread(target=self._hold_often, args=(ending, trouble), name="interpreter hog")
        thread.start()
        try:
            yield
        finally:
            ending.set()
            thread.join()

    def _hold_often(self, ending: threading.Event, trouble: Trouble) -> None:
        trouble()
        self._hold(self._length_of_a_second)
        while not ending.wait(PAUSE_S):
            self._hold(int(self._length_of_a_second * random.uniform(0.1, 1.0)))

    def _hold(self, length: int) -> None:
        """One call that gives the interpreter to nobody else."""
        sorted(self._numbers[:length])


@contextmanager
def solvers_at_full_load() -> Iterator[None]:
    """As many solving processes as there are cores, each with a second thread of matrix products."""
    with ExitStack() as stack:
        solvers = [stack.enter_context(_solver()) for _ in range(os.cpu_count() or 1)]
        for process in solvers:
            assert process.stdout is not None
            assert process.stdout.readline() == b"solving\n"
        yield
        assert all(process.poll() is None for process in solvers), "a solver ended before its time"


@contextmanager
def _solver() -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", solver_load.__name__]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def engine_stuck(stand: Stand, trouble: Trouble) -> Iterator[None]:
    """The engine's thread does not come back from a call; the eyes go on. Only the watchdog can stop.

    It comes back once the watchdog has set its stop word, so that what it does then is seen as well.
    """
    stuck, back = threading.Event(), threading.Event()
    thread = threading.Thread(target=_occupy, args=(stand, stuck, back), name="stuck")
    permit = page.open(stand.page)
    thread.start()
    try:
        assert stuck.wait(5)
        trouble()
        wait_until(lambda: any(stop.owner == "watchdog" for stop in permit.stops()), "the watchdog's stop")
        back.set()
        yield
    finally:
        back.set()
        thread.join()
        permit.close()


def _occupy(stand: Stand, stuck: threading.Event, back: threading.Event) -> None:
    def hold() -> None:
        stuck.set()
        back.wait(30)

    stand.runtime._commands.ask(hold)
