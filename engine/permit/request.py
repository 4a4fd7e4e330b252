"""A request to press as it comes through the pipe, checked where it enters, and the report that answers it."""

from dataclasses import dataclass
from typing import Any

from engine.permit.rules import Claim
from engine.permit.words import PASSIVE_BOXES, WORD_LIMIT, Rectangle

CLICK = "click"
ENTER_AMOUNT = "enter-amount"
AMOUNT_DIGITS = 12

PRESSED = "pressed"
REFUSED = "refused"
YIELDED = "yielded"


class RequestError(ValueError):
    """A request that is not one gesture of this program. ``intent_id`` is its number, -1 when it has none."""

    def __init__(self, message: str, intent_id: int = -1) -> None:
        super().__init__(message)
        self.intent_id = intent_id


@dataclass(frozen=True, slots=True)
class Request:
    """One gesture: where, in which window (left, top, width, height of its client area), and what it claims."""

    kind: str
    x: int
    y: int
    text: str
    handle: int
    area: Rectangle
    claim: Claim

    @property
    def inside(self) -> bool:
        """Whether the point lies in the window's client area."""
        left, top, width, height = self.area
        return left <= self.x < left + width and top <= self.y < top + height


@dataclass(frozen=True, slots=True)
class Report:
    """The answer to one request; times in nanoseconds, ``pressed_at`` 0 when nothing was pressed."""

    intent_id: int
    status: str
    reason: str
    pressed_at: int
    ended_at: int


def read_request(message: dict[str, Any]) -> Request:
    """The request in a message: an ``engine.words.Intent`` as JSON with ``epoch`` and ``asked_at`` beside it.

    Raises ``RequestError`` for anything that is missing, of another type or not a gesture of this program.
    """
    intent_id = message.get("intent_id")
    number = intent_id if isinstance(intent_id, int) else -1
    try:
        return _request(message)
    except (KeyError, TypeError) as error:
        raise RequestError(f"the request has no valid {error}: it must be an intent as JSON", number) from error
    except ValueError as error:
        raise RequestError(str(error), number) from error


def _request(message: dict[str, Any]) -> Request:
    window, kind, text = message["window"], _text(message, "kind"), _text(message, "text")
    _check_gesture(kind, text)
    passive = message["passive"] is True and kind == CLICK and message["purpose"] in PASSIVE_BOXES
    point = _number(message, "x"), _number(message, "y")
    numbers = (_word(message, "epoch"), _word(message, "intent_id"), _word(message, "view_id"))
    if numbers[1] >= WORD_LIMIT - 1:
        raise ValueError(f"intent_id {numbers[1]} leaves no number after it")
    claim = Claim(*numbers, passive, _word(message, "asked_at"), point)
    box = window["box"]
    area = (_number(box, "x"), _number(box, "y"), _number(box, "width"), _number(box, "height"))
    return Request(kind, *point, text, _word(window, "handle"), area, claim)


def _check_gesture(kind: str, text: str) -> None:
    if kind == CLICK:
        if text:
            raise ValueError("a click types nothing: its text must be empty")
    elif kind != ENTER_AMOUNT:
        raise ValueError(f"gesture {kind!r} is not known: use {CLICK!r} or {ENTER_AMOUNT!r}")
    elif not (text.isascii() and text.isdigit() and len(text) <= AMOUNT_DIGITS):
        raise ValueError(f"amount {text!r}: only 1 to {AMOUNT_DIGITS} digits may be typed")


def _text(record: dict[str, Any], key: str) -> str:
    value = record[key]
    if not isinstance(value, str):
        raise TypeError(key)
    return value


def _number(record: dict[str, Any], key: str) -> int:
    value = record[key]
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(key)
    return value


def _word(record: dict[str, Any], key: str) -> int:
    value = _number(record, key)
    if not 0 <= value < WORD_LIMIT:
        raise ValueError(f"{key} {value} is not a 64-bit number")
    return value
