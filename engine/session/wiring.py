"""Wiring: the one place where the stages of a session are put together, and the only one where a fault may enter."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.agents.none import NoAdvisers
from engine.clock import MILLISECOND, SECOND, Clock, utc_now
from engine.config import Config, root
from engine.execution.roles import SOLVER, clean_environment, role_command
from engine.game.state import TableState
from engine.permit.watchdog import STALL_LIMIT
from engine.ports import Advisers, Calendar, Journal, Solver, TableGuard, Watched, Windows
from engine.ports import RiskGuard as RiskGuardPort
from engine.risk.guard import RiskGuard
from engine.risk.limits import RiskLimits
from engine.risk.store import DISK, RISK_NAME, Storage
from engine.safety.budget import TimeBudgetTracker
from engine.safety.health import HealthLimits, HealthMonitor, RestartLimit
from engine.safety.pressure import LateSteps, PressureLimits
from engine.safety.supervisor import Limits
from engine.safety.timings import Timings
from engine.session.deliberation import Deliberation, Policy
from engine.session.hand_loop import HandLoop
from engine.session.session import Parts, Permission
from engine.session.turn import Settings
from engine.session.watch import Surroundings, Watch
from engine.solver.cache import SolutionCache
from engine.solver.process import SolverProcess
from engine.strategy.engine import StrategyEngine
from engine.strategy.selection import hand_seed
from engine.vision.eyes import Rules, ScreenEyes
from engine.vision.pack import LayoutPack, load
from engine.vision.tracker import Tracker
from engine.words import Component, Counters, SolverView, Stage

LATE_STEP = 50 * MILLISECOND
"""An engine step that comes so long after the one before is late: it is asked for every 10 ms."""

BRAIN = "brain-1"
"""Whose answers are kept by exact spot; another number when the same question gets another answer."""

ONE_THREAD_OF_BLAS = {"OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""The solver's kernels have threads of their own; numpy's would only wait in their way."""

EYES_STALLED = STALL_LIMIT // 2
"""Eyes that hang are begun anew while the watchdog, which stops for them while armed, still waits: the other half of
its limit is for new eyes to open and look, which takes some 0.3 s."""


class StandInError(ValueError):
    """A stand-in was offered to a profile that plays for real."""


@dataclass(frozen=True, slots=True)
class StandIns:
    """What a drill or a simulation puts in place of the product's own: the only door through which a fault enters."""

    solver: Solver | None = None
    advisers: Advisers | None = None


@dataclass(frozen=True, slots=True)
class Stages:
    """The stages that answer a decision's questions, those of them whose health is watched, what is wrong with what
    they can do without (in words, "" for nothing), how what works for them begins and ends, and what the solver is at.
    """

    solver: Solver
    advisers: Advisers
    watched: tuple[Watched, ...] = ()
    beginnings: tuple[Callable[[], None], ...] = ()
    endings: tuple[Callable[[], None], ...] = ()
    problems: tuple[Callable[[], str], ...] = ()
    solver_view: Callable[[], SolverView] = SolverView

    def start(self) -> None:
        """Begin the stages' own threads and processes."""
        for begin in self.beginnings:
            begin()

    def close(self) -> None:
        """End the stages' own threads and processes."""
        for end in self.endings:
            end()


@dataclass(frozen=True, slots=True)
class Wired:
    """A session's parts and what the runtime reads from them."""

    parts: Parts
    budget: TimeBudgetTracker
    timings: Timings
    tally: Counters


def layout_pack(config: Config) -> LayoutPack:
    """The pack of the configured table; LayoutPackError when it cannot be used."""
    name = config.vision.layout
    if name == "auto":
        name = f"{config.table.client}/{config.table.theme}"
    return load(root() / "resources" / "layouts" / name)


def risk_guard(
    config: Config, directory: Path, *, utc: Callable[[], str] = utc_now, storage: Storage = DISK
) -> RiskGuard:
    """The risk guard over the profile's persisted state; RiskStateError when that is damaged."""
    return RiskGuard(directory / RISK_NAME, risk_limits(config), utc=utc, storage=storage)


def risk_limits(config: Config) -> RiskLimits:
    """The configured limits, at the configured table."""
    return RiskLimits(big_blind=config.table.big_blind, **config.risk.model_dump())


def eyes(config: Config, pack: LayoutPack, windows: Windows, clock: Clock) -> ScreenEyes:
    """The eyes on the screen, by the configured rules."""
    vision = config.vision
    rules = Rules(
        confidence=vision.confidence_limit,
        calm_every=SECOND // vision.calm_hz,
        turn_every=SECOND // vision.turn_hz,
        unsettled_limit=vision.unsettled_limit_ms * MILLISECOND,
        stale_after=vision.stale_after_ms * MILLISECOND,
    )
    return ScreenEyes(pack, windows, clock, rules)


