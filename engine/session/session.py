"""One session: feeds looks to tracker and hand loop, runs the supervisor, and makes its transitions take effect.

Runs in the engine thread alone. ``step`` is short and never waits, except for the commit of an intent.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from engine.clock import MILLISECOND, Clock
from engine.game.state import TableState
from engine.ports import Hands, Journal, RiskGuard
from engine.records.rows import HandRow
from engine.safety.supervisor import (
    Conditions,
    Fault,
    InvalidTransitionError,
    Limits,
    Signals,
    SupervisorState,
    Transition,
    update,
)
from engine.session.hand_loop import HandLoop, Sight
from engine.session.tally import Tally
from engine.vision.tracker import FinishedHand, Tracker
from engine.words import Cause, Degradation, Event, Look, Mode, Observation, PanicStopEvent

ADVICE: dict[Cause, str] = {
    Cause.CONFIDENCE: "Look at the table: is it covered, scaled or drawn wrongly? Then reset.",
    Cause.RISK_LIMIT: "Check the risk panel. Raise the limit in bot-config.json only on purpose, then reset.",
    Cause.TABLE_GUARD: "The table is not proved local. Close what the reason names, then reset.",
    Cause.MISFIRE: "A press did not do what it should. Check the table by hand, then reset.",
    Cause.JOURNAL: "The disk is slow or full. Free it, then reset.",
    Cause.HOLD_LIMIT: "Uncover the table window, then reset.",
    Cause.UNCLEAN_END: "The last run ended while armed. Check the table by hand, then reset.",
    Cause.LATCH_UNREADABLE: "The permission file could not be read. Check the state directory, then reset.",
}


WELL = Conditions()
"""Every component as it should be."""
HERO = 0
"""The hero's seat on the screen."""
COMMIT_LIMIT = 250 * MILLISECOND


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
    tally: Tally


