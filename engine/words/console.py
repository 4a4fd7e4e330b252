"""What the console draws: the snapshot and its parts."""

from dataclasses import dataclass

from engine.game.state import TableState
from engine.words.health import AlarmView, ComponentHealth, StageBudget
from engine.words.modes import Degradation, Mode, PanicStopEvent
from engine.words.press import Receipt
from engine.words.risk import CalendarStatus, RiskStatus
from engine.words.sight import Frame, Look
from engine.words.thought import NO_SOLVE, Decision, Solution, SolverView


@dataclass(frozen=True, slots=True)
class StageTiming:
    """Latency of one stage in milliseconds over the last samples."""

    stage: str
    last: float
    p50: float
    p95: float
    count: int


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the console's log. ``level``: info, warning, alarm."""

    at: int
    utc: str
    level: str
    text: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One start-up check: ``ok``, what was found, and what to do when it is not ok."""

    name: str
    ok: bool
    detail: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class CertificateStatus:
    """The record of one mandatory drill: ``current`` when it passed on this machine, version and configuration and
    is not too old; ``detail`` says when it passed, or why it is due.
    """

    drill: str
    title: str
    current: bool
    detail: str


@dataclass(slots=True)
class Counters:
    """Totals of a session, as ``play --json`` prints them: counting in the engine, copied into each snapshot.

    The engine's thread and the eyes' write each their own fields.
    """

    hands: int = 0
    frames: int = 0
    frames_read: int = 0
    frames_refused: int = 0
    decisions: int = 0
    intents: int = 0
    presses: int = 0
    retries: int = 0
    fallbacks: int = 0
    inconsistent: int = 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything the console draws: frozen, made by the engine, never its fields."""

    at: int
    mode: Mode
    mode_reason: str
    panic: PanicStopEvent | None
    actuator_alive: bool
    watchdog_alive: bool
    armed: bool
    look: Look | None
    frame: Frame | None
    state: TableState | None
    state_problem: str
    decision: Decision | None
    solution: Solution | None
    last_receipt: Receipt | None
    confidence: float
    permit_age_ms: float | None
    timings: tuple[StageTiming, ...]
    risk: RiskStatus
    counters: Counters
    checks: tuple[CheckResult, ...]
    degraded: frozenset[Degradation]
    health: tuple[ComponentHealth, ...]
    budget: tuple[StageBudget, ...]
    calendar: CalendarStatus
    alarms: tuple[AlarmView, ...]
    certificates: tuple[CertificateStatus, ...]
    solver: SolverView = NO_SOLVE
