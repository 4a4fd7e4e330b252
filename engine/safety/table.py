"""The table of causes: where each is active, its condition and on-delay, where it leads, and what clears it.

The supervisor does what stands here and nothing else; docs/safety_table.md is written from it. Of the rows that hold
at one moment the first that stops wins, then a command, then the other rows in their order.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from engine.clock import SECOND
from engine.safety.signals import ARMED, Limits, Signals, SupervisorState
from engine.words import Cause, Degradation, Mode

Found = tuple[str, str] | None
"""What was measured against which limit; None while the condition does not hold."""
Condition = Callable[[SupervisorState, int, Signals, Limits], Found]
Delay = Callable[[Limits], int]

RUNNING = frozenset(Mode) - {Mode.STOPPED}
EVERY = frozenset(Mode)
ACTING = frozenset({Mode.LIVE, Mode.SAFE})


class Clears(StrEnum):
    """What ends what a cause led to."""

    RESET = "reset by the operator"
    OPERATOR = "the operator arms again"
    EYES = "eyes confident for the hold time (`vision.eyes_back_ms`)"
    NEXT_HAND = "healthy again and, while armed, no hand of ours running"
    HAND_END = "ends in STANDBY with the hand; the operator arms again"
    GONE = "the condition is gone"


@dataclass(frozen=True, slots=True)
class Row:
    """One cause. ``title`` names the condition for people, and ``applies`` is "" or when the row is in the table.

    ``leads_to`` is a mode, or a degradation beside the mode. ``back`` is the cause recorded when it has cleared.
    """

    cause: Cause
    title: str
    modes: frozenset[Mode]
    condition: Condition
    leads_to: Mode | Degradation
    clears: Clears
    on_delay: Delay = lambda limits: 0
    back: Cause | None = None
    in_table: Callable[[Limits], bool] = lambda limits: True
    applies: str = ""


def _reported(cause: Cause) -> Condition:
    """The condition of a cause that a stage reports itself."""

    def condition(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> Found:
        found = next((fault for fault in signals.faults if fault.cause is cause), None)
        return None if found is None else (found.measured, found.limit)

    return condition


def _stop(cause: Cause, title: str) -> Row:
    return Row(cause, title, RUNNING, _reported(cause), Mode.STOPPED, Clears.RESET)


def _low_confidence(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> Found:
    if state.bad_frames < limits.bad_frames:
        return None
    measured = f"{signals.confidence:.4f} in {state.bad_frames} consecutive frames (weakest: {signals.weakest})"
    return measured, f"at least {limits.confidence} within {limits.bad_frames} frames"


def _holding(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> Found:
    held = now - state.since.get(Cause.HOLD_LIMIT, now)
    return f"{held / SECOND:.1f} s ({state.reason})", f"{limits.hold_limit / SECOND:.0f} s"


def _unanswered(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> Found:
    if not signals.our_turn:
        return None
    waited = now - state.since.get(Cause.SAFE_FAILED, now)
    return f"our turn unanswered for {waited / SECOND:.1f} s in SAFE", f"{limits.safe_answer / SECOND:.0f} s"


def _blind(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> Found:
    return (signals.blindness, "the whole table in sight") if signals.blindness else None


def _desk(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> Found:
    return (signals.conditions.desk, "the desk as it was when it was armed") if signals.conditions.desk else None


def _event(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> Found:
    return (signals.conditions.event, "no event window open") if signals.conditions.event else None


def _calendar(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> Found:
    return (signals.conditions.calendar, "a calendar that is up to date") if signals.conditions.calendar else None


def _solver(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> Found:
    return (signals.conditions.solver, "a solver that answers") if signals.conditions.solver else None


def _advisers(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> Found:
    return (signals.conditions.advisers, "advisers that answer") if signals.conditions.advisers else None


def _pressure(state: SupervisorState, now: int, signals: Signals, limits: Limits) -> Found:
    return (signals.conditions.pressure, "time and memory to spare") if signals.conditions.pressure else None


REPORTED: tuple[Row, ...] = (
    _stop(Cause.OPERATOR_BUTTON, "the operator presses the stop button"),
    _stop(Cause.OPERATOR_HOTKEY, "the operator presses a stop key, anywhere on the desk"),
    _stop(Cause.OPERATOR_COMMAND, "the operator gives the stop command"),
    _stop(Cause.OPERATOR_CORNER, "the operator pushes the pointer into a corner of the screen"),
    _stop(Cause.ACTUATOR_LOST, "the actuator has ended or does not answer"),
    _stop(Cause.WATCHDOG_LOST, "the watchdog has ended"),
    _stop(Cause.WATCHDOG, "the watchdog saw no progress of the engine or the eyes"),
    _stop(Cause.TABLE_GUARD, "the table is not proved local"),
    _stop(Cause.RISK_LIMIT, "a risk limit is reached"),
    _stop(Cause.MISFIRE, "a press did not do what it should, and the retries are used up"),
    _stop(Cause.JOURNAL, "the journal did not take an intent or a permission in time"),
    _stop(Cause.RESTART_BUDGET, "a component was restarted more often than allowed"),
    _stop(Cause.SAFE_FAILED, "in SAFE there is no safe action, or its press misfired"),
    _stop(Cause.ENGINE_FAULT, "a fault of the program, or any other fault that is reported"),
)

STOPS: tuple[Row, ...] = (
    Row(
        Cause.CONFIDENCE,
        "the picture is read with too low a confidence in so many evaluated frames in a row",
        ARMED,
        _low_confidence,
        Mode.STOPPED,
        Clears.RESET,
    ),
    Row(
        Cause.HOLD_LIMIT,
        "HOLD lasts too long",
        frozenset({Mode.HOLD}),
        _holding,
        Mode.STOPPED,
        Clears.RESET,
        on_delay=lambda limits: limits.hold_limit,
    ),
    Row(
        Cause.SAFE_FAILED,
        "a turn of ours goes unanswered in SAFE",
        frozenset({Mode.SAFE}),
        _unanswered,
        Mode.STOPPED,
        Clears.RESET,
        on_delay=lambda limits: limits.safe_answer,
    ),
)

LESS: tuple[Row, ...] = (
    Row(
        Cause.DESK_CHANGED,
        "the machine slept, the screen was locked, or the monitors changed",
        ARMED,
        _desk,
        Mode.STANDBY,
        Clears.OPERATOR,
    ),
    Row(
        Cause.BLIND,
        "the table is covered, minimised, moved or gone, its picture is stale, or the eyes are restarting",
        ACTING,
        _blind,
        Mode.HOLD,
        Clears.EYES,
        back=Cause.EYES_BACK,
    ),
    Row(Cause.EVENT_WINDOW, "an event window is open", ARMED, _event, Mode.SAFE, Clears.HAND_END),
    Row(
        Cause.CALENDAR_STALE,
        "no source of the event calendar is up to date",
        ARMED,
        _calendar,
        Mode.SAFE,
        Clears.HAND_END,
    ),
    Row(
        Cause.SOLVER_LOST,
        "the solver is lost, restarting or cut off",
        ARMED,
        _solver,
        Mode.SAFE,
        Clears.NEXT_HAND,
        back=Cause.SOLVER_BACK,
        in_table=lambda limits: limits.solver_lost_is_safe,
        applies='degradation.solver_lost is "safe"',
    ),
)

DEGRADING: tuple[Row, ...] = (
    Row(
        Cause.SOLVER_LOST,
        "the solver is lost, restarting or cut off",
        EVERY,
        _solver,
        Degradation.CACHE_ONLY,
        Clears.NEXT_HAND,
        back=Cause.SOLVER_BACK,
        in_table=lambda limits: not limits.solver_lost_is_safe,
        applies='degradation.solver_lost is "cache-only"',
    ),
    Row(
        Cause.ADVISERS_LOST,
        "the advisers are lost, late, or answer nonsense",
        EVERY,
        _advisers,
        Degradation.GTO_ONLY,
        Clears.GONE,
        back=Cause.ADVISERS_BACK,
    ),
    Row(
        Cause.RESOURCES,
        "the machine is short of processor time or memory",
        EVERY,
        _pressure,
        Degradation.LEAN,
        Clears.GONE,
        back=Cause.RESOURCES_BACK,
    ),
)

TABLE: tuple[Row, ...] = (*REPORTED, *STOPS, *LESS, *DEGRADING)

COMMANDS: dict[tuple[Mode, Cause], Mode] = {
    (Mode.STANDBY, Cause.ARM): Mode.LIVE,
    (Mode.SHADOW, Cause.ARM): Mode.LIVE,
    (Mode.STANDBY, Cause.SHADOW_ON): Mode.SHADOW,
    (Mode.SHADOW, Cause.DISARM): Mode.STANDBY,
    (Mode.LIVE, Cause.DISARM): Mode.STANDBY,
    (Mode.SAFE, Cause.DISARM): Mode.STANDBY,
    (Mode.HOLD, Cause.DISARM): Mode.STANDBY,
    (Mode.LIVE, Cause.FINISH): Mode.SAFE,
    (Mode.SAFE, Cause.FINISH): Mode.SAFE,
    (Mode.HOLD, Cause.FINISH): Mode.HOLD,
    (Mode.STOPPED, Cause.RESET): Mode.STANDBY,
}

ENDING = frozenset(row.cause for row in LESS if row.clears is Clears.HAND_END)
"""The causes of a row that end in STANDBY once the hand is over."""


@dataclass(frozen=True, slots=True)
class Active:
    """The rows that are in the table under certain limits; ``timed`` have an on-delay, ``clearing`` clear by rule."""

    stops: tuple[Row, ...]
    less: tuple[Row, ...]
    degrading: tuple[Row, ...]
    timed: tuple[Row, ...]
    clearing: tuple[Row, ...]


@cache
def active(limits: Limits) -> Active:
    """The table as these limits have it."""
    stops, less, degrading = (tuple(row for row in rows if row.in_table(limits)) for rows in (STOPS, LESS, DEGRADING))
    every = (*stops, *less, *degrading)
    timed = tuple(row for row in every if row.on_delay(limits))
    clearing = tuple(row for row in every if row.back is not None and row.clears is not Clears.EYES)
    return Active(stops, less, degrading, timed, clearing)
