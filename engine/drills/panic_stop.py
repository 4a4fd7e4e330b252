"""Drill panic-stop: unexplained low confidence stops at the third frame, and two bad frames and a good one do not."""

from functools import partial

from engine.clock import SECOND
from engine.config import Config
from engine.drills.drill import Bench, Criterion, Drill, Sabotage
from engine.drills.simulation.eyes import BAD_CONFIDENCES
from engine.drills.simulation.faults import NO_FAULT, Fault, FaultKind
from engine.drills.simulation.world import World
from engine.drills.virtual import arm, changed, come_to, made_since, our_turn, world
from engine.records.journal_reading import read
from engine.words import Cause, Mode

NEVER = 10**9
FRAMES = 3
NEAR_MISSES = 20
CALM_S = 1.0
STILL_S = 60.0
STOP_WITHIN_S = 5.0

CRITERIA = (
    Criterion("halt", "Three evaluated frames below the confidence limit stop at once", f"STOPPED at frame {FRAMES}"),
    Criterion("near", f"Two bad frames and a good one do not stop, {NEAR_MISSES} times over", "LIVE throughout"),
    Criterion(
        "event", "The stop is in the journal with its measured value and its limit", "a panic-stop row with both"
    ),
    Criterion("alarm", "The operator is alerted", "an event of level alarm"),
    Criterion("presses", "Nothing is pressed afterwards", f"0 presses in {STILL_S:.0f} s"),
    Criterion("latched", "The stop holds over a restart, and arming over it is refused", "STOPPED, arming refused"),
)


def run(bench: Bench) -> None:
    """The near misses, then a stop for every kind of low confidence."""
    with world(bench, "near", config=_config(bench)) as made:
        bench.step("two bad frames and a good one", 0.1)
        arm(made)
        _near_misses(bench, made)
    for variety, confidence in enumerate(BAD_CONFIDENCES):
        bench.step(f"three frames of confidence {confidence}", 0.2 + 0.8 * variety / len(BAD_CONFIDENCES))
        with world(bench, f"stop-{variety}", config=_config(bench), disk="real") as made:
            arm(made)
            come_to(made, "our turn", partial(our_turn, made))
            _stop(bench, made, variety)


def _config(bench: Bench) -> Config:
    return changed(bench.config, "vision", bad_frames=NEVER) if bench.sabotaged else bench.config


def _near_misses(bench: Bench, made: World) -> None:
    for number in range(NEAR_MISSES):
        made.eyes.fault = Fault(FaultKind.GARBAGE, number)
        come_to(made, "two bad frames", lambda: made.eyes.bad_in_a_row == FRAMES - 1)
        made.eyes.fault = NO_FAULT
        come_to(made, "a good frame", lambda: made.eyes.bad_in_a_row == 0)
        made.run(CALM_S)
        if made.mode is not Mode.LIVE:
            bench.judge("near", False, f"{made.mode} after {number + 1} near misses: {made.session.reason}")
            return
    bench.judge("near", True, f"LIVE after {NEAR_MISSES}")


def _stop(bench: Bench, made: World, variety: int) -> None:
    made.eyes.fault = Fault(FaultKind.GARBAGE, variety)
    began = made.clock.now()
    stopped = made.until(lambda: made.mode is Mode.STOPPED, STOP_WITHIN_S)
    frames, at = made.eyes.bad_in_a_row, made.clock.now()
    bench.judge("halt", stopped and frames == FRAMES, f"{made.mode} at frame {frames}")
    if variety == 0:
        bench.figure("from the first bad frame to the stop", (at - began) / SECOND * 1000, "ms")
    said = [event for event in made.session.events if event.level == "alarm" and event.at >= began]
    alarms = [event for event in said if Cause.CONFIDENCE in event.text]
    bench.judge("alarm", bool(alarms), "an alarm that names the cause" if alarms else "no alarm")
    made.run(STILL_S)
    late = len(made_since(made, at))
    bench.judge("presses", late == 0, f"{late} presses")
    journal = made.directory / "journals" / f"{made.session_id}.sqlite"
    made.restart()
    _judge_row(bench, [row.data["event"] for row in read(journal, "panic-stop")])
    _judge_latch(bench, made)


def _judge_row(bench: Bench, events: list[dict[str, str]]) -> None:
    sound = len(events) == 1 and events[0]["cause"] == Cause.CONFIDENCE and events[0]["measured"] and events[0]["limit"]
    bench.judge("event", bool(sound), events[0]["measured"] if events else "no such row")


def _judge_latch(bench: Bench, made: World) -> None:
    made.eyes.fault = NO_FAULT
    found = made.mode
    try:
        arm(made)
        refused = ""
    except Exception as error:
        refused = str(error)
    bench.judge("latched", found is Mode.STOPPED and bool(refused), f"{found}; {refused or 'it could be armed'}")


DRILL = Drill(
    name="panic-stop",
    title="Panic stop",
    purpose="Blurs the picture without a known reason: the third bad frame in a row stops, two and a good one do not.",
    criteria=CRITERIA,
    sabotage=Sabotage("the number of bad frames that stops is out of reach", ("halt", "event", "alarm")),
    needs_screen=False,
    run=run,
)
