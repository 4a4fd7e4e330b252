"""The permit page: one memory-mapped file of 64-bit words, with exactly one writer a word.

Nobody who gives leave can clear what somebody else revoked, because each owner's view has methods for its own words
only and no method writes zero to a stop word. A reset makes a new file under the same name with a new epoch; whoever
still holds the old mapping holds a page that stays stopped and goes stale.

A word is read and written by one aligned 8-byte copy (measured: 38 million reads, none torn). Which words there are
stands in ``engine.permit.words``, who may write which in ``engine.permit.parts``.
"""

import mmap
import os
import secrets
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.permit.parts import ActuatorPart, CommandPart, ConsolePart, EnginePart, VisionPart, WatchdogPart
from engine.permit.words import (
    ARMED,
    PASSIVE_BOXES,
    STOP_WORDS,
    WORD_LIMIT,
    PermitMode,
    Rectangle,
    Stop,
    StopCode,
    Word,
    Words,
    unpacked,
)

__all__ = ["ARMED", "WORD_LIMIT", "EnginePart", "PermitMode", "Stop", "StopCode", "VisionPart", "Word", "Words"]

MAGIC = int.from_bytes(b"PITBOSS1", "big")
VERSION = 2
PAGE_BYTES = 4096
READ_ATTEMPTS = 3


class PermitError(RuntimeError):
    """The permit page cannot be used; the message says what to do."""


class PageMissingError(PermitError):
    """There is no permit page: the console has never been armed, or the profile is another one."""


class PageDamagedError(PermitError):
    """The file is not a permit page, or not a whole one."""


class PageVersionError(PermitError):
    """The page was made by another version of the program."""


class PermitPage:
    """A mapping of the page: anybody may read it, and each owner takes its own part to write."""

    def __init__(self, mapping: mmap.mmap) -> None:
        self._mapping = mapping
        self._words: memoryview[int] = memoryview(mapping).cast("Q")
        self.engine = EnginePart(self._words)
        self.vision = VisionPart(self._words)
        self.watchdog = WatchdogPart(self._words)
        self.console = ConsolePart(self._words)
        self.command = CommandPart(self._words)
        self.actuator = ActuatorPart(self._words)

    @property
    def epoch(self) -> int:
        return self._words[Word.EPOCH]

    def stops(self) -> tuple[Stop, ...]:
        """The stop words that are set."""
        return tuple(
            Stop(word.name.removeprefix("STOP_").lower(), self._words[word]) for word in STOP_WORDS if self._words[word]
        )

    def stopped(self) -> bool:
        """Whether any stop word is set."""
        words = self._words
        return any(words[word] for word in STOP_WORDS)

    def read(self) -> Words:
        """All words; when vision is writing just now, ``captured_at`` is 0, which permits nothing."""
        captured_at, view_id, passive = self._view()
        words = self._words
        return Words(
            words[Word.EPOCH],
            words[Word.MODE],
            words[Word.ENGINE_BEAT],
            captured_at,
            view_id,
            words[Word.WATCHDOG_BEAT],
            words[Word.VISION_PROGRESS],
            words[Word.ENGINE_PROGRESS],
            self.stops(),
            words[Word.MODE_SINCE],
            passive,
            words[Word.ACTUATOR_PROGRESS],
        )

    def finish_asked(self) -> int:
        """How often `pitboss finish` was called on this page; the engine finishes when it has gone up."""
        return self._words[Word.FINISH_ASKED]

    def _view(self) -> tuple[int, int, tuple[Rectangle, ...]]:
        """Vision's words, which belong together: each time of capture is written once, so an equal one is the same."""
        words = self._words
        for _ in range(READ_ATTEMPTS):
            before = words[Word.CAPTURED_AT]
            view_id = words[Word.VIEW_ID]
            boxes = [unpacked(words[word]) for word in PASSIVE_BOXES.values()]
            if before == words[Word.CAPTURED_AT]:
                return before, view_id, tuple(box for box in boxes if box is not None)
        return 0, 0, ()

    def close(self) -> None:
        """Give the mapping back; the parts cannot be used afterwards."""
        self._words.release()
        self._mapping.close()


