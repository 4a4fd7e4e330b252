"""The supervisor: a pure function of state, time and signals over the table of causes (``engine.safety.table``).

``update(state, now, signals, limits)`` returns the next state and the transition that led there, at most one at a
time. It reads no clock and does nothing; the session makes a transition take effect. One that permits less takes
effect before it is recorded, one that permits more is committed first (``Transition.permits_more``).
"""

from collections.abc import Iterable
from dataclasses import replace

from engine.clock import SECOND
from engine.safety.signals import (
    ARMED,
    PERMISSION,
    Conditions,
    Fault,
    InvalidTransitionError,
    Limits,
    Signals,
    SupervisorState,
    Transition,
)
from engine.safety.table import COMMANDS, ENDING, LESS, REPORTED, Clears, Row, active
from engine.words import Cause, Degradation, Mode

__all__ = [
    "ARMED",
    "COMMANDS",
    "PERMISSION",
    "Conditions",
    "Fault",
    "InvalidTransitionError",
    "Limits",
    "Signals",
    "SupervisorState",
    "Transition",
    "update",
]


def update(
    state: SupervisorState, now: int, signals: Signals, limits: Limits
) -> tuple[SupervisorState, Transition | None]:
    """The state after ``signals`` at ``now``, and the transition made, if any.

    A stop comes before a command, what permits less before what permits more: who disarms during a hold is not made
    LIVE by eyes that are back at the same moment. InvalidTransitionError for a command that the mode, a fault or a
    condition forbids.
    """
    seen = _counted(state, now, signals, limits)
    for find in (_stopped, _commanded, _lessened, _back):
        if made := find(seen, now, signals, limits):
            return _entered(seen, now, signals, limits, made), made
    return seen, None


# what is found, in this order