class Session:
    """The engine thread's object. ``events`` is bounded and drained by the runtime."""

    def __init__(self, parts: Parts, page: EnginePage, stopped: PanicStopEvent | None) -> None:
        self._parts = parts
        self._page = page
        self._supervisor = SupervisorState()
        self.panic: PanicStopEvent | None = None
        self.events: deque[Event] = deque(maxlen=2000)
        self.look: Look | None = None
        self.state: TableState | None = None
        self.problem = "waiting for the table"
        self._seen: Observation | None = None
        self._shown_at: int | None = None
        self._conditions = WELL
        self._last_view = 0
        self.confidence = 0.0
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
            self._take_in(look)
        self._supervise(self._signals(look, tuple(faults)))
        sight = Sight(self._seen, self.state, self._shown_at)
        fault = self._parts.hand_loop.step(sight, self.mode, self.degraded)
        if fault is not None:
            self._supervise(self._signals(None, (fault,)))

    def say(self, level: str, text: str) -> None:
        """A line for the event log and the journal."""
        self.events.append(Event(self._parts.clock.now(), self._parts.utc(), level, text))
        self._parts.journal.record("event", {"level": level, "text": text})

    # eyes

    def _take_in(self, look: Look) -> None:
        self.look = look
        seen = look.observation
        if seen is None or look.blindness is not None:
            self._seen = self._shown_at = None
            return
        if look.evaluate:
            self.confidence = seen.confidence
        if seen.confidence < self._parts.limits.confidence:
            self._seen = None
            return
        if seen.turn.value != HERO:
            self._shown_at = None
        elif self._shown_at is None:
            self._shown_at = seen.captured_at
        if look.settled:
            self._follow(seen)

    def _follow(self, seen: Observation) -> None:
        """A confident, settled observation: track the hand."""
        self._seen = seen
        if seen.view_id == self._last_view and self.state is not None:
            return
        if seen.view_id != self._last_view:
            self._parts.journal.record("observation", {"observation": seen})
        self._last_view = seen.view_id
        tracked = self._parts.tracker.update(seen)
        if tracked.finished is not None:
            self._hand_over(tracked.finished)
        if tracked.problem and tracked.problem != self.problem and not tracked.waiting:
            self._parts.tally.inconsistent += 1
            self.say("info", f"state refused: {tracked.problem}")
        self.state, self.problem = tracked.state, tracked.problem

    def _hand_over(self, finished: FinishedHand) -> None:
        state = finished.state
        self._parts.hand_loop.confirm_finished(state)
        self._parts.tally.hands += 1
        end = finished.end_stacks
        hero = state.seat(state.hero)
        result = end[state.hero] - hero.start_stack if end is not None else -hero.contributed
        self._parts.journal.record("hand", {"hand": hand_row(finished)})
        self.say("info", f"hand {state.hand_id.rpartition('-')[2]} over: {result:+d} chips")
        verdict = self._parts.risk.hand_over(state.hand_id, result)
        if not verdict.allowed and self.mode in (Mode.LIVE, Mode.SAFE, Mode.HOLD):
            reached = Fault(Cause.RISK_LIMIT, verdict.measured or verdict.reason, verdict.limit)
            self._supervise(self._signals(None, (reached,)))

    def _hand_running(self) -> bool:
        state = self.state
        return state is not None and not (state.seat(state.hero).folded) and self._betting_open(state)

    @staticmethod
    def _betting_open(state: TableState) -> bool:
        """Whether an action of ours may still be asked for in this hand."""
        hero = state.seat(state.hero)
        return hero.stack > 0 and len(state.live_opponents) > 0 and (state.to_act is not None or state.street < 3)

    # modes

    def _signals(self, look: Look | None, faults: tuple[Fault, ...], command: Cause | None = None) -> Signals:
        always = Signals(faults=faults, command=command, hand_running=self._hand_running(), conditions=self._conditions)
        if look is None:
            return always
        seen = look.observation
        return replace(
            always,
            evaluated=look.evaluate and look.blindness is None,
            confidence=0.0 if seen is None else seen.confidence,
            weakest=look.detail if seen is None else seen.weakest,
            blindness="" if look.blindness is None else f"{look.blindness}{': ' + look.detail if look.detail else ''}",
        )

    def _supervise(self, signals: Signals) -> None:
        changed, made = update(self._supervisor, self._parts.clock.now(), signals, self._parts.limits)
        if made is not None and made.permits_more and not self._commit(made):
            if made.source is Mode.STOPPED:
                raise InvalidTransitionError(f"{made.cause} is not on disk in time: free the disk and try again")
            fault = Fault(Cause.JOURNAL, f"{made.cause} was not on disk in time", f"{COMMIT_LIMIT // MILLISECOND} ms")
            self._supervise(self._signals(None, (fault,)))
            return
        self._supervisor = changed
        if made is None:
            return
        self._page.set_mode(changed.mode)
        if made.target in (Mode.HOLD, Mode.STOPPED, Mode.STANDBY):
            self._parts.hand_loop.void()
        if not made.permits_more:
            self._record(made)
        self._announce(made)

    def _commit(self, made: Transition) -> bool:
        """What permits more is on the disk before it takes effect; an error here leaves everything as it was."""
        if not self._parts.journal.commit("mode", {"transition": made}, COMMIT_LIMIT):
            return False
        if made.cause is Cause.ARM:
            self._parts.permission.arm()
        elif made.cause is Cause.RESET:
            self._parts.permission.reset()
            self.panic = None
        return True

    def _record(self, made: Transition) -> None:
        """What permits less has taken effect already; failing to record it changes nothing."""
        if made.target is Mode.STOPPED:
            self.panic = self._event(made)
            self._parts.permission.stop(self.panic)
            self._parts.risk.stopped()
            self._parts.journal.record("panic-stop", {"event": self.panic})
        elif made.target is Mode.STANDBY and made.source is not Mode.SHADOW:
            self._parts.permission.disarm()
        self._parts.journal.record("mode", {"transition": made})

    def _event(self, made: Transition) -> PanicStopEvent:
        advice = ADVICE.get(made.cause, "Check the table by hand, then reset.")
        return PanicStopEvent(self._parts.clock.now(), self._parts.utc(), made.cause, made.measured, made.limit, advice)

    def _announce(self, made: Transition) -> None:
        level = {Mode.STOPPED: "alarm", Mode.HOLD: "warning", Mode.SAFE: "warning"}.get(made.target, "info")
        self.say(level, f"{made.source} to {made.target}: {made.cause} ({made.measured})")


def hand_row(finished: FinishedHand) -> HandRow:
    """The journal's row of a finished hand."""
    state = finished.state
    end = finished.end_stacks
    return HandRow(
        hand_id=state.hand_id,
        table_hand_number=int(state.hand_id.rpartition("-")[2]),
        hero=state.hero,
        button=state.button,
        small_blind=state.small_blind,
        big_blind=state.big_blind,
        start_stacks={seat.seat: seat.start_stack for seat in state.seats},
        end_stacks=end,
        hole=state.hole,
        board=state.board,
        shown={},
        history=state.history,
        completed=end is not None and state.certain,
    )
