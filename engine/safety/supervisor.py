"""The supervisor: a pure function of state, time and signals over one table of causes.

``update(state, now, signals)`` returns the next state and the transition that led there. It reads no clock and does
nothing; the session makes a transition take effect. One that permits less takes effect before it is recorded, one
that permits more is committed first (``Transition.permits_more``).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from engine.clock import MILLISECOND, SECOND
from engine.words import Cause, Degradation, Mode

ARMED = frozenset({Mode.LIVE, Mode.SAFE, Mode.HOLD})
PERMISSION = {Mode.STOPPED: 0, Mode.STANDBY: 0, Mode.SHADOW: 0, Mode.HOLD: 1, Mode.SAFE: 2, Mode.LIVE: 3}


class InvalidTransitionError(RuntimeError):
    """A command that the present mode does not allow."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Thresholds of the conditions; times in nanoseconds."""

    confidence: float = 0.99
    bad_frames: int = 3
    hold_limit: int = 10 * SECOND
    eyes_back: int = 500 * MILLISECOND


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that stops at once: its cause, what was measured and the limit it broke."""

    cause: Cause
    measured: str
    limit: str


@dataclass(frozen=True, slots=True)
class Conditions:
    """How the components and the calendar are now: each says in words what is wrong, "" when nothing is."""

    solver: str = ""
    advisers: str = ""
    event: str = ""
    calendar: str = ""
    pressure: str = ""
    desk: str = ""


@dataclass(frozen=True, slots=True)
class Signals:
    """What happened since the last update. ``blindness`` is "" while the eyes are open."""

    evaluated: bool = False
    confidence: float = 1.0
    weakest: str = ""
    blindness: str = ""
    faults: tuple[Fault, ...] = ()
    command: Cause | None = None
    hand_running: bool = False
    conditions: Conditions = Conditions()


@dataclass(frozen=True, slots=True)
class SupervisorState:
    """Everything the supervisor remembers. ``resume`` is the mode to return to from HOLD."""

    mode: Mode = Mode.STANDBY
    reason: str = ""
    resume: Mode = Mode.STANDBY
    bad_frames: int = 0
    hold_since: int = 0
    eyes_good_since: int | None = None
    degraded: frozenset[Degradation] = frozenset()


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of mode, its cause, and the measured value against the limit."""

    source: Mode
    target: Mode
    cause: Cause
    measured: str
    limit: str

    @property
    def permits_more(self) -> bool:
        return PERMISSION[self.target] > PERMISSION[self.source] or self.cause is Cause.RESET


COMMANDS: dict[tuple[Mode, Cause], Mode] = {
    (Mode.STANDBY, Cause.ARM): Mode.LIVE,
    (Mode.SHADOW, Cause.ARM): Mode.LIVE,
    (Mode.STANDBY, Cause.SHADOW_ON): Mode.SHADOW,
    (Mode.SHADOW, Cause.DISARM): Mode.STANDBY,
    (Mode.LIVE, Cause.DISARM): Mode.STANDBY,
    (Mode.SAFE, Cause.DISARM): Mode.STANDBY,
    (Mode.HOLD, Cause.DISARM): Mode.STANDBY,
    (Mode.LIVE, Cause.FINISH): Mode.SAFE,
    (Mode.STOPPED, Cause.RESET): Mode.STANDBY,
}

