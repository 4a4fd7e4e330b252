"""Drill agent-failure: every way in which an agent's reply can be none, through the real validation and breaker."""

import json
from collections.abc import Callable, Sequence

from engine.agents.breaker import CircuitBreaker
from engine.agents.stand_in import ScriptedAdvisers, ScriptedReply, reply_text
from engine.agents.validation import Refusal, RefusalKind
from engine.clock import MILLISECOND, SECOND
from engine.drills.drill import Bench, Criterion, Drill, Sabotage
from engine.drills.simulation.faults import NO_FAULT
from engine.drills.simulation.world import World
from engine.drills.virtual import (
    arm,
    changed,
    come_to,
    decisions_since,
    degradation,
    landed,
    new_hands,
    seconds_since,
    world,
)
from engine.game.actions import Action, ActionKind, LegalActions
from engine.game.state import TableState
from engine.words import Decision, Degradation, Mode, Opinion

ALPHA = 0.5
OPEN_FOR_S = 30.0
BACK_WITHIN_S = 240.0
OTHER_CARDS = ("2c", "7d")
PROMPT = "You hold the cards below. Say which actions you would take, how often, and why, as one JSON object."
Writes = Callable[[TableState], str | None]

CRITERIA = (
    Criterion("refused", "Every kind of bad reply is refused, for what it is", "all kinds, no opinion among them"),
    Criterion("gto", "The decisions meanwhile are the solver's alone", "weight of the solver 1"),
    Criterion("degraded", "Advisers that fail again and again are no longer asked", "GTO-only"),
    Criterion("legal", "No illegal action is attempted", "every press is an action of the table"),
    Criterion("no-stop", "Nothing crashes and nothing stops", "LIVE throughout"),
    Criterion("recovery", "Sound replies are heard again once the breaker closes", "GTO-only ends, advice counts"),
)


def _passive(legal: LegalActions) -> Action:
    return Action(ActionKind.CHECK) if legal.can_check else Action(ActionKind.CALL, legal.call_amount)


def _sound(state: TableState) -> str:
    assert state.legal is not None
    return reply_text(state, [(_passive(state.legal), 1.0)], "The price is right for this hand.")


def _illegal(state: TableState) -> str:
    return reply_text(state, [(Action(ActionKind.RAISE, 10**9), 1.0)], "All of it and more.")


def _hallucinated(state: TableState) -> str:
    content = json.loads(_sound(state))
    content["hole"] = [card for card in OTHER_CARDS if card not in state.hole] + ["Ah"]
    return json.dumps(content | {"hole": content["hole"][:2]})


def _unbalanced(state: TableState) -> str:
    assert state.legal is not None
    return reply_text(state, [(_passive(state.legal), 0.4)], "Some of it.")


BAD: dict[RefusalKind, Writes] = {
    RefusalKind.MALFORMED: lambda state: _sound(state)[:-9],
    RefusalKind.SCHEMA: lambda state: '{"advice": "call"}',
    RefusalKind.EMPTY: lambda state: "  ",
    RefusalKind.TOO_LONG: lambda state: _sound(state) + " " * 20_000,
    RefusalKind.ILLEGAL: _illegal,
    RefusalKind.HALLUCINATED: _hallucinated,
    RefusalKind.FREQUENCIES: _unbalanced,
    RefusalKind.STUB: lambda state: "As an AI language model, I cannot help with that.",
    RefusalKind.LATE: lambda state: None,
}


class DrilledAdvisers(ScriptedAdvisers):
    """Scripted advisers in a world: what is wrong with them is what they write, and no fault besides."""

    fault = NO_FAULT


class CredulousAdvisers(DrilledAdvisers):
    """The sabotage: whatever an agent wrote is an opinion, as far as it can be made one."""

    def opinions(self) -> Sequence[Opinion] | None:
        """What was written to the state asked about, unchecked."""
        asked = self._round
        said = super().opinions()
        if asked is None or said is None:
            return said
        return tuple(_believed(reply, asked.state) for reply in self.script(asked.state, self._rounds))


def _believed(reply: ScriptedReply, state: TableState) -> Opinion:
    try:
        actions = json.loads(reply.text or "")["actions"]
        advice = tuple((Action(ActionKind(one["action"]), one["amount"]), one["frequency"]) for one in actions)
    except (ValueError, KeyError, TypeError):
        assert state.legal is not None
        advice = ((_passive(state.legal), 1.0),)
    return Opinion(reply.agent, advice, 1.0, "believed", 0)


