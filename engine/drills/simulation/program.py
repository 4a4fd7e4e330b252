"""The program of the simulation: the engine's rounds, arming and commands are the runtime's own, here without threads.

Whoever gives a command waits in virtual time: the engine is woken and makes its round at once, unless it stands still.
"""

import hashlib
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from engine.clock import MILLISECOND, SECOND
from engine.drills.simulation.disk import RamJournal
from engine.drills.simulation.guards import SimulatedGuards
from engine.drills.simulation.watched_journal import WatchedJournal
from engine.execution.processes import ProcessError
from engine.permit import page as permit
from engine.permit.page import PermitPage
from engine.records.encoding import encode
from engine.records.journal import SqliteJournal
from engine.risk.guard import RiskGuard
from engine.risk.reconstruct import opening, played
from engine.risk.store import Storage
from engine.runtime.arming import Arming
from engine.runtime.links import ModeWord
from engine.runtime.rounds import EngineThread, Round
from engine.safety.health import HealthMonitor
from engine.safety.latch import Latch
from engine.safety.pressure import PressureLimits
from engine.safety.supervisor import InvalidTransitionError
from engine.session.risk_history import catch_up
from engine.session.session import Session
from engine.session.watch import Findings, Watch
from engine.session.wiring import StandIns, health_limits, risk_limits, stages, wire
from engine.words import CheckResult

if TYPE_CHECKING:
    from engine.drills.simulation.world import World


T = TypeVar("T")
START_TIMES = (0, 0, 30, 120, 400)
"""Milliseconds that the guards take to start."""


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
    """One run of the program, from its start to its end or its death. ``looks`` takes what the eyes hand over.

    Raises RiskStateError, PermitError or OSError when it cannot start.
    """

    def __init__(self, world: "World") -> None:
        self._world = world
        config, clock = world.config, world.clock
        self.session_id = f"simulated-{world.seed}-{world.starts:06d}"
        self.beat_at = self._pages = 0
        self._chance = random.Random(self.session_id)
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
        self.arming: Arming[SimulatedGuards] = Arming(
            self.session, self.journal, lambda: self.page, self._start_guards, self.ask
        )
        turn = Round(self.session, self.arming, self._findings, lambda: self.page)
        self.looks = turn.looks
        self.engine = EngineThread(
            clock,
            self.session,
            lambda: self.page,
            first=_nothing,
            parts=turn.parts,
            last=_nothing,
            awaiting=self._await,
        )
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
        self._pages += 1
        name = f"{world.seed}/{world.starts}/{self._pages}".encode()
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

    @property
    def runs(self) -> bool:
        """Whether it has neither ended nor been killed."""
        return self._world.up and self._world.program is self

    def ask(self, act: Callable[[], T]) -> T:
        """Have something done in the engine's next round; raises what comes of it, as ``CommandQueue.ask`` does."""
        return self.engine.commands.ask(act)

    def arm(self) -> Sequence[CheckResult]:
        """Start watchdog and actuator and go LIVE; what stood in the way. There are no checks before it."""
        return self.arming.arm(list)

    def reset(self) -> str:
        """Clear a stop and make a new page; "" when done, else why not. Raises what a failed reset raises."""
        return self.ask(lambda: self.arming.reset(self.watch.unwell, self._open_risk, self._change_page))

    def _change_page(self) -> ModeWord:
        self.page = self._new_page()
        return ModeWord(self.page.engine, self._world.clock)

    def _start_guards(self, epoch: int) -> SimulatedGuards:
        world = self._world
        world.wait(self._chance.choice(START_TIMES) * MILLISECOND, lambda: not self.runs)
        if not self.runs or self.page.epoch != epoch:
            raise ProcessError("there is no permit page of this epoch any more")
        return SimulatedGuards(world.hands, world.watchdog, self.page, world.clock, lambda: world.disk.killed)

    def _await(self, future: "Future[object]", limit_s: float) -> bool:
        world = self._world
        end = world.clock.now() + round(limit_s * SECOND)
        while not future.done():
            if not self.runs:
                raise InvalidTransitionError("the program has ended")
            if world.clock.now() >= end:
                return False
            if world.engine_stands:
                world.step()
            else:
                self.turn()
        return True

    # the engine's thread

    def turn(self) -> None:
        """One round of the engine."""
        self.beat_at = self._world.clock.now()
        self.engine.round()

    def _findings(self) -> Findings:
        self._found = self.watch.step()
        return self._found

    @property
    def spent(self) -> bool:
        """Whether a component was lost more often than it may be started again."""
        return bool(self._found.faults)

    # the end

    def end(self) -> None:
        """An orderly end, in the runtime's order."""
        self.engine.stand_down()
        self.risk.stopped("the program was closed")
        self.arming.end()
        self.close()

    def close(self) -> None:
        """Give back what a thread of ours holds open in this process: all that is left to do after a kill -9."""
        self.journal.close()
        self.stages.close()


def _nothing() -> None:
    """Neither screen nor guard has to be opened here."""
