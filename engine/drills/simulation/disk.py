"""The disk of the simulation: files that can be refused or slow, and the journal on it."""

from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.clock import MILLISECOND, VirtualClock
from engine.durable import replace_file

KEPT_ROWS = 64


class Killed(BaseException):
    """The program is killed here and now: nothing of it may go on, whatever it catches."""


class Disk:
    """Replaces files for latch and risk state. ``full`` refuses every write, ``slow_ms`` makes each take that long.

    ``real`` syncs; otherwise files are replaced without, which is all that a crash of the process alone can tell.
    ``kill_in`` kills the program after so many more moments of writing, of which every write has two or three: before,
    half way, and after.
    """

    def __init__(self, clock: VirtualClock, *, real: bool) -> None:
        self.full = False
        self.slow_ms = 0
        self.kill_in = 0
        self.killed = False
        """Whether the program is being killed."""
        self.writes = 0
        self.began: Mapping[str, Any] | None = None
        """The "start" row of the last journal in memory, and in ``rows`` the last of those that the risk figures can be
        computed from: what the next start reads."""
        self.rows: deque[tuple[str, Mapping[str, Any]]] = deque(maxlen=KEPT_ROWS)
        self._clock = clock
        self._real = real

    def wait(self, limit_ns: int | None = None) -> bool:
        """Let a write's time pass, at most ``limit_ns``; whether it was done by then. OSError when the disk is full."""
        if self.full:
            raise OSError(28, "no space left on the disk")
        needed = self.slow_ms * MILLISECOND
        self._clock.sleep(needed if limit_ns is None else min(needed, limit_ns))
        return limit_ns is None or needed <= limit_ns

    def write(self, path: Path, content: bytes) -> None:
        """Replace a file whole; raises OSError."""
        self.moment()
        self.wait()
        self.writes += 1
        path.parent.mkdir(parents=True, exist_ok=True)
        if self._real:
            replace_file(path, content)
        else:
            temporary = path.with_name(path.name + ".new")
            temporary.write_bytes(content)
            self.moment()
            temporary.replace(path)
        self.moment()

    def moment(self) -> None:
        """A moment of writing, at which the program may be killed."""
        if self.kill_in:
            self.kill_in -= 1
            if not self.kill_in:
                self.killed = True
                raise Killed


class RamJournal:
    """ports.Journal in memory with a disk's failures: like the real one, it stays failed once a row was lost."""

    def __init__(self, disk: Disk) -> None:
        self.problem = ""
        self._disk = disk

    def record(self, kind: str, data: Mapping[str, Any]) -> None:
        """Append a row soon."""
        self._store(kind, data)

    def commit(self, kind: str, data: Mapping[str, Any], timeout_ns: int) -> bool:
        """Append a row and wait; False when it is not on the disk in time, where it may come all the same."""
        disk = self._disk
        disk.moment()
        try:
            in_time = disk.wait(timeout_ns)
        except OSError:
            in_time = False
        stored = self._store(kind, data)
        disk.moment()
        return in_time and stored

    def _store(self, kind: str, data: Mapping[str, Any]) -> bool:
        if self._disk.full:
            self.problem = self.problem or "no space left on the disk"
        elif not self.problem and kind == "start":
            self._disk.began = data
            self._disk.rows.clear()
        elif not self.problem and kind in ("hand", "intent"):
            self._disk.rows.append((kind, data))
        return not self.problem

    def close(self) -> bool:
        """Whether nothing was lost."""
        return not self.problem
