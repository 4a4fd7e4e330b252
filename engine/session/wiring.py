"""Wiring: the one place where the stages of a session are put together, and the only one where a fault may enter."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.clock import MILLISECOND, SECOND, Clock
from engine.config import Config, root
from engine.game.state import TableState
from engine.ports import Journal, TableGuard, Windows
from engine.risk.guard import RiskGuard
from engine.safety.supervisor import Limits
from engine.safety.timings import Timings
from engine.session.hand_loop import HandLoop, Settings
from engine.session.session import Parts, Permission
from engine.session.tally import Tally
from engine.session.thinker import Thinker
from engine.solver.baseline import BaselineSolver
from engine.strategy.engine import StrategyEngine
from engine.strategy.selection import hand_seed
from engine.vision.eyes import Rules, ScreenEyes
from engine.vision.pack import LayoutPack, load
from engine.vision.tracker import Tracker


@dataclass(frozen=True, slots=True)
class Wired:
    """A session's parts and what the runtime has to end."""

    parts: Parts
    thinker: Thinker
    timings: Timings
    tally: Tally


def layout_pack(config: Config) -> LayoutPack:
    """The pack of the configured table; LayoutPackError when it cannot be used."""
    name = config.vision.layout
    if name == "auto":
        name = f"{config.table.client}/{config.table.theme}"
    return load(root() / "resources" / "layouts" / name)


def risk_guard(config: Config, directory: Path) -> RiskGuard:
    """The risk guard over the profile's persisted state; RiskStateError when that is damaged."""
    limits = config.risk
    return RiskGuard(
        directory / "risk.json",
        session_loss_limit=limits.session_loss_limit,
        hand_commitment_limit=limits.hand_commitment_limit,
        hands_limit=limits.hands_limit,
    )


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


def wire(
    config: Config,
    *,
    session_id: str,
    clock: Clock,
    utc: Callable[[], str],
    journal: Journal,
    permission: Permission,
    risk: RiskGuard,
    guard: TableGuard,
) -> Wired:
    """Put the stages of one session together."""
    solver = BaselineSolver(clock, config.decision.samples)
    thinker = Thinker(solver, StrategyEngine(config.decision.alpha))
    timings, tally = Timings(), Tally()

    def seed_of(state: TableState) -> int:
        return hand_seed(state.hand_id, session_id)

    loop = HandLoop(
        clock=clock,
        settings=_settings(config),
        thinker=thinker,
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
    return Wired(parts, thinker, timings, tally)


def _settings(config: Config) -> Settings:
    return Settings(
        budget=config.decision.budget_ms * MILLISECOND,
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
    )
