"""The engine's thread: one round after another, each part of it guarded by itself.

A fault of our own in any part is a stop, never a silent loop and never a thread that is gone while it seems armed.
"""

import threading
from collections.abc import Callable, Sequence

from engine.clock import MILLISECOND, SECOND, Clock
from engine.permit.page import PermitMode, PermitPage, StopCode
from engine.runtime.command_queue import CommandQueue
from engine.safety.supervisor import Fault
from engine.session.session import Session
from engine.words import Cause, Mode

PERIOD = 10 * MILLISECOND
END_LIMIT_S = 10.0
"""How long the last round may take: guards that have to be killed take seven seconds."""

Part = Callable[[], None]


class EngineThread:
    """Does ``first``, then ``parts`` a hundred times a second or as soon as it is woken, then ``last``.

    ``commands`` are carried out at the head of each round.
    """

    def __init__(
        self,
        clock: Clock,
        session: Session,
        page: Callable[[], PermitPage],
        *,
        first: Part,
        parts: Sequence[Part],
        last: Part,
    ) -> None:
        self._clock, self._session, self._page = clock, session, page
        self._first, self._last = first, last
        self._woken, self._ending = threading.Event(), threading.Event()
        self.commands = CommandQueue(self.wake)
        self._parts = (self.commands.carry_out, *parts)
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    @property
    def alive(self) -> bool:
        """Whether it runs, or hangs."""
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Begin the next round now."""
        self._woken.set()

    def end(self, limit_s: float = END_LIMIT_S) -> bool:
        """Stand by and end; False when it hangs: then it is left behind, and the page's stop word is set."""
        self._ending.set()
        self.wake()
        if self._thread.ident is not None:
            self._thread.join(limit_s)
        if self.alive:
            self._page().console.stop(StopCode.PANIC)
        return not self.alive

    def _run(self) -> None:
        try:
            self._guarded(self._first)
            while not self._ending.is_set():
                self._woken.wait(PERIOD / SECOND)
                self._woken.clear()
                self._round()
            self._guarded(self._session.end)
        finally:
            self._page().engine.set_mode(PermitMode.STANDBY, self._clock.now())
            self.commands.refuse()
            self._last()

    def _round(self) -> None:
        """Beat first: whoever waits for a part that hangs sees the beat grow old."""
        self._page().engine.beat(self._clock.now())
        for part in self._parts:
            self._guarded(part)

    def _guarded(self, part: Part) -> None:
        try:
            part()
        except Exception as error:
            self._stop_for(Fault(Cause.ENGINE_FAULT, f"{type(error).__name__}: {error}", "no fault of the program"))

    def _stop_for(self, fault: Fault) -> None:
        try:
            self._session.step(None, [fault])
        except Exception:  # the stop holds all the same, or else the page's stop word does
            if self._session.mode is not Mode.STOPPED:
                self._page().console.stop(StopCode.PANIC)
