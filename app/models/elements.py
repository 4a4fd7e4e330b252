"""The elements of an observation as a flat list: what to draw over the live picture, and how sure the eyes are."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from app.models.wording import CONFIDENCE_LIMIT
from engine.words import Box, Observation, Reading


class Grade(Enum):
    GOOD = "good"
    DOUBTFUL = "doubtful"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its name, its value as text, its confidence and its box in pixels of the frame."""

    name: str
    text: str
    confidence: float
    box: Box
    grade: Grade
    empty: bool = False
    """The eyes are sure that nothing is there: no card, no bet, no badge, a button not offered."""

    @property
    def summary(self) -> str:
        value = "unknown" if self.grade is Grade.UNKNOWN else self.text or "empty"
        return f"{self.name}: {value}, confidence {self.confidence:.4f}"


def elements(observation: Observation) -> list[Element]:
    """All elements that have a place on the screen; where several share a box, the least sure one."""
    by_box: dict[Box, Element] = {}
    for name, reading in _readings(observation):
        if reading.box.width <= 0 or reading.box.height <= 0:
            continue
        known = by_box.get(reading.box)
        if known is None or reading.confidence < known.confidence:
            by_box[reading.box] = _element(name, reading)
    return list(by_box.values())


def _element(name: str, reading: Reading[Any]) -> Element:
    text = "" if reading.value is None else str(reading.value)
    empty = reading.value in ("", "in", 0, False) and not name.endswith("stack")
    return Element(name, text, reading.confidence, reading.box, _grade(reading), empty)


def _grade(reading: Reading[Any]) -> Grade:
    if reading.confidence >= CONFIDENCE_LIMIT:
        return Grade.GOOD
    return Grade.UNKNOWN if reading.value is None else Grade.DOUBTFUL


def _readings(observation: Observation) -> Iterator[tuple[str, Reading[Any]]]:
    yield "hand number", observation.hand_number
    yield from ((f"hole card {place}", card) for place, card in enumerate(observation.hole, 1))
    yield from ((f"board card {place}", card) for place, card in enumerate(observation.board, 1))
    yield "pot", observation.pot
    yield "dealer button", observation.button
    yield "turn", observation.turn
    for seat in observation.seats:
        yield f"seat {seat.seat} status", seat.status
        yield f"seat {seat.seat} stack", seat.stack
        yield f"seat {seat.seat} bet", seat.bet
    for control in observation.controls:
        yield f"{control.kind} button", control.enabled
        yield f"{control.kind} amount", control.amount
