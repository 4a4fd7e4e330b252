"""Seeded selection: the draw of a decision comes from SHA-256 alone, so that it is the same on every machine."""

import hashlib
from collections.abc import Sequence


def hand_seed(hand_id: str, session_id: str) -> int:
    """The seed of a hand in a session, 0 to 2^63 - 1 (it fits a signed database integer)."""
    return _number(f"{len(hand_id)}:{hand_id}{session_id}") >> 1


def draw(seed: int, actions: int) -> float:
    """A number in [0, 1) for the decision after ``actions`` actions of the hand."""
    return (_number(f"{seed}/{actions}") >> 11) / 2**53


def select(frequencies: Sequence[float], drawn: float) -> int:
    """The place that ``drawn`` in [0, 1) falls on; never one with frequency 0."""
    reached = 0.0
    last = 0
    for place, share in enumerate(frequencies):
        if share <= 0:
            continue
        reached, last = reached + share, place
        if drawn < reached:
            break
    return last


def _number(text: str) -> int:
    """The first 64 bits of the text's SHA-256."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
