"""One session: feeds looks to tracker and hand loop, runs the supervisor, and makes its transitions take effect.

Runs in the engine thread alone. ``step`` is short and never waits, except for the commit of an intent.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.clock import MILLISECOND, SECOND, Clock
from engine.game.state import TableState
from engine.ports import Hands, Journal, RiskGuard
from engine.safety.alarm_rows import BY_CAUSE
from engine.safety.supervisor import (
    ARMED,
    Conditions,
    Fault,
    InvalidTransitionError,
    Limits,
    Signals,
    SupervisorState,
    Transition,
    update,
)
from engine.session.follower import Follower, hand_row, result_of
from engine.session.hand_loop import HandLoop
from engine.session.pressing import unwritten
from engine.vision.tracker import FinishedHand, Tracker
from engine.words import Cause, Counters, Degradation, Event, Look, Mode, PanicStopEvent

WELL = Conditions()
"""Every component as it should be."""
COMMIT_LIMIT = 250 * MILLISECOND
KEEP_AGAIN = 1 * SECOND
"""How long after a disk that did not take a stop it is asked again."""


class Permission(Protocol):
    """The persisted latch, as the session uses it."""

    def stop(self, event: PanicStopEvent) -> bool:
        """Record a stop; False when it could not be written (the stop holds all the same)."""
        ...

    def arm(self) -> None:
        """Write the armed marker; raises when it is not on the disk."""
        ...

    def disarm(self) -> bool:
        """Remove the armed marker: an orderly end; False when the disk could not take it."""
        ...

    def reset(self) -> None:
        """Clear a stop; raises when it could not be written."""
        ...


class EnginePage(Protocol):
    """The engine's words of the permit page."""

    def set_mode(self, mode: Mode) -> None:
        """Publish the mode; takes effect at the actuator at once."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What a session is made of."""

    clock: Clock
    utc: Callable[[], str]
    limits: Limits
    tracker: Tracker
    hand_loop: HandLoop
    risk: RiskGuard
    journal: Journal
    permission: Permission
    tally: Counters


