"""What must hold whatever happens: safety, checked at every step and every press, from what the world itself knows.

Nothing here asks the engine whether it may: the leave to press is counted from the operator's acts, the eyes' last
frame and the rows that the journal took.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.clock import MILLISECOND
from engine.drills.simulation.hands import PressRecord
from engine.permit.words import PermitMode
from engine.safety.latch import LatchState
from engine.safety.supervisor import ARMED, Transition
from engine.words import Cause, Mode

if TYPE_CHECKING:
    from engine.drills.simulation.world import World

SIGHT_LIMIT = 225 * MILLISECOND
BEAT_LIMIT = 250 * MILLISECOND
WATCH_LIMIT = 500 * MILLISECOND
TABLE_MOVED = 300 * MILLISECOND
"""A table that moved on by itself so shortly before a press cannot have been seen to do so."""
MISREAD = 3_000 * MILLISECOND
PAGE_EVERY = 8
"""The page's mode is looked at after every change, at every press, and every so many steps."""
ACTING = frozenset({Mode.LIVE, Mode.SAFE})
PASSIVE = frozenset({"check", "fold"})
RANK = {Mode.STOPPED: 0, Mode.STANDBY: 0, Mode.SHADOW: 0, Mode.HOLD: 1, Mode.SAFE: 2, Mode.LIVE: 3}
UP = {
    (Mode.STANDBY, Mode.LIVE): frozenset({Cause.ARM}),
    (Mode.SHADOW, Mode.LIVE): frozenset({Cause.ARM}),
    (Mode.HOLD, Mode.LIVE): frozenset({Cause.EYES_BACK}),
    (Mode.HOLD, Mode.SAFE): frozenset({Cause.EYES_BACK}),
    (Mode.SAFE, Mode.LIVE): frozenset({Cause.SOLVER_BACK}),
}


