"""The event calendar (the "news" guard): says when no hand may begin, and when nothing can be said.

A calendar is only as good as the last time somebody stood behind it, so what is not confirmed for a day is as closed
as an open window. The sources are read in a thread of its own; ``status`` computes from what was read last.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.config.models import CalendarSection
from engine.durable import replace_file
from engine.risk.calendar_csv import AHEAD_S, CalendarError, CalendarFile, merged, parse, utc_text, written
from engine.risk.calendar_sources import Loaded, OpenUrl, Source, source
from engine.words import CalendarStatus, EventWindow

COPY_NAME = "event-calendar.copy.csv"
SET_BACK_S = 2.0
"""What a clock that is kept in step may lose at once; more is a clock that was set back."""
SOON_S = 60.0
"""How soon the sources are read again while none can be trusted."""
HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class _Read:
    """One source as it was last read: its windows merged, or why there are none; ``note`` is for people."""

    name: str
    windows: tuple[EventWindow, ...] = ()
    confirmed_at: float | None = None
    note: str = ""

    def age(self, now: float) -> float | None:
        return None if self.confirmed_at is None else now - self.confirmed_at


class EventCalendar:
    """Implements ``engine.ports.Calendar``. ``utc`` gives the wall clock in seconds since 1970; ``copy`` is where the
    last good reading of the primary source is kept. The sources are read every ``refresh_s`` seconds, and every
    ``soon_s`` while none can be trusted.
    """

    def __init__(
        self,
        primary: Source | None,
        fallback: Source | None,
        copy: Path,
        utc: Callable[[], float],
        *,
        stale_after_s: float = 24 * HOUR,
        refresh_s: float = 900.0,
        soon_s: float = SOON_S,
        write: Callable[[Path, bytes], None] = replace_file,
    ) -> None:
        self._primary, self._fallback = primary, fallback
        self._copy = copy
        self._utc = utc
        self._stale_after = stale_after_s
        self._refresh = refresh_s
        self._soon = min(refresh_s, soon_s)
        self._write = write
        self._reads: tuple[_Read, ...] | None = None
        self._kept: Loaded | None = None
        self._latest = float("-inf")
        self._reading = threading.Lock()
        self._was_read = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    @classmethod
    def configured(
        cls,
        section: CalendarSection,
        directory: Path,
        base: Path,
        utc: Callable[[], float],
        open_url: OpenUrl | None = None,
    ) -> "EventCalendar":
        """By the configuration: state in the profile's ``directory``, relative files from ``base``, the folder of the
        configuration file. Disabled without a source. Raises CalendarError for a source that is never read.
        """
        primary, fallback = (
            source(where, base, open_url) if section.enabled and where else None
            for where in (section.primary, section.fallback)
        )
        return cls(
            primary,
            fallback,
            directory / COPY_NAME,
            utc,
            stale_after_s=section.stale_after_h * HOUR,
            refresh_s=section.refresh_min * 60.0,
        )

    @property
    def enabled(self) -> bool:
        """Whether there is a source at all."""
        return self._primary is not None or self._fallback is not None

    # reading

    def start(self) -> None:
        """Begin to read the sources in a thread of its own, at once and then again and again."""
        if self.enabled and self._thread is None:
            self._thread = threading.Thread(target=self._run, name="calendar", daemon=True)
            self._thread.start()

    def close(self, timeout_s: float = 1.0) -> None:
        """End the thread. One that is still fetching is left to its time limit; it changes nothing any more."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join(timeout_s)

    def wait(self, timeout_s: float) -> bool:
        """Wait until the sources were read once; whether they were."""
        return self._was_read.wait(timeout_s)

    def refresh(self) -> None:
        """Read the sources now; takes as long as they do. What cannot be read is said by ``status``."""
        with self._reading:
            now = self._utc()
            self._latest = max(self._latest, now)
            reads = []
            if self._primary is not None:
                reads.append(self._read_primary(self._primary, now))
            if self._fallback is not None:
                reads.append(self._read(self._fallback, now)[0])
            if not self._closing.is_set():
                self._reads = tuple(reads)
        self._was_read.set()

    @property
    def pause_s(self) -> float:
        """Seconds until the sources are read again: sooner while none can be trusted."""
        return self._soon if self.status().stale else self._refresh

    def _run(self) -> None:
        while not self._closing.is_set():
            self.refresh()
            self._closing.wait(self.pause_s)

    def _read(self, from_: Source, now: float) -> tuple[_Read, Loaded | None]:
        try:
            loaded = from_.read(now)
        except Exception as problem:  # whatever a source does, it is one that cannot be trusted
            return _Read(from_.name, note=_said(problem)), None
        return _Read(from_.name, merged(loaded.calendar.windows), loaded.confirmed_at), loaded

    def _read_primary(self, primary: Source, now: float) -> _Read:
        """The primary source, or the last good copy of it with the reason."""
        read, loaded = self._read(primary, now)
        if loaded is not None:
            note = self._keep(primary.name, loaded)
            return _Read(read.name, read.windows, read.confirmed_at, note)
        try:
            kept = self._kept or self._kept_before(primary.name, now)
        except CalendarError as problem:
            return _Read(primary.name, note=f"{read.note}, and its copy cannot be used: {problem}")
        if kept is None:
            return read
        when = utc_text(kept.confirmed_at)
        return _Read(
            f"copy of {primary.name}", merged(kept.calendar.windows), kept.confirmed_at, f"{read.note}: {when}"
        )

    def _keep(self, name: str, loaded: Loaded) -> str:
        self._kept = loaded
        text = written(CalendarFile(loaded.confirmed_at, loaded.calendar.windows, name))
        try:
            self._copy.parent.mkdir(parents=True, exist_ok=True)
            self._write(self._copy, text.encode())
        except OSError as problem:
            return f"its copy cannot be kept ({problem.strerror or problem})"
        return ""

    def _kept_before(self, name: str, now: float) -> Loaded | None:
        """The copy that an earlier run kept of this source; CalendarError when it is not sound."""
        try:
            text = self._copy.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as problem:
            raise CalendarError(str(problem)) from problem
        calendar = parse(text, now)
        if calendar.source != name or calendar.as_of is None:
            return None
        return Loaded(calendar, calendar.as_of)

    # answering

    def status(self) -> CalendarStatus:
        """What the calendar says now; never blocks and never raises."""
        if not self.enabled:
            return CalendarStatus(False, "", None, "", "", None, None)
        try:
            return self._status(self._utc())
        except Exception as problem:  # a calendar that cannot answer is a calendar that forbids
            return CalendarStatus(True, "", None, "", f"the event calendar failed: {_said(problem)}", None, None)

    def _status(self, now: float) -> CalendarStatus:
        self._latest = max(self._latest, now)
        behind = self._latest - now
        reads = self._reads
        if reads is None:
            return CalendarStatus(True, "", None, "", "the event calendar has not been read yet", None, None)
        trusted = next((read for read in reads if self._is_fresh(read, now)), None)
        if trusted is None:
            stale = f"no source of the event calendar can be trusted: {self._why_stale(reads, now)}"
        elif behind > SET_BACK_S:
            stale = f"the clock was set back by {behind:.0f} s: set it right and start again"
        else:
            stale = ""
        used = trusted or max(reads, key=lambda read: read.confirmed_at or float("-inf"))
        current = next((window for window in used.windows if window.start <= now < window.end), None)
        following = next((window for window in used.windows if window.start > now), None)
        blocked = "" if current is None else f"{current.name} until {utc_text(current.end)}"
        return CalendarStatus(True, self._named(used), used.age(now), blocked, stale, current, following)

    def _is_fresh(self, read: _Read, now: float) -> bool:
        age = read.age(now)
        return age is not None and -AHEAD_S <= age <= self._stale_after

    def _why_stale(self, reads: tuple[_Read, ...], now: float) -> str:
        limit = f"{self._stale_after / HOUR:g} h are allowed"
        return "; ".join(f"{read.name}: {self._fault(read, now)}" for read in reads) + f"; {limit}"

    def _fault(self, read: _Read, now: float) -> str:
        age = read.age(now)
        if age is None:
            return read.note
        when = f"confirmed {age / HOUR:.1f} h ago" if age > self._stale_after else "confirmed in the future"
        return f"{when} ({read.note})" if read.note else when

    @staticmethod
    def _named(read: _Read) -> str:
        return f"{read.name} ({read.note})" if read.note else read.name


def _said(problem: Exception) -> str:
    return str(problem) if isinstance(problem, CalendarError) else f"{type(problem).__name__}: {problem}"
