"""What a drill asks the screen: whether a button is held, and what was pressed on a window that must never be."""

import contextlib
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from Xlib import X, Xutil
from Xlib.ext import xtest

from engine import x11
from engine.words import Box, WindowInfo

BUTTONS = X.Button1Mask | X.Button2Mask | X.Button3Mask
EVENTS = X.ButtonPressMask | X.ButtonReleaseMask | X.KeyPressMask
LOOK_EVERY_S = 0.002
SHOWN_WITHIN_S = 10.0


class ScreenProblemError(RuntimeError):
    """The screen did not do what a drill needs of it; says what."""


def came(condition: Callable[[], object], within_s: float, every_s: float = LOOK_EVERY_S) -> bool:
    """Whether a condition that nobody announces came true in time: the X server has no event for it."""
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(every_s)
    return True


class Pointer:
    """The pointer, over one connection."""

    def __init__(self) -> None:
        self._display = x11.connect()
        self._root = self._display.screen().root

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        x11.disconnect(self._display)

    def held(self) -> bool:
        """Whether any button is down."""
        return bool(self._root.query_pointer().mask & BUTTONS)

    def move(self, x: int, y: int) -> None:
        """Move it as a person would."""
        xtest.fake_input(self._display, X.MotionNotify, x=x, y=y)
        self._display.sync()

    def release(self) -> None:
        """Let the left button up: what a drill leaves behind must not press on."""
        xtest.fake_input(self._display, X.ButtonRelease, 1)
        self._display.sync()


class WitnessWindow:
    """A plain window that remembers every button and key that reached it."""

    def __init__(self, title: str, place: Box, window_class: str) -> None:
        self._display = x11.connect()
        self._window = self._display.screen().root.create_window(
            place.x, place.y, place.width, place.height, 0, X.CopyFromParent, background_pixel=0x205020
        )
        self._window.change_attributes(event_mask=EVENTS)
        self._window.set_wm_name(title)
        self._window.set_wm_class(window_class.lower(), window_class)
        self._window.set_wm_normal_hints(flags=Xutil.USPosition | Xutil.USSize, x=place.x, y=place.y)
        self._received: list[Any] = []
        self._window.map()
        self._display.sync()
        if not came(lambda: self._window.get_attributes().map_state == X.IsViewable, SHOWN_WITHIN_S):
            raise ScreenProblemError(f"the window {title!r} was not shown within {SHOWN_WITHIN_S:.0f} s")
        self._settle()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with contextlib.suppress(*x11.LOST):
            x11.disconnect(self._display)

    @property
    def info(self) -> WindowInfo:
        """The window as the engine would describe it now."""
        place = x11.area(self._display, self._window.id)
        if place is None:
            raise ScreenProblemError("the drill's own window has gone")
        title, window_class = (
            x11.title(self._display, self._window.id),
            x11.window_class(self._display, self._window.id),
        )
        return WindowInfo(int(self._window.id), title, window_class, Box(*place))

    def move(self, x: int, y: int) -> None:
        """Move it, and wait until it stands still."""
        before = self.info.box
        self._window.configure(x=x, y=y)
        self._display.sync()
        came(lambda: self.info.box != before, SHOWN_WITHIN_S)
        self._settle()

    def raise_up(self) -> None:
        """Put it above every other window."""
        self._window.configure(stack_mode=X.Above)
        self._settle()

    def await_on_top(self, x: int, y: int) -> None:
        """Wait until it is what lies under a point of the screen: a window manager stacks windows in its own time."""
        root = self._display.screen().root

        def on_top() -> bool:
            frame = self._window
            while (parent := frame.query_tree().parent).id != root.id:
                frame = parent
            found = root.translate_coords(root, x, y).child
            return bool(found) and found.id == frame.id

        if not came(on_top, SHOWN_WITHIN_S):
            raise ScreenProblemError(f"another window lies over the drill's own at ({x}, {y})")

    def presses(self) -> int:
        """Buttons pressed on it so far."""
        return self._count(X.ButtonPress)

    def releases(self) -> int:
        """Buttons let up on it so far."""
        return self._count(X.ButtonRelease)

    def keys(self) -> int:
        """Keys it received so far."""
        return self._count(X.KeyPress)

    def _count(self, kind: int) -> int:
        self._display.sync()
        while self._display.pending_events():
            self._received.append(self._display.next_event().type)
        return self._received.count(kind)

    def _settle(self) -> None:
        """Wait until it has stood in one place for a moment: a window manager frames it in steps."""
        self._display.sync()
        places: list[Box] = []

        def still() -> bool:
            places.append(self.info.box)
            return len(places) >= 5 and len(set(places[-5:])) == 1

        came(still, SHOWN_WITHIN_S, 0.01)
