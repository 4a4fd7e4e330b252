"""A real X server with a window manager for one test, and a small window that remembers what it received."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from Xlib import XK, X, Xutil
from Xlib.display import Display

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
def virtual_screen(width: int = 1280, height: int = 800, *, window_manager: bool = True) -> Iterator[str]:
    """Run Xvfb (and openbox) on a free display; its name, such as ":3"."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24", "-noreset"]
    server = subprocess.Popen([*command, "-nolisten", "tcp"], pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            name = f":{pipe.readline().strip()}"
        assert name != ":", "Xvfb did not start"
        if window_manager:
            with _window_manager(name):
                yield name
        else:
            yield name
    finally:
        _end(server)


@contextmanager
def _window_manager(name: str) -> Iterator[None]:
    environment = os.environ | {"DISPLAY": name}
    manager = subprocess.Popen(["openbox", "--sm-disable"], env=environment, stderr=subprocess.DEVNULL)
    display = x11.connect(name)
    root = display.screen().root.id
    try:
        wait_until(lambda: x11.property_value(display, root, "_NET_SUPPORTING_WM_CHECK") is not None, "openbox")
        yield
    finally:
        display.close()
        _end(manager)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture
def display(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A screen of 1280 x 800 with openbox, named in DISPLAY."""
    if not (shutil.which("Xvfb") and shutil.which("openbox")):
        pytest.skip("needs Xvfb and openbox")
    with virtual_screen() as name:
        monkeypatch.setenv("DISPLAY", name)
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
        self._display.close()

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
        display.close()
