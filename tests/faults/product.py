"""The product as a user runs it: `pitboss play --headless` in a process of its own, with its guards and its table."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil
from Xlib import X

from engine import x11
from engine.config import root
from engine.permit.clock import MILLISECOND, now
from tests.drills.stand import Line, read_truth
from tests.x11 import wait_until

ON_THE_WAY = 50 * MILLISECOND
"""What was pressed just before a kill may still be on its way to the table."""
TABLE_PLACE = "960x600"
ROLES = ("_actuator", "_watchdog", "_solver", "table")
START_LIMIT_S = 40.0
"""Table, solver and guards start one after another, on a machine that may have other work."""
GONE_WITHIN_S = 3.0
HOLD_LIMIT_S = 1.0


def pitboss(home: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run a subcommand to its end."""
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        env=product_environment(home, environment),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def product_environment(home: Path, more: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with a state directory and a screen for windows."""
    return os.environ | {"PITBOSS_HOME": str(home), "QT_QPA_PLATFORM": "xcb"} | dict(more)


def truth_files(home: Path) -> list[Path]:
    """The logs of all tables of a state directory, oldest first."""
    return sorted((home / "dev" / "truth").glob("*.jsonl"), key=lambda path: path.stat().st_mtime_ns)


def presses(home: Path, since: int = 0) -> list[Line]:
    """All presses that tables of this state directory received."""
    return [line for path in truth_files(home) for line in read_truth(path, "press", since)]


def impatient_config(directory: Path) -> Path:
    """A configuration file that ends HOLD after a second."""
    data: dict[str, Any] = json.loads((root() / "config" / "bot-config.json").read_text(encoding="utf-8"))
    data["vision"]["hold_limit_s"] = HOLD_LIMIT_S
    path = directory / "impatient.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


class Product:
    """A running game; ``close`` leaves nothing of it behind, whatever has become of it."""

    def __init__(self, home: Path, seed: int, *options: str) -> None:
        home.mkdir(exist_ok=True)
        self.home = home
        self._said = home / f"said-{now()}.txt"
        game = ["--headless", "--hands", "500", "--pace", "0", "--seed", str(seed), "--table-size", TABLE_PLACE]
        command = [sys.executable, "-m", "app", "play", *game, "--config", str(impatient_config(home)), *options]
        with self._said.open("wb") as said:
            self.process = subprocess.Popen(
                command, env=product_environment(home, {}), stdout=said, stderr=said, start_new_session=True
            )
        self._family: dict[str, psutil.Process] = {}

    def __enter__(self) -> "Product":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        for process in self._family.values():
            if process.is_running():
                process.kill()

    @property
    def said(self) -> str:
        """Everything it has printed."""
        return self._said.read_text(encoding="utf-8")

    def await_presses(self, count: int = 1) -> None:
        """Wait until the table has received so many presses, and know all processes from then on."""
        wait_until(
            lambda: self.process.poll() is not None or len(presses(self.home)) >= count, "presses", START_LIMIT_S
        )
        assert self.process.poll() is None, self.said
        for process in psutil.Process(self.process.pid).children(recursive=True):
            role = next((role for role in ROLES if role in process.cmdline()), "")
            if role:
                self._family[role] = process
        assert set(self._family) == set(ROLES)

    def kill(self, *roles: str) -> int:
        """kill -9 of each role at once, or of the program itself for ""; the time of the kill."""
        for role in roles:
            os.kill(self._family[role].pid if role else self.process.pid, signal.SIGKILL)
        return now()

    def await_all_gone(self) -> None:
        """Neither guard nor table outlives a killed program, nor a program that ended by itself."""
        wait_until(lambda: not self.left_running(), "the end of guards and table", GONE_WITHIN_S)

    def left_running(self) -> Sequence[str]:
        """The roles whose processes still run."""
        return [role for role, process in self._family.items() if _runs(process)]

    def await_end(self) -> int:
        """Wait for the program's own end; its exit code."""
        return self.process.wait(20)


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class Pointer:
    """Asks the screen, over one connection, whether the left button is down."""

    def __init__(self) -> None:
        self._display = x11.connect()
        self._root = self._display.screen().root

    def __enter__(self) -> "Pointer":
        return self

    def __exit__(self, *_: object) -> None:
        x11.disconnect(self._display)

    def held(self) -> bool:
        return bool(self._root.query_pointer().mask & X.Button1Mask)
