"""Drill kill-9: every process of a real game is killed at random moments; nothing presses, nothing is held."""

import random
import time
from dataclasses import dataclass

from engine.drills.drill import Bench, Criterion, Drill, Sabotage
from engine.drills.game_process import HOLD_LIMIT_S, HOST, Game, drill_files
from engine.drills.screen import Pointer, WitnessWindow, came
from engine.execution.roles import ACTUATOR, SOLVER, TABLE, WATCHDOG
from engine.permit.clock import MILLISECOND, now
from engine.words import Box

ON_THE_WAY = 50 * MILLISECOND
"""What was pressed just before a kill may still be on its way to the table."""
RELEASED_WITHIN_S = 0.5
LONGEST_GAME_S = 1.5
DOWN_WITHIN_S = 20.0
PLAYS_ON_HANDS = 2
BENEATH = Box(0, 0, 1200, 760)
LATCHED: dict[str, tuple[str, ...]] = {
    HOST: ("unclean-end",),
    ACTUATOR: ("actuator-lost",),
    WATCHDOG: ("watchdog-lost",),
    TABLE: ("hold-limit", "misfire", "table-guard"),
}
"""The stop that the next start finds; a table that goes in the middle of a verified press is a misfire, and
one that goes while the guard asks for its process is not proved local."""
HARMLESS = SOLVER

CRITERIA = (
    Criterion("presses", "After the kill nothing is pressed on the table or beneath it", "0 presses after 50 ms"),
    Criterion("held", "No mouse button stays down, also when the kill falls between down and up", "up within 0.5 s"),
    Criterion("gone", "No guard and no table outlives the program", "none left after 3 s"),
    Criterion("latched", "The next start refuses with the stop's cause until it is reset", "latched, then reset"),
    Criterion("solver", "A killed solver is started again and the game goes on", f"{PLAYS_ON_HANDS} more hands"),
)


@dataclass(frozen=True, slots=True)
class Trial:
    """One kill: whose, and whether between a button's down and up."""

    role: str
    mid_press: bool = False


SHORT = (*(Trial(role) for role in (WATCHDOG, TABLE, HARMLESS)), Trial(ACTUATOR, True), Trial(HOST, True))
LONG = (*SHORT, Trial(ACTUATOR), Trial(HOST)) * 10


def run(bench: Bench) -> None:
    """The kills, one game each."""
    dice = random.Random(bench.seed)
    trials = (Trial(ACTUATOR, True),) if bench.sabotaged else LONG if bench.long else SHORT
    file = drill_files(bench.config, bench.directory / "config", {"vision": {"hold_limit_s": HOLD_LIMIT_S}})
    released: list[float] = []
    with WitnessWindow("Beneath", BENEATH, "Editor") as beneath:
        for number, trial in enumerate(trials):
            where = "between down and up" if trial.mid_press else "at a random moment"
            bench.step(f"kill -9 of {trial.role} {where}", number / len(trials))
            with Game(bench.directory / f"home-{number}", file, dice.randrange(10**6)) as game:
                game.await_hands(1)
                if trial.role == HARMLESS:
                    _solver_killed(bench, game, dice)
                else:
                    released.append(_killed(bench, game, trial, dice, beneath))
    longest = max(released) * 1000
    bench.judge("held", longest <= RELEASED_WITHIN_S * 1000, f"up at most {longest:.0f} ms after a kill")
    bench.figure("kills", len(trials), "")
    bench.figure("button up after a kill, at most", longest, "ms")


def _killed(bench: Bench, game: Game, trial: Trial, dice: random.Random, beneath: WitnessWindow) -> float:
    """One kill that has to stop the game; seconds until no button was down."""
    with Pointer() as pointer:
        killed_at = _kill(bench, game, trial, dice, pointer)
        up = came(lambda: not pointer.held(), RELEASED_WITHIN_S)
        took = (now() - killed_at) / 1e9
        if not up:
            bench.judge("held", False, f"still down after the kill of {trial.role}")
            pointer.release()
    if trial.role != HOST:
        code = game.await_end()
        bench.judge("gone", code is not None, "the program ended by itself" if code is not None else "it runs on")
    left = game.left_running()
    bench.judge("gone", not left, f"left: {', '.join(left)}" if left else "none left")
    late = len(game.presses(killed_at + ON_THE_WAY)) + beneath.presses()
    bench.judge("presses", late == 0, f"{late} after the kill of {trial.role}" if late else "0 presses")
    _next_start(bench, game, trial.role)
    return took


def _kill(bench: Bench, game: Game, trial: Trial, dice: random.Random, pointer: Pointer) -> int:
    if not trial.mid_press:
        time.sleep(dice.uniform(0.0, LONGEST_GAME_S))  # the random moment itself
        return game.kill(trial.role)
    if not came(pointer.held, DOWN_WITHIN_S, 0.0005):
        raise RuntimeError(f"no button went down within {DOWN_WITHIN_S:.0f} s")
    if bench.sabotaged:
        game.freeze(WATCHDOG)
    return game.kill(trial.role)


def _next_start(bench: Bench, game: Game, role: str) -> None:
    """It refuses with the stop's cause and presses nothing, and `pitboss reset` clears it."""
    before = len(game.presses())
    again = game.again("--hands", "1")
    causes = LATCHED[role]
    said = next((cause for cause in causes if f"a stop is latched ({cause}:" in again.stderr), "")
    refused = again.returncode == 1 and bool(said) and len(game.presses()) == before
    reset = game.reset()
    cleared = reset.returncode == 0 and "reset to STANDBY" in reset.stdout
    found = said if refused and cleared else f"{role}: {(again.stderr or reset.stderr).strip()[-200:] or 'no refusal'}"
    bench.judge("latched", refused and cleared, found)


def _solver_killed(bench: Bench, game: Game, dice: random.Random) -> None:
    time.sleep(dice.uniform(0.0, LONGEST_GAME_S))
    before = game.family[SOLVER].pid
    game.kill(SOLVER)
    try:
        game.await_hands(PLAYS_ON_HANDS)
        played = True
    except RuntimeError as error:
        bench.judge("solver", False, str(error))
        played = False
    if played:
        anew = game.family[SOLVER].pid != before
        bench.judge("solver", anew, "started again, the game went on" if anew else "it was not started again")
    game.interrupt()
    game.await_end()


DRILL = Drill(
    name="kill-9",
    title="Kill of each process",
    purpose="Kills every process of a real game with SIGKILL at random moments, also while a button is held down.",
    criteria=CRITERIA,
    sabotage=Sabotage("the watchdog is frozen before the actuator is killed between down and up", ("held",)),
    needs_screen=True,
    run=run,
)
