"""Deliberation: asks solver and advisers side by side about one state, and has a decision in time whatever they do.

Nothing here waits. The engine polls at each step; the solver that reaches its deadline is asked for its best answer
so far, and after a short grace it is given up: the last answer that it streamed, a stored answer for exactly this
spot, or the safe action. Without the
solver the advisers are not heard: nobody plays on advice alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from engine.clock import MILLISECOND, Clock
from engine.game.actions import ActionKind
from engine.game.state import TableState
from engine.ports import Advisers, Solver, Strategist
from engine.safety.budget import TimeBudgetTracker
from engine.strategy.safe_action import safe_decision
from engine.words import Decision, Degradation, Mode, Opinion, Solution, SolverError, Stage

GRACE = 100 * MILLISECOND
"""What a solver has to hand over its best answer so far once it was asked for it."""
RECONNECT_SHARE = 0.5
"""The part of its time within which a solver that failed is asked anew, at each step; after that it is given up."""
LEAN_FACTOR = 0.5
"""The part of their time that solver and advisers have while resources are short."""

PASSIVE = frozenset({ActionKind.CHECK, ActionKind.FOLD})


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be played without the solver, and in safe mode.

    ``stored``: whether a stored answer may stand in for the solver's. ``safe_mode`` is "check-fold", "gto-only" or
    "cache-only": in safe mode nothing but check and fold is ever pressed, so the last two only let the solver, or a
    stored answer, say which of them; where its frequencies hold neither, the safe action is taken.
    """

    stored: bool = True
    safe_mode: str = "check-fold"


@dataclass(frozen=True, slots=True)
class Thought:
    """What deliberating came to: the decision, and the solution it was made of when there was one."""

    decision: Decision
    solution: Solution | None


@dataclass(slots=True)
class _Question:
    """One state under deliberation. ``asked``: the solver has the request; ``late``: it was told to hurry."""

    state: TableState
    seed: int
    mode: Mode
    began: int
    asked: bool = False
    late: bool = False
    why: str = ""
    notes: list[str] = field(default_factory=list)
    given_up: bool = False
    solution: Solution | None = None
    opinions: Sequence[Opinion] | None = None