def _stopped(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> Transition | None:
    if signals.faults and state.mode is not Mode.STOPPED:
        fault = signals.faults[0]  # a cause that the table does not name stops too
        unnamed = Transition(state.mode, Mode.STOPPED, fault.cause, fault.measured, fault.limit)
        return _first(REPORTED, state, now, signals, limits) or unnamed
    return _first(active(limits).stops, state, now, signals, limits)


def _commanded(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> Transition | None:
    command = signals.command
    if command is None:
        return None
    if signals.faults:
        raise InvalidTransitionError(f"{command} is not possible: {signals.faults[0].measured}")
    target = COMMANDS.get((state.mode, command))
    if target is None or command in state.pending:
        raise InvalidTransitionError(f"{command} is not possible in {state.mode}")
    if command is Cause.ARM and (why := _forbids(state, now, signals, limits)):
        raise InvalidTransitionError(f"{command} is not possible: {why}")
    return Transition(state.mode, target, command, "operator", "")


def _forbids(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> str:
    """What would take the leave to act away at once, in words; "" when nothing would."""
    found = (row.condition(state, now, signals, limits) for row in active(limits).less)
    return next((held[0] for held in found if held), "")


def _lessened(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> Transition | None:
    """What permits less: the rows, then the end of the hand that was to be the last."""
    if made := _first(active(limits).less, state, now, signals, limits):
        ends = made.cause in ENDING and made.source is not Mode.HOLD and not signals.hand_running
        return replace(made, target=Mode.STANDBY) if ends else made
    if state.mode is Mode.SAFE and state.pending != {Cause.SOLVER_LOST} and not signals.hand_running:
        return Transition(Mode.SAFE, Mode.STANDBY, Cause.HAND_OVER, "the hand is over", "to the end of the hand")
    return _first(active(limits).degrading, state, now, signals, limits)


def _back(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> Transition | None:
    """What has cleared: the eyes, the solver, a degradation."""
    if state.mode is Mode.HOLD and (found := _eyes_good(state, now, signals, limits)):
        target = Mode.SAFE if state.pending else Mode.LIVE
        return Transition(Mode.HOLD, target, Cause.EYES_BACK, *found)
    for row in active(limits).clearing:
        if _in_force(row, state) and _well(row, state, now, signals, limits):
            assert row.back is not None
            return _ended(row, state, row.back)
    return None


# rows


def _first(
    rows: Iterable[Row], state: SupervisorState, now: int, signals: Signals, limits: Limits
) -> Transition | None:
    """What the first row leads to that is active, has held for its delay, and is not in force yet."""
    for row in rows:
        if state.mode not in row.modes:
            continue
        found = row.condition(state, now, signals, limits)
        if found and not _in_force(row, state) and now - state.since.get(row.cause, now) >= row.on_delay(limits):
            return _led(row, state.mode, found)
    return None


def _led(row: Row, source: Mode, found: tuple[str, str]) -> Transition:
    if isinstance(row.leads_to, Degradation):
        return Transition(source, source, row.cause, *found, begun=row.leads_to)
    held = source is Mode.HOLD and row.leads_to is Mode.SAFE  # remembered: a hold that ends then ends in SAFE
    return Transition(source, source if held else row.leads_to, row.cause, *found)


def _in_force(row: Row, state: SupervisorState) -> bool:
    if isinstance(row.leads_to, Degradation):
        return row.leads_to in state.degraded
    return row.leads_to is Mode.SAFE and row.cause in state.pending


def _eyes_good(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> tuple[str, str] | None:
    since = state.eyes_good_since
    if since is None or now - since < limits.eyes_back or not signals.evaluated:
        return None
    return f"confident for {(now - since) / SECOND:.2f} s", f"{limits.eyes_back / SECOND:.2f} s"


def _well(row: Row, state: SupervisorState, now: int, signals: Signals, limits: Limits) -> bool:
    """Whether a row in force is to be left: its condition is gone and, where it has to be, the hand over."""
    in_hand = row.clears is Clears.NEXT_HAND and signals.hand_running and state.mode in ARMED
    return not in_hand and not row.condition(state, now, signals, limits)


def _ended(row: Row, state: SupervisorState, back: Cause) -> Transition:
    if isinstance(row.leads_to, Degradation):
        return Transition(state.mode, state.mode, back, "well again", "", ended=row.leads_to)
    alone = state.mode is Mode.SAFE and state.pending == {row.cause}
    return Transition(state.mode, Mode.LIVE if alone else state.mode, back, "well again", "")


# the memory


def _counted(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> SupervisorState:
    """The state with its counters and timers moved on by the signals."""
    return _timed(_sighted(state, now, signals, limits), now, signals, limits)


def _sighted(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> SupervisorState:
    """Bad frames in a row, and since when the eyes are good."""
    if signals.blindness:
        return state if state.eyes_good_since is None else replace(state, eyes_good_since=None)
    if not signals.evaluated:
        return state
    if not signals.confidence >= limits.confidence:  # a confidence that is not a number is bad too
        return replace(state, bad_frames=state.bad_frames + 1, eyes_good_since=None)
    since = now if state.eyes_good_since is None else state.eyes_good_since
    return replace(state, bad_frames=0, eyes_good_since=since)


def _timed(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> SupervisorState:
    """Since when each condition with an on-delay has held."""
    since = {
        row.cause: state.since.get(row.cause, now)
        for row in active(limits).timed
        if state.mode in row.modes and row.condition(state, now, signals, limits)
    }
    return state if since == state.since else replace(state, since=since)


def _entered(state: SupervisorState, now: int, signals: Signals, limits: Limits, made: Transition) -> SupervisorState:
    """The state after a transition. Counters go on from one armed mode to another and begin anew at arming."""
    changed = replace(
        state,
        mode=made.target,
        pending=_pending(state, made),
        degraded=(state.degraded | {made.begun} if made.begun else state.degraded) - {made.ended},
    )
    if made.target is not made.source:
        changed = replace(changed, reason=f"{made.cause}: {made.measured}")
    if made.target not in ARMED or made.source not in ARMED:
        changed = replace(changed, bad_frames=0, eyes_good_since=None)
    return _timed(changed, now, signals, limits)


def _pending(state: SupervisorState, made: Transition) -> frozenset[Cause]:
    """The causes that allow no more than SAFE, after a transition: none outside the armed modes."""
    if made.target not in ARMED:
        return frozenset()
    if made.cause is Cause.SOLVER_BACK and made.ended is None:
        return state.pending - {Cause.SOLVER_LOST}
    added = made.cause is Cause.FINISH or any(_is_safe_row(row, made) for row in LESS)
    return state.pending | {made.cause} if added else state.pending


def _is_safe_row(row: Row, made: Transition) -> bool:
    return row.leads_to is Mode.SAFE and row.cause is made.cause and made.begun is None
