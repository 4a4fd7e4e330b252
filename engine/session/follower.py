"""What the looks lead to: the newest picture that may be acted on, the hand in progress, and whose turn it is.

What is known of a hand outlives blindness and restarts of the eyes: the tracker goes on where it was.
"""

from collections.abc import Callable
from dataclasses import dataclass

from engine.game.state import TableState
from engine.ports import Journal
from engine.records.rows import HandRow
from engine.vision.tracker import FinishedHand, Tracker
from engine.words import Counters, Look, Observation

HERO = 0
"""The hero's seat on the screen."""


@dataclass(frozen=True, slots=True)
class Sight:
    """The newest confident, settled picture and the state it led to; ``shown_at`` is the capture of the picture that
    first showed our turn, None while it is not ours.
    """

    seen: Observation | None
    state: TableState | None
    shown_at: int | None = None


class Follower:
    """Follows one table from look to look. ``confidence`` is the limit below which a picture is not followed."""

    def __init__(
        self,
        tracker: Tracker,
        journal: Journal,
        tally: Counters,
        confidence: float,
        say: Callable[[str, str], None],
    ) -> None:
        self._tracker = tracker
        self._journal = journal
        self._tally = tally
        self._limit = confidence
        self._say = say
        self._seen: Observation | None = None
        self._shown_at: int | None = None
        self._last_view = 0
        self.state: TableState | None = None
        self.problem = "waiting for the table"
        self.confidence = 0.0
        self.hand_running = False
        """Whether an action of ours may still be asked for in the hand; what was last known of it while blind."""

    @property
    def sight(self) -> Sight:
        """What may be acted on now."""
        return Sight(self._seen, self.state, self._shown_at)

    @property
    def our_turn(self) -> bool:
        """Whether the newest confident picture shows our turn."""
        return self._shown_at is not None

    def take_in(self, look: Look) -> FinishedHand | None:
        """A new look; the hand that was seen to have ended with it."""
        seen = look.observation
        if seen is None or look.blindness is not None:
            self._seen = self._shown_at = None
            return None
        if look.evaluate:
            self.confidence = seen.confidence
        if not seen.confidence >= self._limit:
            self._seen = None
            return None
        if seen.turn.value != HERO:
            self._shown_at = None
        elif self._shown_at is None:
            self._shown_at = seen.captured_at
        return self._follow(seen) if look.settled else None

    def _follow(self, seen: Observation) -> FinishedHand | None:
        """A confident, settled observation: track the hand."""
        self._seen = seen
        if seen.view_id == self._last_view and self.state is not None:
            return None
        if seen.view_id != self._last_view:
            self._journal.record("observation", {"observation": seen})
        self._last_view = seen.view_id
        tracked = self._tracker.update(seen)
        if tracked.problem and tracked.problem != self.problem and not tracked.waiting:
            self._tally.inconsistent += 1
            self._say("info", f"state refused: {tracked.problem}")
        if tracked.finished is not None:
            self.hand_running = False
        if tracked.state is not None:
            self._came_to(tracked.state, seen)
        self.state, self.problem = tracked.state, tracked.problem
        return tracked.finished

    def _came_to(self, state: TableState, seen: Observation) -> None:
        self.hand_running = _asks_more_of_us(state)
        before = self.state
        if before is not None and before.hero_to_act and state.hero_to_act and _key(before) != _key(state):
            self._shown_at = seen.captured_at  # a turn of ours has followed another without a picture between


def _key(state: TableState) -> tuple[str, int]:
    return state.hand_id, len(state.history)


def _asks_more_of_us(state: TableState) -> bool:
    """Whether an action of ours may still be asked for in this hand."""
    hero = state.seat(state.hero)
    if hero.folded or hero.stack == 0 or not state.live_opponents:
        return False
    return state.to_act is not None or state.street < 3


def result_of(finished: FinishedHand) -> int:
    """The hero's result in chips; without the pay-out in sight everything he put in counts as lost."""
    state, end = finished.state, finished.end_stacks
    hero = state.seat(state.hero)
    return end[state.hero] - hero.start_stack if end is not None else -hero.contributed


def hand_row(finished: FinishedHand) -> HandRow:
    """The journal's row of a finished hand."""
    state = finished.state
    end = finished.end_stacks
    return HandRow(
        hand_id=state.hand_id,
        table_hand_number=int(state.hand_id.rpartition("-")[2]),
        hero=state.hero,
        button=state.button,
        small_blind=state.small_blind,
        big_blind=state.big_blind,
        start_stacks={seat.seat: seat.start_stack for seat in state.seats},
        end_stacks=end,
        hole=state.hole,
        board=state.board,
        shown={},
        history=state.history,
        completed=end is not None and state.certain,
    )
