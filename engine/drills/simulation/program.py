"""The program of the simulation: what ``engine.runtime`` does over threads and processes, here in one thread."""

import hashlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.drills.simulation.disk import RamJournal
from engine.drills.simulation.watched_journal import WatchedJournal
from engine.permit import page as permit
from engine.permit.page import PermitPage
from engine.permit.words import StopCode
from engine.records.encoding import encode
from engine.records.journal import SqliteJournal
from engine.risk.guard import RiskGuard
from engine.risk.reconstruct import opening, played
from engine.risk.store import Storage
from engine.runtime.links import ModeWord, stop_faults
from engine.safety.health import HealthMonitor
from engine.safety.latch import Latch, LatchError
from engine.safety.pressure import PressureLimits
from engine.safety.supervisor import ARMED, Fault, InvalidTransitionError
from engine.session.risk_history import catch_up
from engine.session.session import Session
from engine.session.watch import Findings, Watch
from engine.session.wiring import StandIns, health_limits, risk_limits, stages, wire
from engine.words import Cause, Look, Mode

if TYPE_CHECKING:
    from engine.drills.simulation.world import World


LOOKS = 16


@dataclass(frozen=True, slots=True)
class _Row:
    kind: str
    data: Mapping[str, Any]


def _risk_rows(began: Mapping[str, Any], rows: Sequence[tuple[str, Mapping[str, Any]]]) -> Iterator[_Row]:
    """The last run's rows as its journal would give them, as far as the risk figures come from them."""
    yield _Row("start", encode(began))
    last_hand = max((place for place, (kind, _) in enumerate(rows) if kind == "hand"), default=-1)
    for place, (kind, data) in enumerate(rows):
        if kind == "hand":
            yield _Row(kind, encode(data))
        elif place > last_hand:
            yield _Row(kind, {"state": encode(data["state"]), "decision": {"action": encode(data["decision"].action)}})


