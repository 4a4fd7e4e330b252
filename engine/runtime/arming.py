"""Arming: starts watchdog and actuator for one page, goes LIVE with them, and ends them when nothing is armed any more.

Nothing acts without both, and neither outlives what it was started for. A reset is the way back from a stop to a page
on which arming is possible.
"""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from engine.execution.processes import ProcessError, StopReport
from engine.permit.page import PermitPage, StopCode
from engine.ports import Hands, Journal
from engine.runtime.guards import Guards
from engine.runtime.links import stop_faults
from engine.safety.latch import LatchError
from engine.safety.supervisor import ARMED, Fault, InvalidTransitionError
from engine.session.session import EnginePage, Session
from engine.words import Cause, CheckResult, Mode

ADVICE = "Mend what it names and arm again."


class Process(Protocol):
    """A guard's process, as arming watches over it."""

    @property
    def alive(self) -> bool: ...


class ActuatorLike(Process, Hands, Protocol):
    """The hands of an armed session."""


class GuardPair(Protocol):
    """Watchdog and actuator of one page, running; see ``engine.runtime.guards``."""

    @property
    def actuator(self) -> ActuatorLike: ...

    @property
    def watchdog(self) -> Process: ...

    @property
    def warnings(self) -> Sequence[str]: ...

    def stops(self) -> Sequence[StopReport]:
        """What the watchdog did about a stop."""
        ...

    def close(self) -> None:
        """End both; once they have ended, nothing happens."""
        ...


Pair = TypeVar("Pair", bound=GuardPair)
Start = Callable[[int], Pair]
"""Starts the guards for the page of an epoch; ProcessError when they do not come."""


class Arming(Generic[Pair]):
    """Owns the guards. ``arm`` is for any thread, everything else for the engine's."""

    def __init__(
        self,
        session: Session,
        journal: Journal,
        page: Callable[[], PermitPage],
        start: Start[Pair],
        ask: Callable[[Callable[[], None]], None],
    ) -> None:
        """``page`` is the permit page now, ``ask`` has an act done in the engine's thread."""
        self._session, self._journal, self._page = session, journal, page
        self._start, self._ask = start, ask
        self._busy = threading.Lock()
        self.guards: Pair | None = None

    def arm(self, check: Callable[[], Sequence[CheckResult]]) -> Sequence[CheckResult]:
        """Check, start the guards and go LIVE; what stands in the way, nothing when it is armed."""
        if not self._busy.acquire(blocking=False):
            return [CheckResult("One arming at a time", False, "it is being armed already", "Wait for its end.")]
        try:
            return self._arm(check)
        finally:
            self._busy.release()

    def _arm(self, check: Callable[[], Sequence[CheckResult]]) -> Sequence[CheckResult]:
        mode, epoch = self._session.mode, self._page().epoch
        if mode in ARMED:
            return [CheckResult("It is not armed yet", False, f"mode {mode}", "Disarm it first.")]
        if failed := [result for result in check() if not result.ok]:
            return failed
        try:
            guards = self._start(epoch)
        except ProcessError as error:
            return [CheckResult("Actuator and watchdog answer", False, str(error), ADVICE)]
        try:
            self._ask(lambda: self._enter_live(guards, epoch))
        except (InvalidTransitionError, LatchError, OSError) as error:
            guards.close()
            return [CheckResult("Arming takes effect", False, str(error), ADVICE)]
        except BaseException:
            guards.close()
            raise
        return []

    def _enter_live(self, guards: Pair, epoch: int) -> None:
        """Go LIVE with guards on the page of ``epoch``, or leave no guards behind."""
        page = self._page()
        if self.guards is not None or page.epoch != epoch or page.stopped():
            raise InvalidTransitionError("it was armed, stopped or reset while watchdog and actuator started")
        self.guards = guards
        try:
            self._session.command(Cause.ARM)
            if self._session.mode is not Mode.LIVE:  # what could not be written down has stopped it
                raise InvalidTransitionError(self._session.reason)
        except BaseException:
            self.guards = None
            raise
        self._session.connect(guards.actuator)
        for warning in guards.warnings:
            self._session.say("warning", warning)

    def faults(self) -> list[Fault]:
        """Stop words that are set, or guards that are missing while armed: after a stop word the watchdog kills."""
        faults, guards = stop_faults(self._page()), self.guards
        if not faults and self._session.mode in ARMED:
            if guards is None or not guards.actuator.alive:
                faults.append(Fault(Cause.ACTUATOR_LOST, "the actuator process has ended", "a living actuator"))
            if guards is None or not guards.watchdog.alive:
                faults.append(Fault(Cause.WATCHDOG_LOST, "the watchdog process has ended", "a living watchdog"))
        return faults

    def let_go(self) -> None:
        """End the guards of what is no longer armed. After a stop the stop word is set first, so that the watchdog
        releases what is held.
        """
        if self.guards is None or self._session.mode in ARMED:
            return
        if self._session.mode is Mode.STOPPED:
            self._page().console.stop(StopCode.PANIC)
        self.end()
        self._session.connect(None)

    def end(self) -> None:
        """End the guards, if there are any, and write down what they did about a stop, or did not do."""
        guards, self.guards = self.guards, None
        if guards is not None:
            known = set(guards.warnings)
            guards.close()
            for warning in guards.warnings:
                if warning not in known:
                    self._session.say("warning", warning)
            for stop in guards.stops():
                self._journal.record("guard-stop", {"report": stop})

    def reset(self, unwell: str, read_risk: Callable[[], object], change_page: Callable[[], EnginePage]) -> str:
        """Clear a stop and go to STANDBY; "" when done, else why not.

        ``unwell`` is what else keeps a reset back, ``read_risk`` reads the risk figures and raises when they are not
        sound, ``change_page`` puts a page with a new epoch in the old one's place: nobody who holds the old one can
        press, and no old stop word is in the way. Raises what these and a failed transition raise.
        """
        session = self._session
        if session.mode is not Mode.STOPPED:
            return f"there is nothing to reset in {session.mode}"
        look = session.look
        if look is not None and look.blindness is None and look.detail:
            return f"the eyes do not read the table yet: {look.detail}"
        if unwell:
            return f"not everything is well yet: {unwell}"
        read_risk()
        self.end()
        session.connect(None, change_page())  # first, while it says STOPPED: a page that cannot be made changes nothing
        session.command(Cause.RESET)
        return ""


def starting(page: Path, hotkeys: Sequence[str]) -> Start[Guards]:
    """The product's own guards on the page file ``page``."""
    return lambda epoch: Guards(page, epoch, hotkeys)
