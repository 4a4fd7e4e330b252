"""What lies around the bot: the machine's sleep, the screen's size and saver, its memory.

After any change of the desk nothing may be pressed that was armed before it: the operator looks and arms again. A desk
that cannot be watched counts as changed for as long as that lasts.
"""

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import psutil
from Xlib.ext import screensaver

from engine.clock import MILLISECOND, SECOND
from engine.x11 import LOST, ScreenError, connect, disconnect

PERIOD_S = 0.5
SLEEP_GAP = 500 * MILLISECOND
CLOSE_LIMIT_S = 3.0


@dataclass(frozen=True, slots=True)
class ScreenFacts:
    """The whole screen in pixels, and whether a saver or lock covers it."""

    width: int
    height: int
    saved: bool


class Screen(Protocol):
    """The screen as it is asked twice a second."""

    def facts(self) -> ScreenFacts:
        """What it is now. ScreenError when it cannot be asked."""
        ...

    def close(self) -> None: ...


class XScreen:
    """The X server's root window and its MIT-SCREEN-SAVER extension, on a connection of its own."""

    def __init__(self) -> None:
        self._display = connect()
        self._saver = self._display.has_extension(screensaver.extname)

    def facts(self) -> ScreenFacts:
        try:
            root = self._display.screen().root
            size = root.get_geometry()
            saved = self._saver and root.screensaver_query_info().state == screensaver.StateOn
        except LOST as lost:
            raise ScreenError(f"the screen has gone: {lost}") from lost
        return ScreenFacts(size.width, size.height, saved)

    def close(self) -> None:
        disconnect(self._display)


def sleep_offset() -> int:
    """Nanoseconds the machine has slept since it was started: boot time less time awake (clock_gettime(2))."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) - time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    return 0


def memory_share() -> float:
    """Memory that is used, 0 to 1."""
    return float(psutil.virtual_memory().percent) / 100


class DeskChanges:
    """Tells one picture of the desk from the next, in words; pure."""

    def __init__(self) -> None:
        self._slept: int | None = None
        self._screen: ScreenFacts | None = None

    def slept(self, offset: int) -> str:
        """What a new ``sleep_offset`` tells."""
        before, self._slept = self._slept, offset
        if before is None or offset - before <= SLEEP_GAP:
            return ""
        return f"the machine slept for {(offset - before) / SECOND:.1f} s"

    def screen(self, facts: ScreenFacts) -> str:
        """What a new look at the screen tells."""
        before, self._screen = self._screen, facts
        if before is None:
            return "the screen is locked or saved" if facts.saved else ""
        if facts.saved and not before.saved:
            return "the screen was locked or saved"
        if (facts.width, facts.height) != (before.width, before.height):
            return f"the screen is {facts.width} x {facts.height} now, it was {before.width} x {before.height}"
        return ""


class Surroundings:
    """A thread that looks twice a second. ``changed`` hands over what has changed since the last call."""

    def __init__(self, open_screen: Callable[[], Screen] = XScreen) -> None:
        self._open_screen = open_screen
        self._screen: Screen | None = None
        self._changes = DeskChanges()
        self._lock = threading.Lock()
        self._changed = ""
        self._trouble = ""
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="surroundings", daemon=True)
        self.memory = memory_share()
        self._slept()

    def start(self) -> None:
        self._trouble = "the desk has not been looked at yet"
        self._thread.start()

    def changed(self) -> str:
        """What has changed on the desk, in words, once; "" when nothing has. A sleep is seen by this very call.

        While the desk cannot be watched, every call says so.
        """
        self._slept()
        with self._lock:
            changed, self._changed = self._changed, ""
            return changed or self._trouble

    def close(self) -> None:
        self._ending.set()
        if self._thread.ident is not None:
            self._thread.join(CLOSE_LIMIT_S)

    def _slept(self) -> None:
        with self._lock:
            self._changed = self._changes.slept(sleep_offset()) or self._changed

    def _run(self) -> None:
        while True:
            try:
                self._look()
            except Exception as problem:  # whatever it is: what is not watched is not as it was
                self._trouble = f"the desk cannot be watched: {problem}"
                self._give_back()
            else:
                self._trouble = ""
            if self._ending.wait(PERIOD_S):
                break
        self._give_back()

    def _look(self) -> None:
        self.memory = memory_share()
        self._screen = self._screen or self._open_screen()
        changed = self._changes.screen(self._screen.facts())
        if changed:
            with self._lock:
                self._changed = changed

    def _give_back(self) -> None:
        """Let the connection go; the next look opens another."""
        screen, self._screen = self._screen, None
        if screen is not None:
            with contextlib.suppress(Exception):
                screen.close()