class Session:
    """The engine thread's object. ``events`` is bounded and drained by the runtime."""

    def __init__(self, parts: Parts, page: EnginePage, stopped: PanicStopEvent | None) -> None:
        self._parts = parts
        self._page = page
        self._supervisor = SupervisorState()
        self.panic: PanicStopEvent | None = None
        self.events: deque[Event] = deque(maxlen=2000)
        self.look: Look | None = None
        self._conditions = WELL
        self._keep_again_at: int | None = None
        self._follower = Follower(parts.tracker, parts.journal, parts.tally, parts.limits.confidence, self.say)
        if stopped is not None:
            self._supervisor = SupervisorState(mode=Mode.STOPPED, reason=f"{stopped.cause}: {stopped.measured}")
            self.panic = stopped
        page.set_mode(self.mode)

    @property
    def mode(self) -> Mode:
        return self._supervisor.mode

    @property
    def reason(self) -> str:
        return self._supervisor.reason

    @property
    def degraded(self) -> frozenset[Degradation]:
        """What the bot does without now, beside the mode."""
        return self._supervisor.degraded

    @property
    def state(self) -> TableState | None:
        """The hand in progress as it was last read; None while there is none, or it cannot be followed."""
        return self._follower.state

    @property
    def hand_running(self) -> bool:
        """Whether an action of ours may still be asked for in the hand, as far as was last seen."""
        return self._follower.hand_running

    @property
    def problem(self) -> str:
        """Why there is no state; "" when there is."""
        return self._follower.problem

    @property
    def confidence(self) -> float:
        """Confidence of the last evaluated frame."""
        return self._follower.confidence

    def connect(self, hands: Hands | None, page: EnginePage | None = None) -> None:
        """Take the actuator and, after a reset, the new page."""
        self._parts.hand_loop.connect(hands)
        if page is not None:
            self._page = page
            page.set_mode(self.mode)

    def command(self, command: Cause) -> None:
        """An operator's command; InvalidTransitionError when the mode does not allow it."""
        self._supervise(self._signals(None, (), command))

    def step(self, look: Look | None, faults: Sequence[Fault] = (), conditions: Conditions = WELL) -> None:
        """Take in a new look (if any), faults and how the components are, and move everything one step on."""
        self._conditions = conditions
        if look is not None:
            self.look = look
            finished = self._follower.take_in(look)
            if finished is not None:
                self._hand_over(finished)
        self._supervise(self._signals(look, tuple(faults)))
        self._keep_again()
        fault = self._parts.hand_loop.step(self._follower.sight, self.mode, self.degraded)
        if fault is not None:
            self._supervise(self._signals(None, (fault,)))

    def end(self) -> None:
        """The orderly end of the engine's thread: stand by, or put a stop on the disk that is not there yet."""
        if self.mode not in (Mode.STANDBY, Mode.STOPPED):
            self.command(Cause.DISARM)
        elif self.panic is not None and self._keep_again_at is not None:
            self._keep(self.panic)

    def say(self, level: str, text: str) -> None:
        """A line for the event log and the journal."""
        self.events.append(Event(self._parts.clock.now(), self._parts.utc(), level, text))
        self._parts.journal.record("event", {"level": level, "text": text})

    # hands

    def _hand_over(self, finished: FinishedHand) -> None:
        state, result = finished.state, result_of(finished)
        otherwise = self._parts.hand_loop.confirm_finished(state)
        self._parts.tally.hands += 1
        self._parts.journal.record("hand", {"hand": hand_row(finished)})
        self.say("info", f"hand {state.hand_id.rpartition('-')[2]} over: {result:+d} chips")
        verdict = self._parts.risk.hand_over(state.hand_id, result)
        reached = Fault(Cause.RISK_LIMIT, verdict.measured or verdict.reason, verdict.limit)
        faults = [fault for fault in (otherwise, None if verdict.allowed else reached) if fault is not None]
        if faults and self.mode in ARMED:
            self._supervise(self._signals(None, tuple(faults)))

    # modes

    def _signals(self, look: Look | None, faults: tuple[Fault, ...], command: Cause | None = None) -> Signals:
        seen, detail, blindness = None, "", ""
        if look is not None:
            seen, detail = look.observation, look.detail
            blindness = "" if look.blindness is None else ": ".join(filter(None, (look.blindness, detail)))
        return Signals(
            evaluated=look is not None and look.evaluate and look.blindness is None,
            confidence=0.0 if seen is None else seen.confidence,
            weakest=detail if seen is None else seen.weakest,
            blindness=blindness,
            faults=faults,
            command=command,
            hand_running=self.hand_running,
            our_turn=self._follower.our_turn,
            conditions=self._conditions,
        )

    def _supervise(self, signals: Signals) -> None:
        changed, made = update(self._supervisor, self._parts.clock.now(), signals, self._parts.limits)
        if made is not None and made.permits_more and not self._commit(made):
            if made.source is Mode.STOPPED:
                raise InvalidTransitionError(f"{made.cause} is not on disk in time: free the disk and try again")
            fault = Fault(
                Cause.JOURNAL, unwritten(made.cause, self._parts.journal), f"{COMMIT_LIMIT // MILLISECOND} ms"
            )
            self._supervise(self._signals(None, (fault,)))
            return
        self._supervisor = changed
        if made is None:
            return
        if made.target is not made.source:
            self._page.set_mode(changed.mode)
        try:
            if made.target is not made.source and made.target in (Mode.HOLD, Mode.STOPPED, Mode.STANDBY):
                self._parts.hand_loop.void()
        finally:  # a stage that cannot be told to forget does not keep a stop from the disk
            if not made.permits_more:
                self._record(made)
        self._announce(made)

    def _commit(self, made: Transition) -> bool:
        """What permits more is on the disk before it takes effect; an error here leaves everything as it was, and a
        row of kind "mode-undone" says that the row before it did not become true.
        """
        if not self._parts.journal.commit("mode", {"transition": made}, COMMIT_LIMIT):
            self._undone(made, unwritten(made.cause, self._parts.journal))
            return False
        try:
            if made.cause is Cause.ARM:
                self._parts.permission.arm()
            elif made.cause is Cause.RESET:
                self._parts.permission.reset()
                self.panic = None
        except Exception as error:
            self._undone(made, str(error))
            raise
        return True

    def _undone(self, made: Transition, why: str) -> None:
        self._parts.journal.record("mode-undone", {"transition": made, "why": why})

    def _record(self, made: Transition) -> None:
        """What permits less has taken effect already; failing to record it changes nothing."""
        changed = made.target is not made.source
        if changed and made.target is Mode.STOPPED:
            self.panic = self._event(made)
            self._keep(self.panic)
            self._parts.risk.stopped(self.reason)
            self._parts.journal.record("panic-stop", {"event": self.panic})
        elif changed and made.target is Mode.STANDBY and made.source is not Mode.SHADOW:
            self._disarm()
        self._parts.journal.record("mode", {"transition": made})

    def _disarm(self) -> None:
        if not self._parts.permission.disarm():
            self.say("warning", "the disk did not take the disarming: the next start reads it as a stop")

    def _keep(self, stop: PanicStopEvent) -> None:
        """Put the stop on the disk; one that does not take it is asked again, so that no restart forgets the stop."""
        kept, first = self._parts.permission.stop(stop), self._keep_again_at is None
        self._keep_again_at = None if kept else self._parts.clock.now() + KEEP_AGAIN
        if first and not kept:
            self.say("alarm", "the stop is not on the disk yet, and is tried again: free the disk before you close")

    def _keep_again(self) -> None:
        if self._keep_again_at is None or self._parts.clock.now() < self._keep_again_at:
            return
        if self.panic is None:
            self._keep_again_at = None
        else:
            self._keep(self.panic)

    def _event(self, made: Transition) -> PanicStopEvent:
        advice = BY_CAUSE.get(made.cause, BY_CAUSE[Cause.ENGINE_FAULT]).response
        return PanicStopEvent(self._parts.clock.now(), self._parts.utc(), made.cause, made.measured, made.limit, advice)

    def _announce(self, made: Transition) -> None:
        why = f"{made.cause} ({made.measured})"
        if made.begun is not None:
            self.say("warning", f"{made.begun} begins: {why}")
        elif made.ended is not None:
            self.say("info", f"{made.ended} ends: {why}")
        elif made.target is made.source:
            self.say("warning", f"{made.source} goes on: {why}")
        else:
            level = {Mode.STOPPED: "alarm", Mode.HOLD: "warning", Mode.SAFE: "warning"}.get(made.target, "info")
            self.say(level, f"{made.source} to {made.target}: {why}")
