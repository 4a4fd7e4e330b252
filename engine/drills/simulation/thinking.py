"""Solver and advisers of the simulation: seeded answers after seeded times, and every way in which they can fail."""

import random
from collections.abc import Sequence

from engine.clock import MILLISECOND, Clock
from engine.drills.simulation.faults import NO_FAULT, Fault, FaultKind
from engine.game.actions import Action, ActionKind, LegalActions
from engine.game.state import TableState
from engine.words import ActionValue, Component, HealthReport, Opinion, Solution, SolverError

START_TIME = 900 * MILLISECOND
BEST_SO_FAR = 30 * MILLISECOND
NOT_A_NUMBER = float("nan")


class SimulatedSolver:
    """Implements ``engine.ports.Solver`` and ``Watched``.

    OFF: the process is gone. STUCK: no answer comes, not even a hurried one. GARBAGE: frequencies that are none.
    WRONG: actions that are not legal. SLOW: an answer takes ``amount`` milliseconds longer, hurried or not.
    """

    def __init__(self, clock: Clock, seed: int) -> None:
        self.fault: Fault = NO_FAULT
        self.play: Action | None = None
        """The action that every answer plays, when it is legal; None for a mix of all that are."""
        self.bold = False
        """Whether every answer plays all the chips where it may."""
        self.progress = 0
        self.answers = 0
        self._clock = clock
        self._chance = random.Random(f"{seed}/solver")
        self._request: tuple[TableState, int] | None = None
        self._ready_at = 0
        self._due = 0

    @property
    def component(self) -> Component:
        return Component.SOLVER

    @property
    def _up(self) -> bool:
        return self.fault.kind is not FaultKind.OFF and self._clock.now() >= self._ready_at

    def report(self) -> HealthReport:
        """A solver that works counts on; a stuck one stands."""
        busy = self._request is not None
        if busy and self.fault.kind is not FaultKind.STUCK:
            self.progress += 1
        alive = self.fault.kind is not FaultKind.OFF
        detail = "" if self._up else ("restarting" if alive else "the process has ended")
        return HealthReport(Component.SOLVER, self._up, self._up, alive, busy, self.progress, detail)

    def restart(self) -> None:
        """A new process; a fault that heals is gone, and so is the request under way."""
        if self.fault.heals:
            self.fault = NO_FAULT
        self._request = None
        self._ready_at = self._clock.now() + START_TIME

    def begin(self, state: TableState, budget_ns: int, seed: int) -> None:
        """Start on a spot. SolverError while the process is gone or starting."""
        if not self._up:
            raise SolverError("the solver process is not there")
        late = self.fault.amount if self.fault.kind is FaultKind.SLOW else 0
        took = self._chance.randrange(40, 350) + late
        self._request = state, seed
        self._due = self._clock.now() + took * MILLISECOND

    def answer(self) -> Solution | None:
        """The answer once its time has come."""
        if self._request is None or self.fault.kind is FaultKind.STUCK or self._clock.now() < self._due:
            return None
        if not self._up:
            self._request = None
            raise SolverError("the solver process has ended")
        (state, seed), self._request = self._request, None
        self.progress += 1
        self.answers += 1
        return self._spoilt(solution(state, seed, "baseline", self._wanted(state)))

    def _wanted(self, state: TableState) -> Action | None:
        legal = state.legal
        if self.bold and legal is not None and legal.can_raise:
            return Action(ActionKind.BET if legal.opening else ActionKind.RAISE, legal.max_to)
        return self.play

    def hurry(self) -> None:
        """The best answer so far, soon; a slow solver takes its time all the same."""
        if self._request is not None and self.fault.kind is not FaultKind.SLOW:
            self._due = min(self._due, self._clock.now() + BEST_SO_FAR)

    def so_far(self) -> Solution | None:
        """Nothing: it answers at once or not at all."""
        return None

    def abandon(self) -> None:
        """Forget the request under way."""
        self._request = None

    def stored(self, state: TableState) -> Solution | None:
        """Every other spot is one that was met before."""
        seed = random.Random(f"{state.hole}{state.board}{state.pot}").getrandbits(30)
        return solution(state, seed, "cache", self._wanted(state)) if seed % 2 else None

    def _spoilt(self, good: Solution) -> Solution:
        if self.fault.kind is FaultKind.GARBAGE:
            values = tuple(ActionValue(value.action, NOT_A_NUMBER, NOT_A_NUMBER) for value in good.actions)
            return Solution("baseline", values if self.fault.amount % 2 else (), 0.5, None, "garbage", 0)
        if self.fault.kind is FaultKind.WRONG:
            wrong = (Action(ActionKind.RAISE, 10**9), Action(ActionKind.CALL, 3), Action(ActionKind.BET, 1))
            values = (ActionValue(wrong[self.fault.amount % 3], 1.0, 0.0),)
            return Solution("baseline", values, 0.5, None, "wrong", 0)
        return good


