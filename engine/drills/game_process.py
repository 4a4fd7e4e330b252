"""The product as a user runs it, for the drills on real processes: `pitboss play --headless` with a home of its own.

Its progress is read from its own words. The table's ground-truth log is opened only after the game has ended.
"""

import contextlib
import json
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

from engine.config import Config
from engine.drills.screen import came
from engine.evaluation.truth_log import read_truth
from engine.execution.roles import ACTUATOR, PLAY, TABLE, WATCHDOG, clean_environment, role_command
from engine.permit.clock import now

PROFILE = "drill"
HOST = "play"
HANDS = 10_000
TABLE_PLACE = "960x600"
FIRST_HAND_S = 120.0
GONE_WITHIN_S = 3.0
END_WITHIN_S = 30.0
RUN_LIMIT_S = 90.0
HOLD_LIMIT_S = 1.0


class GameError(RuntimeError):
    """The game did not do what the drill needs of it; says what it said."""


def drill_files(config: Config, directory: Path, changes: Mapping[str, Mapping[str, Any]]) -> Path:
    """A configuration file for the product under the profile ``drill``: ``config`` with ``changes`` by section.

    The event calendar is left out: a window that is open now must not keep a drill from being run.
    """
    data = config.model_dump(mode="json")
    del data["profile"]
    data["calendar"] = {"enabled": False}
    for section, values in changes.items():
        data[section] = {**data[section], **values}
    (directory / "profiles").mkdir(parents=True, exist_ok=True)
    (directory / "profiles" / f"{PROFILE}.json").write_text("{}", encoding="utf-8")
    path = directory / "bot-config.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


class Game:
    """A running game over a state directory; leaving it ends every process of it, whatever has become of it."""

    def __init__(self, home: Path, config_file: Path, seed: int) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.home = home
        self._config_file = config_file
        options = ["--hands", str(HANDS), "--pace", "0", "--seed", str(seed), "--table-size", TABLE_PLACE]
        self._process = subprocess.Popen(
            self._command("--headless", *options),
            env=_environment(home),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._said: list[str] = []
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, name="game-reader")
        self._reader.start()
        self.family: dict[str, psutil.Process] = {HOST: psutil.Process(self._process.pid)}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._know_family()
        for process in self.family.values():
            if _runs(process):
                process.send_signal(signal.SIGCONT)
                process.kill()
        self._process.wait()
        self._reader.join()
        assert self._process.stderr is not None
        self._process.stderr.close()

    @property
    def said(self) -> str:
        """Everything it has said."""
        return "".join(self._said)

    @property
    def directory(self) -> Path:
        """The state directory of its profile."""
        return self.home / PROFILE

    def await_hands(self, count: int, within_s: float = FIRST_HAND_S) -> None:
        """Wait until it has said that so many more hands are over; GameError when it does not."""
        deadline = now() + round(within_s * 1e9)
        while count > 0:
            try:
                line = self._lines.get(timeout=max(0.0, (deadline - now()) / 1e9))
            except queue.Empty:
                line = None
            if line is None:
                raise GameError(f"the game played no hand within {within_s:.0f} s: {self.said[-400:].strip()}")
            count -= line.startswith("hand ")
        self._know_family()

    def count_hands(self) -> int:
        """Hands that it said were over since the last question."""
        count = 0
        with contextlib.suppress(queue.Empty):
            while line := self._lines.get_nowait():
                count += line.startswith("hand ")
        return count

    def runs(self, role: str) -> bool:
        """Whether the process that had this role still runs."""
        return _runs(self.family[role])

    def kill(self, role: str) -> int:
        """kill -9; the time of the kill on the guards' clock."""
        os.kill(self.family[role].pid, signal.SIGKILL)
        return now()

    def freeze(self, role: str) -> None:
        """Stop a process without ending it (SIGSTOP)."""
        os.kill(self.family[role].pid, signal.SIGSTOP)

    def await_end(self) -> int | None:
        """Its own exit code, None when it did not end in time."""
        try:
            return self._process.wait(END_WITHIN_S)
        except subprocess.TimeoutExpired:
            return None

    def left_running(self, within_s: float = GONE_WITHIN_S) -> Sequence[str]:
        """The roles that still run after the time in which all must be gone."""
        others = {role: process for role, process in self.family.items() if role != HOST}
        came(lambda: not any(map(_runs, others.values())), within_s, 0.01)
        return [role for role, process in others.items() if _runs(process)]

    def interrupt(self) -> None:
        """Ask it to end in order."""
        self._process.send_signal(signal.SIGINT)

    def again(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Start the product anew on the same state, to its end."""
        return self._run(self._command("--headless", *arguments))

    def reset(self) -> "subprocess.CompletedProcess[str]":
        """`pitboss reset` on the same state."""
        play = self._command()
        return self._run([*play[: play.index(PLAY)], "reset", *play[play.index(PLAY) + 1 :]])

    def presses(self, since: int = 0) -> list[dict[str, Any]]:
        """All presses that tables of this state directory received since a time; GameError while any of it runs.

        Nothing may read the table's log while something plays that could learn from it.
        """
        if playing := [role for role, process in self.family.items() if _runs(process)]:
            raise GameError(f"the table's log is read after the game's end, and {', '.join(playing)} runs")
        logs = sorted((self.directory / "truth").glob("*.jsonl"))
        return [press for log in logs for press in read_truth(log).presses if press["t"] >= since]

    def journals(self) -> list[Path]:
        """Its journals, oldest first. Only after the game's end."""
        return sorted((self.directory / "journals").glob("*.sqlite"))

    def _command(self, *arguments: str) -> list[str]:
        return role_command(PLAY, "--profile", PROFILE, "--config", str(self._config_file), *arguments)

    def _run(self, command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command, env=_environment(self.home), capture_output=True, text=True, check=False, timeout=RUN_LIMIT_S
        )

    def _know_family(self) -> None:
        try:
            children = self.family[HOST].children(recursive=True)
        except psutil.NoSuchProcess:
            return
        for process in children:
            role = _role(process)
            if role:
                self.family[role] = process

    def _read(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._said.append(line)
            self._lines.put(line)
        self._lines.put(None)


def _environment(home: Path) -> dict[str, str]:
    return clean_environment() | {"PITBOSS_HOME": str(home), "QT_QPA_PLATFORM": "xcb"}


def _role(process: psutil.Process) -> str:
    try:
        words = process.cmdline()
    except psutil.Error:
        return ""
    return next((word for word in words if word in (ACTUATOR, WATCHDOG, TABLE) or word.startswith("_")), "")


def _runs(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
