"""Drill component-restart: eyes, solver and advisers are begun anew in the middle of a hand, within their budgets."""

from dataclasses import replace

from engine.clock import MILLISECOND
from engine.drills.drill import Bench, Criterion, Drill, Sabotage
from engine.drills.real_solver import real_restart
from engine.drills.simulation.eyes import SimulatedEyes
from engine.drills.simulation.faults import NO_FAULT, OFF
from engine.drills.simulation.thinking import SimulatedAdvisers, SimulatedSolver
from engine.drills.simulation.world import World, health_limits
from engine.drills.virtual import (
    arm,
    come_to,
    decisions_since,
    in_hand,
    landed,
    made_since,
    new_hands,
    our_turn,
    rows_since,
    seconds_since,
    stop_of,
    world,
)
from engine.safety.health import HealthMonitor, RestartLimit
from engine.words import Cause, Component, ComponentHealth, HealthState, Mode

ENDLESS = 10**6
DOWN_S = 2.0
BACK_WITHIN_S = 60.0
SPENT_WITHIN_S = 240.0
ANSWER_SLACK_S = 1.0
UNSOLVED = frozenset({"cache", "safe"})
FAULTS = {Component.EYES: NO_FAULT, Component.SOLVER: OFF, Component.ADVISERS: OFF}
"""The process of the solver ends, the advisers cannot be reached, the eyes are sound; each is then begun anew."""

CRITERIA = (
    Criterion("ready", "Eyes, solver and advisers begun anew in the middle of a hand are ready again", "within 60 s"),
    Criterion(
        "record", "The hands are recorded through all of it, and the figures add up", "risk figures as the table's"
    ),
    Criterion("rebound", "Their clients use the new ones", "decisions of the solver, opinions of the advisers"),
    Criterion(
        "budget", "One that is lost again and again is begun anew within its budget, then stops", "restart-budget"
    ),
    Criterion(
        "safe", "A decision without the solver is a stored one or the safe action, in time", "inside decision.budget_ms"
    ),
    Criterion(
        "real",
        "The real solver process, killed in the middle of a request, fails it and answers anew",
        "a sound answer",
    ),
)


def run(bench: Bench) -> None:
    """One restart of each, the reconnect threshold, a spent budget, and the real process."""
    with world(bench, "restarts") as made:
        arm(made)
        for number, component in enumerate(FAULTS):
            bench.step(f"{component} begun anew in the middle of a hand", 0.1 * number)
            _begun_anew(bench, made, component)
        bench.step("the solver is gone on our turn", 0.35)
        _reconnect(bench, made)
        _judge_record(bench, made)
    bench.step("a solver that is lost again and again", 0.5)
    _spent(bench)
    bench.step("the real solver process is killed", 0.7)
    real_restart(bench, "real")


def _port(made: World, component: Component) -> SimulatedEyes | SimulatedSolver | SimulatedAdvisers:
    match component:
        case Component.EYES:
            return made.eyes
        case Component.SOLVER:
            return made.solver
        case _:
            return made.advisers


def _health(made: World, component: Component) -> ComponentHealth:
    return next(health for health in made.health.snapshot() if health.component is component)


def _begun_anew(bench: Bench, made: World, component: Component) -> None:
    """The monitor begins a solver anew that has ended; eyes and the advisers' transport are bounced here."""
    come_to(made, "a hand in flight", lambda: in_hand(made))
    before = _health(made, component).restarts
    at, port = made.clock.now(), _port(made, component)
    port.fault = FAULTS[component]
    if component is Component.SOLVER:
        anew = made.until(lambda: _health(made, component).restarts > before, BACK_WITHIN_S)
    else:
        made.run(DOWN_S)
        port.restart()
        anew = made.until(lambda: _health(made, component).state is not HealthState.READY, BACK_WITHIN_S)
    ready = anew and made.until(lambda: _health(made, component).state is HealthState.READY, BACK_WITHIN_S)
    took = seconds_since(made, at)
    bench.judge("ready", ready, f"{component} after {took:.1f} s" if ready else f"{component} not again")
    bench.figure(f"{component}: from the fault until ready again", took, "s")
    live = made.until(lambda: made.mode is Mode.LIVE and not made.session.degraded, BACK_WITHIN_S * 4)
    count = made.journal.counts["decision"]
    come_to(made, "two more hands", new_hands(made, 2))
    decided = decisions_since(made, count)
    heard = any("2 of 2 opinions" in reason for one in decided for reason in one.reasons)
    used = live and heard and any(one.source not in UNSOLVED for one in decided)
    bench.judge(
        "rebound", used, "solver and advisers answer" if used else f"not after {component}: {made.session.reason}"
    )


