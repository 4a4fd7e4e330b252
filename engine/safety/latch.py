"""The latch: the permission to act, kept on the disk, so that a stop survives a restart of the program.

What is kept is the permission, not the stop: ``armed`` is on the disk before anything may act and goes only by an
orderly disarm. Found at start, unreadable, or missing where it is expected, it reads as stopped.
"""

import json
import shutil
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from engine.clock import Clock, SystemClock, utc_now
from engine.durable import make_directory, replace_file
from engine.words import Cause, PanicStopEvent

SCHEMA = 1
PERMISSION_NAME = "permission.json"
MARKER_NAME = "state.json"
LITTLE_ROOM = 16 * 2**20
"""Bytes: with less left on its disk, a session does not get far."""

Write = Callable[[Path, bytes], None]


class LatchState(StrEnum):
    CLEAR = "clear"
    ARMED = "armed"
    STOPPED = "stopped"


class LatchError(RuntimeError):
    """The permission could not be put on the disk; the state is what it was."""


class LatchRefusedError(LatchError):
    """The latch does not do this in its state."""


class _UnreadableError(ValueError):
    """The permission file does not say what may be done."""


@dataclass(frozen=True, slots=True)
class _Permission:
    state: LatchState
    event: PanicStopEvent | None
    sequence: int


class Latch:
    """The permission of one profile directory; open it with ``Latch.open``. Safe to call from any thread."""

    def __init__(self, directory: Path, permission: _Permission, write: Write) -> None:
        self._file = directory / PERMISSION_NAME
        self._permission = permission
        self._write = write
        self._recorded = True
        self._lock = threading.Lock()

    @classmethod
    def open(
        cls,
        directory: Path,
        clock: Clock | None = None,
        *,
        utc: Callable[[], str] = utc_now,
        write: Write = replace_file,
    ) -> Self:
        """Read the permission of a profile directory; a new directory is made clear. Never raises: what cannot be
        read is stopped with its cause. ``write`` replaces a file's content durably or raises OSError.
        """
        at = (clock or SystemClock()).now()
        clear = _Permission(LatchState.CLEAR, None, 0)
        try:
            found = _read(directory) or _initialise(directory, clear, write)
        except (OSError, ValueError, RecursionError) as error:
            return cls(directory, clear, write)._stopped_at_open(_unreadable(at, utc(), directory, error))
        latch = cls(directory, found, write)
        return latch._stopped_at_open(_unclean_end(at, utc(), directory)) if found.state is LatchState.ARMED else latch

    def _stopped_at_open(self, event: PanicStopEvent) -> Self:
        self.stop(event)
        return self

    @property
    def state(self) -> LatchState:
        return self._permission.state

    @property
    def event(self) -> PanicStopEvent | None:
        """Why it is stopped; None in every other state."""
        return self._permission.event

    def arm(self) -> None:
        """From clear to armed; on the disk when this returns. Raises LatchRefusedError or LatchError."""
        self._permit(LatchState.CLEAR, LatchState.ARMED, "arm", "reset it first, after its cause is gone")

    def reset(self) -> None:
        """From stopped to clear; on the disk when this returns. Raises LatchRefusedError or LatchError."""
        self._permit(LatchState.STOPPED, LatchState.CLEAR, "reset", "there is nothing to reset")

    def disarm(self) -> bool:
        """The orderly end: from armed to clear; a stop stays. False when the disk could not take it.

        The disk then still says armed, which reads as stopped at the next start.
        """
        with self._lock:
            if self.state is LatchState.ARMED:
                self._permission = self._next(LatchState.CLEAR, None)
                self._recorded = self._put(self._permission)
            return self._recorded

    def stop(self, event: PanicStopEvent) -> bool:
        """Stop, whatever the state; the first event stays. Never raises: False when the disk could not take it."""
        with self._lock:
            if self.state is not LatchState.STOPPED:
                self._permission = self._next(LatchState.STOPPED, event)
                self._recorded = False
            if not self._recorded:
                self._recorded = self._put(self._permission)
            return self._recorded

    def _permit(self, before: LatchState, after: LatchState, name: str, advice: str) -> None:
        with self._lock:
            if self.state is not before:
                raise LatchRefusedError(f"cannot {name} while the latch is {self.state}: {advice}")
            permission = self._next(after, None)
            try:
                self._write(self._file, _encode(permission))
            except OSError as error:
                self._put(self._permission)  # the new word may be there already, only not synced
                raise LatchError(f"cannot {name}: {self._file} cannot be written ({error}); free the disk") from error
            self._permission = permission
            self._recorded = True

    def _next(self, state: LatchState, event: PanicStopEvent | None) -> _Permission:
        return _Permission(state, event, self._permission.sequence + 1)

    def _put(self, permission: _Permission) -> bool:
        try:
            self._write(self._file, _encode(permission))
        except OSError:
            return False
        return True