class Program:
    """One run of the program, from its start to its end or its death. ``guarded``: watchdog and actuator run.

    Raises RiskStateError, PermitError or OSError when it cannot start.
    """

    def __init__(self, world: "World") -> None:
        self._world = world
        config, clock = world.config, world.clock
        self.session_id = f"simulated-{world.seed}-{world.starts:06d}"
        self.guarded = False
        self.beat_at = 0
        self.looks: deque[Look] = deque(maxlen=LOOKS)
        """What the eyes have handed over and the engine has not taken in yet."""
        self.latch = Latch.open(world.directory, clock, utc=world.utc, write=world.disk.write)
        self.risk = self._open_risk()
        self._catch_up()
        if self.latch.event is None:
            self.risk.begin_session(self.session_id)
        self.page = self._new_page()
        self.journal = self._new_journal()
        self.stages = stages(config, StandIns(world.solver, world.advisers))
        self.wired = wire(
            config,
            session_id=self.session_id,
            clock=clock,
            utc=world.utc,
            journal=self.journal,
            permission=self.latch,
            risk=self.risk,
            guard=world.guard,
            stages=self.stages,
        )
        self.session = Session(self.wired.parts, ModeWord(self.page.engine, clock), self.latch.event)
        self.watch_with(HealthMonitor((world.eyes, world.solver, world.advisers), health_limits(config), clock))
        self.journal.record("start", {"config": config.digest, "risk": opening(self.risk.state)})

    def watch_with(self, monitor: HealthMonitor) -> None:
        """Watch the components with this monitor from now on."""
        world = self._world
        self.health = monitor
        self.watch = Watch(
            clock=world.clock,
            health=monitor,
            calendar=world.calendar,
            surroundings=world.surroundings,
            late=world.pace,
            pressure=PressureLimits(world.config.health.pressure_limit),
            journal=self.journal,
            budgets=self.wired.budget.summary,
        )
        self._found = self.watch.step()

    def _open_risk(self) -> RiskGuard:
        world = self._world
        limits, storage = risk_limits(world.config), Storage(write=world.disk.write)
        return RiskGuard(world.directory / "risk.json", limits, utc=world.utc, storage=storage)

    def _catch_up(self) -> None:
        """Book what only the last run's journal knows."""
        world = self._world
        if world.real:
            catch_up(self.risk, world.directory / "journals")
        elif world.disk.began is not None:
            last = played("of the last run", _risk_rows(world.disk.began, list(world.disk.rows)))
            self.risk.catch_up(last.hands, last.open_hand)

    def _new_page(self) -> PermitPage:
        world = self._world
        name = f"{world.seed}/{world.starts}/{world.steps}".encode()
        epoch = int.from_bytes(hashlib.blake2b(name, digest_size=7).digest(), "big") + 1
        return permit.create(world.directory / "permit", epoch)

    def _new_journal(self) -> WatchedJournal:
        world = self._world
        if world.real:
            inner: SqliteJournal | RamJournal = SqliteJournal(
                world.directory / "journals", self.session_id, world.clock, utc=world.utc
            )
        else:
            inner = RamJournal(world.disk)
        return WatchedJournal(inner, world.noted)

    # the operator

    def arm(self) -> None:
        """Start watchdog and actuator and go LIVE. InvalidTransitionError, LatchError or OSError when that fails."""
        world, session = self._world, self.session
        if self.guarded:
            raise InvalidTransitionError(f"it is armed already ({session.mode})")
        world.hands.start(self.page)
        world.watchdog.start(self.page)
        self.guarded = True
        try:
            session.connect(world.hands)
            session.command(Cause.ARM)
        except (InvalidTransitionError, LatchError, OSError):
            self._let_go()
            raise

    def reset(self) -> str:
        """Clear a stop and make a new page; "" when done, else why not. Raises what a failed reset raises."""
        if self.session.mode is not Mode.STOPPED:
            return f"there is nothing to reset in {self.session.mode}"
        if self.watch.unwell:
            return f"not everything is well yet: {self.watch.unwell}"
        self._open_risk()
        self._let_go()
        self.page = self._new_page()  # first, as in the runtime
        self.session.connect(None, ModeWord(self.page.engine, self._world.clock))
        self.session.command(Cause.RESET)
        return ""

    # the engine's thread

    def turn(self) -> None:
        """One round: beat, ask how things are, take in every look that has come, let the guards go after a stop."""
        self.beat_at = self._world.clock.now()
        self.page.engine.beat(self.beat_at)
        self._found = found = self.watch.step()
        waiting: list[Look | None] = [self.looks.popleft() for _ in range(len(self.looks))]
        for look in waiting or [None]:
            self._step(look, found)
        if self.guarded and self.session.mode not in ARMED:
            self._let_go()

    def _step(self, look: Look | None, found: Findings) -> None:
        try:
            self.session.step(look, self._faults(found), found.conditions)
        except Exception as error:  # a fault of our own is a stop, never a silent loop
            fault = Fault(Cause.ENGINE_FAULT, f"{type(error).__name__}: {error}", "no fault of the program")
            self.session.step(None, [fault])

    @property
    def spent(self) -> bool:
        """Whether a component was lost more often than it may be started again."""
        return bool(self._found.faults)

    def _faults(self, found: Findings) -> Sequence[Fault]:
        stopped = self.page.stopped()
        if not (self.guarded or stopped):
            return found.faults
        faults = [*found.faults, *(stop_faults(self.page) if stopped else ())]
        if self.guarded and self.session.mode in ARMED:
            if not self._world.hands.alive:
                faults.append(Fault(Cause.ACTUATOR_LOST, "the actuator process has ended", "a living actuator"))
            if not self._world.watchdog.alive:
                faults.append(Fault(Cause.WATCHDOG_LOST, "the watchdog process has ended", "a living watchdog"))
        return faults

    def _let_go(self) -> None:
        if self.session.mode is Mode.STOPPED:
            self.page.console.stop(StopCode.PANIC)
        self.guarded = False
        self._world.watchdog.end()
        self._world.hands.end()
        self.session.connect(None)

    # the end

    def kill(self) -> None:
        """kill -9: only what a thread of ours holds open in this process is given back."""
        self.guarded = False
        self.journal.close()
        self.stages.close()

    def close(self) -> None:
        """An orderly end."""
        self.kill()
