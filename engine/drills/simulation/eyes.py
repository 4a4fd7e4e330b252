"""Eyes of the simulation: perfect sight of the table, and every way in which sight can fail."""

from collections import deque
from collections.abc import Iterable
from dataclasses import replace

from engine.clock import MILLISECOND, Clock
from engine.drills.simulation.faults import NO_FAULT, Fault, FaultKind
from engine.drills.simulation.picture import known
from engine.drills.simulation.table import HERO, SimulatedTable
from engine.words import Blindness, Component, HealthReport, Look, Observation

GOOD = 0.99
CALM_EVERY, TURN_EVERY = 100 * MILLISECOND, 33 * MILLISECOND
TOLERANCE = 5 * MILLISECOND
RESTART_TIME = 700 * MILLISECOND
KNOWN_BLINDNESS = (
    Blindness.COVERED,
    Blindness.NO_WINDOW,
    Blindness.MINIMISED,
    Blindness.OFF_SCREEN,
    Blindness.MOVED,
    Blindness.CAPTURE_FAILED,
    Blindness.STALE,
)
BAD_CONFIDENCES = (0.5, float("nan"), 0.9899, 0.0)
WRONG_VIEW = 1 << 40


class SimulatedEyes:
    """Implements ``engine.ports.Eyes`` and ``Watched``.

    OFF: blind for the known reason number ``amount``. STUCK: no look comes, and no progress. GARBAGE: unexplained low
    confidence (which one: ``amount``). WRONG: certain of something that is not there (what: ``amount``). SLOW: what is
    seen is ``amount`` milliseconds old.
    """

    def __init__(self, table: SimulatedTable, clock: Clock) -> None:
        self.fault: Fault = NO_FAULT
        self.frame = None
        self.progress = 0
        self.good_at = 0
        """When the last look's frame was captured, 0 unless it was a confident one: the truth about the leave."""
        self.good_view = 0
        self.bad_in_a_row = self.longest_bad = 0
        """Bad frames in a row, of those that count, since arming; and the most since the engine last took looks in."""
        self._table = table
        self._clock = clock
        self._sequence = 0
        self._last_view = 0
        self._evaluated_at = 0
        self._ready_at = 0
        self._past: deque[tuple[int, Observation]] = deque(maxlen=64)

    @property
    def component(self) -> Component:
        return Component.EYES

    @property
    def restarting(self) -> bool:
        return self._clock.now() < self._ready_at

    def report(self) -> HealthReport:
        """They are busy whenever they are not restarting: looking never ends."""
        ready = not self.restarting
        return HealthReport(Component.EYES, ready, ready, True, ready, self.progress, "" if ready else "restarting")

    def restart(self) -> None:
        """Begin anew; a fault that heals is gone."""
        if self.fault.heals:
            self.fault = NO_FAULT
        self._ready_at = self._clock.now() + RESTART_TIME
        self._last_view = 0

    def look(self) -> Look:
        """One look now; a stuck pair of eyes is not asked (``hangs``)."""
        now, fault = self._clock.now(), self.fault
        self.progress += 1
        self._sequence += 1
        if self.restarting:
            return self._blind(now, Blindness.RESTARTING)
        if fault.kind is FaultKind.OFF:
            return self._blind(now, KNOWN_BLINDNESS[fault.amount % len(KNOWN_BLINDNESS)])
        captured_at, picture = self._seen(now, fault)
        seen = _taken(picture, self._sequence, captured_at)
        if fault.kind is FaultKind.WRONG:
            seen = _misread(seen, fault.amount)
        elif fault.kind is FaultKind.GARBAGE:
            seen = replace(seen, confidence=BAD_CONFIDENCES[fault.amount % len(BAD_CONFIDENCES)])
        return self._judged(now, seen)

    @property
    def misreads(self) -> bool:
        """Whether they are certain of something wrong."""
        return self.fault.kind is FaultKind.WRONG

    @property
    def hangs(self) -> bool:
        """Whether no look comes."""
        return self.fault.kind is FaultKind.STUCK and not self.restarting

    def _seen(self, now: int, fault: Fault) -> tuple[int, Observation]:
        picture = self._table.picture()
        self._past.append((now, picture))
        if fault.kind is not FaultKind.SLOW:
            return now, picture
        before = now - fault.amount * MILLISECOND
        return next((entry for entry in reversed(self._past) if entry[0] <= before), self._past[0])

    def _judged(self, now: int, seen: Observation) -> Look:
        good = seen.confidence >= GOOD
        settled = seen.view_id == self._last_view
        self._last_view = seen.view_id
        self.good_at, self.good_view = (seen.captured_at, seen.view_id) if good else (0, 0)
        evaluate = self._evaluates(now, seen, good)
        if evaluate:
            self._count(good)
        detail = "" if good else f"{seen.weakest} is not certain"
        return Look(seen.captured_at, seen, None, detail, not settled, settled, evaluate, MILLISECOND, MILLISECOND)

    def count_anew(self, looks: Iterable[Look]) -> None:
        """Count bad frames from these looks on, the first of which is the oldest."""
        self.bad_in_a_row = self.longest_bad = 0
        for look in looks:
            if look.evaluate and look.observation is not None:
                self._count(look.observation.confidence >= GOOD)

    def _count(self, good: bool) -> None:
        self.bad_in_a_row = 0 if good else self.bad_in_a_row + 1
        self.longest_bad = max(self.longest_bad, self.bad_in_a_row)

    def _evaluates(self, now: int, seen: Observation, good: bool) -> bool:
        every = TURN_EVERY if good and seen.turn.value == HERO else CALM_EVERY
        if now - self._evaluated_at < every - TOLERANCE:
            return False
        self._evaluated_at = now
        return True

    def _blind(self, now: int, why: Blindness) -> Look:
        self._last_view = self.good_at = self.good_view = 0
        return Look(now, None, why, "", True, False, False, MILLISECOND, 0)


def _taken(picture: Observation, sequence: int, captured_at: int) -> Observation:
    """The picture as one frame; spelt out, since it is made millions of times and ``replace`` is three times slower."""
    return Observation(
        sequence,
        captured_at,
        picture.window,
        picture.scale,
        picture.hand_number,
        picture.hole,
        picture.board,
        picture.pot,
        picture.seats,
        picture.button,
        picture.turn,
        picture.controls,
        picture.confidence,
        picture.weakest,
        picture.view_id,
    )


def _misread(seen: Observation, variety: int) -> Observation:
    """Something certain and wrong, as a picture of its own."""
    view = seen.view_id + WRONG_VIEW * (1 + variety % 5)
    match variety % 5:
        case 0:
            first = seen.seats[0]
            wrong = replace(first, stack=known((first.stack.value or 0) + 1))
            return replace(seen, seats=(wrong, *seen.seats[1:]), view_id=view)
        case 1:
            controls = tuple(
                replace(control, amount=known(control.amount.value + 1)) if control.amount.value else control
                for control in seen.controls
            )
            return replace(seen, controls=controls, view_id=view)
        case 2:
            return replace(seen, board=(known("As"), known("As"), *seen.board[2:]), view_id=view)
        case 3:
            return replace(seen, turn=known(HERO), view_id=view)
        case _:
            return replace(seen, pot=known((seen.pot.value or 0) + 10), view_id=view)
