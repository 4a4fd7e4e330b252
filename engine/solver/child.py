"""One run of the solver program: started, heard and ended by a thread of its own, so that nobody ever waits for it."""

import os
import subprocess
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence

from engine.solver.wire import LINE_LIMIT

LAST_WORDS = 2000
CLOSE_LIMIT = 2.0


class Child:
    """Run number ``generation``. ``heard(child, line)`` and ``ended(child, why)`` are called from its thread;
    ``ended`` once, as the last.
    """

    def __init__(
        self,
        generation: int,
        command: Sequence[str],
        environment: Mapping[str, str] | None,
        heard: Callable[["Child", bytes], None],
        ended: Callable[["Child", str], None],
    ) -> None:
        self.generation = generation
        self._command = command
        self._environment = environment
        self._heard = heard
        self._ended = ended
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._unwanted = False
        self._thread = threading.Thread(target=self._run, name=f"solver-{generation}", daemon=True)

    def start(self) -> None:
        """Begin; the process is there a moment later."""
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """Number of the process, None before there is one."""
        process = self._process
        return None if process is None else process.pid

    @property
    def running(self) -> bool:
        """Whether its thread still has something to do: the process, or what remains of it."""
        return self._thread.is_alive()

    def send(self, line: bytes) -> bool:
        """Write without ever waiting; False when the process is not there or does not read.

        A line that went half is the end of the process: what follows could not be understood.
        """
        with self._lock:
            process = self._process
            if process is None or process.stdin is None or process.stdin.closed or self._unwanted:
                return False
            try:
                written = os.write(process.stdin.fileno(), line)
            except OSError:
                return False
        if written < len(line):
            self.kill()
        return written == len(line)

    def kill(self) -> None:
        """End it at once, whatever it is at; its thread cleans up after it."""
        with self._lock:
            self._unwanted = True
            if self._process is not None and self._process.poll() is None:
                self._process.kill()

    def close(self) -> None:
        """End it and wait for that, two seconds at most."""
        self.kill()
        self._thread.join(CLOSE_LIMIT)

    def _run(self) -> None:
        with tempfile.TemporaryFile() as errors:
            try:
                process = self._spawn(errors.fileno())
            except OSError as error:
                self._ended(self, f"could not be started ({error}): is the program whole?")
                return
            output = process.stdout
            assert output is not None
            while line := output.readline(LINE_LIMIT):
                self._heard(self, line)
            self._finish(process)
            self._ended(self, _why(process.returncode, _tail(errors.fileno())))

    def _spawn(self, errors: int) -> "subprocess.Popen[bytes]":
        """In a session of its own, so that the terminal's ctrl+c and hang-up are the console's alone to handle."""
        process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=self._environment,
            start_new_session=True,
            creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
        )
        assert process.stdin is not None
        os.set_blocking(process.stdin.fileno(), False)
        with self._lock:
            self._process = process
            if self._unwanted:
                process.kill()
        return process

    def _finish(self, process: "subprocess.Popen[bytes]") -> None:
        """Its stdout has ended: it is of no more use, and is gone when this returns."""
        with self._lock:
            self._unwanted = True
            process.kill()
            assert process.stdin is not None
            process.stdin.close()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def _tail(descriptor: int) -> str:
    """The last line that a process wrote to its stderr."""
    size = os.fstat(descriptor).st_size
    text = os.pread(descriptor, LAST_WORDS, max(0, size - LAST_WORDS)).decode("utf-8", "replace")
    return text.strip().rpartition("\n")[2]


def _why(code: int, last_words: str) -> str:
    how = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
    return f"{how}{': ' + last_words if last_words else ''}"
