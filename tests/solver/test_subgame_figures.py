"""How fast subgames are solved: the spots that solvers are measured on, one and two threads.

Times are the least of several runs: of the thread's own CPU time on one thread, of the clock on two.
"""

import time
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from engine.clock import MILLISECOND, SystemClock
from engine.game.range_notation import parse
from engine.solver.anytime import solve
from engine.solver.spot import Limits, Spot
from engine.solver.subgame import Subgame
from engine.solver.tree.build import build
from tests.solver.benchmark_spots import EVERYTHING, IP_RANGE, OOP_RANGE
from tests.solver.benchmark_spots import spot as benchmark_spot

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]

CLOCK = SystemClock()
REPEATS = {"a": (30, 300), "dr": (20, 50), "b": (20, 2), "dt": (5, 1)}
"""How often an iteration is timed, and how many are timed together."""
EVERY = {"a": 2, "dr": 2, "b": 4, "dt": 5}
"""How many iterations lie between two measures of exploitability."""
TARGETS = (1.0, 0.5)


def spot(name: str) -> Spot:
    wide = name.startswith("d")
    ranges = (EVERYTHING, EVERYTHING) if wide else (parse(OOP_RANGE), parse(IP_RANGE))
    return benchmark_spot(name, ranges)


def timed(threads: int, act: Callable[[], object]) -> float:
    """Milliseconds: of this thread's CPU, or of the clock when there are more threads."""
    now = time.thread_time_ns if threads == 1 else time.perf_counter_ns
    begun = now()
    act()
    return (now() - begun) / MILLISECOND


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("name", ["a", "dr", "b", "dt"])
def test_an_iteration_and_the_way_to_a_target(name: str, threads: int) -> None:
    of, tree = spot(name), build(spot(name))
    build_ms = min(timed(1, lambda: Subgame(of, tree, threads).close()) for _ in range(5))
    subgame = Subgame(of, tree, threads)
    reached: dict[float, tuple[int, float]] = {}
    spent = build_ms
    while len(reached) < len(TARGETS) and subgame.iterations < 400:
        spent += timed(threads, partial(subgame.advance, EVERY[name]))
        left = subgame.exploitability()
        reached |= {goal: (subgame.iterations, spent) for goal in TARGETS if left <= goal and goal not in reached}
    repeats, together = REPEATS[name]
    each = min(timed(threads, partial(subgame.advance, together)) / together for _ in range(repeats))
    way = " · ".join(
        f"{goal}%: {reached[goal][0]} iterations, {reached[goal][1]:.1f} ms (at the best pace "
        f"{build_ms + reached[goal][0] * each:.1f})"
        for goal in TARGETS
    )
    print(
        f"\n{name}, {threads} thread(s), {tree.size} nodes, {len(subgame.hands[0])} v {len(subgame.hands[1])} hands: "
        f"{each:.4f} ms an iteration, build {build_ms:.1f} ms, {subgame.memory_bytes / 1e6:.1f} MB\n  {way}"
    )
    subgame.close()
    assert set(reached) == set(TARGETS)


@pytest.mark.parametrize(("name", "threads"), [("a", 1), ("dr", 1), ("b", 1), ("b", 2), ("dt", 1), ("dt", 2)])
def test_what_400_ms_reach_and_how_late_the_answer_is(name: str, threads: int) -> None:
    of = spot(name)
    late, reach, iterations = [], [], []
    for _ in range(4 if name == "dt" else 12):
        deadline = CLOCK.now() + 400 * MILLISECOND
        solved, subgame = solve(of, Limits(deadline=deadline), clock=CLOCK, threads=threads)
        late.append((CLOCK.now() - deadline) / MILLISECOND)
        iterations.append(solved.iteration)
        reach.append(subgame.exploitability())
        subgame.close()
    print(
        f"\n{name}, {threads} thread(s), 400 ms: {int(np.median(iterations))} iterations, exploitability "
        f"{np.median(reach):.3f}% (best {min(reach):.3f}%), late by {np.median(late):.1f} ms, most {max(late):.1f} ms"
    )
    assert max(reach) < 100


def test_a_cancel_is_heard_soon() -> None:
    for name in ("a", "b", "dt"):
        late = []
        for after in (30, 70, 110, 150, 190):
            asked_at = 0

            def cancel(until: int = CLOCK.now() + after * MILLISECOND) -> bool:
                nonlocal asked_at
                now = CLOCK.now()
                if now >= until:
                    asked_at = until
                return now >= until

            _, subgame = solve(spot(name), Limits(), clock=CLOCK, cancel=cancel)
            late.append((CLOCK.now() - asked_at) / MILLISECOND)
            subgame.close()
        print(f"\n{name}: an answer {np.median(late):.1f} ms after a cancel, at most {max(late):.1f} ms")
        assert max(late) < 2000
