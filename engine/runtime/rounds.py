"""The engine's thread: one round after another, each part of it guarded by itself.

A fault of our own in any part is a stop, never a silent loop and never a thread that is gone while it seems armed.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from engine.clock import MILLISECOND, SECOND, Clock
from engine.permit.page import PermitMode, PermitPage, StopCode
from engine.runtime.arming import Arming
from engine.runtime.command_queue import Await, CommandQueue, await_answer
from engine.safety.supervisor import Fault, InvalidTransitionError
from engine.session.session import Session
from engine.session.watch import Findings
from engine.words import Cause, Look, Mode

PERIOD = 10 * MILLISECOND
END_LIMIT_S = 10.0
"""How long the last round may take: guards that have to be killed take nine seconds."""

LOOKS_KEPT = 128
"""More than the eyes hand over, at 30 a second, before the watchdog stops for an engine that stands still: when it goes
on, bad frames in a row are counted all the same.
"""
Part = Callable[[], None]


class Round:
    """What the engine does in a round with its session: ``parts``, in their order. ``looks`` takes what was seen.

    ``findings`` asks how the components are, ``page`` is the permit page now.
    """

    def __init__(
        self,
        session: Session,
        arming: Arming[Any],
        findings: Callable[[], Findings],
        page: Callable[[], PermitPage],
    ) -> None:
        self._session, self._arming, self._findings, self._page = session, arming, findings, page
        self._heard = (0, 0)
        self.looks: deque[Look] = deque(maxlen=LOOKS_KEPT)
        self.parts: Sequence[Part] = (self._hear_finish, self._take_in, arming.let_go)

    def _hear_finish(self) -> None:
        """`pitboss finish` counts up a word of the page, which begins at 0."""
        page = self._page()
        epoch, before = self._heard
        asked = page.finish_asked()
        self._heard = page.epoch, asked
        if asked > (before if epoch == page.epoch else 0):
            try:
                self._session.command(Cause.FINISH)
            except InvalidTransitionError as error:
                self._session.say("info", f"pitboss finish: {error}")

    def _take_in(self) -> None:
        """What is new, and every look that has come, each with the stops seen by then."""
        found = self._findings()
        for text in found.news:
            self._session.say("warning", text)
        looks: list[Look | None] = [self.looks.popleft() for _ in range(len(self.looks))]
        for look in looks or [None]:
            self._session.step(look, [*found.faults, *self._arming.faults()], found.conditions)


class EngineThread:
    """Does ``first``, then ``parts`` a hundred times a second or as soon as it is woken, then ``last``.

    ``commands`` are carried out at the head of each round. ``awaiting`` is how somebody waits for the answer to one.
    Without ``start`` it is no thread: ``round`` and ``stand_down`` are then called by whoever drives it.
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
        awaiting: Await = await_answer,
    ) -> None:
        self._clock, self._session, self._page = clock, session, page
        self._first, self._last = first, last
        self._woken, self._ending = threading.Event(), threading.Event()
        self.commands = CommandQueue(self.wake, awaiting=awaiting)
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

    def round(self) -> None:
        """Beat first: whoever waits for a part that hangs sees the beat grow old."""
        self._page().engine.beat(self._clock.now())
        for part in self._parts:
            self._guarded(part)

    def stand_down(self) -> None:
        """The orderly end after the last round."""
        try:
            self._guarded(self._session.end)
        finally:
            self._leave()

    def _run(self) -> None:
        try:
            self._guarded(self._first)
            while not self._ending.is_set():
                self._woken.wait(PERIOD / SECOND)
                self._woken.clear()
                self.round()
        except BaseException:
            self._leave()
            raise
        self.stand_down()

    def _leave(self) -> None:
        self._page().engine.set_mode(PermitMode.STANDBY, self._clock.now())
        self.commands.refuse()
        self._last()

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
