"""From distances to confidence: how near the best template is, and how much farther the runner-up.

``strain`` is 1 at the limit of what is accepted: distance at its limit, or margin at its minimum. Confidence falls
through 0.99 exactly there, so that "accepted" and "at least 0.99" are one thing.
"""

from typing import TypeVar

from engine.words import Box, Reading

T = TypeVar("T")
LIMIT = 0.99


def confidence(strain: float) -> float:
    """A confidence in (0, 1] from a strain >= 0: 1 at 0, 0.99 at 1, 0.86 at 2, 0.24 at 4."""
    return 1.0 / (1.0 + (1.0 / LIMIT - 1.0) * min(strain, 1e3) ** 4)


def strain(distance: float, limit: float, runner_up: float, margin: float) -> float:
    """How hard a match is pressed: by its distance against ``limit``, by its lead against ``margin``."""
    lead = max(runner_up - distance, 1e-6)
    return max(distance / limit, margin / lead)


def reading(value: T | None, pressed: float, box: Box) -> Reading[T]:
    """A reading that is unknown as soon as its strain is over 1."""
    return Reading(value if pressed <= 1.0 else None, confidence(pressed), box)
