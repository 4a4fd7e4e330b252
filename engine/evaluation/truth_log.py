"""Reads the practice table's ground-truth log: what was shown when, every press it received, every hand's end.

Opened after the session, in a process of its own: nothing that plays may know what the table knows.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOREVER = 1 << 63
UNDISTURBED = "none"
KINDS = ("state", "press", "action", "hand-end", "rebuy")


class TruthLogError(ValueError):
    """A ground-truth log that cannot be read."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture: on the screen from ``since`` to ``until`` (monotonic nanoseconds), with the line that describes it."""

    since: int
    until: int
    line: dict[str, Any]

    @property
    def clean(self) -> bool:
        """Neither in an animation nor disturbed."""
        return not self.line["animating"] and self.line["disturbed"] == UNDISTURBED


@dataclass(frozen=True, slots=True)
class Truth:
    """The log by kind of line, each in its order."""

    shown: tuple[Shown, ...]
    presses: tuple[dict[str, Any], ...]
    actions: tuple[dict[str, Any], ...]
    hand_ends: tuple[dict[str, Any], ...]
    rebuys: tuple[dict[str, Any], ...]


def read_truth(path: Path) -> Truth:
    """The log; a last line that was cut off by the table's end is left out. Raises TruthLogError."""
    try:
        lines = _lines(path.read_text(encoding="utf-8"))
        states, *others = (tuple(line for line in lines if line["kind"] == kind) for kind in KINDS)
        return Truth(_shown(states), *others)
    except (OSError, ValueError, KeyError, TypeError) as error:
        advice = "name the file that `pitboss table --truth` wrote"
        raise TruthLogError(f"{path} is no ground-truth log ({error!r}): {advice}") from error


def _lines(text: str) -> list[dict[str, Any]]:
    complete, _, _ = text.rpartition("\n")
    return [json.loads(line) for line in complete.splitlines()]


def _shown(states: tuple[dict[str, Any], ...]) -> tuple[Shown, ...]:
    ends = [line["t"] for line in states[1:]] + [FOREVER]
    return tuple(Shown(line["t"], end, line) for line, end in zip(states, ends, strict=False))
