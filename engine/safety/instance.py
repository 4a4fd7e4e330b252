"""One instance a profile: an operating-system lock that dies with its process, never a file that only says so."""

import contextlib
import json
import os
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from engine.clock import utc_now


class AlreadyRunningError(RuntimeError):
    """Another instance runs with this profile."""


class InstanceLock:
    """The lock ``run/lock`` of a profile directory, held from ``acquire`` to ``release`` or the process's end."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory / "run"
        self._lock = FileLock(self._directory / "lock", thread_local=False)

    def acquire(self, program: str = "pitboss") -> None:
        """Take the lock for ``program``. Raises AlreadyRunningError that names who holds it."""
        self._directory.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise AlreadyRunningError(self._refusal()) from None
        note = {"program": program, "pid": os.getpid(), "since": utc_now()}
        with contextlib.suppress(OSError):  # a help for the reader: a full disk does not keep the lock from anybody
            (self._directory / "holder.json").write_text(json.dumps(note), encoding="utf-8")

    def release(self) -> None:
        """Give the lock back; nothing happens when it is not held."""
        self._lock.release()

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _refusal(self) -> str:
        return (
            f"{self._holder()} runs with the profile directory {self._directory.parent}. "
            "Close it first, or take another profile with --profile; `pitboss stop` makes it harmless at once."
        )

    def _holder(self) -> str:
        """What the holder wrote about itself: a help for the reader, never what decides."""
        try:
            note = json.loads((self._directory / "holder.json").read_text(encoding="utf-8"))
            return f"Another {note['program']} (process {note['pid']}, since {note['since']})"
        except (OSError, ValueError, KeyError, TypeError):
            return "Another program"
