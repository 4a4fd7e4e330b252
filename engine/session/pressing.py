"""Carries a decision out: from a fresh frame to a verified press, one gesture at a time, never waiting.

Every press follows a fresh frame that still shows the state decided on, the risk limits, the guard's proof and the
committed intent. A press that changed nothing is tried once more, then the safe action, then it is a misfire.
"""

from collections.abc import Callable

from engine.clock import MILLISECOND, SECOND, Clock
from engine.execution.gestures import ControlError, Gesture, as_intent, next_gesture
from engine.game.actions import ActionKind
from engine.game.state import TableState
from engine.ports import Hands, Journal, RiskGuard, TableGuard
from engine.safety.budget import TimeBudgetTracker
from engine.safety.supervisor import Fault
from engine.safety.timings import Timings
from engine.session.follower import Sight
from engine.session.turn import Phase, Settings, Turn, key_of
from engine.words import (
    Cause,
    Counters,
    Decision,
    Mode,
    Observation,
    PressReport,
    Receipt,
    ReceiptStatus,
    Stage,
)

YIELD_FOR = 2 * SECOND
MAXIMUM_REFUSALS = 20

Safe = Callable[[Turn, str], Decision]


class Pressing:
    """Carries out one turn after another. ``safe`` gives the safe decision of a turn, with its reason.

    ``problem`` says for people what stands in the way, ``rests_until`` how long a person is left the pointer.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        settings: Settings,
        risk: RiskGuard,
        guard: TableGuard,
        journal: Journal,
        budget: TimeBudgetTracker,
        timings: Timings,
        tally: Counters,
        safe: Safe,
    ) -> None:
        self._clock = clock
        self._settings = settings
        self._risk = risk
        self._guard = guard
        self._journal = journal
        self._budget = budget
        self._timings = timings
        self._tally = tally
        self._safe = safe
        self._next_intent = 1
        self._hands: Hands | None = None
        self.problem = ""
        self.rests_until = 0
        self.last_receipt: Receipt | None = None

    def connect(self, hands: Hands | None) -> None:
        """Take the actuator that was started at arming, or let it go."""
        self._hands = hands

    def advance(self, turn: Turn, sight: Sight, mode: Mode) -> Fault | None:
        """One step of a turn that is decided."""
        match turn.phase:
            case Phase.PRESS:
                return self._press(turn, sight, mode)
            case Phase.REPORT:
                return self._report(turn)
            case Phase.VERIFY:
                return self._verify(turn, sight)
            case _:
                return None

    def check_history(self, turn: Turn, state: TableState) -> Fault | None:
        """Whether the action that was pressed is the one that the table shows; the turn is over when it is."""
        assert turn.decision is not None
        done = len(turn.state.history)
        if state.hand_id != turn.state.hand_id or len(state.history) <= done:
            return None
        made = state.history[done]
        if made.seat != state.hero or made.action != turn.decision.action:
            return Fault(Cause.MISFIRE, f"the table shows {made.action}", f"{turn.decision.action}")
        self._verified(turn, f"the table shows {made.action}")
        turn.phase = Phase.OVER
        return None

    # pressing

    def _press(self, turn: Turn, sight: Sight, mode: Mode) -> Fault | None:
        assert turn.decision is not None
        assert turn.state.legal is not None
        if mode is Mode.SAFE and turn.decision.action.kind not in (ActionKind.CHECK, ActionKind.FOLD):
            turn.decision = self._safe(turn, "safe mode since the decision plays no other")
        seen = sight.seen
        if self._hands is None or seen is None or not _is_fresh(turn, seen, sight.state):
            return None
        try:
            gesture = next_gesture(turn.decision.action, turn.state.legal, seen)
        except ControlError as error:
            return self._fall_back(turn, str(error))
        if fault := self._forbidden(turn, turn.decision, seen):
            return fault
        return self._send(self._hands, turn, gesture, seen)

    def _forbidden(self, turn: Turn, decision: Decision, seen: Observation) -> Fault | None:
        """What the limits and the guard say to this very press."""
        risk = self._risk.check(turn.state, decision.action)
        if not risk.allowed:
            return Fault(Cause.RISK_LIMIT, risk.measured or risk.reason, risk.limit)
        local = self._guard.check(seen.window)
        return None if local.allowed else Fault(Cause.TABLE_GUARD, local.reason, "a table proved local")

    def _send(self, hands: Hands, turn: Turn, gesture: Gesture, seen: Observation) -> Fault | None:
        intent = as_intent(gesture, self._next_intent, turn.state, seen)
        self._next_intent += 1
        row = {"intent": intent, "observation": seen, "state": turn.state, "decision": turn.decision}
        if not self._journal.commit("intent", row, self._settings.commit):
            limit = f"{self._settings.commit // MILLISECOND} ms"
            return Fault(Cause.JOURNAL, unwritten("the intent", self._journal), limit)
        turn.gesture, turn.intent, turn.phase = gesture, intent, Phase.REPORT
        turn.sent_at = self._clock.now()
        self._tally.intents += 1
        hands.press(intent)
        return None

    def _report(self, turn: Turn) -> Fault | None:
        assert self._hands is not None
        for report in self._hands.reports():
            self._journal.record("press", {"report": report})
            if turn.intent is not None and report.intent_id == turn.intent.intent_id:
                return self._reported(turn, report)
        if self._clock.now() - turn.sent_at > self._settings.answer:
            silent = f"no answer in {self._settings.answer / SECOND:.0f} s"
            return Fault(Cause.ACTUATOR_LOST, silent, "an actuator that answers")
        return None

    def _reported(self, turn: Turn, report: PressReport) -> Fault | None:
        match report.status:
            case ReceiptStatus.PRESSED:
                self._pressed(turn, report)
                return None
            case ReceiptStatus.YIELDED:
                self.problem = f"a person has the pointer: {report.reason}"
                self.rests_until = self._clock.now() + YIELD_FOR
                turn.phase = Phase.OVER
                return None
            case ReceiptStatus.REFUSED:
                return self._refused(turn, report)
            case ReceiptStatus.LOST:
                return Fault(Cause.ACTUATOR_LOST, report.reason, "an actuator that answers")

    def _pressed(self, turn: Turn, report: PressReport) -> None:
        turn.phase, turn.pressed_at = Phase.VERIFY, report.ended_at
        turn.attempts += 1
        self._tally.presses += 1
        self._timings.add("act", report.ended_at - turn.ready_at)
        self._budget.finish(Stage.EXECUTION, report.pressed_at)

    def _refused(self, turn: Turn, report: PressReport) -> Fault | None:
        """The actuator pressed nothing. A permit that had just expired is renewed by the next good frame."""
        self.problem = f"the actuator refused: {report.reason}"
        turn.refusals += 1
        turn.ready_at = self._clock.now()
        turn.phase = Phase.PRESS
        if turn.refusals > MAXIMUM_REFUSALS:
            return Fault(Cause.MISFIRE, f"{turn.refusals} refusals, the last: {report.reason}", str(MAXIMUM_REFUSALS))
        return None

    # verifying

    def _verify(self, turn: Turn, sight: Sight) -> Fault | None:
        fault = self._look_for_effect(turn, sight)
        if fault is not None or turn.phase is not Phase.VERIFY:
            return fault
        if self._clock.now() - turn.pressed_at > self._settings.verify:
            return self._nothing_changed(turn, sight)
        return None

    def _look_for_effect(self, turn: Turn, sight: Sight) -> Fault | None:
        assert turn.gesture is not None
        seen = sight.seen
        if seen is None or seen.captured_at <= turn.pressed_at:
            return None
        if not turn.gesture.final:
            self._check_amount(turn, seen)
            return None
        return self.check_history(turn, sight.state) if sight.state is not None else None

    def _check_amount(self, turn: Turn, seen: Observation) -> None:
        assert turn.gesture is not None
        field = seen.control("amount")
        if field is not None and field.amount.value == int(turn.gesture.text):
            self._verified(turn, f"the amount field reads {turn.gesture.text}")
            turn.phase, turn.attempts = Phase.PRESS, 0
            turn.ready_at = turn.pressed_at

    def _verified(self, turn: Turn, detail: str) -> None:
        self._receipt(turn, True, detail)
        self._timings.add("verify", self._clock.now() - turn.pressed_at)
        self.problem = ""

    def _receipt(self, turn: Turn, verified: bool, detail: str) -> None:
        assert turn.intent is not None
        took = self._clock.now() - turn.pressed_at
        self.last_receipt = Receipt(turn.intent.intent_id, verified, detail, took)
        self._journal.record("receipt", {"receipt": self.last_receipt})

    def _nothing_changed(self, turn: Turn, sight: Sight) -> Fault | None:
        """No effect in time: one more try while the screen still shows our turn, then the safe action."""
        self._receipt(turn, False, "nothing changed")
        state = sight.state
        if sight.seen is None or state is None or key_of(state) != turn.key or not state.hero_to_act:
            return Fault(Cause.MISFIRE, "the effect of a press could not be seen", "a verified action")
        if turn.attempts <= self._settings.retries:
            self._tally.retries += 1
            turn.phase, turn.ready_at = Phase.PRESS, self._clock.now()
            return None
        return self._fall_back(turn, "a press changed nothing")

    def _fall_back(self, turn: Turn, why: str) -> Fault | None:
        assert turn.decision is not None
        if turn.decision.source == "safe":
            return Fault(Cause.MISFIRE, f"{why}, and so did the safe action", f"{self._settings.retries} retry")
        self.problem = why
        self._tally.fallbacks += 1
        turn.decision = self._safe(turn, why)
        turn.phase, turn.attempts, turn.ready_at = Phase.PRESS, 0, self._clock.now()
        return None


def _is_fresh(turn: Turn, seen: Observation, state: TableState | None) -> bool:
    """Whether a frame captured after the decision still shows the state decided on."""
    if state is None or seen.captured_at <= turn.ready_at:
        return False
    return key_of(state) == turn.key and state.hero_to_act and state.seats == turn.state.seats


def unwritten(what: str, journal: Journal) -> str:
    """That something is not on the disk, with the reason where the journal knows it."""
    return f"{what} was not on disk in time{f' ({journal.problem})' if journal.problem else ''}"
