"""Asks the actuator for a press every 5 ms, as a bot would that never hesitates."""

import threading
from types import TracebackType
from typing import Self

from engine.execution.processes import ActuatorProcess
from engine.permit import page
from engine.words import GestureKind, Intent, PressReport, ReceiptStatus, WindowInfo
from tests.drills.stand import Stand

PERIOD_S = 0.005
FIRST_INTENT = 1_000_000


class Feeder:
    """Feeds one actuator while the block runs: each request is for the view that the page permits at that moment."""

    def __init__(self, stand: Stand) -> None:
        guards, look = stand.runtime.guards, stand.runtime.snapshot().look
        assert guards is not None
        assert look is not None
        assert look.observation is not None
        self._actuator: ActuatorProcess = guards.actuator
        self._window: WindowInfo = look.observation.window
        self._at = stand.opponents_plate()
        self._page = page.open(stand.page)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._feed, name="feeder")
        self.asked = 0
        self.reports: list[PressReport] = []

    @property
    def pressed(self) -> list[PressReport]:
        return [report for report in self.reports if report.status is ReceiptStatus.PRESSED]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._ending.set()
        self._thread.join()
        self._page.close()

    def _feed(self) -> None:
        while not self._ending.wait(PERIOD_S):
            self._actuator.press(self._intent())
            self.reports.extend(self._actuator.reports())
            self.asked += 1

    def _intent(self) -> Intent:
        place = self._window.box
        x, y = place.x + self._at[0], place.y + self._at[1]
        view, number = self._page.read().view_id, FIRST_INTENT + self.asked
        return Intent(number, "drill", GestureKind.CLICK, "fold", x, y, "", True, view, self._window)
