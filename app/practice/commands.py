"""Control lines for drills: JSON on the standard input, answered with JSON lines on the standard output."""

import json
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.practice.disturbance import DISTURBANCES
from app.practice.play import Play
from app.practice.themes import THEMES
from app.practice.window import TableWindow


class CommandError(ValueError):
    """A control line that cannot be understood; says what is possible."""


def say(line: dict[str, object]) -> None:
    """One JSON line on the standard output, at once."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


class LineReader(QObject):
    """Reads the standard input in a thread of its own. Signals: ``line`` for each line, ``ended`` at end-of-file."""

    line = Signal(str)
    ended = Signal()

    def start(self) -> None:
        # A daemon thread on the bare descriptor: it holds no lock that the interpreter needs at its end.
        threading.Thread(target=self._read, name="control lines", daemon=True).start()

    def _read(self) -> None:
        rest = b""
        while chunk := os.read(sys.stdin.fileno(), 4096):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                self.line.emit(line.decode("utf-8", "replace"))
        self.ended.emit()


class Commands:
    """Obeys control lines: ``obey`` applies one, and answers with an error line when it cannot."""

    def __init__(self, window: TableWindow, play: Play) -> None:
        self._window, self._play = window, play
        self._known: dict[str, Callable[[dict[str, Any]], object]] = {
            "disturb": lambda line: window.disturb(_choice(line, "what", DISTURBANCES)),
            "theme": lambda line: window.set_theme(THEMES[_choice(line, "name", tuple(THEMES))]),
            "resize": lambda line: window.resize(_number(line, "width"), _number(line, "height")),
            "move": lambda line: self._move(_number(line, "x"), _number(line, "y")),
            "minimise": lambda line: window.showMinimized(),
            "restore": lambda line: self._restore(),
            "hold": self._hold,
            "pace": self._pace,
            "quit": lambda line: window.close(),
        }

    def obey(self, text: str) -> None:
        try:
            self._apply(text)
        except CommandError as problem:
            say({"error": str(problem), "line": text})

    def _apply(self, text: str) -> None:
        if not text.strip():
            return
        try:
            line = json.loads(text)
        except json.JSONDecodeError as problem:
            raise CommandError(f"not JSON: {problem}") from None
        if not isinstance(line, dict) or line.get("cmd") not in self._known:
            raise CommandError(f'write {{"cmd": NAME, ...}} with one of: {", ".join(self._known)}')
        self._known[line["cmd"]](line)

    def _move(self, x: int, y: int) -> None:
        self._window.setGeometry(x, y, self._window.width(), self._window.height())

    def _restore(self) -> None:
        self._window.showNormal()
        self._window.raise_()
        self._window.activateWindow()

    def _hold(self, line: dict[str, Any]) -> None:
        if not isinstance(line.get("on"), bool):
            raise CommandError('"on" must be true or false')
        self._play.held = line["on"]

    def _pace(self, line: dict[str, Any]) -> None:
        self._play.pace = float(_number(line, "factor"))


def _choice(line: dict[str, Any], key: str, choices: tuple[str, ...]) -> str:
    value = line.get(key)
    if value not in choices:
        raise CommandError(f'"{key}" must be one of: {", ".join(choices)}')
    return str(value)


def _number(line: dict[str, Any], key: str) -> int:
    value = line.get(key)
    if isinstance(value, bool) or not isinstance(value, int):
        raise CommandError(f'"{key}" must be a whole number')
    return value
