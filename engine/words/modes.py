"""Modes, the causes that change them, and the stop that is recorded."""

from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """What the bot may do: see docs/architecture.md for the table of causes that lead to each."""

    STANDBY = "STANDBY"
    SHADOW = "SHADOW"
    LIVE = "LIVE"
    SAFE = "SAFE"
    HOLD = "HOLD"
    STOPPED = "STOPPED"


class Degradation(StrEnum):
    """What the bot does without while it goes on: beside the mode, each on its own."""

    GTO_ONLY = "GTO-only"
    CACHE_ONLY = "cache-only"
    LEAN = "lean"


class Cause(StrEnum):
    """Why a mode or a degradation changed. The first group panics (latched), the second permits less, then commands
    and what clears.
    """

    CONFIDENCE = "confidence"
    OPERATOR_BUTTON = "operator-button"
    OPERATOR_HOTKEY = "operator-hotkey"
    OPERATOR_COMMAND = "operator-command"
    OPERATOR_CORNER = "operator-corner"
    RISK_LIMIT = "risk-limit"
    TABLE_GUARD = "table-guard"
    MISFIRE = "misfire"
    JOURNAL = "journal"
    WATCHDOG = "watchdog"
    ACTUATOR_LOST = "actuator-lost"
    WATCHDOG_LOST = "watchdog-lost"
    ENGINE_FAULT = "engine-fault"
    RESTART_BUDGET = "restart-budget"
    SAFE_FAILED = "safe-failed"
    HOLD_LIMIT = "hold-limit"
    UNCLEAN_END = "unclean-end"
    LATCH_UNREADABLE = "latch-unreadable"
    BLIND = "blind"
    SOLVER_LOST = "solver-lost"
    ADVISERS_LOST = "advisers-lost"
    RESOURCES = "resources"
    EVENT_WINDOW = "event-window"
    CALENDAR_STALE = "calendar-stale"
    DESK_CHANGED = "desk-changed"
    FINISH = "finish"
    ARM = "arm"
    DISARM = "disarm"
    SHADOW_ON = "shadow-on"
    RESET = "reset"
    EYES_BACK = "eyes-back"
    SOLVER_BACK = "solver-back"
    ADVISERS_BACK = "advisers-back"
    RESOURCES_BACK = "resources-back"
    HAND_OVER = "hand-over"


@dataclass(frozen=True, slots=True)
class PanicStopEvent:
    """A latched stop: when (monotonic ns and UTC text), why, the measured value against its limit, what to do."""

    at: int
    utc: str
    cause: Cause
    measured: str
    limit: str
    advice: str


class SafeActionError(RuntimeError):
    """There is not even a safe action: the state is not one in which anybody is to act."""
