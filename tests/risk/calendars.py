"""Calendars, times and files that the tests of the event calendar share."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from engine.risk.calendar import COPY_NAME, EventCalendar
from engine.risk.calendar_sources import FileSource

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC).timestamp()
HOUR = 3600.0
DAY = 24 * HOUR
EVENT = ("maintenance", NOON + HOUR, NOON + 2 * HOUR)


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def text(*rows: tuple[str, float, float], as_of: float | None = NOON) -> str:
    """A calendar's text; times in UTC seconds."""
    head = [] if as_of is None else [f"# as of: {iso(as_of)}"]
    return "\n".join([*head, "name,start,end", *(f"{name},{iso(a)},{iso(b)}" for name, a, b in rows)]) + "\n"


def put(path: Path, content: str, changed_at: float = NOON) -> Path:
    """Write a file that looks as if it was changed then."""
    path.write_text(content, encoding="utf-8")
    os.utime(path, (changed_at, changed_at))
    return path


@dataclass(slots=True)
class WallClock:
    """The wall clock, in seconds since 1970, as somebody may set it."""

    now: float = NOON

    def __call__(self) -> float:
        return self.now


def calendar(
    directory: Path, utc: WallClock, primary: str | None = "primary.csv", fallback: str | None = "fallback.csv"
) -> EventCalendar:
    first, second = (FileSource(directory / name) if name else None for name in (primary, fallback))
    return EventCalendar(first, second, directory / COPY_NAME, utc)
