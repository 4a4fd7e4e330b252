"""The file of the solution cache: a line that says whose answers these are, then a line an answer with its checksum.

A last line that breaks off is what a crash leaves, and is dropped. Any other damage refuses the whole file.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from engine.words import Solution

VERSION = 1
CHECKSUM = 16


class Entry(BaseModel):
    """An answer to the spot named ``key``; ``whole`` when the solver was not cut short."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)
    key: str
    whole: bool
    solution: Solution


@dataclass(frozen=True, slots=True)
class Stored:
    """What a file holds, in the order it came; ``torn`` when its last line breaks off."""

    entries: tuple[Entry, ...]
    torn: bool


class DamagedError(ValueError):
    """A file that is not a sound cache; the message says what was found where."""


def first_line(solver: str) -> bytes:
    """What the file begins with; ``solver`` names whose answers follow (kernel and settings)."""
    return _checked(json.dumps({"solutions": VERSION, "solver": solver}).encode())


def line(entry: Entry) -> bytes:
    """One answer as a line."""
    return _checked(entry.model_dump_json().encode())


def content(solver: str, entries: Iterable[Entry]) -> bytes:
    """A whole file."""
    return first_line(solver) + b"".join(line(entry) for entry in entries)


def read(path: Path, solver: str) -> Stored | None:
    """The answers of a file; None when there is none or it is another solver's.

    DamagedError when it is not sound, OSError when it cannot be read.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    first, *lines = data.split(b"\n")[:-1] or [b""]
    if _unchecked(first, 1) + b"\n" != first_line(solver)[CHECKSUM + 1 :]:
        return None
    return Stored(tuple(_entry(text, number) for number, text in enumerate(lines, 2)), not data.endswith(b"\n"))


def _entry(text: bytes, number: int) -> Entry:
    try:
        return Entry.model_validate_json(_unchecked(text, number))
    except ValidationError:
        raise DamagedError(f"line {number} is no answer") from None


def _checked(text: bytes) -> bytes:
    return _checksum(text) + b" " + text + b"\n"


def _unchecked(text: bytes, number: int) -> bytes:
    checksum, _, rest = text.partition(b" ")
    if checksum != _checksum(rest):
        raise DamagedError(f"line {number} does not match its checksum")
    return rest


def _checksum(text: bytes) -> bytes:
    return hashlib.blake2b(text, digest_size=CHECKSUM // 2).hexdigest().encode()
