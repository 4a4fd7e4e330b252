"""What the journal's rows hold: one dataclass a kind of row that is read again after the session.

A row's data has the dataclass's fields; a hand's stands under "hand". Decode with ``engine.records.encoding.decode``.
"""

from dataclasses import dataclass

from engine.game.actions import ActionKind
from engine.game.state import ActionRecord, TableState
from engine.words import Decision, Intent, Observation, PressReport

OBSERVATION = "observation"
INTENT = "intent"
PRESS = "press"
RECEIPT = "receipt"
HAND = "hand"


@dataclass(frozen=True, slots=True)
class ObservationRow:
    """Kind "observation": a settled observation that differs in content from the one before."""

    observation: Observation


@dataclass(frozen=True, slots=True)
class IntentRow:
    """Kind "intent": what is about to be pressed, on what it was decided, and why."""

    intent: Intent
    observation: Observation
    state: TableState
    decision: Decision


@dataclass(frozen=True, slots=True)
class PressRow:
    """Kind "press": the actuator's word on an intent."""

    report: PressReport


@dataclass(frozen=True, slots=True)
class HandRow:
    """One hand, amounts in chips, seats as on the screen with the hero at ``hero``.

    ``start_stacks`` holds every player dealt in, before the blinds; ``end_stacks`` is None when the pay-out was not
    seen. ``shown`` holds the cards that other players showed. ``completed``: seen from the deal to the pay-out.
    """

    hand_id: str
    table_hand_number: int
    hero: int
    button: int
    small_blind: int
    big_blind: int
    start_stacks: dict[int, int]
    end_stacks: dict[int, int] | None
    hole: tuple[str, ...]
    board: tuple[str, ...]
    shown: dict[int, tuple[str, ...]]
    history: tuple[ActionRecord, ...]
    completed: bool

    @property
    def order(self) -> tuple[int, ...]:
        """Seats clockwise from the one after the button, who is the big blind heads-up, else the small blind."""
        seats = sorted(self.start_stacks)
        after = [seat for seat in seats if seat > self.button]
        return tuple(after + [seat for seat in seats if seat <= self.button])

    @property
    def folded(self) -> frozenset[int]:
        return frozenset(record.seat for record in self.history if record.action.kind is ActionKind.FOLD)
