"""The permit page: one memory-mapped file of 64-bit words, with exactly one writer a word.

Nobody who gives leave can clear what somebody else revoked, because each owner's view has methods for its own words
only and no method writes zero to a stop word. A reset makes a new file under the same name with a new epoch; whoever
still holds the old mapping holds a page that stays stopped and goes stale.

A word is read and written by one aligned 8-byte copy (measured: 38 million reads, none torn).
"""

import mmap
import os
import secrets
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

MAGIC = int.from_bytes(b"PITBOSS1", "big")
VERSION = 1
PAGE_BYTES = 4096
WORD_LIMIT = 1 << 64
READ_ATTEMPTS = 3


class Word(IntEnum):
    """The index of each word in the page."""

    MAGIC = 0
    VERSION = 1
    EPOCH = 2
    MODE = 3
    ENGINE_BEAT = 4
    CAPTURED_AT = 5
    VIEW_ID = 6
    WATCHDOG_BEAT = 7
    STOP_CONSOLE = 8
    STOP_COMMAND = 9
    STOP_WATCHDOG = 10
    STOP_ACTUATOR = 11
    VISION_PROGRESS = 12
    ENGINE_PROGRESS = 13


STOP_WORDS = (Word.STOP_CONSOLE, Word.STOP_COMMAND, Word.STOP_WATCHDOG, Word.STOP_ACTUATOR)


class PermitMode(IntEnum):
    """The mode word's values."""

    STANDBY = 0
    SHADOW = 1
    LIVE = 2
    SAFE = 3
    HOLD = 4
    STOPPED = 5


ARMED = frozenset({PermitMode.LIVE, PermitMode.SAFE, PermitMode.HOLD})


class StopCode(IntEnum):
    """Why a stop word was set; zero means not set."""

    BUTTON = 1
    COMMAND = 2
    HOTKEY = 3
    CORNER = 4
    ENGINE_PROGRESS = 5
    VISION_PROGRESS = 6
    ACTUATOR_GONE = 7
    ENGINE_GONE = 8
    ACTUATOR_FAULT = 9
    WATCHDOG_FAULT = 10
    PANIC = 11
    OBEYED = 12


class PermitError(RuntimeError):
    """The permit page cannot be used; the message says what to do."""


class PageMissingError(PermitError):
    """There is no permit page: the console has never been armed, or the profile is another one."""


class PageDamagedError(PermitError):
    """The file is not a permit page, or not a whole one."""


class PageVersionError(PermitError):
    """The page was made by another version of the program."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop word that is set: whose it is ("console", "command", "watchdog", "actuator") and its code."""

    owner: str
    code: int

    def __str__(self) -> str:
        known = {int(code): code.name for code in StopCode}
        return f"{self.owner}: {known.get(self.code, f'code {self.code}')}"


@dataclass(frozen=True, slots=True)
class Words:
    """One consistent reading of the page; times in nanoseconds of ``engine.permit.clock``."""

    epoch: int
    mode: int
    engine_beat: int
    captured_at: int
    view_id: int
    watchdog_beat: int
    vision_progress: int
    engine_progress: int
    stops: tuple[Stop, ...]


class _Part:
    """The page as one owner sees it."""

    def __init__(self, words: "memoryview[int]") -> None:
        self._words = words


class _StoppingPart(_Part):
    """An owner of a stop word: it can set it once and never clear it."""

    _stop_word: Word

    def stop(self, code: StopCode) -> None:
        """Revoke every permit for good; the first code stays."""
        if not self._words[self._stop_word]:
            self._words[self._stop_word] = code


class EnginePart(_Part):
    """The engine's words: mode, beat and progress."""

    def set_mode(self, mode: PermitMode) -> None:
        self._words[Word.MODE] = mode

    def beat(self, now: int) -> None:
        """Say that the engine is alive at ``now`` and has made one more step."""
        self._words[Word.ENGINE_PROGRESS] = (self._words[Word.ENGINE_PROGRESS] + 1) % WORD_LIMIT
        self._words[Word.ENGINE_BEAT] = now


class VisionPart(_Part):
    """The eyes' words: the leave to press on what was seen, and progress."""

    def show(self, captured_at: int, view_id: int) -> None:
        """Renew the leave for a confident frame taken at ``captured_at`` that shows ``view_id``."""
        self._words[Word.CAPTURED_AT] = 0
        self._words[Word.VIEW_ID] = view_id
        self._words[Word.CAPTURED_AT] = captured_at

    def void(self) -> None:
        """Withdraw the leave at once."""
        self._words[Word.CAPTURED_AT] = 0

    def progress(self) -> None:
        """Say that one more look was finished, whatever it showed."""
        self._words[Word.VISION_PROGRESS] = (self._words[Word.VISION_PROGRESS] + 1) % WORD_LIMIT


class WatchdogPart(_StoppingPart):
    """The watchdog's words."""

    _stop_word = Word.STOP_WATCHDOG

    def beat(self, now: int) -> None:
        self._words[Word.WATCHDOG_BEAT] = now


class ConsolePart(_StoppingPart):
    """The console's stop word (the red button)."""

    _stop_word = Word.STOP_CONSOLE


class CommandPart(_StoppingPart):
    """The command line's stop word (`pitboss stop`)."""

    _stop_word = Word.STOP_COMMAND


class ActuatorPart(_StoppingPart):
    """The actuator's stop word: a fault of its own, or its answer that it obeys another's stop."""

    _stop_word = Word.STOP_ACTUATOR


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
        captured_at, view_id = self._view()
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
        )

    def _view(self) -> tuple[int, int]:
        for _ in range(READ_ATTEMPTS):
            before = self._words[Word.CAPTURED_AT]
            view_id = self._words[Word.VIEW_ID]
            if before == self._words[Word.CAPTURED_AT]:
                return before, view_id
        return 0, 0

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


def open(path: Path) -> PermitPage:
    """Map the page that is there now.

    Raises ``PageMissingError``, ``PageDamagedError`` or ``PageVersionError``.
    """
    try:
        with _descriptor(path, os.O_RDWR) as descriptor:
            return _checked(descriptor, path)
    except FileNotFoundError as error:
        raise PageMissingError(f"no permit page at {path}: nothing is armed in this profile") from error


def stop_newest(path: Path, code: StopCode) -> PermitPage:
    """Set the command line's stop word in the page at ``path``, also when a reset replaces it at this moment."""
    while True:
        page = open(path)
        page.command.stop(code)
        if _newest_epoch(path) == page.epoch:
            return page
        page.close()


def new_epoch() -> int:
    """A number that no earlier page had."""
    return secrets.randbelow(WORD_LIMIT - 1) + 1


def _newest_epoch(path: Path) -> int:
    newest = open(path)
    try:
        return newest.epoch
    finally:
        newest.close()


def _checked(descriptor: int, path: Path) -> PermitPage:
    size = os.fstat(descriptor).st_size
    if size != PAGE_BYTES:
        raise PageDamagedError(f"{path} has {size} bytes, not {PAGE_BYTES}: remove it and arm again")
    page = PermitPage(mmap.mmap(descriptor, PAGE_BYTES))
    magic, version = page._words[Word.MAGIC], page._words[Word.VERSION]
    if magic == MAGIC and version == VERSION:
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
