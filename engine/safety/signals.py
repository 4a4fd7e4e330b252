"""What goes into the supervisor and what comes out: signals, limits, its memory, and a transition."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.clock import MILLISECOND, SECOND
from engine.words import Cause, Degradation, Mode

ARMED = frozenset({Mode.LIVE, Mode.SAFE, Mode.HOLD})
PERMISSION = {Mode.STOPPED: 0, Mode.STANDBY: 0, Mode.SHADOW: 0, Mode.HOLD: 1, Mode.SAFE: 2, Mode.LIVE: 3}


class InvalidTransitionError(RuntimeError):
    """A command that the present mode does not allow."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Thresholds of the conditions; times in nanoseconds.

    ``safe_answer`` is how long a turn of ours may go unanswered in SAFE. ``solver_lost_is_safe`` chooses SAFE instead
    of cache-only.
    """

    confidence: float = 0.99
    bad_frames: int = 3
    hold_limit: int = 10 * SECOND
    eyes_back: int = 500 * MILLISECOND
    safe_answer: int = 10 * SECOND
    solver_lost_is_safe: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that stops at once: its cause, what was measured and the limit it broke."""

    cause: Cause
    measured: str
    limit: str


@dataclass(frozen=True, slots=True)
class Conditions:
    """How the components and the calendar are now: each says in words what is wrong, "" when nothing is.

    Whoever says so has waited as long as it takes to be sure of it: of a loss, and of its end.
    """

    solver: str = ""
    advisers: str = ""
    event: str = ""
    calendar: str = ""
    pressure: str = ""
    desk: str = ""


@dataclass(frozen=True, slots=True)
class Signals:
    """What happened since the last update. ``blindness`` is "" while the eyes are open; ``our_turn``: the table waits
    for an action of ours.
    """

    evaluated: bool = False
    confidence: float = 1.0
    weakest: str = ""
    blindness: str = ""
    faults: tuple[Fault, ...] = ()
    command: Cause | None = None
    hand_running: bool = False
    our_turn: bool = False
    conditions: Conditions = Conditions()


@dataclass(frozen=True, slots=True)
class SupervisorState:
    """Everything the supervisor remembers.

    ``pending`` holds the causes that allow no more than SAFE: they lead there, keep it there, and a HOLD that ends
    while there are any ends in SAFE. ``since`` is when the condition of each cause with an on-delay began to hold
    without a break.
    """

    mode: Mode = Mode.STANDBY
    reason: str = ""
    pending: frozenset[Cause] = frozenset()
    degraded: frozenset[Degradation] = frozenset()
    bad_frames: int = 0
    eyes_good_since: int | None = None
    since: Mapping[Cause, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of mode, its cause, and the measured value against the limit.

    ``begun`` and ``ended`` name a degradation that changed; the mode is then the same before and after. It is also the
    same when a cause comes to be remembered that the mode already heeds.
    """

    source: Mode
    target: Mode
    cause: Cause
    measured: str
    limit: str
    begun: Degradation | None = None
    ended: Degradation | None = None

    @property
    def permits_more(self) -> bool:
        return PERMISSION[self.target] > PERMISSION[self.source] or self.cause is Cause.RESET
