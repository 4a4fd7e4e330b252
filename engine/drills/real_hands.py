"""The real actuator and watchdog processes over a window of the drill's own, on the screen that DISPLAY names."""

import os
import signal
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.drills.screen import WitnessWindow, came
from engine.permit import page
from engine.permit.clock import now
from engine.permit.page import PermitMode
from engine.runtime.guards import Guards
from engine.words import GestureKind, Intent, PressReport, ReceiptStatus

VIEW = 5
AT = (120, 80)
"""Where a press is aimed, in pixels of the window's client area."""
ANSWER_WITHIN_S = 10.0
TRIES = 5


class RealHands:
    """A page whose engine and eyes go on in a thread, and the guards of an armed session.

    ``eyes`` False: the eyes see nothing any more. ``view`` is what they see now.
    """

    def __init__(self, path: Path, hotkeys: Sequence[str], table: WitnessWindow) -> None:
        self._table = table
        self._page = page.create(path, page.new_epoch())
        self._page.engine.set_mode(PermitMode.LIVE, now())
        self.eyes, self.view = True, VIEW
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="drill-keeper")
        self._renew()
        self._thread.start()
        self._next = 0
        try:
            self.guards = Guards(path, self._page.epoch, hotkeys)
        except BaseException:
            self._end_thread()
            raise
        came(lambda: bool(self._page.read().watchdog_beat), ANSWER_WITHIN_S)  # before it, nothing is pressed

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.guards.close()
        self._end_thread()

    def intent(self) -> Intent:
        """An intent for the spot of the window as it stands now, and for what is seen there now."""
        self._next += 1
        info = self._table.info
        x, y = info.box.x + AT[0], info.box.y + AT[1]
        return Intent(self._next, "drill", GestureKind.CLICK, "call", x, y, "", False, VIEW, info)

    def ask(self, intent: Intent) -> PressReport | None:
        """Ask for the press and wait for the actuator's word; None when it gave none."""
        self.guards.actuator.press(intent)
        said: list[PressReport] = []

        def heard() -> bool:
            said.extend(report for report in self.guards.actuator.reports() if report.intent_id == intent.intent_id)
            return bool(said)

        return said[0] if came(heard, ANSWER_WITHIN_S) else None

    def ask_again(self) -> PressReport | None:
        """Ask for a press as the product does: again when it was refused, since on a machine that is short of time a
        permit may run out; the last word.
        """
        for _ in range(TRIES - 1):
            report = self.ask(self.intent())
            if not refused(report):
                return report
        return self.ask(self.intent())

    def kill_actuator(self) -> None:
        """SIGKILL, which no process can answer."""
        os.kill(self.guards.actuator.pid, signal.SIGKILL)

    def await_page(self) -> None:
        """Wait until the page says what the eyes say now."""
        words = self._page.read
        came(lambda: words().view_id == self.view if self.eyes else not words().captured_at, 1.0)

    def _keep(self) -> None:
        while not self._ending.wait(0.01):
            self._renew()

    def _renew(self) -> None:
        self._page.engine.beat(now())
        if self.eyes:
            self._page.vision.show(now(), self.view, {})
        else:
            self._page.vision.void(now())
        self._page.vision.progress()

    def _end_thread(self) -> None:
        self._ending.set()
        self._thread.join()
        self._page.close()


def refused(report: PressReport | None) -> bool:
    """Whether the actuator said that it pressed nothing."""
    return report is not None and report.status is not ReceiptStatus.PRESSED
