"""The hand loop: from a state on our turn to a verified press, one short step at a time, never blocking on thought.

A turn goes decide -> press -> report -> verify. Every press follows a fresh frame that still shows the state decided
on, the guard's proof and the committed intent. A press that changed nothing is tried once more, then the safe action,
then it is a misfire. Whatever is unclear makes no press.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto

from engine.clock import MILLISECOND, SECOND, Clock
from engine.execution.gestures import ControlError, Gesture, as_intent, disagreement, next_gesture, offered
from engine.game.actions import ActionKind
from engine.game.state import TableState
from engine.ports import Hands, Journal, RiskGuard, TableGuard
from engine.safety.supervisor import Fault
from engine.safety.timings import Timings
from engine.session.deliberation import Deliberation, Thought
from engine.session.follower import Sight
from engine.session.tally import Tally
from engine.strategy.safe_action import safe_decision
from engine.words import (
    Cause,
    Decision,
    Degradation,
    Intent,
    Mode,
    Observation,
    PressReport,
    Receipt,
    ReceiptStatus,
    SafeActionError,
    Solution,
    Stage,
)

DECIDING = frozenset({Mode.LIVE, Mode.SAFE, Mode.SHADOW})
YIELD_FOR = 2 * SECOND
MAXIMUM_REFUSALS = 20


class Phase(Enum):
    THINK = auto()
    PRESS = auto()
    REPORT = auto()
    VERIFY = auto()
    DONE = auto()


@dataclass(frozen=True, slots=True)
class Settings:
    """Limits of a turn, in nanoseconds; ``retries`` counts repeats of a press that changed nothing.

    ``answer`` is how long the actuator may be silent about one intent.
    """

    verify: int = 1500 * MILLISECOND
    commit: int = 250 * MILLISECOND
    answer: int = 5 * SECOND
    retries: int = 1


@dataclass(slots=True)
class Turn:
    """One decision of ours under way."""

    state: TableState
    phase: Phase
    began: int
    decision: Decision | None = None
    solution: Solution | None = None
    problem: str = ""
    ready_at: int = 0
    gesture: Gesture | None = None
    intent: Intent | None = None
    sent_at: int = 0
    pressed_at: int = 0
    attempts: int = 0
    refusals: int = 0

    @property
    def key(self) -> tuple[str, int]:
        return self.state.hand_id, len(self.state.history)


class HandLoop:
    """Drives one turn after another. ``seed_of`` gives the seed of a state's decision."""

    def __init__(
        self,
        *,
        clock: Clock,
        settings: Settings,
        deliberation: Deliberation,
        risk: RiskGuard,
        guard: TableGuard,
        journal: Journal,
        timings: Timings,
        tally: Tally,
        seed_of: Callable[[TableState], int],
    ) -> None:
        self._clock = clock
        self._settings = settings
        self._deliberation = deliberation
        self._budget = deliberation.budget
        self._risk = risk
        self._guard = guard
        self._journal = journal
        self._timings = timings
        self._tally = tally
        self._seed_of = seed_of
        self._turn: Turn | None = None
        self._yield_until = 0
        self._free_since = 0
        self._next_intent = 1
        self._hands: Hands | None = None
        self.problem = ""
        self.last_decision: Decision | None = None
        self.last_solution: Solution | None = None
        self.last_receipt: Receipt | None = None

    def connect(self, hands: Hands | None) -> None:
        """Take the actuator that was started at arming, or let it go."""
        self._hands = hands
        self.void()

    def void(self) -> None:
        """Forget the turn under way: no intent of before may be carried out after."""
        self._turn = None
        self._free_since = self._clock.now()
        self._deliberation.abandon()

    def step(self, sight: Sight, mode: Mode, degraded: frozenset[Degradation] = frozenset()) -> Fault | None:
        """One step with what is in sight now, in the present mode and degradations."""
        if mode not in DECIDING:
            self.void()
            return None
        try:
            self._consider(sight, mode, degraded)
            fault = None if self._turn is None else self._advance(self._turn, sight, mode, degraded)
        except SafeActionError as error:
            return Fault(Cause.SAFE_FAILED, str(error), "a safe action")
        if fault is not None and fault.cause is Cause.MISFIRE and mode is Mode.SAFE:
            return replace(fault, cause=Cause.SAFE_FAILED)  # there is nothing safer to fall back to
        return fault

    def confirm_finished(self, state: TableState) -> None:
        """A hand ended: an action of ours that its last state shows is verified."""
        turn = self._turn
        if turn is not None and turn.phase is Phase.VERIFY and state.hand_id == turn.state.hand_id:
            self._check_history(turn, state)

    def _consider(self, sight: Sight, mode: Mode, degraded: frozenset[Degradation]) -> None:
        """Begin a turn when it is ours, and drop one that the table has moved past."""
        seen, state = sight.seen, sight.state
        if seen is None or state is None or self._clock.now() < self._yield_until:
            return
        key = (state.hand_id, len(state.history))
        turn = self._turn
        if turn is not None and turn.key != key and turn.phase not in (Phase.REPORT, Phase.VERIFY):
            self.void()
            turn = None
        if turn is None and state.hero_to_act and state.hole:
            self._begin(seen, state, mode, degraded, sight.shown_at)

    def _begin(
        self,
        seen: Observation,
        state: TableState,
        mode: Mode,
        degraded: frozenset[Degradation],
        shown_at: int | None,
    ) -> None:
        assert state.legal is not None
        self.problem = disagreement(state.legal, seen)
        if self.problem:
            return
        playable = replace(state, legal=offered(state.legal, seen))
        self._turn = turn = Turn(playable, Phase.THINK, self._clock.now())
        at = max(self._free_since, seen.captured_at if shown_at is None else shown_at)
        try:
            self._deliberation.begin(playable, self._seed_of(playable), at=at, mode=mode, degraded=degraded)
        except Exception as error:  # whatever the stages raise, the hand is played safely
            turn.problem = f"{type(error).__name__} while deciding: {error}"

    def _advance(self, turn: Turn, sight: Sight, mode: Mode, degraded: frozenset[Degradation]) -> Fault | None:
        seen, state = sight.seen, sight.state
        match turn.phase:
            case Phase.THINK:
                return self._think(turn, mode, degraded)
            case Phase.PRESS:
                return self._press(turn, seen, state, mode)
            case Phase.REPORT:
                return self._report(turn)
            case Phase.VERIFY:
                return self._verify(turn, seen, state)
            case Phase.DONE:
                return None

    # deciding

    def _think(self, turn: Turn, mode: Mode, degraded: frozenset[Degradation]) -> Fault | None:
        thought = self._thought(turn, mode, degraded)
        if thought is None:
            return None
        if thought.solution is not None:
            turn.solution = self.last_solution = thought.solution
        return self._decided(turn, thought.decision, mode)

    def _thought(self, turn: Turn, mode: Mode, degraded: frozenset[Degradation]) -> Thought | None:
        if not turn.problem:
            try:
                return self._deliberation.poll(mode, degraded)
            except SafeActionError:
                raise
            except Exception as error:  # whatever the stages raise, the hand is played safely
                turn.problem = f"{type(error).__name__} while deciding: {error}"
        self._deliberation.abandon()
        return Thought(self._safe(turn, turn.problem), None)

    def _safe(self, turn: Turn, why: str) -> Decision:
        return safe_decision(turn.state, self._seed_of(turn.state), why)

    def _decided(self, turn: Turn, decision: Decision, mode: Mode) -> Fault | None:
        now = self._clock.now()
        turn.decision = self.last_decision = decision
        turn.ready_at = now
        self._timings.add("decide", now - turn.began)
        self._tally.decisions += 1
        self._tally.fallbacks += decision.fallback
        self._journal.record("decision", {"decision": decision, "state": turn.state, "mode": mode})
        verdict = self._risk.check(turn.state, decision.action)
        self._budget.finish(Stage.SYNTHESIS)
        if not verdict.allowed:
            return Fault(Cause.RISK_LIMIT, verdict.measured or verdict.reason, verdict.limit)
        turn.phase = Phase.DONE if mode is Mode.SHADOW else Phase.PRESS
        if turn.phase is Phase.PRESS:
            self._budget.start(Stage.EXECUTION)
        return None

    # pressing

    def _press(self, turn: Turn, seen: Observation | None, state: TableState | None, mode: Mode) -> Fault | None:
        assert turn.decision is not None
        assert turn.state.legal is not None
        if mode is Mode.SAFE and turn.decision.action.kind not in (ActionKind.CHECK, ActionKind.FOLD):
            turn.decision = self.last_decision = self._safe(turn, "safe mode since the decision plays no other")
        if self._hands is None or not self._is_fresh(turn, seen, state):
            return None
        assert seen is not None
        try:
            gesture = next_gesture(turn.decision.action, turn.state.legal, seen)
        except ControlError as error:
            return self._fall_back(turn, str(error))
        verdict = self._guard.check(seen.window)
        if not verdict.allowed:
            return Fault(Cause.TABLE_GUARD, verdict.reason, "a table proved local")
        return self._send(turn, gesture, seen)

    @staticmethod
    def _is_fresh(turn: Turn, seen: Observation | None, state: TableState | None) -> bool:
        """Whether a frame captured after the decision still shows the state decided on."""
        if seen is None or state is None or seen.captured_at <= turn.ready_at:
            return False
        return (state.hand_id, len(state.history)) == turn.key and state.hero_to_act and state.seats == turn.state.seats

    def _send(self, turn: Turn, gesture: Gesture, seen: Observation) -> Fault | None:
        assert self._hands is not None
        intent = as_intent(gesture, self._next_intent, turn.state, seen)
        self._next_intent += 1
        row = {"intent": intent, "observation": seen, "state": turn.state, "decision": turn.decision}
        if not self._journal.commit("intent", row, self._settings.commit):
            limit = f"{self._settings.commit // MILLISECOND} ms"
            return Fault(Cause.JOURNAL, "the intent was not on disk in time", limit)
        turn.gesture, turn.intent, turn.phase = gesture, intent, Phase.REPORT
        turn.sent_at = self._clock.now()
        self._tally.intents += 1
        self._hands.press(intent)
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
                self._yield_until = self._clock.now() + YIELD_FOR
                self.void()
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

    def _verify(self, turn: Turn, seen: Observation | None, state: TableState | None) -> Fault | None:
        fault = self._look_for_effect(turn, seen, state)
        if fault is not None or turn.phase is not Phase.VERIFY:
            return fault
        if self._clock.now() - turn.pressed_at > self._settings.verify:
            return self._nothing_changed(turn, seen, state)
        return None

    def _look_for_effect(self, turn: Turn, seen: Observation | None, state: TableState | None) -> Fault | None:
        assert turn.gesture is not None
        if seen is None or seen.captured_at <= turn.pressed_at:
            return None
        if not turn.gesture.final:
            self._check_amount(turn, seen)
            return None
        return self._check_history(turn, state) if state is not None else None

    def _check_amount(self, turn: Turn, seen: Observation) -> None:
        assert turn.gesture is not None
        field = seen.control("amount")
        if field is not None and field.amount.value == int(turn.gesture.text):
            self._verified(turn, f"the amount field reads {turn.gesture.text}")
            turn.phase, turn.attempts = Phase.PRESS, 0
            turn.ready_at = turn.pressed_at

    def _check_history(self, turn: Turn, state: TableState) -> Fault | None:
        assert turn.decision is not None
        done = len(turn.state.history)
        if state.hand_id != turn.state.hand_id or len(state.history) <= done:
            return None
        made = state.history[done]
        if made.seat != state.hero or made.action != turn.decision.action:
            return Fault(Cause.MISFIRE, f"the table shows {made.action}", f"{turn.decision.action}")
        self._verified(turn, f"the table shows {made.action}")
        self._turn = None
        return None

    def _verified(self, turn: Turn, detail: str) -> None:
        self._receipt(turn, True, detail)
        self._timings.add("verify", self._clock.now() - turn.pressed_at)
        self.problem = ""

    def _receipt(self, turn: Turn, verified: bool, detail: str) -> None:
        assert turn.intent is not None
        took = self._clock.now() - turn.pressed_at
        self.last_receipt = Receipt(turn.intent.intent_id, verified, detail, took)
        self._journal.record("receipt", {"receipt": self.last_receipt})

    def _nothing_changed(self, turn: Turn, seen: Observation | None, state: TableState | None) -> Fault | None:
        """No effect in time: one more try while the screen still shows our turn, then the safe action."""
        self._receipt(turn, False, "nothing changed")
        if seen is None or state is None or (state.hand_id, len(state.history)) != turn.key or not state.hero_to_act:
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
        turn.decision = self.last_decision = self._safe(turn, why)
        turn.phase, turn.attempts, turn.ready_at = Phase.PRESS, 0, self._clock.now()
        return None