Condition = Callable[[SupervisorState, int, Signals, Limits], tuple[str, str] | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: in ``modes``, when ``condition`` gives (measured, limit), ``cause`` leads to ``target``."""

    cause: Cause
    modes: frozenset[Mode]
    condition: Condition
    target: Mode
    clears: str


def _low_confidence(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> tuple[str, str] | None:
    if state.bad_frames < limits.bad_frames:
        return None
    measured = f"{signals.confidence:.4f} in {state.bad_frames} consecutive frames (weakest: {signals.weakest})"
    return measured, f"at least {limits.confidence} within {limits.bad_frames} frames"


def _blind(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> tuple[str, str] | None:
    return (signals.blindness, "the whole table in sight") if signals.blindness else None


def _held_too_long(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> tuple[str, str] | None:
    held = now - state.hold_since
    if held <= limits.hold_limit:
        return None
    return f"{held / SECOND:.1f} s ({state.reason})", f"{limits.hold_limit / SECOND:.0f} s"


def _eyes_are_back(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> tuple[str, str] | None:
    since = state.eyes_good_since
    if since is None or now - since < limits.eyes_back or not signals.evaluated:
        return None
    return f"confident for {(now - since) / SECOND:.2f} s", f"{limits.eyes_back / SECOND:.2f} s"


def _hand_is_over(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> tuple[str, str] | None:
    return None if signals.hand_running else ("the hand is over", "to the end of the hand")


RULES: tuple[Rule, ...] = (
    Rule(Cause.CONFIDENCE, ARMED, _low_confidence, Mode.STOPPED, "reset"),
    Rule(Cause.HOLD_LIMIT, frozenset({Mode.HOLD}), _held_too_long, Mode.STOPPED, "reset"),
    Rule(Cause.BLIND, frozenset({Mode.LIVE, Mode.SAFE}), _blind, Mode.HOLD, "eyes confident for the hold time"),
    Rule(Cause.EYES_BACK, frozenset({Mode.HOLD}), _eyes_are_back, Mode.LIVE, ""),
    Rule(Cause.HAND_OVER, frozenset({Mode.SAFE}), _hand_is_over, Mode.STANDBY, "operator"),
)


def update(
    state: SupervisorState, now: int, signals: Signals, limits: Limits
) -> tuple[SupervisorState, Transition | None]:
    """The state after ``signals`` at ``now``, and the transition made, if any.

    A stop comes before a command, and a command before the other rules: who disarms during a hold is not made LIVE by
    eyes that are back at the same moment. InvalidTransitionError for a command that the mode or a fault forbids.
    """
    counted = _counted(state, now, signals, limits)
    made = _faulted(state, signals) or _ruled(counted, now, signals, limits, True)
    if made is None and signals.command is not None:
        made = _commanded(state, signals)
    made = made or _ruled(counted, now, signals, limits, False)
    return (counted, None) if made is None else _enter(counted, now, made)


def _faulted(state: SupervisorState, signals: Signals) -> Transition | None:
    if not signals.faults or state.mode is Mode.STOPPED:
        return None
    fault = signals.faults[0]
    return Transition(state.mode, Mode.STOPPED, fault.cause, fault.measured, fault.limit)


def _ruled(state: SupervisorState, now: int, signals: Signals, limits: Limits, stops: bool) -> Transition | None:
    """What the first rule that holds leads to, among those that stop or among the others."""
    for rule in RULES:
        if (rule.target is Mode.STOPPED) is not stops or state.mode not in rule.modes:
            continue
        if found := rule.condition(state, now, signals, limits):
            target = state.resume if rule.cause is Cause.EYES_BACK else rule.target
            return Transition(state.mode, target, rule.cause, *found)
    return None


def _commanded(state: SupervisorState, signals: Signals) -> Transition:
    command = signals.command
    assert command is not None
    if signals.faults:
        raise InvalidTransitionError(f"{command} is not possible: {signals.faults[0].measured}")
    target = COMMANDS.get((state.mode, command))
    if target is None:
        raise InvalidTransitionError(f"{command} is not possible in {state.mode}")
    return Transition(state.mode, target, command, "operator", "")


def _counted(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> SupervisorState:
    """The state with its counters moved on by the signals: bad frames in a row, eyes good since."""
    if signals.blindness:
        return replace(state, eyes_good_since=None)
    if not signals.evaluated:
        return state
    if not signals.confidence >= limits.confidence:  # a confidence that is not a number is bad too
        return replace(state, bad_frames=state.bad_frames + 1, eyes_good_since=None)
    since = now if state.eyes_good_since is None else state.eyes_good_since
    return replace(state, bad_frames=0, eyes_good_since=since)


def _enter(state: SupervisorState, now: int, made: Transition) -> tuple[SupervisorState, Transition]:
    resume = made.source if made.target is Mode.HOLD else state.resume
    entered = SupervisorState(
        mode=made.target,
        reason=f"{made.cause}: {made.measured}",
        resume=resume,
        hold_since=now if made.target is Mode.HOLD else state.hold_since,
    )
    return entered, made
