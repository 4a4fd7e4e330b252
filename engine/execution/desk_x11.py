"""The desk on X11 as the watchdog sees it: grabbed hotkeys, the pointer, and what is held down.

A hotkey counts when its grab reports it (also the shortest tap) or when the server says that its keys are down (also
when another program holds the keyboard or the grab was refused).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from Xlib import XK, X, error
from Xlib.ext import xtest

from engine import x11
from engine.permit.device import DeviceError, Point

MODIFIERS = {"shift": X.ShiftMask, "ctrl": X.ControlMask, "alt": X.Mod1Mask, "super": X.Mod4Mask}
WATCHED = X.ShiftMask | X.ControlMask | X.Mod1Mask | X.Mod4Mask
BUTTON_MASKS = {1: X.Button1Mask, 2: X.Button2Mask, 3: X.Button3Mask, 4: X.Button4Mask, 5: X.Button5Mask}
LOOK_EVERY = 4
"""At every fourth call, 20 ms apart, the keys are looked at too: a person's tap lasts longer, a grab sees any."""

KEY_NAMES: dict[int, str] = {
    number: name.removeprefix("XK_") for name, number in vars(XK).items() if name.startswith("XK_")
}


@dataclass(frozen=True, slots=True)
class Hotkey:
    """A key with the modifiers that must be down with it."""

    name: str
    keycode: int
    modifiers: int


class X11Desk:
    """``engine.permit.device.Desk`` on the X server named by DISPLAY. Raises ``DeviceError``.

    ``warnings`` says which hotkeys could not be grabbed.
    """

    def __init__(self, hotkeys: Sequence[str]) -> None:
        try:
            self._display = x11.connect()
        except x11.ScreenError as fault:
            raise DeviceError(str(fault)) from fault
        self._root = self._display.screen().root
        self._calls = 0
        self._root.change_attributes(event_mask=X.StructureNotifyMask)
        geometry = self._root.get_geometry()
        self._size = geometry.width, geometry.height
        self._hotkeys = [self._hotkey(name) for name in hotkeys]
        self.warnings = tuple(filter(None, map(self._grab, self._hotkeys)))

    def hotkey(self) -> str:
        self._calls += 1
        return self._heard() or ("" if self._calls % LOOK_EVERY else self._held())

    def pointer(self) -> Point:
        pointer = self._root.query_pointer()
        return pointer.root_x, pointer.root_y

    def size(self) -> tuple[int, int]:
        """As of the last ``hotkey`` call: the server tells when it changes."""
        return self._size

    def release(self) -> tuple[str, ...]:
        """Only what was pressed by a program comes up: a key that a person holds belongs to another device."""
        mask = self._root.query_pointer().mask
        buttons = [button for button, bit in BUTTON_MASKS.items() if mask & bit]
        keys = list(self._keys_down())
        for button in buttons:
            xtest.fake_input(self._display, X.ButtonRelease, button)
        for key in keys:
            xtest.fake_input(self._display, X.KeyRelease, key)
        self._display.sync()
        return *(f"button {button}" for button in buttons), *(f"key {self._key_name(key)}" for key in keys)

    def _hotkey(self, name: str) -> Hotkey:
        *modifiers, key = name.split("+")
        unknown = [modifier for modifier in modifiers if modifier not in MODIFIERS]
        keycode = self._display.keysym_to_keycode(XK.string_to_keysym(key))
        if unknown or not keycode:
            known = "+, ".join(MODIFIERS)
            raise DeviceError(f"hotkey {name!r} cannot be made here: use {known}+ and a key name such as Pause or F12")
        return Hotkey(name, keycode, sum(MODIFIERS[modifier] for modifier in modifiers))

    def _grab(self, hotkey: Hotkey) -> str:
        """Grab with every state of the locks; a warning when another program has it."""
        refused = error.CatchError(error.BadAccess)
        num_lock = self._num_lock()
        for locks in (0, X.LockMask, num_lock, X.LockMask | num_lock):
            mask = hotkey.modifiers | locks
            self._root.grab_key(hotkey.keycode, mask, False, X.GrabModeAsync, X.GrabModeAsync, onerror=refused)
        self._display.sync()
        if refused.get_error():
            return f"hotkey {hotkey.name} is taken by another program: it works only while held for a moment"
        return ""

    def _num_lock(self) -> int:
        keycode = self._display.keysym_to_keycode(XK.XK_Num_Lock)
        mapping = self._display.get_modifier_mapping()
        return next((1 << index for index, keys in enumerate(mapping) if keycode and keycode in keys), 0)

    def _heard(self) -> str:
        """The name of a hotkey whose press has been delivered to us; a new size of the screen is noted."""
        found = ""
        while self._display.pending_events():
            event = self._display.next_event()
            if event.type == X.KeyPress and not found:
                found = self._named(event.detail, event.state)
            elif event.type == X.ConfigureNotify:
                self._size = event.width, event.height
        return found

    def _held(self) -> str:
        down = set(self._keys_down())
        if not any(hotkey.keycode in down for hotkey in self._hotkeys):
            return ""
        state = self._root.query_pointer().mask
        return next((name for key in down if (name := self._named(key, state))), "")

    def _named(self, keycode: int, state: int) -> str:
        matches = (key.name for key in self._hotkeys if (key.keycode, key.modifiers) == (keycode, state & WATCHED))
        return next(matches, "")

    def _keys_down(self) -> Iterator[int]:
        for index, byte in enumerate(self._display.query_keymap()):
            yield from (index * 8 + bit for bit in range(8) if byte >> bit & 1)

    def _key_name(self, keycode: int) -> str:
        return KEY_NAMES.get(self._display.keycode_to_keysym(keycode, 0), f"code {keycode}")