def _initialise(directory: Path, clear: _Permission, write: Write) -> _Permission:
    make_directory(directory)
    write(directory / PERMISSION_NAME, _encode(clear))
    write(directory / MARKER_NAME, json.dumps({"schema": SCHEMA}).encode())
    return clear


def _read(directory: Path) -> _Permission | None:
    """What the file says; None in a new directory. Raises OSError or ValueError when it says nothing sound."""
    try:
        content = (directory / PERMISSION_NAME).read_bytes()
    except FileNotFoundError:
        if (directory / MARKER_NAME).exists():
            raise _UnreadableError("the file is missing from a directory that was in use") from None
        return None
    return _decode(json.loads(content.decode("utf-8")))


def _encode(permission: _Permission) -> bytes:
    event = permission.event and asdict(permission.event)
    content = {"schema": SCHEMA, "state": permission.state, "event": event, "sequence": permission.sequence}
    return json.dumps(content, indent=1).encode()


def _decode(content: Any) -> _Permission:
    if not isinstance(content, dict) or set(content) != {"schema", "state", "event", "sequence"}:
        raise _UnreadableError("it does not hold schema, state, event and sequence")
    if type(content["schema"]) is not int or content["schema"] != SCHEMA:
        raise _UnreadableError(f"its schema is {content['schema']!r}, this program knows {SCHEMA}")
    state, sequence = LatchState(content["state"]), content["sequence"]
    if type(sequence) is not int or sequence < 0:
        raise _UnreadableError(f"its sequence is {sequence!r}")
    if (state is LatchState.STOPPED) != (content["event"] is not None):
        raise _UnreadableError(f"it says {state} and its event does not fit")
    return _Permission(state, None if content["event"] is None else _decode_event(content["event"]), sequence)


def _decode_event(content: Any) -> PanicStopEvent:
    texts = ("utc", "cause", "measured", "limit", "advice")
    if not isinstance(content, dict) or set(content) != {"at", *texts}:
        raise _UnreadableError("its event is not a stop")
    if type(content["at"]) is not int or not all(isinstance(content[name], str) for name in texts):
        raise _UnreadableError("its event has values of the wrong kind")
    return PanicStopEvent(**{**content, "cause": Cause(content["cause"])})


def _unreadable(at: int, utc: str, directory: Path, error: Exception) -> PanicStopEvent:
    return PanicStopEvent(
        at=at,
        utc=utc,
        cause=Cause.LATCH_UNREADABLE,
        measured=f"{directory / PERMISSION_NAME}: {error}",
        limit="a readable permission file",
        advice="Look at the table and at the end of the last session, check the disk, then reset.",
    )


def _unclean_end(at: int, utc: str, directory: Path) -> PanicStopEvent:
    return PanicStopEvent(
        at=at,
        utc=utc,
        cause=Cause.UNCLEAN_END,
        measured="the last session ended while it was armed",
        limit="an orderly disarm",
        advice=f"Look at the table and at the end of the last session. {_room(directory)} Then reset.",
    )


def _room(directory: Path) -> str:
    """What to do about the disk: one that was full is a reason for such an end, and for the next."""
    try:
        free = shutil.disk_usage(directory).free
    except OSError:  # nothing that is asked for advice alone keeps a stop back
        free = LITTLE_ROOM
    if free >= LITTLE_ROOM:
        return "If its journal breaks off, the disk was full: see that it stays free."
    return f"Free the disk that holds {directory}: {free // 1024} KB are left."
