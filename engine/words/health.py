"""How the components are, what time the stages take, and which alarms stand."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Component(StrEnum):
    """What can fail and is watched, in the order in which clients are bound again after a restart."""

    EYES = "eyes"
    SOLVER = "solver"
    ADVISERS = "advisers"
    JOURNAL = "journal"
    ACTUATOR = "actuator"
    WATCHDOG = "watchdog"


@dataclass(frozen=True, slots=True)
class HealthReport:
    """A component's own word. Start-up, readiness and progress are different questions.

    ``progress`` counts finished work and ``busy`` says that it should be counting now. ``alive`` False: it has ended
    and can only be started again. ``detail`` is for people.
    """

    component: Component
    started: bool
    ready: bool
    alive: bool
    busy: bool
    progress: int
    detail: str = ""


class HealthState(StrEnum):
    """What the health monitor makes of the reports."""

    OFF = "off"
    STARTING = "starting"
    READY = "ready"
    NOT_READY = "not ready"
    STALLED = "stalled"
    GONE = "gone"
    SPENT = "restarts spent"


@dataclass(frozen=True, slots=True)
class ComponentHealth:
    """One component as judged; ``since`` (clock ns) is when it came into this state."""

    component: Component
    state: HealthState
    since: int
    progress: int
    restarts: int
    restarts_left: int
    detail: str


class Stage(StrEnum):
    """The stages between which the time of a decision is split, in their order."""

    PERCEPTION = "perception"
    SOLVER = "solver"
    ADVISERS = "advisers"
    SYNTHESIS = "synthesis"
    EXECUTION = "execution"


@dataclass(frozen=True, slots=True)
class StageBudget:
    """One stage's time: its share as configured, what it has now, and what it took (ms; None without samples)."""

    stage: Stage
    share_ms: float
    allowed_ms: float
    last_ms: float | None
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    overruns: int
    count: int


class Priority(IntEnum):
    """Priority of an alarm (ISA-18.2): by what is at stake and how soon the operator has to act."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    URGENT = 4


class AlarmState(StrEnum):
    """The life cycle of an alarm (ISA-18.2, figure 3); shelved ones are out of the way for a time."""

    NORMAL = "normal"
    UNACKNOWLEDGED = "unacknowledged"
    ACKNOWLEDGED = "acknowledged"
    RETURNED_UNACKNOWLEDGED = "returned, unacknowledged"
    SHELVED = "shelved"


@dataclass(frozen=True, slots=True)
class AlarmView:
    """One alarm that is not normal, as shown; ``page`` is a document and its anchor.

    ``may_shelve``: whether it can be shelved now. ``shelved_min``: minutes until a shelved one returns, else 0.
    """

    key: str
    title: str
    priority: Priority
    state: AlarmState
    raised_at: int
    raised_utc: str
    detail: str
    response: str
    page: str
    times: int
    may_shelve: bool = False
    shelved_min: int = 0
