"""The list of alarms and their life cycle (ISA-18.2, figure 3): raised, acknowledged, returned, never lost in silence.

Pure: ``AlarmList.update`` is given the time and what is active.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.safety.alarm_rows import ALARMS
from engine.safety.alarm_table import Alarm
from engine.words import AlarmState, AlarmView

_WAITING = frozenset({AlarmState.UNACKNOWLEDGED, AlarmState.RETURNED_UNACKNOWLEDGED})


@dataclass(slots=True)
class _Record:
    """One alarm's life. ``changing_since``: since when the condition has been other than ``standing`` says."""

    alarm: Alarm
    state: AlarmState = AlarmState.NORMAL
    standing: bool = False
    changing_since: int | None = None
    raised_at: int = 0
    raised_utc: str = ""
    detail: str = ""
    times: int = 0


class AlarmList:
    """Every alarm of the table with its state. Owned by one thread; ``views`` gives frozen values."""

    def __init__(self, alarms: Iterable[Alarm] = ALARMS) -> None:
        self._records = {alarm.key: _Record(alarm) for alarm in alarms}

    def update(self, now: int, utc: str, active: Mapping[str, str]) -> tuple[AlarmView, ...]:
        """Take in which conditions hold at ``now`` (clock ns; ``utc`` its text) with their details.

        Returns the alarms raised by this call. ValueError for a key that the table does not have.
        """
        unknown = active.keys() - self._records.keys()
        if unknown:
            raise ValueError(f"the alarm table has no {', '.join(sorted(unknown))}")
        raised = [
            record
            for record in self._records.values()
            if self._step(record, now, utc, None if self._hidden(record, active) else active.get(record.alarm.key))
        ]
        return _sorted(_view(record) for record in raised)

    def acknowledge(self, key: str) -> bool:
        """The operator has seen it. False when it was not waiting for that, or is not in the table."""
        record = self._records.get(key)
        if record is None or record.state not in _WAITING:
            return False
        record.state = AlarmState.ACKNOWLEDGED if record.standing else AlarmState.NORMAL
        return True

    def views(self) -> tuple[AlarmView, ...]:
        """The alarms that are not normal: the most urgent first, and of those the newest."""
        return _sorted(_view(record) for record in self._records.values() if record.state is not AlarmState.NORMAL)

    @staticmethod
    def _hidden(record: _Record, active: Mapping[str, str]) -> bool:
        """Whether it would only repeat another. One that stands already is never taken away by that."""
        return not record.standing and not record.alarm.hidden_by.isdisjoint(active)

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


def _sorted(views: Iterable[AlarmView]) -> tuple[AlarmView, ...]:
    return tuple(sorted(views, key=lambda view: (-view.priority, -view.raised_at, view.key)))


def _view(record: _Record) -> AlarmView:
    alarm = record.alarm
    return AlarmView(
        key=alarm.key,
        title=alarm.title,
        priority=alarm.priority,
        state=record.state,
        raised_at=record.raised_at,
        raised_utc=record.raised_utc,
        detail=record.detail,
        response=alarm.response,
        page=alarm.page,
        times=record.times,
    )
