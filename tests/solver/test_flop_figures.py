"""How fast flops and large turns are solved to a limited depth, and what the deadline and the library cost."""

import time
from pathlib import Path

import numpy as np
import pytest

from engine.clock import MILLISECOND, SystemClock
from engine.game.range_notation import parse
from engine.solver.anytime import solve_on
from engine.solver.flop import FlopGame, solve_flop
from engine.solver.flop.game import Needs
from engine.solver.flop.tree import tree_to
from engine.solver.library import Library, address
from engine.solver.spot import Limits, Lock, Spot
from engine.solver.subgame import Subgame
from engine.solver.tree.build import build
from engine.solver.tree.nodes import BettingTree, NodeKind
from tests.benchmarks.figures import Figure, show
from tests.solver.benchmark_spots import EVERYTHING, IP_RANGE, OOP_RANGE, spot

pytestmark = pytest.mark.bench
CLOCK = SystemClock()
RANGES = (parse(OOP_RANGE), parse(IP_RANGE))


def spots() -> dict[str, tuple[Spot, int]]:
    """Name, spot and last street."""
    full = spot("dt")
    wide = Spot(full.board[:3], (EVERYTHING, EVERYTHING), full.pot, full.stack, full.settings)
    return {
        "c, flop": (spot("c", RANGES), 3),
        "c, flop and turn": (spot("c", RANGES), 4),
        "full ranges, flop": (wide, 3),
        "dt, turn": (full, 4),
    }


@pytest.mark.parametrize("threads", [1, 2])
def test_iterations(threads: int) -> None:
    figures = []
    for name, (of, last) in spots().items():
        FlopGame(of, last, threads).close()  # compiles
        building, each = Figure(f"{name}: build"), Figure(f"{name}: an iteration")
        for _ in range(3):
            begun = time.perf_counter()
            game = FlopGame(of, last, threads)
            building.add((time.perf_counter() - begun) * 1e3)
            begun = time.perf_counter()
            game.advance(10)
            each.add((time.perf_counter() - begun) * 1e2)
            game.close()
        needs = Needs.of(of, tree_to(of, last), last)
        print(f"{name}: predicted {(needs.ns(1, threads) - needs.ns(0, threads)) / 1e6:.2f} ms an iteration")
        figures += [building, each]
    show(f"Limited depth, {threads} threads", *figures)
    assert len(figures) == 2 * len(spots())


@pytest.mark.parametrize("milliseconds", [400, 1000])
def test_what_a_deadline_reaches(milliseconds: int) -> None:
    overrun = Figure(f"{milliseconds} ms: beyond the deadline")
    for name, (of, _) in spots().items():
        solve_flop(of, Limits(iterations=1), clock=CLOCK)[1].close()
        for _ in range(5):
            deadline = CLOCK.now() + milliseconds * MILLISECOND
            solved, game = solve_flop(of, Limits(deadline=deadline), clock=CLOCK, threads=2)
            overrun.add(max(0, CLOCK.now() - deadline) / 1e6)
            far = game.exploitability()
            game.close()
        print(f"{name}: {game.limit}: {solved.iteration} iterations, {far:.3f}% of the pot")
    show("Deadlines", overrun)
    assert overrun.wall


def test_how_good_the_turn_of_dt_is_in_the_whole_subgame() -> None:
    """The turn as it was solved to a limited depth is held fixed in the whole subgame, whose rivers are solved for it;
    then either player may deviate anywhere."""
    of = spot("dt")
    limits = Limits(deadline=CLOCK.now() + 400 * MILLISECOND)
    solved, limited = solve_flop(of, limits, clock=CLOCK, threads=2)
    tree = build(of)
    locks = [
        Lock(whole, limited.strategy(node))
        for node, whole in both(limited, tree)
        if limited.tree.kind[node] <= NodeKind.IP_ACTS
    ]
    held = Subgame(of, tree, 2, locks)
    solve_on(held, Limits(iterations=40), clock=CLOCK)
    free = Subgame(of, tree, 2)
    for mine, theirs in zip(free.average, held.average, strict=True):
        for player in (0, 1):
            mine[player][:] = theirs[player]
    print(f"dt, turn betting in 400 ms: {solved.iteration} iterations, {limited.exploitability():.2f}% in its own game")
    print(f"dt, the same turn in the whole subgame: {free.exploitability():.2f}% of the pot")
    assert np.isfinite(free.exploitability())


def both(limited: FlopGame, tree: BettingTree) -> list[tuple[int, int]]:
    """The nodes of the limited game with those of the whole tree."""
    found, ahead = [], [(0, 0)]
    while ahead:
        pair = ahead.pop()
        found.append(pair)
        if limited.tree.children[pair[0]]:
            ahead.extend(zip(limited.tree.children_of(pair[0]), tree.children_of(pair[1]), strict=True))
    return found


def test_the_library(tmp_path: Path) -> None:
    library, at = Library(tmp_path, None), address(spot("c", RANGES))
    solved, game = solve_flop(at.spot, Limits(iterations=20), clock=CLOCK)
    path = library.keep(at, game, solved)
    finding, values = Figure("an answer found"), Figure("action values at the root")
    for _ in range(20):
        begun = time.perf_counter()
        answer = library.find(spot("c", RANGES)).answer
        finding.add((time.perf_counter() - begun) * 1e3)
        assert answer is not None
        begun = time.perf_counter()
        answer.action_values(0)
        values.add((time.perf_counter() - begun) * 1e3)
    print(f"an entry has {path.stat().st_size:,} bytes")
    show("The library", finding, values)
