"""The list of alarms and their life cycle (ISA-18.2, figure 3): raised, acknowledged, returned, never lost in silence.

Pure: ``AlarmList.update`` is given the time and what is active.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.clock import SECOND
from engine.safety.alarm_rows import ALARMS
from engine.safety.alarm_table import Alarm
from engine.words import AlarmState, AlarmView

SHELF_MINUTES = 15
_MINUTE = 60 * SECOND
_WAITING = frozenset({AlarmState.UNACKNOWLEDGED, AlarmState.RETURNED_UNACKNOWLEDGED})


@dataclass(slots=True)
class _Record:
    """One alarm's life. ``changing_since``: since when the condition has been other than ``standing`` says.

    ``shelved_until``: while it lies on the shelf its life goes on unseen, so that nothing is lost meanwhile.
    """

    alarm: Alarm
    state: AlarmState = AlarmState.NORMAL
    standing: bool = False
    changing_since: int | None = None
    raised_at: int = 0
    raised_utc: str = ""
    detail: str = ""
    times: int = 0
    shelved_until: int | None = None


class AlarmList:
    """Every alarm of the table with its state. Owned by one thread; ``views`` gives frozen values."""

    def __init__(self, alarms: Iterable[Alarm] = ALARMS) -> None:
        self._records = {alarm.key: _Record(alarm) for alarm in alarms}
        self._now = 0

    def update(self, now: int, utc: str, active: Mapping[str, str]) -> tuple[AlarmView, ...]:
        """Take in which conditions hold at ``now`` (clock ns; ``utc`` its text) with their details.

        Returns the alarms raised by this call, also those on the shelf. ValueError for a key that the table does not
        have.
        """
        self._now = now
        unknown = active.keys() - self._records.keys()
        if unknown:
            raise ValueError(f"the alarm table has no {', '.join(sorted(unknown))}")
        told = {key for key in active if self._records[key].shelved_until is None}
        raised = [
            record
            for record in self._records.values()
            if self._step(record, now, utc, None if self._hidden(record, told) else active.get(record.alarm.key))
        ]
        return _sorted(_view(record, now) for record in raised)

    def acknowledge(self, key: str) -> bool:
        """The operator has seen it. False when it was not waiting for that, or is not in the table."""
        record = self._records.get(key)
        if record is None or record.state not in _WAITING or record.shelved_until is not None:
            return False
        _see(record)
        return True

    def shelve(self, key: str, now: int) -> bool:
        """Put an alarm out of the way for ``SHELF_MINUTES``: it was seen, and needs an answer later.

        False when it is not in the list or on the shelf already, and for a stop's, which nobody may put away.
        """
        record = self._records.get(key)
        if record is None or not _may_shelve(record):
            return False
        record.shelved_until = now + SHELF_MINUTES * _MINUTE
        _see(record)
        return True

    def unshelve(self, key: str) -> bool:
        """Bring it back before its time; False when it is not on the shelf. One that stands is unacknowledged again."""
        record = self._records.get(key)
        if record is None or record.shelved_until is None:
            return False
        record.shelved_until = None
        if record.standing:
            record.state = AlarmState.UNACKNOWLEDGED
        return True

    def return_due(self, now: int) -> tuple[str, ...]:
        """Bring back what has been on the shelf for its time; the keys."""
        records = self._records.items()
        due = tuple(key for key, record in records if record.shelved_until is not None and record.shelved_until <= now)
        return tuple(key for key in due if self.unshelve(key))

    def views(self) -> tuple[AlarmView, ...]:
        """The alarms that are not normal: the most urgent first, of those the newest; what is shelved last."""
        shown = [each for each in self._records.values() if each.state is not AlarmState.NORMAL or each.shelved_until]
        return _sorted(_view(record, self._now) for record in shown)

    @staticmethod
    def _hidden(record: _Record, told: set[str]) -> bool:
        """Whether it would only repeat another, which is no reason while that one is shelved. One that stands already
        is never taken away by that.
        """
        return not record.standing and not record.alarm.hidden_by.isdisjoint(told)

    def _step(self, record: _Record, now: int, utc: str, detail: str | None) -> bool:
        """Move one record on; True when it was raised."""
        if (detail is not None) is record.standing:
            record.changing_since = None
            return detail is not None and self._repeated(record, now, utc, detail)
        if record.changing_since is None:
            record.changing_since = now
        delay = record.alarm.off_delay if record.standing else record.alarm.on_delay
        due = now - record.changing_since >= delay
        if due:
            _clear(record) if detail is None else _raise(record, now, utc, detail)
        return due and detail is not None

    @staticmethod
    def _repeated(record: _Record, now: int, utc: str, detail: str) -> bool:
        """A stop with another measurement is another stop; anything else only tells its newest figures."""
        another = record.alarm.latched and detail != record.detail
        if another:
            _raise(record, now, utc, detail)
        record.detail = detail
        return another


def _raise(record: _Record, now: int, utc: str, detail: str) -> None:
    record.state, record.standing, record.changing_since = AlarmState.UNACKNOWLEDGED, True, None
    record.raised_at, record.raised_utc, record.detail = now, utc, detail
    record.times += 1


def _clear(record: _Record) -> None:
    record.standing, record.changing_since = False, None
    seen = record.state is AlarmState.ACKNOWLEDGED
    record.state = AlarmState.NORMAL if seen else AlarmState.RETURNED_UNACKNOWLEDGED


def _see(record: _Record) -> None:
    record.state = AlarmState.ACKNOWLEDGED if record.standing else AlarmState.NORMAL


def _may_shelve(record: _Record) -> bool:
    return not record.alarm.latched and record.state is not AlarmState.NORMAL and record.shelved_until is None


def _sorted(views: Iterable[AlarmView]) -> tuple[AlarmView, ...]:
    def place(view: AlarmView) -> tuple[bool, int, int, str]:
        return view.state is AlarmState.SHELVED, -view.priority, -view.raised_at, view.key

    return tuple(sorted(views, key=place))


def _view(record: _Record, now: int) -> AlarmView:
    alarm, until = record.alarm, record.shelved_until
    return AlarmView(
        key=alarm.key,
        title=alarm.title,
        priority=alarm.priority,
        state=record.state if until is None else AlarmState.SHELVED,
        raised_at=record.raised_at,
        raised_utc=record.raised_utc,
        detail=record.detail,
        response=alarm.response,
        page=alarm.page,
        times=record.times,
        may_shelve=_may_shelve(record),
        shelved_min=0 if until is None else max(1, math.ceil((until - now) / _MINUTE)),
    )
