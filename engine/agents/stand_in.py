"""Advisers who say what a script gives them, when it says so: for drills and simulation, through the real validation.

Nothing here waits and nothing is random: replies come due on the injected clock.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.agents.breaker import BreakerState, CircuitBreaker
from engine.agents.validation import Refusal, RefusalKind, validate
from engine.clock import MILLISECOND, Clock
from engine.game.actions import Action
from engine.game.state import TableState
from engine.words import Component, HealthReport, Opinion


@dataclass(frozen=True, slots=True)
class ScriptedReply:
    """What ``agent`` says ``delay_ns`` after it was asked ``prompt``; a ``text`` of None never comes."""

    agent: str
    text: str | None
    delay_ns: int = 50 * MILLISECOND
    prompt: str = ""


Script = Callable[[TableState, int], Sequence[ScriptedReply]]
"""The replies to a state; the number counts the requests, from 1."""


def reply_text(
    state: TableState, advice: Sequence[tuple[Action, float]], reason: str = "Good pot odds here.", sure: float = 0.8
) -> str:
    """A reply as a sound agent writes it."""
    actions = [{"action": str(made.kind), "amount": made.amount, "frequency": part} for made, part in advice]
    content = {"hole": state.hole, "board": state.board, "actions": actions, "confidence": sure, "reason": reason}
    return json.dumps(content)


@dataclass(slots=True)
class _Round:
    """One request: the replies still to come, and what has come of the others."""

    state: TableState
    began: int
    ends: int
    coming: list[ScriptedReply]
    opinions: list[Opinion]


class ScriptedAdvisers:
    """Implements ``engine.ports.Advisers`` and ``engine.ports.Watched``. Use from one thread.

    A round in which not one valid opinion came is a failure to the breaker; while that is open nobody is asked.
    ``script`` may be changed at any time, ``lose`` ends the transport until it is started again.
    """

    component = Component.ADVISERS

    def __init__(self, clock: Clock, script: Script, breaker: CircuitBreaker | None = None) -> None:
        self.script = script
        self._clock = clock
        self._breaker = breaker or CircuitBreaker(clock)
        self._round: _Round | None = None
        self._rounds = self._handled = 0
        self._lost = False
        self._refusals: list[Refusal] = []

    @property
    def breaker(self) -> BreakerState:
        return self._breaker.state

    def refusals(self) -> Sequence[Refusal]:
        """The replies that were refused since the last call, and those that never came."""
        refused, self._refusals = self._refusals, []
        return refused

    # the advisers' port

    def begin(self, state: TableState, budget_ns: int, seed: int) -> None:
        """Ask everybody, unless the breaker is open or the transport gone: then there are no opinions, at once."""
        self.abandon()
        self._rounds += 1
        if self._lost:
            self._breaker.failed()
        elif self._breaker.state is not BreakerState.OPEN:
            now = self._clock.now()
            self._round = _Round(state, now, now + budget_ns, list(self.script(state, self._rounds)), [])

    def opinions(self) -> Sequence[Opinion] | None:
        """The valid ones once everybody has answered, failed or run out of time; None until then."""
        if self._round is None:
            return ()
        self._hear(self._round)
        if self._round.coming and self._clock.now() < self._round.ends:
            return None
        return self._settle(self._round)

    def hurry(self) -> Sequence[Opinion]:
        """The valid ones that have come; whoever is late has failed."""
        if self._round is None:
            return ()
        self._hear(self._round)
        return self._settle(self._round)

    def abandon(self) -> None:
        """Forget the request under way; nobody has failed by that."""
        self._round = None

    # health

    def report(self) -> HealthReport:
        """Ready unless the breaker is open: while it is half-open somebody has to ask, or it would never close."""
        state = self._breaker.state
        detail = f"the breaker is {state} after {self._breaker.failures} failures" if self._breaker.failures else ""
        return HealthReport(
            component=self.component,
            started=not self._lost,
            ready=not self._lost and state is not BreakerState.OPEN,
            alive=not self._lost,
            busy=self._round is not None,
            progress=self._handled + self._rounds,
            detail="the transport is gone" if self._lost else detail,
        )

    def lose(self) -> None:
        """The transport ends: the request under way has no more answers."""
        self._lost = True
        if self._round is not None:
            self._settle(self._round)

    def restart(self) -> None:
        """A new transport: what was asked over the old one is forgotten, and so are its failures."""
        self._lost = False
        self._round = None
        self._breaker.reset()

    def _hear(self, under_way: _Round) -> None:
        """Validate what has come due inside the time."""
        until = min(self._clock.now(), under_way.ends)
        here = [
            reply for reply in under_way.coming if reply.text is not None and under_way.began + reply.delay_ns <= until
        ]
        for reply in sorted(here, key=lambda reply: reply.delay_ns):
            under_way.coming.remove(reply)
            self._handled += 1
            assert reply.text is not None
            said = validate(reply.agent, reply.text, under_way.state, prompt=reply.prompt, took_ns=reply.delay_ns)
            if isinstance(said, Refusal):
                self._refusals.append(said)
            else:
                under_way.opinions.append(said)

    def _settle(self, under_way: _Round) -> Sequence[Opinion]:
        self._round = None
        took = self._clock.now() - under_way.began
        for reply in under_way.coming:
            self._refusals.append(Refusal(reply.agent, RefusalKind.LATE, "no answer inside the time", took))
        if under_way.opinions:
            self._breaker.succeeded()
        else:
            self._breaker.failed()
        return tuple(under_way.opinions)
