"""The practice table as a child process of the console: started in its tile, ended with the program."""

import contextlib
import json
import subprocess
import threading
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from engine.config import Config
from engine.execution.roles import TABLE, clean_environment, role_command

START_LIMIT_S = 20.0
END_LIMIT_S = 3.0


class PracticeTableError(RuntimeError):
    """The practice table did not start; says what it said."""


class PracticeTable:
    """A running practice table. It ends by itself at the end of its standard input, however this program ends."""

    def __init__(self, config: Config, truth: Path | None, hands: int | None, place: tuple[int, int, int, int]) -> None:
        """``place``: left, top, width, height of its client area. Raises PracticeTableError."""
        truth_options = [] if truth is None else ["--truth", str(truth)]
        hands_options = [] if hands is None else ["--hands", str(hands)]
        arguments = [*_table_options(config), *_place_options(place), *truth_options, *hands_options, "--child"]
        self._process = subprocess.Popen(
            role_command(TABLE, *arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=clean_environment(),
            start_new_session=True,
        )
        self._lines: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read, name="table-reader")
        self._reader.start()
        self._wait_until_shown()

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, **command: Any) -> None:
        """A control line, for drills."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()

    def close(self) -> None:
        """End it: end-of-file, then SIGKILL."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(END_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def _wait_until_shown(self) -> None:
        try:
            line = self._lines.get(timeout=START_LIMIT_S)
        except Empty:
            line = ""
        if not line.startswith("{") or not json.loads(line).get("ready"):
            self.close()
            raise PracticeTableError(
                f"the practice table did not open{f': {line.strip()}' if line else ''}. Above stands what it said"
            )


def _table_options(config: Config) -> list[str]:
    table = config.table
    seed = [] if table.seed is None else ["--seed", str(table.seed)]
    options = {
        "players": table.players,
        "theme": table.theme,
        "stack": table.stack,
        "small-blind": table.small_blind,
        "big-blind": table.big_blind,
        "pace": table.pace,
        "turn-seconds": table.turn_seconds,
    }
    return [part for name, value in options.items() for part in (f"--{name}", str(value))] + seed


def _place_options(place: tuple[int, int, int, int]) -> list[str]:
    names = ("x", "y", "width", "height")
    return [part for name, value in zip(names, place, strict=True) for part in (f"--{name}", str(value))]
