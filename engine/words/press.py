"""What passes to and from the actuator, and what the screen then showed."""

from dataclasses import dataclass
from enum import StrEnum

from engine.words.sight import WindowInfo


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
