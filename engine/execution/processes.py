"""The console's side of the actuator and watchdog processes: started with a handshake, ended within a bounded time."""

import json
import os
import subprocess
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Self

from engine.clock import SECOND, SystemClock
from engine.permit.process_identity import identify
from engine.words import Intent, PressReport, ReceiptStatus

START_TIMEOUT = 10 * SECOND
CLOSE_TIMEOUT = 1 * SECOND
KILL_TIMEOUT = SECOND // 2
RELEASE_TIMEOUT = 5 * SECOND
RELEASE_OPTION = "--release"
STAND_IN = "stand-in"
LAST_WORDS = 20


class ProcessError(RuntimeError):
    """A guard process could not be started or does not do as agreed; the message says what it said last."""


@dataclass(frozen=True, slots=True)
class StopReport:
    """A guard's word on a stop: which guard, whose stop words it saw, and what it did about them.

    ``guard`` is "actuator", "watchdog", or "stand-in" for the program that releases in a killed watchdog's place.
    ``killed`` and ``released`` are the watchdog's; ``answered`` says that the actuator had set its own stop word.
    """

    guard: str
    stops: tuple[str, ...]
    at: int
    answered: bool
    killed: bool
    released: tuple[str, ...]


class GuardProcess:
    """A child that speaks JSON lines: its messages arrive in a queue filled by one reader thread."""

    def __init__(self, command: Sequence[str], name: str, environment: Mapping[str, str] | None) -> None:
        self._name = name
        self._clock = SystemClock()
        self._lock = threading.Lock()
        self._messages: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._last_words: deque[str] = deque(maxlen=LAST_WORDS)
        self.warnings: list[str] = []
        self._process = self._spawn(command, environment)
        self._reader = threading.Thread(target=self._read, name=f"{name}-reader", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs and its pipe is open."""
        return self._process.poll() is None and self._reader.is_alive()

    def close(self) -> None:
        """End it: end-of-file, at most a second of patience, then SIGKILL, and at most another. May be called again.

        One that even SIGKILL does not end hangs in the system: it is left behind, and ``warnings`` says so.
        """
        with self._lock:
            self._close_input()
        if not self._ends_within(CLOSE_TIMEOUT):
            self._process.kill()
            if not self._ends_within(KILL_TIMEOUT):
                self.warnings.append(
                    f"the {self._name} (process {self.pid}) was killed and has not ended: the system holds it. It "
                    "presses nothing any more; restart the machine if it stays"
                )
        self._reader.join(KILL_TIMEOUT / SECOND)
        if not self._reader.is_alive():  # else its pipe is still held, by it or by what it started
            assert self._process.stdout is not None
            self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _ends_within(self, limit: int) -> bool:
        try:
            self._process.wait(limit / SECOND)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _spawn(self, command: Sequence[str], environment: Mapping[str, str] | None) -> "subprocess.Popen[bytes]":
        """In a session of its own, so that the terminal's ctrl+c and hang-up are the console's alone to handle."""
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=environment,
                bufsize=0,
                start_new_session=True,
            )
        except OSError as error:
            raise ProcessError(f"the {self._name} could not be started ({error}): is the program whole?") from error
        assert process.stdin is not None
        os.set_blocking(process.stdin.fileno(), False)
        return process

    def _shake_hands(self, page_path: Path, epoch: int) -> None:
        """Answer the child's readiness with a hello, again when it asks, until it has started."""
        deadline = self._clock.now() + START_TIMEOUT
        try:
            while "started" not in (message := self._next(deadline)):
                if "warning" in message:
                    self.warnings.append(str(message["warning"]))
                else:
                    self._greet(message, page_path, epoch)
        except BaseException:
            self.close()
            raise

    def _greet(self, message: Mapping[str, Any], page_path: Path, epoch: int) -> None:
        if "error" in message:
            raise ProcessError(f"the {self._name} refused to start: {message['error']}")
        if "ready" in message and message["now"] > self._clock.now():
            raise ProcessError(f"the {self._name}'s clock is ahead of the console's: start both on one machine")
        self._send({"hello": True, "page": str(page_path), "epoch": epoch, "now": self._clock.now()})

    def _next(self, deadline: int) -> dict[str, Any]:
        while self.alive or not self._messages.empty():
            left = deadline - self._clock.now()
            if left <= 0:
                raise ProcessError(f"the {self._name} did not start within {START_TIMEOUT // SECOND} s{self._said()}")
            try:
                return self._messages.get(timeout=min(left, SECOND // 20) / SECOND)
            except Empty:
                continue
        raise ProcessError(f"the {self._name} ended at once{self._said()}")

    def _send(self, message: Mapping[str, Any]) -> bool:
        """Write one line without ever waiting; False when the child does not read. Up to 4096 bytes go whole or not."""
        line = json.dumps(message).encode() + b"\n"
        assert self._process.stdin is not None
        with self._lock:
            try:
                return self._process.stdin.write(line) == len(line)
            except (OSError, ValueError):
                return False

    def _close_input(self) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.close()
        except OSError:
            return

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in iter(self._process.stdout.readline, b""):
            try:
                message = json.loads(line)
                self._messages.put(message if isinstance(message, dict) else {})
            except ValueError:
                self._last_words.append(line.decode("utf-8", "replace").strip())

    def _drain(self) -> list[dict[str, Any]]:
        messages = []
        while not self._messages.empty():
            messages.append(self._messages.get())
        return messages

    def _said(self) -> str:
        return f": {' / '.join(self._last_words)}" if self._last_words else ""


class ActuatorProcess(GuardProcess):
    """``engine.ports.Hands``: asks the actuator process to press. Use from one thread."""

    @classmethod
    def start(
        cls, page_path: Path, epoch: int, command: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> Self:
        """A running actuator that has agreed on page and clock. Raises ``ProcessError``."""
        process = cls(command, "actuator", environment)
        process._epoch = epoch
        process._shake_hands(page_path, epoch)
        return process

    def __init__(self, command: Sequence[str], name: str, environment: Mapping[str, str] | None) -> None:
        self._epoch = 0
        self._open: set[int] = set()
        self._unread: list[PressReport] = []
        self._stops: list[StopReport] = []
        super().__init__(command, name, environment)

    def press(self, intent: Intent) -> None:
        """Ask for one gesture, at once; the answer is LOST when the actuator is gone, REFUSED when it does not read."""
        window = asdict(replace(intent.window, title=""))
        added = {"window": window, "epoch": self._epoch, "asked_at": self._clock.now()}
        if self._send(asdict(intent) | added) or not self.alive:
            self._open.add(intent.intent_id)
            return
        reason = "the actuator has not yet read what it was asked before"
        self._unread.append(PressReport(intent.intent_id, ReceiptStatus.REFUSED, reason, 0, self._clock.now()))

    def reports(self) -> Sequence[PressReport]:
        """The answers since the last call, and LOST for each unanswered intent once the process has ended."""
        ended = not self.alive
        unread, self._unread = self._unread, []
        heard = [report for message in self._drain() if (report := self._heard(message))]
        return unread + heard + (self._lost() if ended else [])

    def stops(self) -> Sequence[StopReport]:
        """What the actuator said about a stop since the last call; filled by ``reports``."""
        stops, self._stops = self._stops, []
        return stops

    def _heard(self, message: Mapping[str, Any]) -> PressReport | None:
        if "report" in message:
            report = message["report"]
            self._open.discard(report["intent_id"])
            return PressReport(**report | {"status": ReceiptStatus(report["status"])})
        if "stopped" in message:
            self._stops.append(StopReport("actuator", tuple(message["stopped"]), message["at"], True, False, ()))
        return None

    def _lost(self) -> list[PressReport]:
        lost, self._open = sorted(self._open), set()
        reason = f"the actuator process has ended{self._said()}"
        return [PressReport(number, ReceiptStatus.LOST, reason, 0, self._clock.now()) for number in lost]


class WatchdogProcess(GuardProcess):
    """The watchdog process; it stops by itself, and by its end."""

    @classmethod
    def start(
        cls, page_path: Path, epoch: int, command: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> Self:
        """A running watchdog; its beat, without which nothing is pressed, begins with ``guard``. ProcessError."""
        process = cls(command, "watchdog", environment)
        process._shake_hands(page_path, epoch)
        return process

    def __init__(self, command: Sequence[str], name: str, environment: Mapping[str, str] | None) -> None:
        self._release_command = [*command, RELEASE_OPTION]
        self._environment = environment
        self._released: list[StopReport] = []
        self._stood_in = False
        super().__init__(command, name, environment)

    def guard(self, pid: int) -> None:
        """Name the actuator process that is to be killed at a stop. Raises ``ProcessError`` when it is gone."""
        identity = identify(pid)
        if identity is None:
            raise ProcessError(f"process {pid} has ended: there is no actuator to guard, arm again")
        if not self._send({"actuator": identity.pid, "started": identity.started}):
            raise ProcessError("the watchdog does not listen: it would not know which actuator to stop, arm again")

    def stops(self) -> Sequence[StopReport]:
        """What was done about a stop since the last call, by the watchdog or in its place; never blocks."""
        released, self._released = self._released, []
        return [self._stop_report(message) for message in self._drain() if "stopped" in message] + released

    def close(self) -> None:
        """Dismiss the watchdog: an end-of-file without this word is a stop. One that died is stood in for."""
        self._send({"dismiss": True})
        super().close()
        if self._process.returncode != 0 and not self._stood_in:  # None: it has not ended
            self._stood_in = True
            self._stand_in()

    def _stand_in(self) -> None:
        """Release what is held in the place of a watchdog that was killed: the actuator may have died with it."""
        at = self._clock.now()
        try:
            said = subprocess.run(
                self._release_command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=RELEASE_TIMEOUT / SECOND,
                check=True,
                start_new_session=True,
            ).stdout
            released = tuple(json.loads(said)["released"])
        except (OSError, subprocess.SubprocessError, ValueError, KeyError) as error:
            self.warnings.append(f"what the killed guards held could not be released: {error}")
            return
        self._released.append(StopReport(STAND_IN, (), at, False, False, released))

    @staticmethod
    def _stop_report(message: Mapping[str, Any]) -> StopReport:
        stops, released = tuple(message["stopped"]), tuple(message["released"])
        return StopReport("watchdog", stops, message["seen_at"], message["answered"], message["killed"], released)
