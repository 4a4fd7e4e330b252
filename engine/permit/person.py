"""Whether a person has the pointer: it moved, and it was not us."""

from engine.permit.clock import MILLISECOND, SECOND
from engine.permit.device import Point

RECENT = 500 * MILLISECOND
"""A hand on the mouse pauses for less than this between movements."""

YIELD = 2 * SECOND
"""How long the actuator stays away after a person took the pointer in the middle of a gesture."""


class PersonWatch:
    """Remembers where the pointer should be and when it was found elsewhere."""

    def __init__(self) -> None:
        self._expected: Point | None = None
        self._busy_until = 0

    def see(self, position: Point, now: int) -> None:
        """Take a look at the pointer between gestures."""
        if self._expected is not None and position != self._expected:
            self._busy_until = max(self._busy_until, now + RECENT)
        self._expected = position

    def expect(self, position: Point) -> None:
        """We put the pointer there ourselves."""
        self._expected = position

    def took(self, position: Point, now: int) -> None:
        """A person moved the pointer during a gesture."""
        self._expected = position
        self._busy_until = now + YIELD

    def busy(self, now: int) -> bool:
        """Whether the pointer is to be left alone."""
        return now < self._busy_until
