"""The event calendar's file format: CSV with the columns name,start,end, and header lines that begin with #.

Nothing in it is guessed: one row that cannot be read, or a time without a zone, and the whole file is refused, since
the row left out could be the window that is open.
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from engine.words import EventWindow

COLUMNS = ["name", "start", "end"]
LONGEST_NAME = 120
MAXIMUM_WINDOWS = 10_000
LONGEST_WINDOW_DAYS = 14
"""Two weeks: a longer window is a slip of a date rather than an event."""
DAY_S = 86_400.0
AHEAD_S = 60.0
"""How far a clock may be behind the one that wrote "as of" before it is from the future."""
_HEADER = re.compile(r"#\s*(?P<key>as of|rows|source)\s*:\s*(?P<value>.*?)\s*$", re.IGNORECASE)


class CalendarError(ValueError):
    """A calendar that cannot be used; the message names the line and what to do."""


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """What a file says: when it was last confirmed (UTC seconds; None when it does not say), its windows as written,
    and the source that a kept copy came from ("" otherwise).
    """

    as_of: float | None
    windows: tuple[EventWindow, ...]
    source: str = ""


def parse(text: str, now: float) -> CalendarFile:
    """Read a calendar. ``now`` in UTC seconds: nothing may have been confirmed after it. Raises CalendarError."""
    headers: dict[str, str] = {}
    rows: list[tuple[int, str]] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if line.lstrip().startswith("#"):
            if header := _HEADER.match(line.strip()):
                _once(headers, header["key"].lower(), header["value"], number)
        elif line.strip():
            rows.append((number, line))
    windows = _windows(rows)
    if "rows" in headers and headers["rows"] != str(len(windows)):
        raise CalendarError(f"it says that it has {headers['rows']} rows and has {len(windows)}: it may be cut off")
    as_of = None if "as of" not in headers else _time(headers["as of"], "the line # as of")
    if as_of is not None and as_of > now + AHEAD_S:
        raise CalendarError(f"it was confirmed in the future ({utc_text(as_of)}): correct # as of, or the clock")
    return CalendarFile(as_of, tuple(windows), headers.get("source", ""))


def written(calendar: CalendarFile) -> str:
    """A calendar as text that ``parse`` reads back."""
    assert calendar.as_of is not None
    lines = [f"# as of: {_exact(calendar.as_of)}", f"# source: {calendar.source}", f"# rows: {len(calendar.windows)}"]
    rows = [f'"{window.name}",{_exact(window.start)},{_exact(window.end)}' for window in calendar.windows]
    return "\n".join([*lines, ",".join(COLUMNS), *rows]) + "\n"


def merged(windows: Iterable[EventWindow]) -> tuple[EventWindow, ...]:
    """Sorted by their start; windows that overlap or touch become one with both names, as far as these fit."""
    result: list[EventWindow] = []
    for window in sorted(windows, key=lambda window: (window.start, window.end, window.name)):
        last = result[-1] if result else None
        if last is None or window.start > last.end:
            result.append(window)
            continue
        names = last.name if window.name in last.name.split(" + ") else f"{last.name} + {window.name}"
        fitting = names if len(names) <= LONGEST_NAME else last.name
        result[-1] = EventWindow(fitting, last.start, max(last.end, window.end))
    assert all(before.end < after.start for before, after in pairwise(result))
    return tuple(result)


def utc_text(seconds: float) -> str:
    """A time for people: 2026-03-01 14:30 UTC."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"


def _once(headers: dict[str, str], key: str, value: str, number: int) -> None:
    if key in headers:
        raise CalendarError(f"line {number}: # {key} stands there more than once")
    headers[key] = value


def _windows(rows: list[tuple[int, str]]) -> list[EventWindow]:
    if not rows:
        raise CalendarError(f"it is empty: its first row has to be {','.join(COLUMNS)}")
    number, heading = rows[0]
    if [column.strip().lower() for column in _cells(number, heading)] != COLUMNS:
        raise CalendarError(f"line {number}: the columns have to be {','.join(COLUMNS)}")
    if len(rows) - 1 > MAXIMUM_WINDOWS:
        raise CalendarError(f"it has {len(rows) - 1} rows; {MAXIMUM_WINDOWS} are allowed: leave out what is past")
    return [_window(number, _cells(number, line)) for number, line in rows[1:]]


def _cells(number: int, line: str) -> list[str]:
    try:
        (cells,) = csv.reader([line], strict=True)
    except csv.Error as problem:
        raise CalendarError(f"line {number}: not CSV ({problem})") from problem
    return [cell.strip() for cell in cells]


def _window(number: int, cells: list[str]) -> EventWindow:
    where = f"line {number}"
    if len(cells) != len(COLUMNS):
        raise CalendarError(f"{where}: {len(cells)} columns where {','.join(COLUMNS)} belong")
    name = cells[0]
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or '"' in name:
        raise CalendarError(f"{where}: name the event in 1 to {LONGEST_NAME} plain characters")
    start, end = _time(cells[1], where), _time(cells[2], where)
    if end <= start:
        raise CalendarError(f"{where}: {name} ends before it starts, or at once")
    if end - start > LONGEST_WINDOW_DAYS * DAY_S:
        raise CalendarError(f"{where}: {name} lasts longer than {LONGEST_WINDOW_DAYS} days: correct its dates")
    return EventWindow(name, start, end)


def _time(text: str, where: str) -> float:
    try:
        time = datetime.fromisoformat(text)
        if time.tzinfo is None:
            raise CalendarError(f"{where}: {text} names no zone: write 2026-03-01T14:30:00Z or +01:00")
        return time.timestamp()
    except CalendarError:
        raise
    except (ValueError, OverflowError) as problem:
        raise CalendarError(f"{where}: {text!r} is no time: write 2026-03-01T14:30:00Z") from problem


def _exact(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
