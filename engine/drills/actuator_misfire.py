"""Drill actuator-misfire: what goes wrong between decision and press, on real guard processes and in virtual time."""

import time
from collections.abc import Callable

from engine.drills.drill import Bench, Criterion, Drill, Sabotage
from engine.drills.misfires import VIRTUAL_CRITERIA, covered_in_play, ineffective, otherwise
from engine.drills.real_hands import TRIES, RealHands, refused
from engine.drills.screen import Pointer, WitnessWindow, came
from engine.permit.clock import now
from engine.words import Box, Intent, ReceiptStatus

TABLE = Box(300, 200, 400, 300)
COVER = Box(380, 250, 200, 200)
ELSEWHERE = (900, 700)
MOVED_TO = (500, 320)
RELEASED_WITHIN_S = 0.5
DOWN_WITHIN_S = 1.0
NOTICED_S = 0.1
"""Between gestures the actuator looks at the pointer every few milliseconds."""

CRITERIA = (
    Criterion("control", "An undisturbed press lands once: the stand is sound", "1 press"),
    Criterion("moved", "A window that moved after the decision is not pressed", "refused, 0 presses"),
    Criterion("covered", "A window that was covered after the decision is not pressed", "refused, 0 presses"),
    Criterion(
        "stale", "A picture that has changed, or that the eyes no longer see, gives no press", "refused, 0 presses"
    ),
    Criterion("person", "A person who has the pointer keeps it", "the actuator yields, 0 presses"),
    Criterion("killed", "The actuator killed between down and up leaves no button held", "up within 0.5 s"),
    *VIRTUAL_CRITERIA,
)


def run(bench: Bench) -> None:
    """The real hands, then the misfires in virtual time."""
    if not bench.sabotaged:
        _real(bench)
    bench.step("a press that changes nothing", 0.55)
    ineffective(bench)
    bench.step("a press that does something else", 0.75)
    otherwise(bench)
    bench.step("a window that is covered before the press", 0.9)
    covered_in_play(bench)


def _real(bench: Bench) -> None:
    scenes: tuple[tuple[str, Callable[[Bench, RealHands, WitnessWindow], None]], ...] = (
        ("an undisturbed press", _control),
        ("the window moves", _moved),
        ("the window is covered", _covered),
        ("the picture is stale", _stale),
        ("a person takes the pointer", _person),
        ("the actuator is killed", _killed),
    )
    for number, (what, scene) in enumerate(scenes):
        bench.step(what, 0.5 * number / len(scenes))
        with WitnessWindow("Table", TABLE, "Pitboss") as table:
            path = bench.directory / f"scene-{number}" / "permit"
            with RealHands(path, bench.config.execution.hotkeys, table) as hands:
                scene(bench, hands, table)


def _control(bench: Bench, hands: RealHands, table: WitnessWindow) -> None:
    report = hands.ask_again()
    if report is None or refused(report):
        bench.judge("control", False, f"{table.presses()} press: {report.reason if report else 'no answer'}")
        return
    bench.judge("control", table.presses() == 1, f"{table.presses()} press")
    took = (report.ended_at - report.pressed_at) / 1e6
    bench.figure("an undisturbed press: from the first press to its end", took, "ms")


def _moved(bench: Bench, hands: RealHands, table: WitnessWindow) -> None:
    intent = hands.intent()
    table.move(*MOVED_TO)
    _judge_refused(bench, "moved", hands, table, intent)


def _covered(bench: Bench, hands: RealHands, table: WitnessWindow) -> None:
    intent = hands.intent()
    with WitnessWindow("Cover", COVER, "Other") as cover:
        cover.raise_up()
        cover.await_on_top(intent.x, intent.y)
        _judge_refused(bench, "covered", hands, table, intent)
        bench.judge("covered", cover.presses() == 0, f"{cover.presses()} presses on what covers it")


def _stale(bench: Bench, hands: RealHands, table: WitnessWindow) -> None:
    intent = hands.intent()
    hands.view += 1
    hands.await_page()
    _judge_refused(bench, "stale", hands, table, intent)
    hands.view -= 1
    hands.eyes = False
    hands.await_page()
    _judge_refused(bench, "stale", hands, table, hands.intent())


def _judge_refused(bench: Bench, key: str, hands: RealHands, table: WitnessWindow, intent: Intent) -> None:
    report = hands.ask(intent)
    said = "no answer" if report is None else report.reason or str(report.status)
    bench.judge(key, refused(report) and table.presses() == 0, f"{said}; {table.presses()} presses")


def _person(bench: Bench, hands: RealHands, table: WitnessWindow) -> None:
    hands.ask_again()
    before = table.presses()
    with Pointer() as pointer:
        pointer.move(*ELSEWHERE)
        time.sleep(NOTICED_S)
        report = hands.ask(hands.intent())
    yielded = report is not None and report.status is ReceiptStatus.YIELDED
    said = "no answer" if report is None else report.reason or str(report.status)
    bench.judge("person", yielded and table.presses() == before, f"{said}; {table.presses() - before} presses")


def _killed(bench: Bench, hands: RealHands, table: WitnessWindow) -> None:
    with Pointer() as pointer:
        down = _pressed_down(hands, pointer)
        hands.kill_actuator()
        at = now()
        up = came(lambda: not pointer.held(), RELEASED_WITHIN_S)
        took = (now() - at) / 1e6
    bench.judge(
        "killed", down and up, f"up {took:.0f} ms after the kill" if down and up else "held" if down else "never down"
    )
    bench.figure("button up after the actuator's death", took, "ms")


def _pressed_down(hands: RealHands, pointer: Pointer) -> bool:
    """Ask for presses until a button is down: each is made or refused within a second."""
    for _ in range(TRIES):
        hands.guards.actuator.press(hands.intent())
        if came(pointer.held, DOWN_WITHIN_S, 0.0005):
            return True
    return False


DRILL = Drill(
    name="actuator-misfire",
    title="Actuator misfire",
    purpose="Spoils presses between decision and click: a window that moves or is covered, a person at the pointer, a "
    "press without effect or with another, the actuator killed while it holds the button.",
    criteria=CRITERIA,
    sabotage=Sabotage("a press's effect is waited for without end", ("halt", "safe-action")),
    needs_screen=True,
    run=run,
)
