"""Drills run from the console: each in a process of its own, told in lines of JSON, and never more than one."""

import contextlib
import json
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from engine.execution.roles import clean_environment, role_command

CommandOf = Callable[..., list[str]]
"""Gives the command line of ``pitboss drill`` for its arguments."""
_KILL_AFTER_MS = 5000
_SAID_LINES = 4


@dataclass(frozen=True, slots=True)
class DrillEntry:
    """One drill that there is."""

    name: str
    title: str
    purpose: str
    criteria: tuple[str, ...]
    needs_screen: bool


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """One criterion of a run: ``passed`` is None until it is judged."""

    text: str
    passed: bool | None = None
    measured: str = ""
    limit: str = ""


@dataclass(frozen=True, slots=True)
class DrillRun:
    """A run, under way or over. ``passed`` is None until then; ``problem`` says why there is no report."""

    name: str
    title: str
    criteria: tuple[CriterionResult, ...]
    step: str = "starting"
    done: float = 0.0
    over: bool = False
    passed: bool | None = None
    figures: tuple[tuple[str, str], ...] = ()
    report: str = ""
    problem: str = ""


class DrillRunner(QObject):
    """Lists the drills and runs them one after the other.

    ``changed``: the list, the queue or a run has moved on. ``finished``: a run is over, with its DrillRun.
    """

    changed = Signal()
    finished = Signal(object)

    def __init__(self, profile: str, command: CommandOf | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._profile = profile
        self._command = command or (lambda *arguments: role_command("drill", *arguments))
        self.entries: tuple[DrillEntry, ...] = ()
        self.list_problem = ""
        self.runs: dict[str, DrillRun] = {}
        self.queue: list[str] = []
        self._current = ""
        self._cancelled = False
        self._lister: QProcess | None = None
        self._process: QProcess | None = None
        self._unread = b""

    @property
    def current(self) -> DrillRun | None:
        """The run under way."""
        return self.runs.get(self._current)

    def load(self) -> None:
        """Ask for the list, unless it is there or on its way."""
        if self.entries or self._lister is not None:
            return
        self.list_problem = ""
        self._lister = self._begin(("--list", "--json"), self._on_listed)

    def run(self, names: Sequence[str]) -> None:
        """Run drills, one after the other, after those that wait already."""
        for name in names:
            if name not in self.queue and name != self._current:
                self.queue.append(name)
        self._next()
        self.changed.emit()

    def cancel(self) -> None:
        """End the run under way, and run none of those that wait."""
        self.queue.clear()
        if self._process is not None:
            self._cancelled = True
            self._process.terminate()
            QTimer.singleShot(_KILL_AFTER_MS, self._process, self._kill)
        self.changed.emit()

    def end(self, milliseconds: int = _KILL_AFTER_MS) -> None:
        """End every process within about that time; for when the window has gone."""
        self.cancel()
        for process in (self._lister, self._process):
            if process is not None:
                process.terminate()
                if not process.waitForFinished(milliseconds):
                    _kill_group(process)
                    process.waitForFinished(milliseconds)

    def _begin(self, arguments: Sequence[str], ended: Callable[[], None]) -> QProcess:
        program, *rest = self._command(*arguments)
        process = QProcess(self)
        process.setProcessEnvironment(_environment(clean_environment()))
        process.setStandardInputFile(QProcess.nullDevice())
        if os.name == "posix":
            # A session of its own, so that what a drill has started can be ended with it.
            parameters = QProcess.UnixProcessParameters()
            parameters.flags = QProcess.UnixProcessFlag.CreateNewSession
            process.setUnixProcessParameters(parameters)
        process.finished.connect(ended)
        process.errorOccurred.connect(lambda error: _unless_started(error, ended))
        process.start(program, rest)
        return process

    def _on_listed(self) -> None:
        process, self._lister = self._lister, None
        if process is None:
            return
        try:
            self.entries = tuple(_entry(each) for each in json.loads(bytes(process.readAllStandardOutput().data())))
        except (ValueError, KeyError, TypeError):
            self.list_problem = _last_words(process) or "the list of drills could not be read"
        process.deleteLater()
        self.changed.emit()

    def _next(self) -> None:
        if self._process is not None or not self.queue:
            return
        name = self.queue.pop(0)
        known = next((each for each in self.entries if each.name == name), None)
        criteria = () if known is None else tuple(map(CriterionResult, known.criteria))
        self.runs[name] = DrillRun(name, name if known is None else known.title, criteria)
        self._current, self._cancelled, self._unread = name, False, b""
        self._process = self._begin((name, "--events", "--profile", self._profile), self._on_ended)
        self._process.readyReadStandardOutput.connect(self._on_output)

    def _on_output(self) -> None:
        if self._process is None:
            return
        *lines, self._unread = (self._unread + bytes(self._process.readAllStandardOutput().data())).split(b"\n")
        for line in lines:
            self._take(line)
        self.changed.emit()

    def _take(self, line: bytes) -> None:
        """One event; what is none is left alone, since a library may write a line of its own."""
        run = self.runs[self._current]
        try:
            event = json.loads(line)
            self.runs[run.name] = _after(run, event)
        except (ValueError, KeyError, TypeError, AttributeError):
            return

    def _on_ended(self) -> None:
        process, name = self._process, self._current
        if process is None:
            return
        self._on_output()
        run = self.runs[name]
        if run.passed is None:
            said = "cancelled" if self._cancelled else _last_words(process) or "it ended without a report"
            run = replace(run, problem=said)
        self.runs[name] = replace(run, over=True)
        self._process, self._current = None, ""
        process.deleteLater()
        self.finished.emit(self.runs[name])
        self._next()
        self.changed.emit()

    def _kill(self) -> None:
        if self._process is not None:
            _kill_group(self._process)


def _unless_started(error: QProcess.ProcessError, ended: Callable[[], None]) -> None:
    """A program that cannot be started has no end of its own."""
    if error is QProcess.ProcessError.FailedToStart:
        ended()


def _after(run: DrillRun, event: Mapping[str, Any]) -> DrillRun:
    """The run after an event of its process."""
    match event["event"]:
        case "started":
            criteria = tuple(CriterionResult(str(text)) for text in event["criteria"])
            return replace(run, title=str(event["title"]), criteria=criteria)
        case "step":
            return replace(run, step=str(event["text"]), done=min(1.0, max(0.0, float(event["done"]))))
        case "finished":
            report = event["report"]
            return replace(
                run,
                done=1.0,
                step="",
                passed=event["passed"] is True,
                criteria=tuple(_criterion(each) for each in report["criteria"]),
                figures=tuple((str(each["name"]), f"{each['value']} {each['unit']}") for each in report["figures"]),
                report=str(event["html"]),
                problem=str(report.get("problem", "")),
            )
    return run


def _criterion(data: Mapping[str, Any]) -> CriterionResult:
    return CriterionResult(str(data["text"]), data["passed"] is True, str(data["measured"]), str(data["limit"]))


def _entry(data: Mapping[str, Any]) -> DrillEntry:
    criteria = tuple(map(str, data["criteria"]))
    return DrillEntry(data["name"], data["title"], data["purpose"], criteria, data["needs_screen"] is True)


def _environment(values: Mapping[str, str]) -> QProcessEnvironment:
    environment = QProcessEnvironment()
    for name, value in values.items():
        environment.insert(name, value)
    return environment


def _last_words(process: QProcess) -> str:
    """The end of what it wrote to its standard error, or why it did not start."""
    lines = bytes(process.readAllStandardError().data()).decode(errors="replace").strip().splitlines()
    return " ".join(lines[-_SAID_LINES:]) or (
        process.errorString() if process.error() is QProcess.ProcessError.FailedToStart else ""
    )


def _kill_group(process: QProcess) -> None:
    if os.name == "posix" and process.processId():
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.processId(), signal.SIGKILL)
    process.kill()
