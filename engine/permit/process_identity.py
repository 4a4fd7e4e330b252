"""A process told apart from a later one with the same number: by its start time (proc(5), stat field 22)."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
STATE_FIELD = 0
START_FIELD = 19
ENDED_STATES = frozenset({"Z", "X", "x"})


def start_time(pid: int) -> int | None:
    """Clock ticks after boot at which a living process began, None when there is none (or only a zombie)."""
    try:
        stat = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[STATE_FIELD] in ENDED_STATES else int(fields[START_FIELD])


@dataclass(frozen=True, slots=True)
class ProcessIdentity:
    """One process for all time."""

    pid: int
    started: int

    @property
    def alive(self) -> bool:
        return start_time(self.pid) == self.started

    def kill(self) -> bool:
        """SIGKILL this very process; False when it had ended already. A reused number is never killed."""
        if not self.alive:
            return False
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True


def identify(pid: int) -> ProcessIdentity | None:
    """The identity of a living process, None when there is none."""
    started = start_time(pid)
    return None if started is None else ProcessIdentity(pid, started)
