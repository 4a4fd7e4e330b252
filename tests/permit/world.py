"""A desk in memory around the real page and the real actuator loop, and a second opinion on every press.

The world tells the page what happens through the owners' own methods, and keeps its own account of the same. At the
moment of every press, and of every key, the account alone says whether it was allowed.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.clock import MILLISECOND, SECOND, VirtualClock
from engine.permit import page
from engine.permit.actuator import Actuator
from engine.permit.page import PermitMode, PermitPage, StopCode
from engine.permit.pipe import LineReader, LineWriter
from engine.words import GestureKind
from tests.permit.desk import CHECK_BUTTON, TARGET, StandInDevice, an_intent, as_message

PERMIT, ENGINE, WATCHDOG, REQUEST = 225 * MILLISECOND, 225 * MILLISECOND, 500 * MILLISECOND, SECOND
"""The limits of the design, said again: a limit that is changed by mistake is a bug to be found."""
STEP = 5 * MILLISECOND
BESIDE = (400, 350)
"""A point of the table that is neither check nor fold."""


@dataclass(slots=True)
class Account:
    """What has really happened: the newest frame, beats, mode, stops, and the numbers that were used."""

    captured_at: int = 0
    good: bool = False
    view: int = 0
    passive_seen: bool = False
    engine_beat: int = 0
    watchdog_beat: int = 0
    mode: PermitMode = PermitMode.STANDBY
    mode_since: int = 0
    stopped: bool = False
    used: set[int] = field(default_factory=set)

    def frame(self, captured_at: int, good: bool, view: int, passive_seen: bool) -> None:
        """Only the newest capture counts, whenever it arrives."""
        if captured_at > self.captured_at:
            self.captured_at, self.good, self.view, self.passive_seen = captured_at, good, view, passive_seen

    def objection(self, message: dict[str, Any], epoch: int, now: int) -> str:
        """Why a press for ``message`` was wrong at ``now``, "" when it was right."""
        passive = message["purpose"] in ("check", "fold") and (message["x"], message["y"]) == TARGET
        safe = self.mode is PermitMode.SAFE and passive and self.passive_seen and message["kind"] == "click"
        rules = {
            "after a stop": not self.stopped,
            "in a mode that forbids it": self.mode is PermitMode.LIVE or safe,
            "for another page": message["epoch"] == epoch,
            "for another view": message["view_id"] == self.view,
            "without a good frame": self.good and 0 <= now - self.captured_at <= PERMIT,
            "without the engine's beat": 0 <= now - self.engine_beat <= ENGINE,
            "without the watchdog's beat": 0 <= now - self.watchdog_beat <= WATCHDOG,
            "after the mode changed": message["asked_at"] >= self.mode_since,
            "too late": 0 <= now - message["asked_at"] <= REQUEST,
        }
        return ", ".join(what for what, kept in rules.items() if not kept)


class World(VirtualClock):
    """Page, actuator, device and account on one clock; engine, eyes and watchdog go on while ``lively``."""

    def __init__(self, directory: Path) -> None:
        super().__init__(3_600 * SECOND)
        self.path = directory / "permit"
        self.device = StandInDevice()
        self.device.at = dict.fromkeys(("down", "select all", "1"), self._pressed)
        self.lively = False
        self.events: list[tuple[int, Callable[[], None]]] = []
        self._objections: list[str] = []
        self.next_intent = 1
        self._asked: dict[str, Any] = {}
        self._pipes: list[int] = []
        self._pages: list[PermitPage] = []
        self.reset()

    def reset(self) -> None:
        """A new page with a new epoch, a new account and a new actuator, as after a stop."""
        self.permit = page.create(self.path, page.new_epoch())
        self._pages.append(self.permit)
        self.account = Account()
        self.start_actuator()

    def start_actuator(self) -> None:
        """Another actuator process on the same page."""
        self._requests, self._ask = os.pipe()
        self._answers, answer = os.pipe()
        self._pipes += [self._requests, self._ask, self._answers, answer]
        os.set_blocking(self._answers, False)
        self.actuator = Actuator(self.device, self.permit, LineReader(self._requests), LineWriter(answer), self)

    def close(self) -> None:
        """Give pages and pipes back."""
        for made in self._pages:
            made.close()
        for descriptor in self._pipes:
            os.close(descriptor)

    # what happens

    def sleep(self, nanoseconds: int) -> None:
        super().sleep(nanoseconds)
        if self.lively:
            self.go_on()
        for event in [event for event in self.events if event[0] <= self.now()]:
            self.events.remove(event)
            event[1]()

    def go_on(self) -> None:
        """A step of everybody, and all is well; no two frames are taken at the same time."""
        self.asleep(1)
        self.engine_beats()
        self.watchdog_beats()
        self.frame(self.now(), True, 5)

    def frame(self, captured_at: int, good: bool, view: int, passive_seen: bool = True) -> None:
        """The eyes have judged a frame that was taken at ``captured_at``."""
        self.account.frame(captured_at, good, view, passive_seen)
        if good:
            self.permit.vision.show(captured_at, view, {"check": CHECK_BUTTON} if passive_seen else {})
        else:
            self.permit.vision.void(captured_at)

    def engine_beats(self, ahead: int = 0) -> None:
        self.account.engine_beat = self.now() + ahead
        self.permit.engine.beat(self.now() + ahead)

    def watchdog_beats(self, ahead: int = 0) -> None:
        self.account.watchdog_beat = self.now() + ahead
        self.permit.watchdog.beat(self.now() + ahead)

    def enter(self, mode: PermitMode) -> None:
        if mode is not self.account.mode:
            self.account.mode, self.account.mode_since = mode, self.now()
        self.permit.engine.set_mode(mode, self.now())

    def stop(self, owner: str) -> None:
        self.account.stopped = True
        getattr(self.permit, owner).stop(StopCode.PANIC)

    def asleep(self, duration: int) -> None:
        """The machine sleeps: time goes on, nobody else does."""
        VirtualClock.sleep(self, duration)

    # pressing

    def intent(self, purpose: str = "fold", view: int = 5, **changes: Any) -> dict[str, Any]:
        """A request as the console would write it now."""
        amount = purpose == "amount"
        kind, text = (GestureKind.ENTER_AMOUNT, "11") if amount else (GestureKind.CLICK, "")
        made = an_intent(self.next_intent, kind, text, purpose)
        self.next_intent += 1
        x, y = TARGET if purpose in ("check", "fold") else BESIDE
        return as_message(made, self.permit.epoch, self.now(), view_id=view, x=x, y=y) | changes

    def ask(self, message: dict[str, Any]) -> dict[str, Any]:
        """Give a request to the actuator and let it take its step; its report."""
        self._asked = message
        os.write(self._ask, json.dumps(message).encode() + b"\n")
        self.actuator._step()
        self.account.used.add(message["intent_id"])
        assert not self._objections, f"pressed {self._objections[0]}"
        assert not self.device.held, "a button is held after a gesture"
        said = [json.loads(line) for line in os.read(self._answers, 65536).splitlines()]
        report: dict[str, Any] = next(line["report"] for line in said if "report" in line)
        return report

    def _pressed(self) -> None:
        """The device is about to press: the account has the last word. ``ask`` raises it, past the actuator."""
        message = self._asked
        twice = ["twice for one intent"] if message["intent_id"] in self.account.used else []
        objection = self.account.objection(message, self.permit.epoch, self.now())
        self._objections += twice + ([objection] if objection else [])
