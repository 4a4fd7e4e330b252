"""Scripted advisers: late, lost and talking nonsense on the injected clock, and back again."""

from collections.abc import Sequence

from engine.agents.breaker import BreakerState, CircuitBreaker
from engine.agents.stand_in import Script, ScriptedAdvisers, ScriptedReply, reply_text
from engine.agents.validation import RefusalKind
from engine.clock import MILLISECOND, SECOND, VirtualClock
from engine.game.state import TableState
from engine.safety.health import HealthLimits, HealthMonitor, RestartLimit
from engine.words import Component, Opinion
from tests.solver.spots import CHECK, FOLD, bet, call, spot

FLOP = spot("AsKs", "QsJs2d", [call(10), CHECK], [bet(20)])
BUDGET = 500 * MILLISECOND


def sound(state: TableState, number: int) -> Sequence[ScriptedReply]:
    """Two agents, one slower than the other."""
    text = reply_text(state, [(FOLD, 0.5), (call(20), 0.5)])
    return [ScriptedReply("slow", text, 300 * MILLISECOND), ScriptedReply("fast", text, 100 * MILLISECOND)]


def nonsense(state: TableState, number: int) -> Sequence[ScriptedReply]:
    return [ScriptedReply("stub", "As an AI I cannot say."), ScriptedReply("mute", None)]


class Table:
    """Advisers on a virtual clock, asked like the engine asks them."""

    def __init__(self, script: Script) -> None:
        self.clock = VirtualClock()
        self.advisers = ScriptedAdvisers(self.clock, script, CircuitBreaker(self.clock, 3, 10 * SECOND))

    def asked(self) -> Sequence[Opinion]:
        """The opinions of one round, polled every 10 ms."""
        self.advisers.begin(FLOP, BUDGET, 1)
        while (opinions := self.advisers.opinions()) is None:
            self.clock.sleep(10 * MILLISECOND)
        return opinions


def test_opinions_are_there_once_everybody_has_answered() -> None:
    table = Table(sound)
    began = table.clock.now()
    assert [opinion.agent for opinion in table.asked()] == ["fast", "slow"]
    assert table.clock.now() - began == 300 * MILLISECOND
    assert table.advisers.refusals() == []


def test_who_is_late_is_left_out_and_named() -> None:
    table = Table(sound)
    table.advisers.begin(FLOP, BUDGET, 1)
    table.clock.sleep(200 * MILLISECOND)
    assert table.advisers.opinions() is None
    assert [opinion.agent for opinion in table.advisers.hurry()] == ["fast"]
    assert [(refusal.agent, refusal.kind) for refusal in table.advisers.refusals()] == [("slow", RefusalKind.LATE)]
    assert table.advisers.breaker is BreakerState.CLOSED


def test_nobody_is_waited_for_beyond_the_budget_however_late_it_is_asked() -> None:
    table = Table(lambda state, number: [ScriptedReply("slow", sound(state, 1)[0].text, 600 * MILLISECOND)])
    began = table.clock.now()
    assert table.asked() == ()
    assert table.clock.now() - began == BUDGET
    table.advisers.begin(FLOP, BUDGET, 1)
    table.clock.sleep(SECOND)
    assert table.advisers.opinions() == ()


def test_nonsense_opens_the_breaker_and_a_sound_round_closes_it() -> None:
    table = Table(nonsense)
    for _ in range(3):
        assert table.asked() == ()
    kinds = [refusal.kind for refusal in table.advisers.refusals()]
    assert kinds == [RefusalKind.STUB, RefusalKind.LATE] * 3
    assert table.advisers.breaker is BreakerState.OPEN
    table.advisers.script = sound
    assert table.asked() == ()
    assert not table.advisers.report().ready
    table.clock.sleep(10 * SECOND)
    assert table.advisers.report().ready
    assert len(table.asked()) == 2
    assert str(table.advisers.breaker) == "closed"


def test_an_abandoned_round_is_nobodys_failure() -> None:
    table = Table(nonsense)
    for _ in range(10):
        table.advisers.begin(FLOP, BUDGET, 1)
        table.advisers.abandon()
        assert table.advisers.opinions() == ()
    assert table.advisers.breaker is BreakerState.CLOSED


def test_a_transport_that_ends_is_started_again_by_the_monitor_in_the_middle_of_a_round() -> None:
    table = Table(sound)
    advisers, clock = table.advisers, table.clock
    limits = HealthLimits({Component.ADVISERS: RestartLimit(3, 60 * SECOND)})
    monitor = HealthMonitor([advisers], limits, clock)
    assert monitor.step().advisers == ""
    advisers.begin(FLOP, BUDGET, 1)
    advisers.lose()
    assert advisers.opinions() == ()
    verdict = monitor.step()
    assert verdict.restarted == (Component.ADVISERS,)
    assert verdict.advisers
    assert len(table.asked()) == 2
    for _ in range(300):
        clock.sleep(10 * MILLISECOND)
        verdict = monitor.step()
    assert verdict.advisers == ""


def test_the_monitor_says_that_advisers_are_lost_while_the_breaker_is_open_and_then_that_they_are_back() -> None:
    table = Table(nonsense)
    limits = HealthLimits({Component.ADVISERS: RestartLimit(3, 60 * SECOND)})
    monitor = HealthMonitor([table.advisers], limits, table.clock)
    for _ in range(3):
        table.asked()
        assert monitor.step().advisers == ""
    table.advisers.script = sound
    said = []
    for _ in range(1300):
        table.clock.sleep(10 * MILLISECOND)
        verdict = monitor.step()
        assert verdict.restarted == ()
        said.append(verdict.advisers)
    assert "advisers not ready: the breaker is open after 3 failures" in said
    assert said[-1] == ""
    assert len(table.asked()) == 2
