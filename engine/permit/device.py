"""What the guards ask of the machine: a pointer and keys for the actuator, a desk to watch for the watchdog."""

from typing import Protocol

from engine.permit.words import Rectangle

Point = tuple[int, int]


class DeviceError(RuntimeError):
    """The pointer, keyboard or screen cannot be used; the message says what to install or set."""


class CornerError(DeviceError):
    """The pointer is in a corner of the screen, which means stop."""


class Device(Protocol):
    """The pointer and keyboard, in screen pixels. Any method may raise ``DeviceError``."""

    def pointer(self) -> Point:
        """Where the pointer is."""
        ...

    def move(self, x: int, y: int) -> None:
        """Put the pointer somewhere. Raises ``CornerError`` when it was in a corner."""
        ...

    def button_down(self, x: int, y: int) -> None:
        """Press the left button at a point. Raises ``CornerError``."""
        ...

    def button_up(self, x: int, y: int) -> None:
        """Release the left button at a point, whatever else happens."""
        ...

    def select_all(self) -> None:
        """Select everything in the focused field (ctrl+a)."""
        ...

    def type_digit(self, digit: str) -> None:
        """Press and release one digit's key."""
        ...

    def area(self, handle: int) -> Rectangle | None:
        """The client area of a window on the screen, None when it is gone."""
        ...

    def holds_pointer(self, handle: int) -> bool:
        """Whether what lies directly under the pointer is that window or a part of it."""
        ...

    def takes_keys(self, handle: int) -> bool:
        """Whether a key pressed now goes to that window."""
        ...

    def release(self) -> None:
        """Release whatever this device may hold down."""
        ...


class Desk(Protocol):
    """The desk as the watchdog sees it, in screen pixels."""

    def hotkey(self) -> str:
        """The name of a stop hotkey that was pressed since the last call or is down now, else ""."""
        ...

    def pointer(self) -> Point:
        """Where the pointer is."""
        ...

    def size(self) -> tuple[int, int]:
        """Width and height of the whole screen."""
        ...

    def release(self) -> tuple[str, ...]:
        """Release every mouse button and key that a program holds down, and name what was down."""
        ...
