"""The console's view model: one timer takes one snapshot and the new events, keeps the histories, says `changed`."""

import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QObject, QTimer, Signal

from app.models.engine_view import EngineView
from app.models.event_rows import EventRows
from app.models.history import History, highest, latest, lowest
from engine.clock import MILLISECOND, SECOND, Clock
from engine.words import Event, Snapshot

TICK_MS = 33
STAGES = ("capture", "recognise", "decide", "act")
CHART_SPAN_NS = 60 * SECOND
# A thousand buckets cover the span of a chart.
_BUCKET_NS = 60 * MILLISECOND
_RATE_SPAN_NS = 2 * SECOND
_NAN = float("nan")


class ConsoleModel(QObject):
    """What the panels draw. It starts idle; ``start`` and ``stop`` run its timer, ``tick`` is one step.

    Signal ``changed``: there is a new snapshot (in ``snapshot``), or the engine has fallen silent.
    """

    changed = Signal()

    def __init__(
        self,
        engine: EngineView,
        clock: Clock,
        parent: QObject | None = None,
        *,
        utc: Callable[[], float] = time.time,
    ) -> None:
        """``utc`` gives seconds since 1970, for countdowns."""
        super().__init__(parent)
        self._engine, self._clock, self._utc = engine, clock, utc
        self.snapshot: Snapshot | None = None
        self.events = EventRows(self)
        self.confidence = History(1, lowest, _BUCKET_NS)
        self.timings = History(len(STAGES), highest, _BUCKET_NS)
        self.results = History(1, latest, 1)
        self.ticks = 0
        self._heard_at = clock.now()
        self._frames: deque[tuple[int, int]] = deque()
        self._faults: set[str] = set()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)

    @property
    def running(self) -> bool:
        return self._timer.isActive()

    def start(self) -> None:
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def tick(self) -> None:
        """Take what the engine has, once."""
        self.ticks += 1
        try:
            snapshot, events = self._engine.snapshot(), self._engine.events()
        except Exception as error:  # a broken engine is shown as silent; the window and its stop go on
            self.report_fault("engine view", error)
        else:
            self._take(snapshot)
            self.events.add(events)
        self.changed.emit()

    @property
    def utc_s(self) -> float:
        """Seconds since 1970."""
        return self._utc()

    @property
    def silent_ns(self) -> int:
        """Nanoseconds since the engine last gave a snapshot newer than the one before."""
        return max(0, self._clock.now() - self._heard_at)

    @property
    def frame_rate(self) -> float:
        """Frames a second over the last two seconds."""
        if len(self._frames) < 2:
            return 0.0
        (first_at, first), (last_at, last) = self._frames[0], self._frames[-1]
        return (last - first) * SECOND / (last_at - first_at)

    def say(self, level: str, text: str) -> None:
        """A line of the console's own in the event log."""
        utc = datetime.now(UTC).isoformat(timespec="milliseconds")
        self.events.add([Event(self._clock.now(), utc, level, text)])

    def report_fault(self, where: str, error: Exception) -> None:
        """Log a failing display once for every place and kind, so that thirty a second are one line."""
        key = f"{where}: {type(error).__name__}"
        if key not in self._faults:
            self._faults.add(key)
            self.say("warning", f"Display fault in {where}: {type(error).__name__}: {error}")

    def _take(self, snapshot: Snapshot) -> None:
        if self.snapshot is not None and snapshot.at == self.snapshot.at:
            return
        self._heard_at = self._clock.now()
        self.snapshot = snapshot
        self._note_rate(snapshot)
        self._note_history(snapshot)

    def _note_rate(self, snapshot: Snapshot) -> None:
        self._frames.append((snapshot.at, snapshot.counters.frames))
        while snapshot.at - self._frames[0][0] > _RATE_SPAN_NS:
            self._frames.popleft()

    def _note_history(self, snapshot: Snapshot) -> None:
        seen = snapshot.look is not None and snapshot.look.observation is not None
        self.confidence.append(snapshot.at, (snapshot.confidence if seen else _NAN,))
        last = {timing.stage: timing.last for timing in snapshot.timings if timing.count}
        self.timings.append(snapshot.at, tuple(last.get(stage, _NAN) for stage in STAGES))
        self.results.append(snapshot.risk.hands, (float(snapshot.risk.session_result),))