def solution(state: TableState, seed: int, source: str, play: Action | None = None) -> Solution:
    """A mix of everything legal, the passive most often; the same for the same spot and seed."""
    assert state.legal is not None
    shares = _mix(state.legal, seed)
    if play is not None and _is_legal(state.legal, play):
        shares = {play: 1.0}
    total = sum(shares.values())
    return Solution(
        source, tuple(ActionValue(action, share / total, 0.0) for action, share in shares.items()), 0.5, None, "", 0
    )


def _mix(legal: LegalActions, seed: int) -> dict[Action, float]:
    if legal.can_check:
        shares = {Action(ActionKind.CHECK): 0.6}
    else:
        shares = {Action(ActionKind.FOLD): 0.25, Action(ActionKind.CALL, legal.call_amount): 0.5}
    if legal.can_raise:
        kind = ActionKind.BET if legal.opening else ActionKind.RAISE
        for amount, share in ((legal.min_to, 0.25), (min(legal.max_to, 3 * legal.min_to), 0.1), (legal.max_to, 0.02)):
            shares[Action(kind, amount)] = shares.get(Action(kind, amount), 0.0) + share
    return shares


def _is_legal(legal: LegalActions, action: Action) -> bool:
    try:
        legal.check(action)
    except ValueError:
        return False
    return True


class SimulatedAdvisers:
    """Implements ``engine.ports.Advisers`` and ``Watched``: two agents that lean towards the passive action.

    OFF: nobody can be reached. STUCK: nobody ever answers. GARBAGE: frequencies that are none. WRONG: actions that
    are not legal. SLOW: they answer ``amount`` milliseconds later.
    """

    def __init__(self, clock: Clock, seed: int) -> None:
        self.fault: Fault = NO_FAULT
        self.progress = 0
        self._clock = clock
        self._chance = random.Random(f"{seed}/advisers")
        self._state: TableState | None = None
        self._due = 0
        self._ready_at = 0

    @property
    def component(self) -> Component:
        return Component.ADVISERS

    @property
    def _reachable(self) -> bool:
        return self.fault.kind is not FaultKind.OFF and self._clock.now() >= self._ready_at

    def report(self) -> HealthReport:
        """Advisers that are down are not ready; nothing of theirs has ended."""
        ready = self._reachable and self.fault.kind not in (FaultKind.STUCK, FaultKind.GARBAGE)
        return HealthReport(Component.ADVISERS, True, ready, True, False, self.progress, "" if ready else "no answers")

    def restart(self) -> None:
        """A new connection."""
        if self.fault.heals:
            self.fault = NO_FAULT
        self._state = None
        self._ready_at = self._clock.now() + START_TIME

    def begin(self, state: TableState, budget_ns: int, seed: int) -> None:
        """Ask them; OFF raises ConnectionError, which whoever asks has to survive."""
        if not self._reachable:
            raise ConnectionError("no adviser can be reached")
        late = self.fault.amount if self.fault.kind is FaultKind.SLOW else 0
        self._state = state
        self._due = self._clock.now() + (self._chance.randrange(30, 250) + late) * MILLISECOND

    def opinions(self) -> Sequence[Opinion] | None:
        """Their opinions once their time has come."""
        if self._state is None or self.fault.kind is FaultKind.STUCK or self._clock.now() < self._due:
            return None
        state, self._state = self._state, None
        self.progress += 1
        return (self._opinion("calm", state, 0.8), self._opinion("bold", state, 0.4))

    def hurry(self) -> Sequence[Opinion]:
        """Nobody who is late has anything to say."""
        self.abandon()
        return ()

    def abandon(self) -> None:
        """Forget the request under way."""
        self._state = None

    def _opinion(self, agent: str, state: TableState, confidence: float) -> Opinion:
        assert state.legal is not None
        legal = state.legal
        passive = Action(ActionKind.CHECK) if legal.can_check else Action(ActionKind.CALL, legal.call_amount)
        advice: tuple[tuple[Action, float], ...] = ((passive, 1.0),)
        if self.fault.kind is FaultKind.GARBAGE:
            advice = ((passive, NOT_A_NUMBER),)
        elif self.fault.kind is FaultKind.WRONG:
            advice = ((Action(ActionKind.RAISE, 10**9), 1.0),)
        return Opinion(agent, advice, confidence, "", 0)
