"""Drill resource-exhaustion: a real game on a machine that runs short of processors and memory."""

import math
import time
from typing import Any

from engine.drills.drill import Bench, Criterion, Drill, Sabotage
from engine.drills.game_process import Game, drill_files
from engine.drills.load import Load, memory_share_to_add, memory_used
from engine.execution.roles import ACTUATOR, WATCHDOG
from engine.permit import page
from engine.permit.clock import MILLISECOND, now
from engine.permit.home import permit_path
from engine.permit.rules import WATCHDOG_BEAT_LIMIT
from engine.records.journal_reading import JournalRow, read
from engine.words import Degradation

LOAD_S, LONG_LOAD_S = 15.0, 60.0
SAMPLE_EVERY_S = 0.005
CALM_HANDS, PRESSED_HANDS = 2, 1
BACK_WITHIN_S = 15.0
NEVER = 1.0

CRITERIA = (
    Criterion("lean", "Budgets shrink and stored answers come first while resources are short", "LEAN under the load"),
    Criterion("back", "The shrunk budgets end when the pressure has gone", f"within {BACK_WITHIN_S:.0f} s"),
    Criterion(
        "beat", "The watchdog stays responsive", f"beat never older than {WATCHDOG_BEAT_LIMIT // MILLISECOND} ms"
    ),
    Criterion("same", "Neither guard is lost or started again, and nothing stops", "the same processes, no stop"),
    Criterion("plays", "Hands go on under the load and after it", f"{PRESSED_HANDS} under it, {CALM_HANDS} after it"),
)


def run(bench: Bench) -> None:
    """One game: calm, loaded, calm again."""
    used, added = memory_used(), memory_share_to_add()
    limit = NEVER if bench.sabotaged else round(used + added / 2, 4)
    changes: dict[str, dict[str, Any]] = {"health": {"pressure_limit": limit}}
    file = drill_files(bench.config, bench.directory / "config", changes)
    bench.step("starting a game", 0.05)
    with Game(bench.directory / "home", file, bench.seed) as game:
        game.await_hands(CALM_HANDS)
        guards = {role: game.family[role].pid for role in (ACTUATOR, WATCHDOG)}
        loaded_at = now()
        with Load() as load:
            bench.figure("threads of the load", load.threads, "")
            bench.figure("memory of the load", load.memory / (1 << 20), "MiB")
            ages = _watch(bench, game, LONG_LOAD_S if bench.long else LOAD_S)
            under = game.count_hands()
        relieved_at = now()
        after = 0 if bench.sabotaged else _after(bench, game)
        same = {role: game.family[role].pid for role in guards if game.runs(role)} == guards
        game.interrupt()
        game.await_end()
        rows = list(read(game.journals()[-1]))
    _judge_beat(bench, ages)
    _judge_rows(bench, rows, loaded_at, relieved_at, same)
    bench.judge("plays", under >= PRESSED_HANDS and after >= CALM_HANDS, f"{under} under it, {after} after it")
    bench.figure("hands under the load", under, "")


def _watch(bench: Bench, game: Game, seconds: float) -> list[int]:
    """Ages of the watchdog's beat (ns) in the game's permit page, sampled while the load runs."""
    opened = page.open(permit_path(game.directory))
    ages: list[int] = []
    began = time.monotonic()
    try:
        while (passed := time.monotonic() - began) < seconds:
            if len(ages) % 100 == 0:
                bench.step(f"loaded for {passed:.0f} s", 0.2 + 0.5 * passed / seconds)
            at = now()
            ages.append(max(0, at - opened.read().watchdog_beat))
            time.sleep(SAMPLE_EVERY_S)
    finally:
        opened.close()
    return ages


def _after(bench: Bench, game: Game) -> int:
    """Hands played after the load, over the time in which the pressure has to be seen as gone."""
    bench.step("the load is gone", 0.75)
    time.sleep(BACK_WITHIN_S)
    return game.count_hands()


def _judge_beat(bench: Bench, ages: list[int]) -> None:
    worst, ordered = max(ages), sorted(ages)
    bench.judge("beat", worst <= WATCHDOG_BEAT_LIMIT, f"{worst / MILLISECOND:.0f} ms at most in {len(ages)} samples")
    for share in (50, 99):
        at = ordered[min(len(ordered) - 1, math.ceil(len(ordered) * share / 100))]
        bench.figure(f"age of the watchdog's beat under load, {share}th percentile", at / MILLISECOND, "ms")
    bench.figure("age of the watchdog's beat under load, at most", worst / MILLISECOND, "ms")


def _judge_rows(bench: Bench, rows: list[JournalRow], loaded_at: int, relieved_at: int, same: bool) -> None:
    made = [(row.at, row.data["transition"]) for row in rows if row.kind == "mode"]
    begun = [at for at, transition in made if transition["begun"] == Degradation.LEAN]
    under = [at for at in begun if loaded_at <= at <= relieved_at]
    bench.judge(
        "lean", bool(under), f"after {(under[0] - loaded_at) / 1e9:.1f} s" if under else "budgets did not shrink"
    )
    ended = [at for at, transition in made if transition["ended"] == Degradation.LEAN and at >= relieved_at]
    back = bool(under) and bool(ended) and (ended[0] - relieved_at) / 1e9 <= BACK_WITHIN_S
    bench.judge("back", back, f"after {(ended[0] - relieved_at) / 1e9:.1f} s" if ended else "never")
    stops = [row for row in rows if row.kind in ("panic-stop", "guard-stop")]
    said = "the same processes" if same else "a guard is not the one of before"
    bench.judge("same", same and not stops, said if not stops else f"{said}; {stops[0].data}")


DRILL = Drill(
    name="resource-exhaustion",
    title="Resource exhaustion",
    purpose="Takes processors and memory away from a real game: budgets shrink, the watchdog stays awake, the game "
    "goes on and recovers.",
    criteria=CRITERIA,
    sabotage=Sabotage("the limit above which resources count as short is out of reach", ("lean",)),
    needs_screen=True,
    run=run,
)
