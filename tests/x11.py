"""A real X server with a window manager for one test, and a small window that remembers what it received."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from Xlib import XK, X, Xutil
from Xlib.display import Display
from Xlib.protocol.event import ClientMessage

from app.desk.virtual_screen import environment, virtual_screen, x_server
from engine import x11
from engine.words import Box, WindowInfo

PATIENCE = 10.0
PLACE = Box(300, 200, 400, 300)
EVENTS = X.ButtonPressMask | X.ButtonReleaseMask | X.KeyPressMask


def wait_until(condition: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    """Poll until ``condition`` holds; an assertion error that names ``what`` when it never does."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen within {patience} s"
        time.sleep(0.002)


@contextmanager
def bare_screen(width: int = 1280, height: int = 800) -> Iterator[str]:
    """A screen without a window manager while the block runs, named in DISPLAY; yields its name."""
    with ExitStack() as stack:
        directory = Path(stack.enter_context(TemporaryDirectory()))
        name = stack.enter_context(x_server(directory, width, height))
        stack.enter_context(environment({"DISPLAY": name, "XAUTHORITY": str(directory / "cookies")}))
        yield name


@pytest.fixture
def display() -> Iterator[str]:
    """A screen of 1280 x 800 with openbox, named in DISPLAY."""
    with virtual_screen(1280, 800) as name:
        yield name


@dataclass(frozen=True, slots=True)
class Event:
    """What a window received: "press", "release" or "key", where or which key, and with ctrl or not."""

    kind: str
    x: int
    y: int
    key: str = ""
    ctrl: bool = False


class Window:
    """A real X window. Presses and keys it received wait in its connection until asked for."""

    def __init__(self, title: str = "Table", place: Box = PLACE, window_class: str = "Pitboss") -> None:
        self._display: Display = x11.connect()
        root = self._display.screen().root
        self._window = root.create_window(
            place.x, place.y, place.width, place.height, 0, X.CopyFromParent, background_pixel=0x205020
        )
        self._window.change_attributes(event_mask=EVENTS)
        self._window.set_wm_name(title)
        self._window.set_wm_class(window_class.lower(), window_class)
        self._window.set_wm_normal_hints(flags=Xutil.USPosition | Xutil.USSize, x=place.x, y=place.y)
        self._received: list[Event] = []
        self.show()

    @property
    def handle(self) -> int:
        return int(self._window.id)

    @property
    def info(self) -> WindowInfo:
        """The window as the engine would describe it now."""
        place = x11.area(self._display, self.handle)
        assert place is not None
        title, window_class = x11.title(self._display, self.handle), x11.window_class(self._display, self.handle)
        return WindowInfo(self.handle, title, window_class, Box(*place))

    def show(self) -> None:
        """Map it, and wait until the window manager has placed and raised it."""
        self._window.map()
        self._display.sync()
        wait_until(lambda: self._window.get_attributes().map_state == X.IsViewable, "the window shown")
        self._settle()

    def raise_up(self) -> None:
        self._window.configure(stack_mode=X.Above)
        self._settle()

    def keep_above(self) -> None:
        """Have the window manager leave it above all others, whichever is clicked (EWMH, _NET_WM_STATE)."""
        state, above = (self._display.intern_atom(name) for name in ("_NET_WM_STATE", "_NET_WM_STATE_ABOVE"))
        wish = ClientMessage(window=self._window, client_type=state, data=(32, [1, above, 0, 1, 0]))
        listeners = X.SubstructureRedirectMask | X.SubstructureNotifyMask
        self._display.screen().root.send_event(wish, event_mask=listeners)
        self._settle()

    def move(self, x: int, y: int) -> None:
        before = self.info.box
        self._window.configure(x=x, y=y)
        self._display.sync()
        wait_until(lambda: self.info.box != before, "the window moved")
        self._settle()

    def iconify(self) -> None:
        """Ask the window manager to minimise it (ICCCM 4.1.4)."""
        subprocess.run(["xdotool", "windowminimize", "--sync", str(self.handle)], check=True)
        wait_until(lambda: self._window.get_attributes().map_state != X.IsViewable, "the window minimised")

    def focus(self) -> None:
        subprocess.run(["xdotool", "windowfocus", "--sync", str(self.handle)], check=True)

    def destroy(self) -> None:
        self._window.destroy()
        self._display.sync()

    def close(self) -> None:
        x11.disconnect(self._display)

    def received(self) -> list[Event]:
        """Everything received so far, in order."""
        self._display.sync()
        while self._display.pending_events():
            self._note(self._display.next_event())
        return list(self._received)

    def presses(self) -> list[Event]:
        """The button presses received so far."""
        return [event for event in self.received() if event.kind == "press"]

    def typed(self) -> list[str]:
        """The keys received so far, "ctrl+a" for a chord."""
        keys = [event for event in self.received() if event.kind == "key" and event.key]
        return [f"ctrl+{event.key}" if event.ctrl else event.key for event in keys]

    def _note(self, event: Any) -> None:
        kinds = {X.ButtonPress: "press", X.ButtonRelease: "release", X.KeyPress: "key"}
        if event.type not in kinds:
            return
        key = ""
        if event.type == X.KeyPress:
            key = XK.keysym_to_string(self._display.keycode_to_keysym(event.detail, 0)) or ""
        ctrl = bool(event.state & X.ControlMask)
        self._received.append(Event(kinds[event.type], event.event_x, event.event_y, key, ctrl))

    def _settle(self) -> None:
        """Wait until the window's place has been the same for a moment: a window manager frames it in steps."""
        self._display.sync()
        places: list[Box] = []
        while len(places) < 5 or len(set(places[-5:])) > 1:
            places.append(self.info.box)
            time.sleep(0.01)


def buttons_held() -> int:
    """The mask of mouse buttons that the server says are down."""
    display = x11.connect()
    try:
        mask = display.screen().root.query_pointer().mask
        return int(mask & (X.Button1Mask | X.Button2Mask | X.Button3Mask))
    finally:
        x11.disconnect(display)
