"""A turn of ours: what is known of one decision from the first thought to the verified press."""

from dataclasses import dataclass
from enum import Enum, auto

from engine.clock import MILLISECOND, SECOND
from engine.execution.gestures import Gesture
from engine.game.state import TableState
from engine.words import Decision, Intent


class Phase(Enum):
    """Where a turn stands; DONE waits for the table to move on, OVER is forgotten."""

    THINK = auto()
    PRESS = auto()
    REPORT = auto()
    VERIFY = auto()
    DONE = auto()
    OVER = auto()


@dataclass(frozen=True, slots=True)
class Settings:
    """Limits of a turn, in nanoseconds; ``retries`` counts repeats of a press that changed nothing.

    ``answer`` is how long the actuator may be silent about one intent.
    """

    verify: int = 1500 * MILLISECOND
    commit: int = 250 * MILLISECOND
    answer: int = 5 * SECOND
    retries: int = 1


@dataclass(slots=True)
class Turn:
    """One decision of ours under way. ``ready_at``: only a picture captured later may be pressed on."""

    state: TableState
    phase: Phase
    began: int
    decision: Decision | None = None
    problem: str = ""
    ready_at: int = 0
    gesture: Gesture | None = None
    intent: Intent | None = None
    sent_at: int = 0
    pressed_at: int = 0
    attempts: int = 0
    refusals: int = 0

    @property
    def key(self) -> tuple[str, int]:
        return key_of(self.state)


def key_of(state: TableState) -> tuple[str, int]:
    """What tells one turn from the next: the hand, and how many actions were made in it."""
    return state.hand_id, len(state.history)
