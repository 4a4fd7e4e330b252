"""JSON lines over the pipes between the console and its guards, readable with a deadline."""

import json
import os
import select
from collections import deque
from collections.abc import Mapping
from typing import Any

from engine.permit.clock import SECOND

READ_BYTES = 65536
LINE_LIMIT = 65536


class PipeError(RuntimeError):
    """The other side does not speak as agreed."""


class LineReader:
    """Lines from a file descriptor. ``select`` on a pipe is POSIX: other platforms have no devices here yet."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._rest = b""
        self._lines: deque[bytes] = deque()
        self.ended = False

    def next(self, timeout_ns: int) -> bytes | None:
        """The next line, or None when none came in time.

        ``ended`` is set as soon as the pipe has closed, also while lines are left: who wrote them is gone.
        """
        if not self.ended:
            timeout = 0 if self._lines else max(0, timeout_ns)
            readable, _, _ = select.select([self._descriptor], [], [], timeout / SECOND)
            if readable:
                self._fill()
        return self._lines.popleft() if self._lines else None

    def _fill(self) -> None:
        data = os.read(self._descriptor, READ_BYTES)
        self.ended = not data
        *lines, self._rest = (self._rest + data).split(b"\n")
        self._lines.extend(line for line in lines if line.strip())
        if len(self._rest) > LINE_LIMIT:
            raise PipeError(f"a line of more than {LINE_LIMIT} bytes came: the sender is not this program's console")


class LineWriter:
    """Objects written as JSON lines, each with one system call so that lines never mix."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def send(self, message: Mapping[str, Any]) -> None:
        """Write one line; a reader that is gone is no error here, since its end-of-file says so."""
        try:
            os.write(self._descriptor, json.dumps(message).encode() + b"\n")
        except BrokenPipeError:
            return


def parse(line: bytes) -> dict[str, Any]:
    """The JSON object of a line. Raises ``PipeError``."""
    try:
        message = json.loads(line)
    except ValueError as error:
        raise PipeError(f"not a JSON line: {line[:80]!r}") from error
    if not isinstance(message, dict):
        raise PipeError(f"not a JSON object: {line[:80]!r}")
    return message
