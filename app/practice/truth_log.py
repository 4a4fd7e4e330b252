"""The ground truth: one JSON line for each state that was shown, each press received and each thing that happened.

Every line has "kind" and "t", the nanoseconds of ``now``. Kinds: start, state, press, release, action, hand-end,
rebuy, disturb, end. Only this program writes it, and no part of the engine opens it.
"""

import json
import time
from pathlib import Path
from typing import TextIO


def now() -> int:
    """Monotonic nanoseconds, suspend included where the system can tell: the clock of the whole product."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    return time.perf_counter_ns()


class TruthLogError(RuntimeError):
    """The ground-truth file cannot be written."""


class TruthLog:
    """Appends lines to a new file, each flushed at once; writes nowhere when ``path`` is None."""

    def __init__(self, path: Path | None) -> None:
        self._file: TextIO | None = None
        if path is not None:
            try:
                self._file = path.open("w", encoding="utf-8")
            except OSError as problem:
                raise TruthLogError(
                    f"--truth {path}: {problem.strerror}; name a file in a folder that exists"
                ) from None

    def write(self, kind: str, data: dict[str, object], at: int | None = None) -> None:
        """Write one line; ``at`` is its time when that is not now."""
        if self._file is None:
            return
        line = {"kind": kind, "t": now() if at is None else at} | data
        self._file.write(json.dumps(line, separators=(",", ":")) + "\n")
        self._file.flush()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
