"""What the eyes deliver: windows, frames, readings, observations, looks."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

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
