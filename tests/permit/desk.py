"""A device in memory and pages that permit, for the tests of the actuator's sequence on a clock of their own."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from engine.clock import MILLISECOND, VirtualClock
from engine.permit.device import DeviceError, Point
from engine.permit.page import PermitMode, PermitPage
from engine.permit.words import Rectangle
from engine.words import Box, GestureKind, Intent, WindowInfo

HANDLE = 77
VIEW = 5
AREA = (100, 100, 400, 300)
TARGET = (200, 250)
CHECK_BUTTON = (180, 240, 60, 30)
"""Where the eyes see check and fold: around the target."""


class StandInDevice:
    """The ``Device`` port in memory: what was done is a list, and ``at`` may run something before an action."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.at: dict[str, Callable[[], None]] = {}
        self.position: Point = (10, 10)
        self.window: Rectangle | None = AREA
        self.covered = False
        self.focused = True
        self.held = False
        self.broken = ""

    def pointer(self) -> Point:
        return self.position

    def move(self, x: int, y: int) -> None:
        self._do("move")
        self.position = (x, y)

    def button_down(self, x: int, y: int) -> None:
        self.held = True
        self._do("down")

    def button_up(self, x: int, y: int) -> None:
        self.held = False
        self._do("up")

    def select_all(self) -> None:
        self._do("select all")

    def type_digit(self, digit: str) -> None:
        self._do(digit)

    def area(self, handle: int) -> Rectangle | None:
        assert handle == HANDLE
        return self.window

    def holds_pointer(self, handle: int) -> bool:
        return not self.covered

    def takes_keys(self, handle: int) -> bool:
        return self.focused

    def release(self) -> None:
        self.held = False

    def _do(self, action: str) -> None:
        self.at.get(action, lambda: None)()
        if action == self.broken:
            raise DeviceError(f"{action} failed")
        self.done.append(action)


def renew(permit: PermitPage, clock: VirtualClock) -> None:
    """All that a press needs, as of now."""
    permit.engine.set_mode(PermitMode.LIVE, clock.now())
    permit.engine.beat(clock.now())
    permit.watchdog.beat(clock.now())
    permit.vision.show(clock.now(), VIEW, {"check": CHECK_BUTTON, "fold": CHECK_BUTTON})


class LivelyClock(VirtualClock):
    """A virtual clock on which engine, eyes and watchdog go on while the actuator waits, until told to stop."""

    def __init__(self, permit: PermitPage) -> None:
        super().__init__()
        self.lively = True
        self.events: list[tuple[int, Callable[[], None]]] = []
        self._permit = permit

    def sleep(self, nanoseconds: int) -> None:
        super().sleep(nanoseconds)
        if self.lively:
            renew(self._permit, self)
        for when, happen in [event for event in self.events if event[0] <= self.now()]:
            self.events.remove((when, happen))
            happen()

    def after(self, milliseconds: int, happen: Callable[[], None]) -> None:
        """Let something happen that much later."""
        self.events.append((self.now() + milliseconds * MILLISECOND, happen))


def an_intent(number: int = 1, kind: GestureKind = GestureKind.CLICK, text: str = "", purpose: str = "call") -> Intent:
    """An intent on the stand-in's window."""
    window = WindowInfo(HANDLE, "Table", "Pitboss", Box(*AREA))
    passive = purpose in ("check", "fold")
    return Intent(number, "hand", kind, purpose, *TARGET, text, passive, VIEW, window)


def as_message(intent: Intent, epoch: int, asked_at: int, **changes: Any) -> dict[str, Any]:
    """The intent as it goes through the pipe."""
    return asdict(intent) | {"epoch": epoch, "asked_at": asked_at} | changes
