"""Misfires in virtual time: presses without effect, presses that do something else, and what is covered in between."""

from engine.clock import MILLISECOND
from engine.config import Config
from engine.drills.drill import Bench, Criterion
from engine.drills.simulation.faults import NO_FAULT, OFF, Fault, FaultKind
from engine.drills.simulation.world import World
from engine.drills.virtual import (
    arm,
    changed,
    come_to,
    made_since,
    our_turn,
    rows_since,
    seconds_since,
    stop_of,
    world,
)
from engine.game.actions import Action, ActionKind
from engine.words import Cause, Mode

NO_EFFECT = Fault(FaultKind.WRONG, 0)
ANOTHER_EFFECT = Fault(FaultKind.WRONG, 1)
HALT_WITHIN_S = 15.0
STILL_S = 60.0
ENDLESS_MS = 10**9
PERMIT_ENDS = 250 * MILLISECOND
"""After the last confident frame: what was permitted by it may still be on its way until then."""

VIRTUAL_CRITERIA = (
    Criterion(
        "retries", "A press without effect is tried again as often as configured, and no more", "execution.retries"
    ),
    Criterion(
        "safe-action", "Then the safe action is tried, and its intent is in the journal", "a committed safe intent"
    ),
    Criterion("halt", "When that fails too, or the table did something else, it stops", "STOPPED: misfire"),
    Criterion("still", "Nothing is pressed after the stop, nor 250 ms after the table was covered", "0 presses"),
)


def ineffective(bench: Bench) -> None:
    """A call that the table does not take, again and again."""
    with world(bench, "ineffective", config=_config(bench)) as made:
        made.solver.play = Action(ActionKind.CALL, 20)
        _at_our_turn(made)
        intents, at = made.journal.counts["intent"], made.clock.now()
        made.hands.fault = NO_EFFECT
        made.until(lambda: made.mode is not Mode.LIVE, HALT_WITHIN_S)
        rows = rows_since(made, "intent", intents)
        tried = [row["decision"].source for row in rows]
        allowed = 1 + made.config.execution.retries
        unsafe, safe = sum(source != "safe" for source in tried), tried.count("safe")
        bench.judge(
            "retries", 0 < unsafe <= allowed and safe <= allowed, f"{unsafe} tries, then {safe} of the safe action"
        )
        bench.judge("safe-action", safe > 0, f"{safe} safe intents committed")
        bench.figure("from our turn to the stop, with all retries", seconds_since(made, at), "s")
        _judge_halt(bench, made)


def otherwise(bench: Bench) -> None:
    """The table takes another action than the one decided on."""
    with world(bench, "otherwise", config=_config(bench)) as made:
        _at_our_turn(made)
        made.hands.fault = ANOTHER_EFFECT
        made.until(lambda: made.mode is not Mode.LIVE, HALT_WITHIN_S)
        _judge_halt(bench, made)


def covered_in_play(bench: Bench) -> None:
    """The table is covered as soon as an intent is sent; play goes on when it can be seen again."""
    with world(bench, "covered", config=_config(bench)) as made:
        _at_our_turn(made)
        count = made.journal.counts["intent"]
        come_to(made, "an intent", lambda: made.journal.counts["intent"] > count)
        made.eyes.fault, at = OFF, made.clock.now()
        made.run(3.0)
        late = len(made_since(made, at + PERMIT_ENDS))
        held = made.mode is Mode.HOLD
        made.eyes.fault = NO_FAULT
        back = made.until(lambda: made.mode is Mode.LIVE, HALT_WITHIN_S)
        said = f"{late} presses, {'HOLD' if held else made.mode}, {'then LIVE' if back else 'not LIVE again'}"
        bench.judge("still", late == 0 and held and back, said)


def _config(bench: Bench) -> Config:
    return changed(bench.config, "execution", verify_ms=ENDLESS_MS) if bench.sabotaged else bench.config


def _at_our_turn(made: World) -> None:
    """Just come to our turn, before anything is pressed."""
    arm(made)
    come_to(made, "a turn of another", lambda: not made.table.heros_turn)
    come_to(made, "our turn", lambda: our_turn(made))


def _judge_halt(bench: Bench, made: World) -> None:
    stop, at = stop_of(made), made.clock.now()
    right = stop is not None and stop.cause is Cause.MISFIRE
    said = "STOPPED: misfire" if right else f"{made.mode}: {stop.cause if stop else 'no stop'}"
    bench.judge("halt", right, said)
    made.run(STILL_S)
    late = len(made_since(made, at))
    bench.judge("still", not right or late == 0, f"{late} presses")
