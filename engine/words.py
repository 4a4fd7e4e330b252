"""The value types that pass between the stages: frozen, without behaviour that could fail.

Times are monotonic nanoseconds of ``engine.clock``; boxes are pixels of the window's client area.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.game.actions import Action
from engine.game.state import TableState

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels: left, top, width, height."""

    x: int
    y: int
    width: int
    height: int

    @property
    def centre(self) -> tuple[int, int]:
        return self.x + self.width // 2, self.y + self.height // 2

    def contains(self, x: int, y: int) -> bool:
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height

    def overlaps(self, other: "Box") -> bool:
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


@dataclass(frozen=True, slots=True)
class WindowInfo:
    """A window of the system: its id, its title and the client area's place on the screen."""

    handle: int
    title: str
    window_class: str
    box: Box


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Pixels of one window: (height, width, 4) uint8 in BGRA order, contiguous; ``captured_at`` is before the grab."""

    sequence: int
    captured_at: int
    window: WindowInfo
    pixels: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """One element of a frame. ``value`` is None when unknown, and then ``confidence`` is below the limit."""

    value: T | None
    confidence: float
    box: Box


@dataclass(frozen=True, slots=True)
class SeatReading:
    """What was read at one seat. ``status`` is one of "empty", "in", "folded", "all-in", "out"."""

    seat: int
    status: Reading[str]
    stack: Reading[int]
    bet: Reading[int]


@dataclass(frozen=True, slots=True)
class ControlReading:
    """One action control. ``kind``: fold, check, call, bet, raise, all-in, amount; ``amount`` in chips as shown."""

    kind: str
    enabled: Reading[bool]
    amount: Reading[int]
    box: Box


@dataclass(frozen=True, slots=True)
class Observation:
    """What was recognised in a frame, every element with a confidence in [0, 1].

    Seats are numbered as on the screen, the hero at 0, clockwise. Cards: "As"; "" for an empty place. ``turn`` is
    the seat to act or -1. ``confidence`` is the minimum over the elements this moment of the hand needs and
    ``weakest`` names that element. ``view_id`` identifies the content: it ignores hover, focus, caret and timer.
    """

    sequence: int
    captured_at: int
    window: WindowInfo
    scale: float
    hand_number: Reading[int]
    hole: tuple[Reading[str], ...]
    board: tuple[Reading[str], ...]
    pot: Reading[int]
    seats: tuple[SeatReading, ...]
    button: Reading[int]
    turn: Reading[int]
    controls: tuple[ControlReading, ...]
    confidence: float
    weakest: str
    view_id: int

    def control(self, kind: str) -> ControlReading | None:
        """The control of a kind, or None when the screen does not show it."""
        return next((control for control in self.controls if control.kind == kind), None)


class Blindness(StrEnum):
    """Known reasons for which the eyes are shut."""

    NO_WINDOW = "the table window was not found"
    MINIMISED = "the table window is minimised"
    COVERED = "another window covers the table"
    OFF_SCREEN = "part of the table is off the screen"
    MOVED = "the table window is moving"
    CAPTURE_FAILED = "the screen could not be captured"
    STALE = "the picture does not change"
    RESTARTING = "the eyes are restarting"


@dataclass(frozen=True, slots=True)
class Look:
    """What one look of the eyes gave: an observation, or the reason why there is none.

    ``changed`` says that pixels differ from the previous look; ``settled`` that the content repeats the previous
    one. ``evaluate`` says that the frame counts for the confidence rule (it is not an animation frame).
    """

    at: int
    observation: Observation | None
    blindness: Blindness | None
    detail: str
    changed: bool
    settled: bool
    evaluate: bool
    capture_ns: int
    recognise_ns: int


@dataclass(frozen=True, slots=True)
class ActionValue:
    """One action of a solution: how often to take it and what it is worth in chips."""

    action: Action
    frequency: float
    ev: float


@dataclass(frozen=True, slots=True)
class Solution:
    """Action frequencies and values for one state. ``source``: baseline, cache, subgame, blueprint, safe."""

    source: str
    actions: tuple[ActionValue, ...]
    equity: float
    exploitability: float | None
    detail: str
    took_ns: int


@dataclass(frozen=True, slots=True)
class Opinion:
    """One agent's validated advice: a distribution over legal actions, in the solution's order."""

    agent: str
    frequencies: tuple[float, ...]
    confidence: float
    reason: str
    took_ns: int


@dataclass(frozen=True, slots=True)
class Decision:
    """The blended distribution, the action chosen from it and why; ``seed`` makes the choice repeatable."""

    hand_id: str
    action: Action
    distribution: tuple[ActionValue, ...]
    reasons: tuple[str, ...]
    source: str
    alpha: float
    seed: int
    fallback: bool
    timings_ns: dict[str, int] = field(default_factory=dict)


class GestureKind(StrEnum):
    CLICK = "click"
    ENTER_AMOUNT = "enter-amount"


@dataclass(frozen=True, slots=True)
class Intent:
    """A decision journaled and sent to the actuator: exactly one gesture.

    ``x`` and ``y`` are screen pixels. ``text`` is typed after the click for ENTER_AMOUNT. ``passive`` says that it
    is a check or fold, all that SAFE allows. ``purpose`` is the control: fold, check, call, bet, raise, amount.
    """

    intent_id: int
    hand_id: str
    kind: GestureKind
    purpose: str
    x: int
    y: int
    text: str
    passive: bool
    view_id: int
    window: WindowInfo


class ReceiptStatus(StrEnum):
    PRESSED = "pressed"
    REFUSED = "refused"
    YIELDED = "yielded"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class PressReport:
    """The actuator's word on one intent; ``reason`` is why it did not press. Times: first press, end."""

    intent_id: int
    status: ReceiptStatus
    reason: str
    pressed_at: int
    ended_at: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the screen showed after a press: ``verified`` when the next frames confirm the action."""

    intent_id: int
    verified: bool
    detail: str
    took_ns: int


class Mode(StrEnum):
    """What the bot may do: see docs/architecture.md for the table of causes that lead to each."""

    STANDBY = "STANDBY"
    SHADOW = "SHADOW"
    LIVE = "LIVE"
    SAFE = "SAFE"
    HOLD = "HOLD"
    STOPPED = "STOPPED"


class Cause(StrEnum):
    """Why a mode changed. The first group panics (latched); the others degrade."""

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
    HOLD_LIMIT = "hold-limit"
    UNCLEAN_END = "unclean-end"
    LATCH_UNREADABLE = "latch-unreadable"
    BLIND = "blind"
    FINISH = "finish"
    ARM = "arm"
    DISARM = "disarm"
    SHADOW_ON = "shadow-on"
    RESET = "reset"
    EYES_BACK = "eyes-back"
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


@dataclass(frozen=True, slots=True)
class RiskVerdict:
    """Whether an action is inside the limits, and the numbers that say so."""

    allowed: bool
    reason: str
    measured: str = ""
    limit: str = ""


@dataclass(frozen=True, slots=True)
class RiskStatus:
    """Risk as shown: chips won and lost this session, hands, and the limits they are held against."""

    session_result: int
    session_loss_limit: int
    hands: int
    hands_limit: int
    hand_commitment: int
    hand_commitment_limit: int


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
class Counters:
    """Totals of a session, as ``play --json`` prints them."""

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
