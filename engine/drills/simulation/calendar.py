"""The event calendar of the simulation: the real one, on the virtual wall clock, over a source that can fail."""

from collections.abc import Callable
from pathlib import Path

from engine.clock import SECOND, Clock
from engine.config.models import CalendarSection
from engine.drills.simulation.faults import NO_FAULT, Fault, FaultKind
from engine.risk.calendar import EventCalendar
from engine.risk.calendar_csv import CalendarError, CalendarFile, parse
from engine.risk.calendar_sources import Loaded
from engine.words import CalendarStatus, EventWindow

LOOK_EVERY = SECOND // 4
YEAR_2026 = 1_767_225_600.0
CANNOT_BE_READ = "name,start,end\nmaintenance,tomorrow,later\n"


class SimulatedCalendar:
    """Implements ``engine.ports.Calendar``; ``windows`` are what the source says, in UTC seconds.

    OFF: the source cannot be reached. STUCK: it stands by nothing newer than when the fault began. GARBAGE: its file
    cannot be read. WRONG: the wall clock was set back by an hour. SLOW: it is read again ``amount`` ms late.
    """

    def __init__(
        self, section: CalendarSection, copy: Path, clock: Clock, write: Callable[[Path, bytes], None]
    ) -> None:
        self.fault: Fault = NO_FAULT
        self.windows: list[EventWindow] = []
        self._section = section
        self._copy = copy
        self._clock = clock
        self._write = write
        self._confirmed = self.utc()
        self._calendar = self._open()
        self._read_at = self._status_at = -LOOK_EVERY
        self._status = self._calendar.status()

    def _open(self) -> EventCalendar:
        section = self._section
        return EventCalendar(
            self if section.enabled else None,
            None,
            self._copy,
            self.utc,
            stale_after_s=section.stale_after_h * 3600.0,
            refresh_s=section.refresh_min * 60.0,
            write=self._write,
        )

    def restart(self) -> None:
        """The program begins anew and reads its sources."""
        self._calendar = self._open()
        self._read_at = self._status_at = -LOOK_EVERY

    def utc(self) -> float:
        """The wall clock in seconds since 1970."""
        back = 3600.0 if self.fault.kind is FaultKind.WRONG else 0.0
        return YEAR_2026 + self._clock.now() / SECOND - back

    def announce(self, name: str, begins_in_s: float, lasts_s: float) -> None:
        """The source names a window more, and is read."""
        start = self.utc() + begins_in_s
        self.windows = [window for window in self.windows if window.end > self.utc()]
        self.windows.append(EventWindow(name, start, start + lasts_s))
        self._read_at = -LOOK_EVERY
        self._status_at = -LOOK_EVERY

    @property
    def name(self) -> str:
        """What the source is called."""
        return "the simulation's calendar"

    def read(self, now: float) -> Loaded:
        """The source, as the calendar reads it."""
        if self.fault.kind is FaultKind.OFF:
            raise CalendarError("the calendar's address does not answer")
        if self.fault.kind is FaultKind.GARBAGE:
            return Loaded(parse(CANNOT_BE_READ, now), now)
        if self.fault.kind is not FaultKind.STUCK:
            self._confirmed = now
        return Loaded(CalendarFile(self._confirmed, tuple(self.windows)), self._confirmed)

    def status(self) -> CalendarStatus:
        """What the real calendar says; looked at anew four times a second."""
        now = self._clock.now()
        if now - self._status_at >= LOOK_EVERY:
            self._refresh(now)
            self._status, self._status_at = self._calendar.status(), now
        return self._status

    def _refresh(self, now: int) -> None:
        every = self._section.refresh_min * 60.0 * SECOND
        late = self.fault.amount * SECOND // 1000 if self.fault.kind is FaultKind.SLOW else 0
        if self._calendar.enabled and now - self._read_at >= every + late:
            self._read_at = now
            self._calendar.refresh()