class Deliberation:
    """One question at a time; a new one abandons the old. Runs in the engine thread alone."""

    def __init__(
        self,
        *,
        clock: Clock,
        solver: Solver,
        advisers: Advisers,
        strategist: Strategist,
        budget: TimeBudgetTracker,
        policy: Policy = Policy(),
    ) -> None:
        self._clock = clock
        self._solver = solver
        self._advisers = advisers
        self._strategist = strategist
        self._budget = budget
        self._policy = policy
        self._question: _Question | None = None

    @property
    def budget(self) -> TimeBudgetTracker:
        """The time of the decision under way."""
        return self._budget

    def begin(self, state: TableState, seed: int, *, at: int, mode: Mode, degraded: frozenset[Degradation]) -> None:
        """Start on a state in which the hero is to act; ``at`` is the capture that first showed it to be so."""
        self.abandon()
        self._budget.shrink(LEAN_FACTOR if Degradation.LEAN in degraded else 1.0)
        self._budget.begin(at)
        self._budget.finish(Stage.PERCEPTION)
        self._question = question = _Question(state, seed, mode, self._clock.now())
        self._settle_without_solver(question, degraded)
        if question.solution is None and not question.given_up:
            self._budget.start(Stage.SOLVER)
            self._ask(question)
        if question.given_up or not self._advised(question, degraded):
            question.opinions = ()
        else:
            self._consult(question)

    def poll(self, mode: Mode, degraded: frozenset[Degradation]) -> Thought | None:
        """The decision once it is there, within the budget; None until then, and when nothing was asked.

        A change to safe mode meanwhile counts at once. Raises what the solver or the strategist raises.
        """
        question = self._question
        if question is None:
            return None
        if mode is Mode.SAFE and question.mode is not Mode.SAFE:
            question.mode = mode
            self._settle_safe_mode(question)
        if question.solution is None and not question.given_up:
            self._hear_solver(question)
        if question.given_up:
            return self._concluded(question, self._safe(question, question.why))
        if question.opinions is None:
            self._hear_advisers(question, degraded)
        if question.solution is None or question.opinions is None:
            return None
        return self._concluded(question, self._synthesise(question, question.solution, question.opinions))

    def abandon(self) -> None:
        """Forget the question under way: its answers are dropped when they come."""
        question, self._question = self._question, None
        if question is None:
            return
        self._stop_asking(question)

    # the solver

    def _settle_without_solver(self, question: _Question, degraded: frozenset[Degradation]) -> None:
        """Whatever is decided before the solver is asked: stored answers where they come first, or alone."""
        if question.mode is Mode.SAFE and self._policy.safe_mode != "gto-only":
            self._settle_safe_mode(question)
        elif Degradation.CACHE_ONLY in degraded:
            self._stored_or_give_up(question, "the solver is lost and no stored answer fits")
        elif self._budget.left_out(Stage.SOLVER):
            self._stored_or_give_up(question, "seeing the table took the solver's time")
        elif Degradation.LEAN in degraded and self._policy.stored:
            question.solution = self._solver.stored(question.state)

    def _settle_safe_mode(self, question: _Question) -> None:
        """What safe mode decides without the solver; with "gto-only" nothing: only its answer is cut down later."""
        if self._policy.safe_mode == "check-fold":
            self._give_up(question, "safe mode plays check or fold only")
        elif self._policy.safe_mode == "cache-only" and question.solution is None:
            self._stored_or_give_up(question, "safe mode plays stored answers, and none fits")

    def _ask(self, question: _Question) -> None:
        """Ask the solver for as long as it has; one that cannot be asked now is asked again at the next step."""
        try:
            self._solver.begin(question.state, self._budget.remaining(Stage.SOLVER), question.seed)
        except SolverError as error:
            self._failed(question, error)
        else:
            question.asked = True

    def _hear_solver(self, question: _Question) -> None:
        if not question.asked:
            self._ask_again(question)
            return
        try:
            solution = self._solver.answer()
        except SolverError as error:
            self._failed(question, error)
            return
        if solution is not None:
            question.solution = solution
            self._budget.finish(Stage.SOLVER)
        else:
            self._press_for_answer(question)

    def _failed(self, question: _Question, error: SolverError) -> None:
        """The request is lost. The advisers lend their time, since the answer begins anew."""
        if not question.why:
            question.notes.append(f"the solver was asked anew: {error}")
        question.asked, question.late, question.why = False, False, str(error)
        self._budget.extend()

    def _ask_again(self, question: _Question) -> None:
        end = self._budget.deadline(Stage.SOLVER)
        if self._clock.now() < question.began + round((end - question.began) * RECONNECT_SHARE):
            self._ask(question)
        else:
            self._budget.drop(Stage.SOLVER)
            self._stored_or_give_up(question, f"the solver gave no answer: {question.why}")

    def _press_for_answer(self, question: _Question) -> None:
        late_by = self._clock.now() - self._budget.deadline(Stage.SOLVER)
        if late_by >= 0 and not question.late:
            question.late = True
            question.notes.append("the solver was asked for its best answer so far")
            self._solver.hurry()
        elif late_by >= GRACE:
            streamed = self._solver.so_far()
            self._solver.abandon()
            question.asked = False
            self._budget.finish(Stage.SOLVER)
            if streamed is None:
                self._stored_or_give_up(question, "the solver had no answer inside its time")
            else:
                question.solution = streamed
                question.notes.append("the last answer that the solver streamed was taken")

    def _stored_or_give_up(self, question: _Question, why: str) -> None:
        stored = self._solver.stored(question.state) if self._policy.stored else None
        if stored is None:
            self._give_up(question, why)
        else:
            question.solution = stored

    def _give_up(self, question: _Question, why: str) -> None:
        question.given_up, question.why = True, why

    # the advisers

    def _advised(self, question: _Question, degraded: frozenset[Degradation]) -> bool:
        return (
            question.mode is not Mode.SAFE
            and Degradation.GTO_ONLY not in degraded
            and not self._budget.left_out(Stage.ADVISERS)
        )

    def _consult(self, question: _Question) -> None:
        self._budget.start(Stage.ADVISERS)
        try:
            self._advisers.begin(question.state, self._budget.remaining(Stage.ADVISERS), question.seed)
        except Exception as error:  # whatever the advisers do, the solver's answer is played
            self._without_advisers(question, f"the advisers failed: {type(error).__name__}: {error}")

    def _hear_advisers(self, question: _Question, degraded: frozenset[Degradation]) -> None:
        if Degradation.GTO_ONLY in degraded or question.mode is Mode.SAFE:
            self._advisers.abandon()
            self._without_advisers(question, "the advisers were lost meanwhile")
            return
        try:
            question.opinions = self._advisers.opinions()
            if question.opinions is None and self._clock.now() >= self._budget.deadline(Stage.ADVISERS):
                question.opinions = self._advisers.hurry()
        except Exception as error:  # as above
            self._without_advisers(question, f"the advisers failed: {type(error).__name__}: {error}")
        if question.opinions is not None:
            self._budget.finish(Stage.ADVISERS)

    def _without_advisers(self, question: _Question, why: str) -> None:
        self._budget.drop(Stage.ADVISERS)
        question.opinions = ()
        question.notes.append(why)

    # the decision

    def _synthesise(self, question: _Question, solution: Solution, opinions: Sequence[Opinion]) -> Decision:
        self._budget.start(Stage.SYNTHESIS)
        if question.mode is Mode.SAFE:
            passive = _passive_only(solution)
            if passive is None:
                return self._safe(question, "safe mode plays check or fold only, and the solution holds neither")
            solution = passive
        decision = self._strategist.decide(question.state, solution, opinions, question.seed)
        if question.state.legal is not None:
            question.state.legal.check(decision.action)
        return replace(decision, reasons=(*decision.reasons, *question.notes))

    def _safe(self, question: _Question, why: str) -> Decision:
        self._budget.start(Stage.SYNTHESIS)
        return safe_decision(question.state, question.seed, why)

    def _concluded(self, question: _Question, decision: Decision) -> Thought:
        self._question = None
        self._stop_asking(question)
        return Thought(replace(decision, timings_ns=self._budget.taken()), question.solution)

    def _stop_asking(self, question: _Question) -> None:
        """Whoever was asked and has not answered is told to forget it."""
        if question.asked and question.solution is None:
            self._solver.abandon()
            self._budget.drop(Stage.SOLVER)
        if question.opinions is None:
            self._advisers.abandon()
            self._budget.drop(Stage.ADVISERS)


def _passive_only(solution: Solution) -> Solution | None:
    """The solution with checks and folds alone, their frequencies scaled to 1; None when it plays neither."""
    passive = [value for value in solution.actions if value.action.kind in PASSIVE]
    total = sum(value.frequency for value in passive)
    if not total > 0:
        return None
    actions = tuple(replace(value, frequency=value.frequency / total) for value in passive)
    return replace(solution, actions=actions)