def run(bench: Bench) -> None:
    """Each kind for a few hands, then sound replies."""
    kinds = list(BAD)
    for number, kind in enumerate(kinds):
        bench.step(f"replies that are {kind}", number / (len(kinds) + 2))
        _one_kind(bench, kind)
    bench.step("agents that fail, then come back", len(kinds) / (len(kinds) + 2))
    _breaker(bench)
    bench.figure("kinds of bad reply", len(kinds), "")


def _world_with(made: World, write: Writes, kind: type[DrilledAdvisers]) -> DrilledAdvisers:
    """Put scripted advisers in through the door for stand-ins: a start with them."""

    def script(state: TableState, asked: int) -> Sequence[ScriptedReply]:
        return (ScriptedReply("drilled", write(state), 50 * MILLISECOND, PROMPT),)

    advisers = kind(made.clock, script, CircuitBreaker(made.clock, failures=3, open_for=round(OPEN_FOR_S * SECOND)))
    made.advisers = advisers  # type: ignore[assignment]
    made.restart()
    arm(made)
    return advisers


def _one_kind(bench: Bench, kind: RefusalKind) -> None:
    with world(bench, kind.name, config=changed(bench.config, "decision", alpha=ALPHA)) as made:
        advisers = _world_with(made, BAD[kind], CredulousAdvisers if bench.sabotaged else DrilledAdvisers)
        come_to(made, "two hands", new_hands(made, 2))
        _judge_refused(bench, kind, advisers.refusals(), decisions_since(made, 0))
        _judge_play(bench, made)


def _judge_refused(bench: Bench, kind: RefusalKind, refusals: Sequence[Refusal], decided: Sequence[Decision]) -> None:
    right = bool(refusals) and all(refusal.kind is kind for refusal in refusals)
    bench.judge("refused", right, "each refused for what it is" if right else f"{kind}: not refused as that")
    heard = [one for one in decided if one.alpha != 1.0]
    bench.judge("gto", bool(decided) and not heard, f"{kind}: advice taken {len(heard)} times" if heard else "weight 1")


def _judge_play(bench: Bench, made: World) -> None:
    bench.judge("legal", landed([press for press in made.presses if press.made]), "every press was an action")
    stops = [change for change in made.transitions if change.target is not Mode.LIVE]
    bench.judge("no-stop", not stops, f"{stops[0].target}: {stops[0].cause}" if stops else "LIVE throughout")


def _breaker(bench: Bench) -> None:
    with world(bench, "breaker", config=changed(bench.config, "decision", alpha=ALPHA)) as made:
        writes: list[Writes] = [BAD[RefusalKind.MALFORMED]]
        advisers = _world_with(
            made, lambda state: writes[0](state), CredulousAdvisers if bench.sabotaged else DrilledAdvisers
        )
        at = made.clock.now()
        found = made.until(degradation(made, Degradation.GTO_ONLY, begun=True), BACK_WITHIN_S)
        bench.judge("degraded", found, f"after {seconds_since(made, at):.0f} s" if found else "asked on and on")
        writes[0] = _sound
        at = made.clock.now()
        back = made.until(degradation(made, Degradation.GTO_ONLY, begun=False), BACK_WITHIN_S)
        before = made.journal.counts["decision"]
        come_to(made, "two more hands", new_hands(made, 2))
        heard = [one for one in decisions_since(made, before) if one.alpha == ALPHA]
        said = f"after {seconds_since(made, at):.0f} s, {len(heard)} decisions with advice"
        bench.judge("recovery", back and bool(heard), said if back else "GTO-only for ever")
        bench.figure("requests refused before nobody was asked", len(advisers.refusals()), "")
        _judge_play(bench, made)


DRILL = Drill(
    name="agent-failure",
    title="Agent failure",
    purpose="Gives the engine malformed, late, hallucinated, illegal and empty replies of agents: it plays on the "
    "solver alone.",
    criteria=CRITERIA,
    sabotage=Sabotage("replies are believed without validation", ("gto",)),
    needs_screen=False,
    run=run,
)
