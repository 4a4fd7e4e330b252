"""The eyes' thread of the simulation: when it looks, and what it writes into the permit page for each look."""

from collections.abc import Mapping

from engine.clock import MILLISECOND, VirtualClock
from engine.drills.simulation.eyes import SimulatedEyes
from engine.drills.simulation.table import SimulatedTable
from engine.execution.passive import passive_places
from engine.permit.parts import VisionPart
from engine.permit.words import Rectangle
from engine.words import Look, Mode

DENSE, TURN, CALM, IDLE, ASLEEP = (n * MILLISECOND for n in (33, 66, 100, 400, 800))
FRESH_LOOKS = 2
"""Looks at a new picture before idle frames are thinned."""
DECIDED_LOOKS = 45
"""Looks at our turn in SHADOW, after which the decision has been made and nothing more comes of it."""


class Looking:
    """``next_look`` is when the next look is due."""

    def __init__(self, eyes: SimulatedEyes, table: SimulatedTable, clock: VirtualClock, confidence: float) -> None:
        self.eyes = eyes
        self.next_look = clock.now()
        self._table = table
        self._clock = clock
        self._confidence = confidence
        self._changes = -1
        self._looks_at_this = 0
        self._view_id: int | None = None
        self._passive: Mapping[str, Rectangle] = {}

    def notice(self) -> None:
        """A new picture is looked at at once."""
        if self._table.changes != self._changes:
            self._changes, self._looks_at_this = self._table.changes, 0
            self.next_look = self._clock.now()

    def look(self, vision: VisionPart, mode: Mode) -> Look | None:
        """The look that is due, if one is; it renews the leave to press or withdraws it."""
        now = self._clock.now()
        if now < self.next_look:
            return None
        self.next_look = now + self._pace(mode)
        if self.eyes.hangs:
            return None
        look = self.eyes.look()
        self._looks_at_this += 1
        seen = look.observation
        if seen is not None and look.blindness is None and seen.confidence >= self._confidence:
            if seen.view_id != self._view_id:  # the same picture has the same buttons
                self._view_id, self._passive = seen.view_id, passive_places(seen)
            vision.show(seen.captured_at, seen.view_id, self._passive)
        else:
            vision.void(look.at)
        vision.progress()
        return look

    def _pace(self, mode: Mode) -> int:
        """Idle frames are thinned; around new pictures, our turn and anything that is wrong, they are dense."""
        if self._looks_at_this < FRESH_LOOKS:
            return DENSE
        if self.eyes.fault or mode is Mode.HOLD or self.eyes.restarting:
            return CALM
        if mode is Mode.STOPPED or mode is Mode.STANDBY:
            return ASLEEP
        if mode is Mode.SHADOW and self._looks_at_this > DECIDED_LOOKS:
            return IDLE
        return TURN if self._table.heros_turn else IDLE
