"""One world in virtual time: the whole engine at a table, with stand-ins where the machine would be.

Single-threaded and deterministic: the same seed gives the same history, whose digest is ``digest``. Real are the
session, supervisor, hand loop, deliberation, budget, watch, health monitor, risk guard, calendar, latch, permit page
and its rules, the engine's rounds, its commands, arming and reset; stand-ins are eyes, solver, advisers, hands, the
table, the disk, and with ``disk="ram"`` the journal.
"""

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from engine.clock import MILLISECOND, SECOND, VirtualClock
from engine.config import Config
from engine.drills.simulation.agenda import NEVER, Agenda
from engine.drills.simulation.around import SimulatedPace, SimulatedSurroundings, TableProof
from engine.drills.simulation.calendar import SimulatedCalendar
from engine.drills.simulation.disk import Disk, Killed
from engine.drills.simulation.eyes import SimulatedEyes
from engine.drills.simulation.faults import FaultKind
from engine.drills.simulation.hands import PressRecord, SimulatedHands, SimulatedWatchdog
from engine.drills.simulation.invariants import Safety
from engine.drills.simulation.liveness import Liveness
from engine.drills.simulation.looking import ASLEEP, Looking
from engine.drills.simulation.program import Program
from engine.drills.simulation.table import SimulatedTable, TableOptions
from engine.drills.simulation.thinking import SimulatedAdvisers, SimulatedSolver
from engine.drills.simulation.watched_journal import WatchedJournal
from engine.permit.page import PermitPage
from engine.permit.words import StopCode
from engine.risk.guard import RiskGuard
from engine.risk.state import RiskStateError
from engine.safety.health import HealthMonitor
from engine.safety.latch import Latch, LatchError
from engine.safety.supervisor import ARMED, InvalidTransitionError, Transition
from engine.session.session import Session
from engine.session.wiring import Wired, health_limits
from engine.words import Cause, Mode

BEGIN = 1_000 * SECOND
TRACE = 60
"""Lines of history that are kept to show what led to a breach."""
WATCH_EVERY = 50 * MILLISECOND
RESET_PATIENCE_S = 30.0

__all__ = ["World", "health_limits"]


class StepsOverError(Exception):
    """The step after which a world was to end."""


