"""The hand loop: from a state on our turn to a verified press, one short step at a time, never blocking on thought.

A turn goes decide -> press -> report -> verify. Whatever is unclear makes no press.
"""

from collections.abc import Callable
from dataclasses import replace

from engine.clock import Clock
from engine.execution.gestures import disagreement, offered
from engine.game.state import TableState
from engine.ports import Hands, Journal, RiskGuard, TableGuard
from engine.safety.supervisor import Fault
from engine.safety.timings import Timings
from engine.session.deliberation import Deliberation, Thought
from engine.session.follower import Sight
from engine.session.pressing import Pressing
from engine.session.turn import Phase, Settings, Turn, key_of
from engine.strategy.safe_action import safe_decision
from engine.words import (
    Cause,
    Counters,
    Decision,
    Degradation,
    Mode,
    Receipt,
    SafeActionError,
    Solution,
    Stage,
)

DECIDING = frozenset({Mode.LIVE, Mode.SAFE, Mode.SHADOW})
UNDER_WAY = frozenset({Phase.REPORT, Phase.VERIFY})
"""Phases in which the table may move on because of our own press."""


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
        tally: Counters,
        seed_of: Callable[[TableState], int],
    ) -> None:
        self._clock = clock
        self._deliberation = deliberation
        self._budget = deliberation.budget
        self._risk = risk
        self._journal = journal
        self._timings = timings
        self._tally = tally
        self._seed_of = seed_of
        self._turn: Turn | None = None
        self._free_since = 0
        self._pressing = Pressing(
            clock=clock,
            settings=settings,
            risk=risk,
            guard=guard,
            journal=journal,
            budget=self._budget,
            timings=timings,
            tally=tally,
            safe=self._safe,
        )
        self.last_decision: Decision | None = None
        self.last_solution: Solution | None = None

    @property
    def problem(self) -> str:
        """What stands in the way of the next press, for people; "" when nothing does."""
        return self._pressing.problem

    @property
    def last_receipt(self) -> Receipt | None:
        """What the screen showed after the last press."""
        return self._pressing.last_receipt

    def connect(self, hands: Hands | None) -> None:
        """Take the actuator that was started at arming, or let it go."""
        self._pressing.connect(hands)
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

    def confirm_finished(self, state: TableState) -> Fault | None:
        """A hand ended: an action of ours that its last state shows is verified, or was another for certain."""
        turn = self._turn
        if turn is None or turn.phase is not Phase.VERIFY or state.hand_id != turn.state.hand_id:
            return None
        fault = self._pressing.check_history(turn, state)
        return fault if state.certain else None

    def _consider(self, sight: Sight, mode: Mode, degraded: frozenset[Degradation]) -> None:
        """Begin a turn when it is ours, and drop one that the table has moved past."""
        seen, state = sight.seen, sight.state
        if seen is None or state is None or self._clock.now() < self._pressing.rests_until:
            return
        turn = self._turn
        if turn is not None and turn.key != key_of(state) and turn.phase not in UNDER_WAY:
            self.void()
            turn = None
        if turn is None and state.hero_to_act and state.hole:
            self._begin(sight, state, mode, degraded)

    def _begin(self, sight: Sight, state: TableState, mode: Mode, degraded: frozenset[Degradation]) -> None:
        assert sight.seen is not None
        if state.legal is None:
            raise SafeActionError(f"hand {state.hand_id}: it is our turn, and nothing says what may be done")
        self._pressing.problem = disagreement(state.legal, sight.seen)
        if self._pressing.problem:
            return
        playable = replace(state, legal=offered(state.legal, sight.seen))
        self._turn = turn = Turn(playable, Phase.THINK, self._clock.now())
        at = max(self._free_since, sight.seen.captured_at if sight.shown_at is None else sight.shown_at)
        try:
            self._deliberation.begin(playable, self._seed_of(playable), at=at, mode=mode, degraded=degraded)
        except Exception as error:  # whatever the stages raise, the hand is played safely
            turn.problem = f"{type(error).__name__} while deciding: {error}"

    def _advance(self, turn: Turn, sight: Sight, mode: Mode, degraded: frozenset[Degradation]) -> Fault | None:
        if turn.phase is Phase.THINK:
            return self._think(turn, mode, degraded)
        fault = self._pressing.advance(turn, sight, mode)
        self.last_decision = turn.decision
        if turn.phase is Phase.OVER:
            self._turn, self._free_since = None, max(self._free_since, self._pressing.rests_until)
        return fault

    # deciding

    def _think(self, turn: Turn, mode: Mode, degraded: frozenset[Degradation]) -> Fault | None:
        thought = self._thought(turn, mode, degraded)
        if thought is None:
            return None
        if thought.solution is not None:
            self.last_solution = thought.solution
        return self._decided(turn, thought.decision, mode, degraded)

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

    def _decided(self, turn: Turn, decision: Decision, mode: Mode, degraded: frozenset[Degradation]) -> Fault | None:
        now = self._clock.now()
        turn.decision = self.last_decision = decision
        turn.ready_at = now
        self._timings.add("decide", now - turn.began)
        self._tally.decisions += 1
        self._tally.fallbacks += decision.fallback
        row = {"decision": decision, "state": turn.state, "mode": mode, "degraded": tuple(sorted(degraded))}
        self._journal.record("decision", row)
        verdict = self._risk.check(turn.state, decision.action, acting=mode is not Mode.SHADOW)
        self._budget.finish(Stage.SYNTHESIS)
        if not verdict.allowed:
            return Fault(Cause.RISK_LIMIT, verdict.measured or verdict.reason, verdict.limit)
        turn.phase = Phase.DONE if mode is Mode.SHADOW else Phase.PRESS
        if turn.phase is Phase.PRESS:
            self._budget.start(Stage.EXECUTION)
        return None