def stages(config: Config, stand_ins: StandIns | None = None, directory: Path | None = None) -> Stages:
    """The product's own stages, or stand-ins for them; StandInError when those are offered to the prod profile.

    The solver's answers are kept in ``directory``, in memory without one. ``Stages.start`` begins what works.
    """
    given = stand_ins or StandIns()
    if config.profile == "prod" and given != StandIns():
        raise StandInError("the prod profile takes no stand-ins: run drills and simulations in a profile of their own")
    advisers = given.advisers or NoAdvisers()
    if given.solver is not None:
        return Stages(given.solver, advisers)
    samples, threads = config.decision.samples, config.decision.threads
    cache = SolutionCache(f"{BRAIN}-{samples}", directory)
    command = role_command(SOLVER, "--samples", str(samples), "--threads", str(threads))
    solver = SolverProcess(command, cache, clean_environment() | ONE_THREAD_OF_BLAS)
    endings = (solver.close, cache.close)
    problems = (lambda: cache.status.problem,)
    return Stages(solver, advisers, (solver,), (solver.start,), endings, problems, solver.view)


def health_limits(config: Config) -> HealthLimits:
    """The configured limits of the health monitor; what is not named is shown and never started again."""
    health = config.health
    budgets = {Component.EYES: health.eyes, Component.SOLVER: health.solver, Component.ADVISERS: health.advisers}
    return HealthLimits(
        {name: RestartLimit(budget.restarts, round(budget.within_s * SECOND)) for name, budget in budgets.items()},
        down_after=health.down_after_ms * MILLISECOND,
        up_after=health.up_after_ms * MILLISECOND,
        stalled_after=health.stalled_after_ms * MILLISECOND,
        start_limit=health.start_limit_ms * MILLISECOND,
        snapshot_every=round(health.snapshot_s * SECOND),
        stalled_sooner={Component.EYES: EYES_STALLED},
    )


def watch(
    config: Config,
    *,
    clock: Clock,
    components: Sequence[Watched],
    calendar: Calendar,
    surroundings: Surroundings,
    journal: Journal,
    budget: TimeBudgetTracker,
    problems: Sequence[Callable[[], str]],
) -> Watch:
    """Put together what is asked for the components' health, the calendar, the resources and the desk."""
    return Watch(
        clock=clock,
        health=HealthMonitor(components, health_limits(config), clock),
        calendar=calendar,
        surroundings=surroundings,
        late=LateSteps(LATE_STEP),
        pressure=PressureLimits(config.health.pressure_limit),
        journal=journal,
        budgets=budget.summary,
        problems=problems,
    )


def wire(
    config: Config,
    *,
    session_id: str,
    clock: Clock,
    utc: Callable[[], str],
    journal: Journal,
    permission: Permission,
    risk: RiskGuardPort,
    guard: TableGuard,
    stages: Stages,
) -> Wired:
    """Put the stages of one session together."""
    budget = TimeBudgetTracker(clock, config.decision.budget_ms * MILLISECOND, _shares(config))
    deliberation = Deliberation(
        clock=clock,
        solver=stages.solver,
        advisers=stages.advisers,
        strategist=StrategyEngine(config.decision.alpha),
        budget=budget,
        policy=Policy(config.degradation.solver_lost == "cache-only", config.degradation.safe_mode),
    )
    timings, tally = Timings(), Counters()

    def seed_of(state: TableState) -> int:
        return hand_seed(state.hand_id, session_id)

    loop = HandLoop(
        clock=clock,
        settings=_settings(config),
        deliberation=deliberation,
        risk=risk,
        guard=guard,
        journal=journal,
        timings=timings,
        tally=tally,
        seed_of=seed_of,
    )
    parts = Parts(
        clock=clock,
        utc=utc,
        limits=_limits(config),
        tracker=Tracker(config.table.small_blind, config.table.big_blind, session_id),
        hand_loop=loop,
        risk=risk,
        journal=journal,
        permission=permission,
        tally=tally,
    )
    return Wired(parts, budget, timings, tally)


def _shares(config: Config) -> dict[Stage, float]:
    return {Stage(name): share for name, share in config.budget.model_dump().items()}


def _settings(config: Config) -> Settings:
    return Settings(
        verify=config.execution.verify_ms * MILLISECOND,
        commit=config.journal.commit_timeout_ms * MILLISECOND,
        retries=config.execution.retries,
    )


def _limits(config: Config) -> Limits:
    vision = config.vision
    return Limits(
        confidence=vision.confidence_limit,
        bad_frames=vision.bad_frames,
        hold_limit=round(vision.hold_limit_s * SECOND),
        eyes_back=vision.eyes_back_ms * MILLISECOND,
        solver_lost_is_safe=config.degradation.solver_lost == "safe",
    )
