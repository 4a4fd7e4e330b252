"""A page that permits while it is kept, and the commands of the real guard programs."""

import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from Xlib import X
from Xlib.ext import xtest

from engine import x11
from engine.execution.processes import ActuatorProcess
from engine.permit import page
from engine.permit.clock import now
from engine.permit.page import PermitMode
from engine.permit.words import Rectangle
from engine.words import GestureKind, Intent, PressReport
from tests.x11 import Window, wait_until

VIEW = 5
WHOLE_SCREEN = (0, 0, 1280, 800)
PROGRAM = "import sys; from engine.execution.programs import {0}; sys.exit({0}(sys.argv[1:]))"
ACTUATOR = [sys.executable, "-c", PROGRAM.format("actuator_main")]
WATCHDOG = [sys.executable, "-c", PROGRAM.format("watchdog_main")]


class Keeper:
    """A page in LIVE mode whose engine and eyes go on in a thread; ``eyes``, ``engine`` and ``beats`` switch them.

    ``passive`` is where its eyes see check and fold: everywhere, unless told otherwise.
    """

    def __init__(self, path: Path, mode: PermitMode = PermitMode.LIVE) -> None:
        self.path = path
        self.permit = page.create(path, page.new_epoch())
        self.set_mode(mode)
        self.eyes = self.engine = self.beats = True
        self.view = VIEW
        self.passive: dict[str, Rectangle] = {"check": WHOLE_SCREEN}
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._keep)

    def set_mode(self, mode: PermitMode) -> None:
        self.permit.engine.set_mode(mode, now())

    def __enter__(self) -> Self:
        self._renew()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._ending.set()
        self._thread.join()
        self.permit.close()

    def _keep(self) -> None:
        while not self._ending.wait(0.01):
            self._renew()

    def _renew(self) -> None:
        if self.engine:
            self.permit.engine.beat(now())
        if self.eyes:
            self.permit.vision.show(now(), self.view, self.passive)
            self.permit.vision.progress()
        if self.beats:
            self.permit.watchdog.beat(now())


def intent(
    table: Window,
    number: int,
    kind: GestureKind = GestureKind.CLICK,
    text: str = "",
    purpose: str = "call",
    view: int = VIEW,
    at: tuple[int, int] = (120, 80),
) -> Intent:
    """An intent for a point of the table's client area."""
    info = table.info
    x, y = info.box.x + at[0], info.box.y + at[1]
    return Intent(number, "hand", kind, purpose, x, y, text, purpose in ("check", "fold"), view, info)


def ask(actuator: ActuatorProcess, asked: Intent) -> PressReport:
    """Send an intent and wait for its report."""
    actuator.press(asked)
    return await_report(actuator, asked.intent_id)


def await_report(actuator: ActuatorProcess, number: int) -> PressReport:
    """Wait for the report on an intent."""
    found: list[PressReport] = []

    def heard() -> bool:
        found.extend(actuator.reports())
        return any(report.intent_id == number for report in found)

    wait_until(heard, f"the report on intent {number}")
    return next(report for report in found if report.intent_id == number)


def point_at(x: int, y: int) -> None:
    """Move the pointer as a person would."""
    display = x11.connect()
    xtest.fake_input(display, X.MotionNotify, x=x, y=y)
    display.sync()
    x11.disconnect(display)


def pointer_at() -> tuple[int, int]:
    """Where the pointer is."""
    display = x11.connect()
    found = display.screen().root.query_pointer()
    x11.disconnect(display)
    return found.root_x, found.root_y