def _reconnect(bench: Bench, made: World) -> None:
    """The solver goes while it thinks about our turn: the decision comes in time all the same."""
    come_to(made, "a turn of another", lambda: not made.table.heros_turn)
    come_to(made, "our turn", lambda: our_turn(made))
    count, at = made.journal.counts["decision"], made.clock.now()
    made.solver.fault = FAULTS[Component.SOLVER]
    budget = made.config.decision.budget_ms / 1000
    decided = made.until(lambda: made.journal.counts["decision"] > count, budget + ANSWER_SLACK_S)
    took = seconds_since(made, at)
    source = decisions_since(made, count)[0].source if decided else "none"
    bench.judge("safe", decided and took <= budget and source in UNSOLVED, f"{source} after {took * 1000:.0f} ms")
    bench.figure("a decision without the solver", took * 1000, "ms")
    come_to(made, "full play", lambda: made.mode is Mode.LIVE and not made.session.degraded)
    come_to(made, "a hand more", new_hands(made, 1))


def _judge_record(bench: Bench, made: World) -> None:
    """What is booked is what the table paid, and nothing pressed was anything but an action."""
    come_to(made, "the end of a hand", new_hands(made, 1))
    booked = made.risk.status(None).session_result
    paid = sum(made.table.results.values())
    rows = len(rows_since(made, "hand", 0))
    bench.judge("record", booked == paid, f"{rows} hands, {booked:+d} chips booked, {paid:+d} paid")
    bench.judge("record", landed([press for press in made.presses if press.made]), "every press was an action")


def _spent(bench: Bench) -> None:
    with world(bench, "budget") as made:
        limits = health_limits(made.config)
        if bench.sabotaged:
            endless = dict.fromkeys(limits.restarts, RestartLimit(ENDLESS, 1 * MILLISECOND))
            components = (made.eyes, made.solver, made.advisers)
            made.health = HealthMonitor(components, replace(limits, restarts=endless), made.clock)
        arm(made)
        come_to(made, "a hand in flight", lambda: in_hand(made))
        made.solver.fault = replace(FAULTS[Component.SOLVER], heals=False)
        at = made.clock.now()
        made.until(lambda: made.mode is Mode.STOPPED, SPENT_WITHIN_S)
        stop, restarts = stop_of(made), _health(made, Component.SOLVER).restarts
        right = stop is not None and stop.cause is Cause.RESTART_BUDGET
        allowed = made.config.health.solver.restarts
        said = f"{stop.cause if stop else made.mode} after {restarts} restarts"
        bench.judge("budget", right and restarts <= allowed, said)
        bench.figure("from the first loss to the stop", seconds_since(made, at), "s")
        now = made.clock.now()
        made.run(30.0)
        late = len(made_since(made, now))
        bench.judge("budget", not right or late == 0, f"{late} presses after the stop" if late else said)


DRILL = Drill(
    name="component-restart",
    title="Component restart",
    purpose="Begins eyes, solver and advisers anew in the middle of a hand, and one of them until its budget is spent.",
    criteria=CRITERIA,
    sabotage=Sabotage("the budget of restarts has no end", ("budget",)),
    needs_screen=False,
    run=run,
)
