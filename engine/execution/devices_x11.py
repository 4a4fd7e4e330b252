"""The actuator's pointer and keyboard on X11: pyautogui presses, the X server is asked where everything is.

This is the only place that imports pyautogui, and only inside the actuator process.
"""

import sys
from typing import Any

from Xlib import XK, X
from Xlib.ext import xtest
from Xlib.protocol import request

from engine import x11
from engine.permit.device import CornerError, DeviceError, Point
from engine.permit.words import Rectangle

LEFT = "left"
LEFT_BUTTON = 1
SELECT_ALL = ("ctrl", "a")
KEYS = ("Control_L", "a", *map(str, range(10)))
"""All keys that this device ever presses, as X names them."""


class X11Device:
    """``engine.permit.device.Device`` on the X server named by DISPLAY. Raises ``DeviceError``."""

    def __init__(self) -> None:
        try:
            self._display = x11.connect()
        except x11.ScreenError as error:
            raise DeviceError(str(error)) from error
        self._root = self._display.screen().root
        self._automation = _automation()
        self._down = False

    def pointer(self) -> Point:
        pointer = self._root.query_pointer()
        return pointer.root_x, pointer.root_y

    def move(self, x: int, y: int) -> None:
        self._act(self._automation.moveTo, x, y)

    def button_down(self, x: int, y: int) -> None:
        self._down = True
        self._act(self._automation.mouseDown, x, y, button=LEFT)

    def button_up(self, x: int, y: int) -> None:
        """Past pyautogui's corner check, which would leave the button held."""
        if self._down:
            xtest.fake_input(self._display, X.MotionNotify, x=x, y=y)
            self._release_button()

    def select_all(self) -> None:
        self._act(self._automation.hotkey, *SELECT_ALL)

    def type_digit(self, digit: str) -> None:
        self._act(self._automation.press, digit)

    def area(self, handle: int) -> Rectangle | None:
        return x11.area(self._display, handle)

    def holds_pointer(self, handle: int) -> bool:
        below = self._root.id
        while below:
            reply = x11.answer(x11.ask(self._display, request.QueryPointer, window=below))
            below = 0 if reply is None else x11.number(reply.child)
            if below == handle:
                return True
        return False

    def takes_keys(self, handle: int) -> bool:
        """Without a window manager the focus is the root or "the window under the pointer"."""
        focus = self._display.get_input_focus().focus
        if focus in (X.PointerRoot, self._root):
            return self.holds_pointer(handle)
        current: int | None = x11.number(focus)
        while current:
            if current == handle:
                return True
            current = x11.parent(self._display, current)
        return False

    def release(self) -> None:
        """Past pyautogui's corner check too: a corner is when this is needed most."""
        if self._down:
            self._release_button()
        down = self._display.query_keymap()
        for code in map(self._keycode, KEYS):
            if down[code // 8] >> code % 8 & 1:
                xtest.fake_input(self._display, X.KeyRelease, code)
        self._display.sync()

    def _keycode(self, key: str) -> int:
        return int(self._display.keysym_to_keycode(XK.string_to_keysym(key)))

    def _release_button(self) -> None:
        xtest.fake_input(self._display, X.ButtonRelease, LEFT_BUTTON)
        self._display.sync()
        self._down = False

    def _act(self, action: Any, *arguments: Any, **options: Any) -> None:
        try:
            action(*arguments, **options)
        except self._automation.FailSafeException as error:
            raise CornerError("the pointer is in a corner of the screen") from error
        except x11.LOST as error:
            raise DeviceError(f"the screen has gone: {error}") from error


def _automation() -> Any:
    """Import pyautogui with its waits off and its corner check on, or say what it lacks."""
    sys.modules.setdefault("pyscreeze", None)  # type: ignore[arg-type] # its screenshots would load OpenCV here
    try:
        import pyautogui
    except ImportError as error:
        raise DeviceError(f"pyautogui cannot be imported ({error}): install the locked requirements again") from error
    except SystemExit as error:
        raise DeviceError("pyautogui needs tkinter: install the package python3-tk") from error
    except KeyError as error:
        raise DeviceError("pyautogui found no DISPLAY: start from a desktop session or a virtual screen") from error
    except Exception as error:
        raise DeviceError(f"pyautogui cannot use this screen ({error}): check DISPLAY and XAUTHORITY") from error
    pyautogui.PAUSE = 0
    pyautogui.FAILSAFE = True
    return pyautogui
