"""The alarms of a running engine: what holds now goes into the list, and what happens to it into the journal."""

import time
from collections.abc import Callable

from engine.clock import MILLISECOND, Clock
from engine.ports import Journal
from engine.safety.alarm_conditions import AlarmInputs, active_alarms
from engine.safety.alarms import SHELF_MINUTES, AlarmList
from engine.words import AlarmView

EVERY = 100 * MILLISECOND


class AlarmWatch:
    """Belongs to the engine thread; ``views`` may be read by any. ``inputs`` gives what the alarms are derived from."""

    def __init__(
        self, clock: Clock, utc: Callable[[], str], journal: Journal, inputs: Callable[[float], AlarmInputs]
    ) -> None:
        self._clock = clock
        self._utc = utc
        self._journal = journal
        self._inputs = inputs
        self._list = AlarmList()
        self._asked_at: int | None = None
        self.views: tuple[AlarmView, ...] = ()

    def step(self) -> None:
        """Ten times a second: raise, return, and write down what was raised or came back from the shelf."""
        now = self._clock.now()
        if self._asked_at is not None and now - self._asked_at < EVERY:
            return
        self._asked_at = now
        for key in self._list.return_due(now):
            self._journal.record("alarm", {"unshelved": key, "by": "time"})
        for raised in self._list.update(now, self._utc(), active_alarms(self._inputs(time.time()))):
            self._journal.record("alarm", {"raised": raised})
        self.views = self._list.views()

    def acknowledge(self, key: str) -> None:
        """The operator has seen it."""
        if self._list.acknowledge(key):
            self._journal.record("alarm", {"acknowledged": key})
        self.views = self._list.views()

    def shelve(self, key: str) -> None:
        """The operator puts it out of the way for a time."""
        if self._list.shelve(key, self._clock.now()):
            self._journal.record("alarm", {"shelved": key, "minutes": SHELF_MINUTES})
        self.views = self._list.views()

    def unshelve(self, key: str) -> None:
        """The operator brings it back before its time."""
        if self._list.unshelve(key):
            self._journal.record("alarm", {"unshelved": key, "by": "operator"})
        self.views = self._list.views()
