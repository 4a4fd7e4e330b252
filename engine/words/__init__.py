"""The value types that pass between the stages: frozen, without behaviour that could fail.

Times are monotonic nanoseconds of ``engine.clock``; boxes are pixels of the window's client area.
"""

from engine.words.console import CertificateStatus, CheckResult, Counters, Event, Snapshot, StageTiming
from engine.words.health import (
    AlarmState,
    AlarmView,
    Component,
    ComponentHealth,
    HealthReport,
    HealthState,
    Priority,
    Stage,
    StageBudget,
)
from engine.words.modes import Cause, Degradation, Mode, PanicStopEvent, SafeActionError
from engine.words.press import GestureKind, Intent, PressReport, Receipt, ReceiptStatus
from engine.words.risk import CalendarStatus, EventWindow, RiskStatus, RiskVerdict
from engine.words.sight import (
    Blindness,
    Box,
    ControlReading,
    Frame,
    Look,
    Observation,
    Reading,
    SeatReading,
    WindowInfo,
)
from engine.words.thought import (
    ActionValue,
    Decision,
    NodeStrategy,
    Opinion,
    SeatRange,
    Solution,
    SolvePoint,
    SolverError,
    SolverView,
)

__all__ = [
    "ActionValue",
    "AlarmState",
    "AlarmView",
    "Blindness",
    "Box",
    "CalendarStatus",
    "Cause",
    "CertificateStatus",
    "CheckResult",
    "Component",
    "ComponentHealth",
    "ControlReading",
    "Counters",
    "Decision",
    "Degradation",
    "Event",
    "EventWindow",
    "Frame",
    "GestureKind",
    "HealthReport",
    "HealthState",
    "Intent",
    "Look",
    "Mode",
    "NodeStrategy",
    "Observation",
    "Opinion",
    "PanicStopEvent",
    "PressReport",
    "Priority",
    "Reading",
    "Receipt",
    "ReceiptStatus",
    "RiskStatus",
    "RiskVerdict",
    "SafeActionError",
    "SeatRange",
    "SeatReading",
    "Snapshot",
    "Solution",
    "SolvePoint",
    "SolverError",
    "SolverView",
    "Stage",
    "StageBudget",
    "StageTiming",
    "WindowInfo",
]