class Safety:
    """Watches one world; every breach becomes a line of ``world.violations``."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._leave = False
        self._used: set[tuple[str, int]] = set()
        self._result = 0
        self._bookings: list[int | None] = []
        """Results of the hands booked in this step; None for one whose end was not seen."""
        self._session = ""
        self._misread_at, self._misread_hand = -MISREAD, -1
        self._armed_at_crash = False
        self._shown: Mode | None = None

    # what the world tells

    def revoked(self) -> None:
        """A stop word was set, or an arming failed."""
        self._leave = False

    def crashed(self) -> None:
        """The program was killed; whether it may come back as anything but stopped."""
        self._armed_at_crash = self._world.session.mode in ARMED

    def started(self) -> None:
        """The program runs again."""
        world = self._world
        if self._armed_at_crash:
            self._demand(world.session.mode is Mode.STOPPED, "it was killed while armed and did not start stopped")
        self._demand(world.session.mode in (Mode.STOPPED, Mode.STANDBY), f"it started in {world.session.mode}")
        self._leave = self._armed_at_crash = False
        self._result, self._bookings = world.risk.state.session_result, []
        self._session = world.session_id

    def pressed(self, press: PressRecord) -> None:
        """A press reached the moment of pressing."""
        if not press.made:
            return
        world, intent = self._world, press.intent
        self._demand(press.mode in ACTING, f"pressed {intent.purpose} in {press.mode}")
        if world.up:
            self._demand(world.session.mode is press.mode, f"pressed in {press.mode} while the mode is {world.mode}")
        passive = press.mode is Mode.LIVE or intent.purpose in PASSIVE
        self._demand(passive, f"pressed {intent.purpose} in {press.mode}")
        self._demand(self._leave, f"pressed {intent.purpose} after a stop, before it was armed again")
        self._check_permit(press)
        self._check_intent(press)
        self._check_legal(press)

    def _check_permit(self, press: PressRecord) -> None:
        eyes, now = self._world.eyes, press.at
        self._demand(eyes.good_at > 0, "pressed although the last picture gave no leave")
        self._demand(0 <= now - eyes.good_at <= SIGHT_LIMIT, f"pressed on a picture {now - eyes.good_at} ns old")
        self._demand(press.intent.view_id == eyes.good_view, "pressed on a picture that is no longer there")
        self._demand(now - self._world.beat_at <= BEAT_LIMIT, "pressed while the engine stood still")
        self._demand(now - self._world.watchdog.beat_at <= WATCH_LIMIT, "pressed while no watchdog watched")

    def _check_intent(self, press: PressRecord) -> None:
        key = (self._session, press.intent.intent_id)
        committed = self._world.journal.committed.get(press.intent.intent_id)
        self._demand(committed == press.intent, f"intent {key[1]} was pressed and is not committed as it was pressed")
        self._demand(key not in self._used, f"intent {key[1]} was pressed twice")
        self._used.add(key)

    def _check_legal(self, press: PressRecord) -> None:
        world = self._world
        seen_wrong = press.at - self._misread_at < MISREAD
        if press.fits or seen_wrong or press.at - world.table_moved_at < TABLE_MOVED:
            if press.intent.purpose not in PASSIVE:  # these add no chip to what a misfire may have put in
                self._check_exposure()
            return
        self._demand(False, f"pressed {press.intent.purpose} {press.intent.text}, which the table does not offer")

    def _check_exposure(self) -> None:
        """What the hero has in the hand, by the table's own count."""
        world, hand = self._world, self._world.table.hand
        if hand is None or world.hands.fault or world.eyes.fault:
            return
        put_in = world.table.put_in
        blinds = world.table.options.big_blind
        limit = max(world.config.risk.hand_commitment_limit, blinds)
        self._demand(put_in <= limit, f"{put_in} chips in the hand, the limit is {limit}")

    def noted(self, kind: str, data: Mapping[str, Any], committed: bool) -> None:
        """A row was handed to the journal."""
        if kind == "mode":
            self._changed(data["transition"], committed)
        elif kind == "hand":
            self._book(data["hand"])
        elif kind == "intent":
            seen, limit = data["observation"].confidence, self._world.config.vision.confidence_limit
            self._demand(seen >= limit, f"an intent was made on a picture of confidence {seen}")

    def _changed(self, made: Transition, committed: bool) -> None:
        source, target, cause = made.source, made.target, made.cause
        if RANK[target] > RANK[source] or source is Mode.STOPPED:
            self._demand(committed or source is target, f"{source} to {target} by {cause} was not committed first")
        if source is Mode.STOPPED and target is not Mode.STOPPED:
            allowed = target is Mode.STANDBY and cause is Cause.RESET and "reset" in self._world.operator
            self._demand(allowed, f"{source} to {target} by {cause} without the operator's reset")
        elif RANK[target] > RANK[source]:
            self._demand(cause in UP.get((source, target), ()), f"{source} to {target} by {cause}")
            if cause is Cause.ARM:
                self._armed()
            else:
                self._demand(self._leave, f"{source} to {target} by {cause} after a stop")
        if target in (Mode.STOPPED, Mode.STANDBY):
            self._leave = False
        if cause is Cause.CONFIDENCE:
            bad = self._world.eyes.longest_bad
            self._demand(bad >= self._world.config.vision.bad_frames, f"stopped for {bad} bad frames in a row")

    def _armed(self) -> None:
        """It was armed; bad frames count from here on, and so do those that the engine has yet to take in."""
        self._leave = "arm" in self._world.operator
        self._demand(self._leave, "it was armed by nobody")
        self._demand(not self._world.page.stopped(), "it was armed over a stop word")
        self._world.eyes.count_anew(self._world.program.looks)

    def _book(self, hand: Any) -> None:
        """A hand's row: its chips add up, and the hero's result is the table's own."""
        if hand.end_stacks is None:
            self._bookings.append(None)
            return
        start, end = hand.start_stacks, hand.end_stacks
        booked = end[hand.hero] - start[hand.hero]
        self._bookings.append(booked)
        if self._world.clock.now() - self._misread_at < MISREAD or self._misread_hand == hand.table_hand_number:
            return
        self._demand(sum(start.values()) == sum(end.values()), f"hand {hand.hand_id}: chips do not add up")
        truth = self._world.table.results.get(hand.table_hand_number)
        self._demand(booked == truth, f"hand {hand.hand_id}: booked {booked}, the table paid {truth}")

    # after every step

    def stepped(self) -> None:
        """What holds between two steps."""
        world = self._world
        if world.eyes.misreads:
            self._misread_at, self._misread_hand = world.clock.now(), world.table.hand_number
        if not world.up:
            return
        mode = world.session.mode
        if world.page.stopped():
            self._leave = False
            if mode is not Mode.STOPPED and not world.engine_stands:
                self._demand(False, f"a stop word is set and the mode is {mode}")
        if mode is not self._shown or world.steps % PAGE_EVERY == 0:
            self._shown = mode
            self._check_page(mode)
        self._check_latch(mode)
        self._check_guards(mode)
        self._check_figures()
        if world.engine_stuck_until < world.clock.now():
            bad, world.eyes.longest_bad = world.eyes.longest_bad, world.eyes.bad_in_a_row
            if bad >= world.config.vision.bad_frames and mode in ARMED:
                self._demand(False, f"{bad} bad frames in a row and the mode is {mode}")

    def _check_page(self, mode: Mode) -> None:
        shown = PermitMode(self._world.page.read().mode).name
        self._demand(shown == mode.name, f"the permit page says {shown} while the mode is {mode}")

    def _check_latch(self, mode: Mode) -> None:
        state = self._world.latch.state
        wanted = LatchState.STOPPED if mode is Mode.STOPPED else LatchState.ARMED if mode in ARMED else state
        if state is not wanted:  # spelt out, as elsewhere in here: these lines are run millions of times
            self._demand(False, f"{mode}, and the latch is {state}")

    def _check_guards(self, mode: Mode) -> None:
        """Watchdog and actuator end with what they were started for; the engine may be late, or about to arm."""
        world = self._world
        if mode not in ARMED and world.watchdog.running and not (world.engine_stands or "arm" in world.operator):
            self._demand(False, f"{mode}, and watchdog and actuator have not been ended")

    def _check_figures(self) -> None:
        """The risk figures are the sum of the results that were booked; an engine that stood may book several."""
        counted, bookings = self._world.risk.state.session_result, self._bookings
        if counted == self._result and not bookings:
            return
        self._bookings = []
        added, seen = counted - self._result, sum(booked or 0 for booked in bookings)
        if bookings and None not in bookings:
            self._demand(added == seen, f"the risk guard counts {added} for hands that made {seen}")
        else:
            self._demand(added <= seen, f"the risk guard counts {added} for a hand whose end was not seen")
        self._result = counted

    def _demand(self, holds: bool, breach: str) -> None:
        if not holds:
            self._world.violate(breach)
