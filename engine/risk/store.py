"""The risk state on disk: replaced whole and synced, with a version and a checksum; refused when it cannot be trusted.

Version 1 held the session's result and hands alone. It is read, kept beside the new file as ``<name>.v1``, and its
result is taken as the result over all sessions, since nothing older is known.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from engine.durable import make_directory, replace_file
from engine.risk.state import Booking, OpenHand, RiskState, RiskStateError, Stop

RISK_NAME = "risk.json"
VERSION = 2
FIGURES = {
    1: {"session_result", "hands"},
    2: {"session_id", "session_result", "hands", "total_result", "booked", "open_hand", "stop"},
}
ADVICE = "run `pitboss check --risk` to compare it with the journals, and with --repair to mend it"


def write_durably(path: Path, content: bytes) -> None:
    """The whole content on the disk when this returns, old or new after a crash. Raises OSError."""
    if not path.exists():
        make_directory(path.parent)
    replace_file(path, content)


@dataclass(frozen=True, slots=True)
class Storage:
    """How files are read and replaced: the disk, or what stands in for it. Both raise OSError."""

    read: Callable[[Path], bytes] = Path.read_bytes
    write: Callable[[Path, bytes], None] = write_durably


DISK = Storage()


def marker(path: Path) -> Path:
    """The file that says that a state was begun here: with it, a missing state is a lost one."""
    return path.with_name(path.name + ".begun")


def first_version(path: Path) -> Path:
    """Where a file of version 1 is kept when it was taken over."""
    return path.with_name(path.name + ".v1")


def open_state(path: Path, storage: Storage = DISK) -> RiskState:
    """The state, begun at zero where none was ever begun, and taken over from an older version.

    Raises RiskStateError when a file is there that cannot be trusted, is missing where it was, or cannot be written.
    """
    content = _content(path, storage)
    if content is None:
        if is_begun(path, storage):
            raise _refused(path, "it is missing, and a count was begun here")
        state = RiskState()
        save(path, state, storage)
    else:
        version, state = _parsed(path, content)
        if version < VERSION:
            _write(first_version(path), content, storage)
            save(path, state, storage)
    if not is_begun(path, storage):
        _write(marker(path), b"", storage)
    return state


def replace_state(path: Path, state: RiskState, kept: Path, storage: Storage = DISK) -> bool:
    """Put another state in the place of whatever is there, which is kept as ``kept``; whether there was anything.

    RiskStateError when either cannot be written: then what was there is still there.
    """
    try:
        content = _content(path, storage)
    except RiskStateError as problem:
        raise RiskStateError(f"{path} cannot be read, so it cannot be kept: correct its rights") from problem
    if content is not None:
        _write(kept, content, storage)
    save(path, state, storage)
    _write(marker(path), b"", storage)
    return content is not None


def load(path: Path, storage: Storage = DISK) -> RiskState | None:
    """What was saved, None when there is no file; changes nothing. RiskStateError when it cannot be trusted."""
    content = _content(path, storage)
    return None if content is None else _parsed(path, content)[1]


def save(path: Path, state: RiskState, storage: Storage = DISK) -> None:
    """On the disk when this returns. RiskStateError when it cannot be put there."""
    figures = asdict(state)
    document = {"version": VERSION, "figures": figures, "checksum": _checksum(figures)}
    _write(path, (json.dumps(document, indent=1) + "\n").encode(), storage)


def _write(path: Path, content: bytes, storage: Storage) -> None:
    try:
        storage.write(path, content)
    except OSError as problem:
        raise RiskStateError(f"{path} cannot be written ({problem}): free the disk or correct its rights") from problem


def _content(path: Path, storage: Storage) -> bytes | None:
    try:
        return storage.read(path)
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise _refused(path, str(problem)) from problem


def is_begun(path: Path, storage: Storage = DISK) -> bool:
    """Whether a state was ever begun at ``path``."""
    return _content(marker(path), storage) is not None


def _parsed(path: Path, content: bytes) -> tuple[int, RiskState]:
    try:
        return _decoded(json.loads(content))
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise _refused(path, str(problem) or type(problem).__name__) from problem


def _decoded(document: Any) -> tuple[int, RiskState]:
    if not isinstance(document, dict) or type(document.get("version")) is not int:
        raise ValueError("it holds no version")
    version, figures = document["version"], document.get("figures")
    if version not in FIGURES:
        raise ValueError(f"version {version}, this program knows {VERSION}")
    if not isinstance(figures, dict) or set(figures) != FIGURES[version]:
        raise ValueError(f"it does not hold {', '.join(sorted(FIGURES[version]))}")
    if document.get("checksum") != _checksum(figures):
        raise ValueError("the checksum does not match the figures")
    if version == 1:
        result = _whole(figures["session_result"])
        return version, RiskState("", result, _count(figures["hands"]), result)
    return version, _state(figures)


def _state(figures: dict[str, Any]) -> RiskState:
    hand, stop = figures["open_hand"], figures["stop"]
    return RiskState(
        session_id=_text(figures["session_id"]),
        session_result=_whole(figures["session_result"]),
        hands=_count(figures["hands"]),
        total_result=_whole(figures["total_result"]),
        booked=tuple(_booking(entry) for entry in figures["booked"]),
        open_hand=None if hand is None else OpenHand(_text(hand["hand_id"]), _count(hand["chips"])),
        stop=None if stop is None else Stop(_text(stop["utc"]), _text(stop["reason"])),
    )


def _booking(entry: dict[str, Any]) -> Booking:
    if type(entry["presumed"]) is not bool:
        raise ValueError(f"{entry['presumed']!r} is neither true nor false")
    return Booking(_text(entry["hand_id"]), _whole(entry["result"]), entry["presumed"])


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise ValueError(f"{value!r} is no whole number")
    return value


def _count(value: Any) -> int:
    if _whole(value) < 0:
        raise ValueError(f"{value} is below zero")
    return int(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text")
    return value


def _checksum(figures: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(figures, sort_keys=True).encode()).hexdigest()


def _refused(path: Path, why: str) -> RiskStateError:
    return RiskStateError(f"the risk state {path} cannot be trusted ({why}): {ADVICE}")
