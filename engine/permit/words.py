"""The words of the permit page: where each lies, who writes it, and what a reading of all of them holds."""

from dataclasses import dataclass
from enum import IntEnum

WORD_LIMIT = 1 << 64
BOX_BITS = 16

Rectangle = tuple[int, int, int, int]
"""Left, top, width and height in screen pixels."""


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
    MODE_SINCE = 14
    CHECK_BOX = 15
    FOLD_BOX = 16
    FINISH_ASKED = 17
    ACTUATOR_PROGRESS = 18
    INTENT_USED = 19


STOP_WORDS = (Word.STOP_CONSOLE, Word.STOP_COMMAND, Word.STOP_WATCHDOG, Word.STOP_ACTUATOR)
PASSIVE_BOXES = {"check": Word.CHECK_BOX, "fold": Word.FOLD_BOX}
"""The word in which the eyes say where the button of a passive purpose is."""


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
    ACTUATOR_PROGRESS = 13


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
    """One consistent reading of the page; times in nanoseconds of ``engine.permit.clock``.

    ``passive`` are the places of the check and fold buttons in the frame that gave the leave, as far as it has them.
    ``mode_since`` is when the mode last changed: what was asked for before is void.
    """

    epoch: int
    mode: int
    engine_beat: int
    captured_at: int
    view_id: int
    watchdog_beat: int
    vision_progress: int
    engine_progress: int
    stops: tuple[Stop, ...]
    mode_since: int = 0
    passive: tuple[Rectangle, ...] = ()
    actuator_progress: int = 0


def packed(box: Rectangle) -> int:
    """A rectangle as one word, 16 bits a side; 0, which is none, for one that is empty or not on a screen."""
    if min(box[:2]) < 0 or min(box[2:]) <= 0 or max(box) >= 1 << BOX_BITS:
        return 0
    word = 0
    for side in box:
        word = word << BOX_BITS | side
    return word


def unpacked(word: int) -> Rectangle | None:
    """The rectangle of a word, None for 0."""
    if not word:
        return None
    left, top, width, height = (word >> BOX_BITS * place & (1 << BOX_BITS) - 1 for place in (3, 2, 1, 0))
    return left, top, width, height