def create(path: Path, epoch: int) -> PermitPage:
    """Make a new page (mode STANDBY, no leave, no stop) and put it in the place of any old one.

    The old page's holders keep their mapping of the old file. ``epoch`` must not be 0.
    """
    if not 0 < epoch < WORD_LIMIT:
        raise PermitError(f"epoch {epoch} is not a positive 64-bit number: draw a new one with new_epoch()")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    words = [0] * (PAGE_BYTES // 8)
    words[Word.MAGIC], words[Word.VERSION], words[Word.EPOCH] = MAGIC, VERSION, epoch
    with _descriptor(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL) as descriptor:
        os.write(descriptor, struct.pack(f"{len(words)}Q", *words))
        os.replace(temporary, path)
        return PermitPage(mmap.mmap(descriptor, PAGE_BYTES))


def succeed(path: Path, epoch: int) -> PermitPage:
    """Make a new page at the start of a program, as ``create``; one on which `pitboss stop` was called stays stopped.

    Nobody may have heard that stop: who stops a program that is only just starting has stopped it. The old page is
    asked after it was replaced, since ``stop_newest`` looks for a newer one after it has written.
    """
    old = _there(path)
    page = create(path, epoch)
    if old is not None:
        if _stopped_by_command(old):
            page.command.stop(StopCode.COMMAND)
        old.close()
    return page


def stopped_by_command(path: Path) -> bool:
    """Whether `pitboss stop` was called on the page that is there now; False when there is none."""
    page = _there(path)
    if page is None:
        return False
    try:
        return _stopped_by_command(page)
    finally:
        page.close()


def open(path: Path, *, any_version: bool = False) -> PermitPage:
    """Map the page that is there now; with ``any_version`` only its stop words may be relied on.

    Raises ``PageMissingError``, ``PageDamagedError`` or ``PageVersionError``.
    """
    try:
        with _descriptor(path, os.O_RDWR) as descriptor:
            return _checked(descriptor, path, any_version)
    except FileNotFoundError as error:
        raise PageMissingError(f"no permit page at {path}: nothing is armed in this profile") from error


def stop_newest(path: Path, code: StopCode) -> PermitPage:
    """Set the command line's stop word in the page at ``path``, also when a reset replaces it at this moment.

    The stop words lie at the same place in every version, so that the page of any program can be stopped.
    """
    while True:
        page = open(path, any_version=True)
        page.command.stop(code)
        if _newest_epoch(path) == page.epoch:
            return page
        page.close()


def new_epoch() -> int:
    """A number that no earlier page had."""
    return secrets.randbelow(WORD_LIMIT - 1) + 1


def _there(path: Path) -> PermitPage | None:
    try:
        return open(path, any_version=True)
    except PermitError:  # missing or damaged: nobody can have written into it
        return None


def _stopped_by_command(page: PermitPage) -> bool:
    return any(stop.owner == "command" for stop in page.stops())


def _newest_epoch(path: Path) -> int:
    newest = open(path, any_version=True)
    try:
        return newest.epoch
    finally:
        newest.close()


def _checked(descriptor: int, path: Path, any_version: bool) -> PermitPage:
    size = os.fstat(descriptor).st_size
    if size != PAGE_BYTES:
        raise PageDamagedError(f"{path} has {size} bytes, not {PAGE_BYTES}: remove it and arm again")
    page = PermitPage(mmap.mmap(descriptor, PAGE_BYTES))
    magic, version = page._words[Word.MAGIC], page._words[Word.VERSION]
    if magic == MAGIC and (version == VERSION or any_version):
        return page
    page.close()
    if magic != MAGIC:
        raise PageDamagedError(f"{path} is not a permit page: remove it and arm again")
    raise PageVersionError(f"{path} has version {version}, this program knows {VERSION}: end the other program first")


@contextmanager
def _descriptor(path: Path, flags: int) -> Iterator[int]:
    descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0), 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
