"""The product's event calendar over two CSV files of the drill's own, on the virtual wall clock."""

import os
from collections.abc import Callable
from pathlib import Path

from engine.clock import Clock
from engine.config.models import CalendarSection
from engine.drills.simulation.calendar import SimulatedCalendar
from engine.risk.calendar import EventCalendar
from engine.risk.calendar_csv import CalendarFile, written
from engine.risk.calendar_sources import FileSource

HOUR = 3600.0
NEVER = 1e12


class FileCalendar(SimulatedCalendar):
    """``primary`` and ``fallback`` are the files; ``confirm`` writes one as of now. ``trusting`` is the sabotage: no
    source ever counts as stale.
    """

    def __init__(
        self,
        section: CalendarSection,
        directory: Path,
        clock: Clock,
        write: Callable[[Path, bytes], None],
        *,
        trusting: bool,
    ) -> None:
        self.primary, self.fallback = directory / "primary.csv", directory / "fallback.csv"
        self._trusting = trusting
        super().__init__(section, directory / "calendar-copy.csv", clock, write)

    def confirm(self, path: Path) -> None:
        """Write a file without any window, confirmed now."""
        now = self.utc()
        path.write_text(written(CalendarFile(now, (), "the drill")), encoding="utf-8")
        os.utime(path, (now, now))

    def _open(self) -> EventCalendar:
        section = self._section
        return EventCalendar(
            FileSource(self.primary),
            FileSource(self.fallback),
            self._copy,
            self.utc,
            stale_after_s=NEVER if self._trusting else section.stale_after_h * HOUR,
            refresh_s=section.refresh_min * 60.0,
            write=self._write,
        )