class World:
    """See the module. ``violations`` holds what broke an invariant, in words; ``problem`` why a start failed."""

    def __init__(
        self,
        directory: Path,
        *,
        seed: int = 1,
        config: Config | None = None,
        disk: Literal["ram", "real"] = "ram",
        options: TableOptions | None = None,
    ) -> None:
        self.directory, self.seed, self.real = directory, seed, disk == "real"
        self.config = config or Config()
        self.clock = VirtualClock(BEGIN)
        self.agenda = Agenda()
        self.steps = self.crashes = self.starts = 0
        self.invalid = 0
        """Commands that were refused."""
        self.up = False
        self.problem = ""
        self.operator: list[str] = []
        """The operator's acts under way: "arm", "reset"."""
        self.last_step: int | None = None
        """No step is made after this one."""
        self.violations: list[str] = []
        self.transitions: list[Transition] = []
        self.trace: deque[str] = deque(maxlen=TRACE)
        self.table_moved_at = self.engine_stuck_until = self.woke_at = 0
        self._watched_at = self._hands = 0
        self._digest = hashlib.blake2b(digest_size=16)
        directory.mkdir(parents=True, exist_ok=True)
        self.disk = Disk(self.clock, real=self.real)
        self.table = SimulatedTable(options or _options(self.config), seed, self.clock, self.tell)
        self.eyes = SimulatedEyes(self.table, self.clock)
        self.solver = SimulatedSolver(self.clock, seed)
        self.advisers = SimulatedAdvisers(self.clock, seed)
        self.hands = SimulatedHands(self.table, self.agenda, self.clock, self._offered)
        self.watchdog = SimulatedWatchdog(self.clock, self.hands)
        self.guard = TableProof(self.clock)
        self.surroundings, self.pace = SimulatedSurroundings(), SimulatedPace()
        self.calendar = SimulatedCalendar(
            self.config.calendar, directory / "event-calendar.csv", self.clock, self.disk.write
        )
        self._looking = Looking(self.eyes, self.table, self.clock, self.config.vision.confidence_limit)
        self.safety, self.liveness = Safety(self), Liveness(self)
        self._start()

    # starting and ending

    def _start(self) -> None:
        self.starts += 1
        self.program = Program(self)
        self.calendar.restart()
        self.up = True
        self.safety.started()

    def crash(self) -> None:
        """kill -9 of the program: nothing is written, and the watchdog sees the end of its pipe."""
        self.crashes += 1
        self.disk.kill_in, self.disk.killed = 0, False
        self.safety.crashed()
        self.up = False
        self.tell("crash", {})
        self.watchdog.engine_gone()
        self.watchdog.end()
        self.hands.end()
        self.solver.abandon()
        self.advisers.abandon()
        self.program.close()

    def end(self) -> None:
        """An orderly end of the program."""
        self.tell("end", {})
        self.program.end()
        self.up = False

    def restart(self) -> str:
        """Start the program again over the same directory, killing one that runs; "", or why it does not start."""
        if self.up:
            self.crash()
        self.tell("restart", {})
        try:
            self._start()
        except (OSError, RuntimeError) as error:
            self.problem = str(error)
            return self.problem
        return ""

    def close(self) -> None:
        """End what the world holds open."""
        self.program.close()

    # the program's parts, new at every start

    @property
    def session(self) -> Session:
        return self.program.session

    @property
    def session_id(self) -> str:
        return self.program.session_id

    @property
    def page(self) -> PermitPage:
        """The permit page; a new one after every reset."""
        return self.program.page

    @property
    def journal(self) -> WatchedJournal:
        return self.program.journal

    @property
    def risk(self) -> RiskGuard:
        return self.program.risk

    @property
    def latch(self) -> Latch:
        return self.program.latch

    @property
    def wired(self) -> Wired:
        return self.program.wired

    @property
    def health(self) -> HealthMonitor:
        return self.program.health

    @health.setter
    def health(self, monitor: HealthMonitor) -> None:
        self.program.watch_with(monitor)

    @property
    def mode(self) -> Mode:
        return self.program.session.mode

    # the operator

    def arm(self) -> None:
        """Start watchdog and actuator and go LIVE. InvalidTransitionError says what stood in the way."""
        self._require_up("arm")
        self.tell("arm", {})
        with self._acting("arm"):
            if failed := self.program.arm():
                if self.mode not in ARMED:
                    self.safety.revoked()
                raise InvalidTransitionError(failed[0].detail)

    def stop(self) -> None:
        """The red button: the console's stop word."""
        self.tell("stop", {})
        self.page.console.stop(StopCode.BUTTON)
        self.safety.revoked()

    def command(self, command: Cause) -> None:
        """Any other of the operator's commands; InvalidTransitionError when the mode does not allow it, TimeoutError
        when the engine does not take it up.
        """
        self._require_up(str(command))
        self.tell("command", {"command": command})
        session = self.session
        self.program.ask(lambda: session.command(command))

    def reset(self) -> str:
        """Clear a stop, once what keeps a reset back is gone; "" when done, else why not."""
        self.until(lambda: not self.program.watch.unwell, RESET_PATIENCE_S)
        return self.try_reset()

    def try_reset(self) -> str:
        """Clear a stop now; "" when done, else why not."""
        self.tell("reset", {})
        with self._acting("reset"):
            try:
                self._require_up("reset")
                return self.program.reset()
            except (InvalidTransitionError, LatchError, RiskStateError, OSError) as error:
                return str(error) or type(error).__name__

    @contextmanager
    def _acting(self, what: str) -> Iterator[None]:
        self.operator.append(what)
        try:
            yield
        finally:
            self.operator.remove(what)

    def _require_up(self, command: str) -> None:
        if not self.up:
            raise InvalidTransitionError(f"{command} is not possible: the program has ended")

    def suspend(self, seconds: float, *, noticed: bool = True) -> None:
        """The machine sleeps: time passes, and nothing else happens in it."""
        self.tell("suspend", {"seconds": seconds})
        self.clock.sleep(round(seconds * SECOND))
        self.woke_at = self.clock.now()
        if noticed:
            self.surroundings.desk = f"the machine slept for {seconds:.1f} s"

    def desk_changed(self, what: str) -> None:
        """The screen was locked, or its size changed."""
        self.surroundings.desk = what

    # time

    def step(self) -> None:
        """Everything that is due now, one engine step, and then time moves to what comes next.

        A step may lie in another, in which somebody waits for the engine or for the guards.
        """
        if self.last_step is not None and self.steps >= self.last_step:
            raise StepsOverError
        self.steps += 1
        try:
            self._happen(self.clock.now())
        except Killed:
            self.crash()
        self.safety.stepped()
        self.liveness.stepped(self.well)
        self.clock.sleep(self._next_time() - self.clock.now())

    def _happen(self, now: int) -> None:
        if now >= self.table.due:
            self.table.advance()
            self.table_moved_at = now
        self._looking.notice()
        if self.watchdog.alive and (now - self._watched_at >= WATCH_EVERY or now >= self.agenda.next_time):
            self._watched_at = now
            self.watchdog.poll()
        self.agenda.run_due(now)
        now = self.clock.now()  # what was due may have been a sleep
        if self.up:
            look = self._looking.look(self.page.vision, self.mode)
            if look is not None:
                self.program.looks.append(look)
            if not self.engine_stands:
                self.program.turn()
        elif now >= self._looking.next_look:
            self._looking.next_look = now + ASLEEP

    def run(self, seconds: float) -> None:
        """Let virtual time pass."""
        self.wait(round(seconds * SECOND), lambda: False)

    def wait(self, nanoseconds: int, over: Callable[[], bool]) -> None:
        """Let virtual time pass, until it is ``over``."""
        if nanoseconds <= 0:
            return
        end = self.clock.now() + nanoseconds
        self.agenda.at(end, lambda: None)
        while self.clock.now() < end and not over():
            self.step()

    def until(self, condition: Callable[[], bool], limit_s: float) -> bool:
        """Steps until the condition holds; False when it does not within the limit."""
        end = self.clock.now() + round(limit_s * SECOND)
        while not condition():
            if self.clock.now() >= end:
                return False
            self.step()
        return True

    def _next_time(self) -> int:
        now = self.clock.now()
        upcoming = min(self.table.due, self.agenda.next_time, self._looking.next_look)
        if self.up and now < self.engine_stuck_until:
            upcoming = min(upcoming, self.engine_stuck_until)
        return max(upcoming, now + MILLISECOND) if upcoming < NEVER else now + ASLEEP

    # what there is to know

    @property
    def engine_stands(self) -> bool:
        """Whether the engine's thread is stuck."""
        return self.clock.now() < self.engine_stuck_until

    @property
    def beat_at(self) -> int:
        """When the engine beat last."""
        return self.program.beat_at

    @property
    def well(self) -> bool:
        """Whether nothing is wrong anywhere outside the engine."""
        none = FaultKind.NONE
        faults = (
            part.fault.kind
            for part in (self.eyes, self.hands, self.solver, self.advisers, self.guard, self.watchdog, self.calendar)
        )
        return (
            all(kind is none for kind in faults)
            and not (self.disk.full or self.disk.slow_ms or self.hands.person or self.pace.late)
            and not (self.watchdog.hotkey or self.watchdog.corner)
        )

    @property
    def presses(self) -> Sequence[PressRecord]:
        """Every press that was offered to the permit at the moment of pressing, made or refused."""
        return self.hands.presses

    @property
    def hands_played(self) -> int:
        """Hands that were recorded, over all starts of the program."""
        return self._hands

    @property
    def digest(self) -> str:
        """Of the whole history so far."""
        return self._digest.hexdigest()

    def utc(self) -> str:
        """The virtual wall clock, for people."""
        return f"virtual {self.clock.now() / SECOND:.3f} s"

    def violate(self, breach: str) -> None:
        """Note a breach of what must hold."""
        self.violations.append(f"step {self.steps}, {self.utc()}: {breach}")

    def tell(self, kind: str, data: Mapping[str, Any]) -> None:
        """A line of the history."""
        line = f"{self.clock.now()}|{kind}|{data}"
        self.trace.append(line)
        self._digest.update(line.encode())

    def noted(self, kind: str, data: Mapping[str, Any], committed: bool) -> None:
        """A row of the journal."""
        self.safety.noted(kind, data, committed)
        if kind == "mode":
            made = data["transition"]
            self.transitions.append(made)
            change = f" begins {made.begun}" if made.begun else f" ends {made.ended}" if made.ended else ""
            self.tell(kind, {"made": f"{made.source}>{made.target}:{made.cause}{change}", "committed": committed})
            return
        self._hands += kind == "hand"
        self.tell(kind, {})

    def _offered(self, record: PressRecord) -> None:
        self.tell("press", {"intent": record.intent.intent_id, "why": record.refusal, "effect": record.effect})
        self.safety.pressed(record)


def _options(config: Config) -> TableOptions:
    table = config.table
    return TableOptions(
        table.players, table.stack, table.small_blind, table.big_blind, round(table.turn_seconds * SECOND)
    )
