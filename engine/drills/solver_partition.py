"""Drill solver-partition: the solver, then the advisers, cannot be reached; then the real solver process is cut off."""

from collections.abc import Callable
from dataclasses import replace

from engine.drills.drill import Bench, Criterion, Drill, Sabotage
from engine.drills.real_solver import real_partition
from engine.drills.simulation.faults import NO_FAULT, OFF
from engine.drills.simulation.thinking import SimulatedSolver
from engine.drills.simulation.world import World, health_limits
from engine.drills.virtual import (
    SceneError,
    arm,
    changed,
    come_to,
    decisions_since,
    degradation,
    in_hand,
    landed,
    made_since,
    new_hands,
    seconds_since,
    world,
)
from engine.game.state import TableState
from engine.safety.health import HealthMonitor, HealthVerdict
from engine.words import Degradation, HealthReport, Mode, Solution, SolverError

CUT_OFF_S = 12.0
DECISIONS = 2
BACK_WITHIN_S = 240.0
MARGIN_S = 2.0
ALPHA = 0.5
"""Half the weight is the advisers', so that it shows whether they were heard."""
UNSOLVED = frozenset({"cache", "safe"})

CRITERIA = (
    Criterion(
        "degraded", "Without the solver: stored answers or check and fold, in time", "the down time and two seconds"
    ),
    Criterion("answers", "No decision meanwhile comes from the solver, and none is illegal", "source cache or safe"),
    Criterion("advisers", "Without the advisers: the solver alone", "GTO-only, as soon"),
    Criterion("no-stop", "Nothing crashes and nothing stops", "LIVE or SAFE throughout"),
    Criterion("recovery", "What is well again is used again by the rule of the table", "full play within 240 s"),
    Criterion("real", "The real solver process, frozen and cut off, is replaced and answers again", "a sound answer"),
)


class CutOffSolver(SimulatedSolver):
    """A solver behind a connection: while it is cut the process lives, and nobody can reach it."""

    connected = True

    def report(self) -> HealthReport:
        """Alive, and ready only when it can be reached."""
        report = super().report()
        return report if self.connected else replace(report, ready=False, busy=False, detail="it cannot be reached")

    def begin(self, state: TableState, budget_ns: int, seed: int) -> None:
        """SolverError while it is cut off."""
        self._require()
        super().begin(state, budget_ns, seed)

    def answer(self) -> Solution | None:
        """SolverError when the connection broke under the request."""
        if self._request is not None:
            self._require()
        return super().answer()

    def _require(self) -> None:
        if not self.connected:
            self.abandon()
            raise SolverError("the solver cannot be reached")


class BlindMonitor(HealthMonitor):
    """The sabotage: a monitor to which everybody is always well."""

    def step(self) -> HealthVerdict:
        """Asks everybody and says nothing."""
        return replace(super().step(), eyes="", solver="", advisers="", faults=())


def run(bench: Bench) -> None:
    """Two partitions in virtual time, then the real process."""
    with world(bench, "world", config=changed(bench.config, "decision", alpha=ALPHA)) as made:
        solver = CutOffSolver(made.clock, bench.seed)
        made.solver = solver
        made.restart()
        if bench.sabotaged:
            made.health = BlindMonitor((made.eyes, made.solver, made.advisers), health_limits(made.config), made.clock)
        arm(made)
        bench.step("the solver is cut off in the middle of a hand", 0.1)
        _solver(bench, made, solver)
        bench.step("the advisers are cut off in the middle of a hand", 0.3)
        _advisers(bench, made)
        stops = [change for change in made.transitions if change.target not in (Mode.LIVE, Mode.SAFE)]
        bench.judge(
            "no-stop", not stops, f"{stops[0].target}: {stops[0].cause}" if stops else "never left LIVE and SAFE"
        )
        bench.judge("answers", landed([press for press in made.presses if press.made]), "every press was legal")
    if not bench.sabotaged:
        bench.step("the real solver process is frozen", 0.5)
        real_partition(bench, "real")


def _limit_s(made: World) -> float:
    return made.config.health.down_after_ms / 1000 + MARGIN_S


def _solver(bench: Bench, made: World, solver: CutOffSolver) -> None:
    come_to(made, "a hand in flight", lambda: in_hand(made))
    made.run(1.0)
    solver.connected, at = False, made.clock.now()

    def lost() -> bool:
        return Degradation.CACHE_ONLY in made.session.degraded or made.mode is Mode.SAFE

    found, took = made.until(lost, _limit_s(made)), seconds_since(made, at)
    bench.judge("degraded", found, f"after {took:.2f} s" if found else f"not within {took:.2f} s")
    bench.figure("from the cut to the degradation", took * 1000, "ms")
    before, began = made.journal.counts["decision"], made.clock.now()
    made.run(CUT_OFF_S)
    come_to(made, "decisions without the solver", lambda: made.journal.counts["decision"] >= before + DECISIONS)
    decided = decisions_since(made, before)
    foreign = sorted({one.source for one in decided} - UNSOLVED)
    bench.judge(
        "answers", bool(decided) and not foreign, f"{len(decided)} decisions, {', '.join(foreign) or 'none solved'}"
    )
    bench.figure("presses without the solver", len(made_since(made, began)), "")
    solver.connected = True
    _judge_back(bench, made, "the solver", lambda: not lost())


def _advisers(bench: Bench, made: World) -> None:
    come_to(made, "a hand in flight", lambda: in_hand(made))
    made.advisers.fault, at = OFF, made.clock.now()
    found = made.until(degradation(made, Degradation.GTO_ONLY, begun=True), _limit_s(made))
    bench.judge("advisers", found, f"after {seconds_since(made, at):.2f} s" if found else "never")
    before = made.journal.counts["decision"]
    made.run(CUT_OFF_S)
    decided = [one for one in decisions_since(made, before) if one.source not in UNSOLVED]
    alone = all(one.alpha == 1.0 for one in decided)
    bench.judge("advisers", alone, f"{len(decided)} by the solver alone" if alone else "advice that nobody gave")
    made.advisers.fault = NO_FAULT
    _judge_back(bench, made, "the advisers", degradation(made, Degradation.GTO_ONLY, begun=False))


def _judge_back(bench: Bench, made: World, who: str, back: Callable[[], bool]) -> None:
    """Well again: the degradation ends, and what was lost answers again."""
    at = made.clock.now()
    if not made.until(back, BACK_WITHIN_S):
        bench.judge("recovery", False, f"{who} is not used again after {BACK_WITHIN_S:.0f} s")
        return
    took = seconds_since(made, at)
    before = made.journal.counts["decision"]
    try:
        come_to(made, "two more hands", new_hands(made, 2))
    except SceneError as error:
        bench.judge("recovery", False, str(error))
        return
    used = any(one.source not in UNSOLVED and one.alpha == ALPHA for one in decisions_since(made, before))
    bench.judge("recovery", used, f"{who} after {took:.1f} s" if used else f"{who} gives nothing to the decisions")


DRILL = Drill(
    name="solver-partition",
    title="Partition",
    purpose="Cuts the engine off from the solver and from the advisers in the middle of a hand, and freezes the real "
    "solver process.",
    criteria=CRITERIA,
    sabotage=Sabotage("the health monitor calls everybody well", ("degraded", "advisers")),
    needs_screen=False,
    run=run,
)
