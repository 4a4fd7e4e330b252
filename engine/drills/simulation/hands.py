"""Actuator and watchdog of the simulation, over a real permit page asked by the real rules."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.clock import MILLISECOND, VirtualClock
from engine.drills.simulation.agenda import Agenda
from engine.drills.simulation.faults import NO_FAULT, Fault, FaultKind
from engine.drills.simulation.table import SimulatedTable
from engine.permit.page import PermitPage
from engine.permit.rules import Claim, lateness, refusal
from engine.permit.watchdog import Stall
from engine.permit.words import ARMED, PermitMode, StopCode
from engine.words import Intent, Mode, PressReport, ReceiptStatus

PIPE = 2 * MILLISECOND
DWELL = 50 * MILLISECOND
AFTER = 50 * MILLISECOND
A_KEY = 5 * MILLISECOND
WATCHDOG_POLL = 5 * MILLISECOND


@dataclass(frozen=True, slots=True)
class PressRecord:
    """One request to press: when the permit was asked, in which mode, what it said and what the table did.

    ``refusal`` is "" for a press that was made. ``effect`` is the action made, the amount entered, or "nothing".
    ``fits``: the table offered at that moment what the gesture was meant to do.
    """

    at: int
    intent: Intent
    mode: Mode
    refusal: str
    effect: str
    fits: bool

    @property
    def made(self) -> bool:
        return not self.refusal


Offered = Callable[[PressRecord], None]


class SimulatedHands:
    """Implements ``engine.ports.Hands``; a gesture takes the real one's time and asks ``engine.permit.rules`` twice.

    OFF: the process has ended. STUCK: it says nothing about an intent, and when ``amount`` is odd it stands still
    altogether. GARBAGE: its pipe breaks. WRONG: the press lands beside (``amount`` 0) or presses something else (1).
    SLOW: the pointer takes ``amount`` ms longer.
    ``person`` says that somebody has the pointer: it yields.
    """

    def __init__(self, table: SimulatedTable, agenda: Agenda, clock: VirtualClock, offered: Offered) -> None:
        self.fault: Fault = NO_FAULT
        self.person = False
        self.presses: list[PressRecord] = []
        self.at_next: list[tuple[int, Callable[[], None]]] = []
        """What is to happen so many nanoseconds after the next press is asked for."""
        self._table = table
        self._agenda = agenda
        self._clock = clock
        self._offered = offered
        self._page: PermitPage | None = None
        self._reports: list[PressReport] = []
        self.run = 0
        """Counts the processes that were started or ended."""

    def start(self, page: PermitPage) -> None:
        """A new process over this page."""
        self._page, self._reports = page, []
        self.run += 1

    def end(self) -> None:
        """End of file: what is under way is given up."""
        self._page = None
        self.run += 1

    @property
    def alive(self) -> bool:
        return self._page is not None and self.fault.kind is not FaultKind.OFF

    def move(self) -> None:
        """Count on, as the process does at each of its steps."""
        stands = self.fault.kind is FaultKind.STUCK and self.fault.amount % 2
        if self._page is not None and self.fault.kind is not FaultKind.OFF and not stands:
            self._page.actuator.progress()

    def press(self, intent: Intent) -> None:
        """Take an intent; OSError when the pipe is broken."""
        if self.fault.kind is FaultKind.GARBAGE:
            raise OSError("the actuator's pipe is broken")
        page = self._page
        if page is None or self.fault.kind in (FaultKind.OFF, FaultKind.STUCK):
            return
        asked_at, run = self._clock.now(), self.run
        for delay, act in self.at_next:
            self._agenda.at(asked_at + delay, act)
        self.at_next = []
        claim = Claim(page.epoch, intent.intent_id, intent.view_id, intent.passive, asked_at, (intent.x, intent.y))
        self._agenda.at(asked_at + PIPE, lambda: self._approach(page, intent, claim, run))

    def reports(self) -> Sequence[PressReport]:
        """What has been said since the last call."""
        said, self._reports = self._reports, []
        return said

    def _approach(self, page: PermitPage, intent: Intent, claim: Claim, run: int) -> None:
        if run != self.run or self.fault.kind is FaultKind.OFF:
            return
        now, last_intent = self._clock.now(), page.actuator.last_intent
        page.actuator.use(claim.intent_id)
        why = lateness(now, claim) or refusal(page.read(), now, claim, last_intent)
        if why or self.person:
            self._say(
                intent, ReceiptStatus.REFUSED if why else ReceiptStatus.YIELDED, why or "a person has the pointer"
            )
            return
        dwell = DWELL + (self.fault.amount * MILLISECOND if self.fault.kind is FaultKind.SLOW else 0)
        self._agenda.at(now + dwell, lambda: self._press(page, intent, claim, last_intent, run))

    def _press(self, page: PermitPage, intent: Intent, claim: Claim, last_intent: int, run: int) -> None:
        if run != self.run or self.fault.kind is FaultKind.OFF:
            return
        if self.person:
            self._say(intent, ReceiptStatus.YIELDED, "a person has the pointer")
            return
        now = self._clock.now()
        why = refusal(page.read(), now, claim, last_intent)
        if why:
            self._refuse(page, intent, why)
            return
        fits = self._table.offers(intent)
        self._offer(PressRecord(now, intent, _mode(page), "", self._touch(intent), fits))
        end = now + AFTER + A_KEY * len(intent.text)
        self._agenda.at(end, lambda: self._pressed(intent, now, run))

    def _refuse(self, page: PermitPage, intent: Intent, why: str) -> None:
        self._offer(PressRecord(self._clock.now(), intent, _mode(page), why, "nothing", self._table.offers(intent)))
        self._say(intent, ReceiptStatus.REFUSED, why)

    def _offer(self, record: PressRecord) -> None:
        self.presses.append(record)
        self._offered(record)

    def _touch(self, intent: Intent) -> str:
        if self.fault.kind is FaultKind.WRONG:
            return self._table.press_otherwise() if self.fault.amount else "nothing"
        return self._table.press(intent)

    def _pressed(self, intent: Intent, pressed_at: int, run: int) -> None:
        if run == self.run:
            now = self._clock.now()
            self._reports.append(PressReport(intent.intent_id, ReceiptStatus.PRESSED, "", pressed_at, now))

    def _say(self, intent: Intent, status: ReceiptStatus, why: str) -> None:
        self._reports.append(PressReport(intent.intent_id, status, why, 0, self._clock.now()))


def _mode(page: PermitPage) -> Mode:
    return Mode[PermitMode(page.read().mode).name]


class SimulatedWatchdog:
    """Hotkey, corner and stalls as the real one judges them; it beats when it is asked about, as if every 5 ms.

    OFF: the process has ended.
    """

    def __init__(self, clock: VirtualClock, hands: SimulatedHands) -> None:
        self.fault: Fault = NO_FAULT
        self.hotkey = False
        self.corner = False
        self.beat_at = 0
        self._clock = clock
        self._hands = hands
        self._page: PermitPage | None = None
        self._engine, self._vision, self._actuator = Stall(), Stall(), Stall()

    def start(self, page: PermitPage) -> None:
        """Watch over a page."""
        self._page = page
        self._engine, self._vision, self._actuator = Stall(), Stall(), Stall()

    def end(self) -> None:
        self._page = None

    @property
    def running(self) -> bool:
        """Whether it was started and not ended, dead or alive."""
        return self._page is not None

    @property
    def alive(self) -> bool:
        return self._page is not None and self.fault.kind is not FaultKind.OFF

    def poll(self) -> None:
        """Look at everything; stop, or beat."""
        page = self._page
        if page is None or self.fault.kind is FaultKind.OFF or page.stopped():
            return
        now = self._clock.now()
        self._hands.move()
        code = self._cause(page, now)
        if code is None:
            self.beat_at = now - now % WATCHDOG_POLL
            page.watchdog.beat(self.beat_at)
        else:
            page.watchdog.stop(code)

    def engine_gone(self) -> None:
        """End of file on its pipe: the console was killed."""
        if self._page is not None and self.fault.kind is not FaultKind.OFF:
            self._page.watchdog.stop(StopCode.ENGINE_GONE)

    def _cause(self, page: PermitPage, now: int) -> StopCode | None:
        words = page.read()
        armed = words.mode in ARMED
        found = (
            (StopCode.HOTKEY, self.hotkey),
            (StopCode.CORNER, armed and self.corner),
            (StopCode.ENGINE_PROGRESS, self._engine.stalled(words.engine_progress, now, armed)),
            (StopCode.VISION_PROGRESS, self._vision.stalled(words.vision_progress, now, armed)),
            (StopCode.ACTUATOR_PROGRESS, self._actuator.stalled(words.actuator_progress, now, armed)),
            (StopCode.ACTUATOR_GONE, armed and not self._hands.alive),
        )
        return next((code for code, holds in found if holds), None)
