"""One world in virtual time: the whole engine at a table, with stand-ins where the machine would be.

Single-threaded and deterministic: the same seed gives the same history, whose digest is ``digest``. Real are the
session, supervisor, hand loop, deliberation, budget, risk guard, calendar, latch, permit page and its rules; stand-ins
are eyes, solver, advisers, hands, the table, the disk, and with ``disk="ram"`` the journal.
"""

import hashlib
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from engine.clock import MILLISECOND, SECOND, VirtualClock
from engine.config import Config
from engine.drills.simulation.agenda import NEVER, Agenda
from engine.drills.simulation.calendar import SimulatedCalendar
from engine.drills.simulation.disk import Disk, Killed, RamJournal
from engine.drills.simulation.eyes import SimulatedEyes
from engine.drills.simulation.faults import NO_FAULT, Fault, FaultKind
from engine.drills.simulation.hands import PressRecord, SimulatedHands, SimulatedWatchdog
from engine.drills.simulation.invariants import Safety
from engine.drills.simulation.liveness import Liveness
from engine.drills.simulation.table import SimulatedTable, TableOptions
from engine.drills.simulation.thinking import SimulatedAdvisers, SimulatedSolver
from engine.drills.simulation.watched_journal import WatchedJournal
from engine.permit import page as permit
from engine.permit.page import PermitPage
from engine.permit.parts import EnginePart
from engine.permit.words import PermitMode, StopCode
from engine.records.journal import SqliteJournal
from engine.risk.guard import RiskGuard
from engine.risk.state import RiskStateError
from engine.risk.store import Storage
from engine.links import STOP_CAUSES
from engine.safety import supervisor
from engine.safety.health import HealthLimits, HealthMonitor, HealthVerdict, RestartLimit
from engine.safety.latch import Latch, LatchError
from engine.safety.supervisor import ARMED, Conditions, InvalidTransitionError, Transition
from engine.session.session import Session
from engine.session.wiring import StandIns, risk_limits, stages, wire
from engine.words import Cause, Component, Look, Mode, RiskVerdict, WindowInfo

BEGIN = 1_000 * SECOND
DENSE, TURN, CALM, IDLE, ASLEEP = (n * MILLISECOND for n in (33, 66, 100, 250, 500))
TRACE = 60
"""Lines of history that are kept to show what led to a breach."""
HEALTH_EVERY = 200 * MILLISECOND
WATCH_EVERY = 50 * MILLISECOND
FRESH_LOOKS = 3
"""Looks at a new picture before idle frames are thinned."""
LOCAL = RiskVerdict(True, "the practice table of this machine")
ELSEWHERE = RiskVerdict(False, "the table's process has a connection to another machine")


class TableProof:
    """ports.TableGuard: a local table, unless its fault says otherwise."""

    def __init__(self) -> None:
        self.fault: Fault = NO_FAULT

    def check(self, window: WindowInfo) -> RiskVerdict:
        return ELSEWHERE if self.fault else LOCAL


class EnginePage:
    """The engine's words of the permit page in the session's terms."""

    def __init__(self, part: EnginePart, clock: VirtualClock) -> None:
        self._part = part
        self._clock = clock

    def set_mode(self, mode: Mode) -> None:
        self._part.set_mode(PermitMode[mode.name], self._clock.now())


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
        self.directory, self.seed = directory, seed
        self.config = config or Config()
        self.clock = VirtualClock(BEGIN)
        self.agenda = Agenda()
        self.steps = 0
        self.operator = ""
        """The operator's act under way: "arm", "reset" or nothing."""
        self.beat_at = self.table_moved_at = 0
        self.misread_hand = -1
        self.crashes = 0
        self.invalid = 0
        """Commands that were refused."""
        self.up = False
        self.problem = ""
        self.violations: list[str] = []
        self.transitions: list[Transition] = []
        self.trace: deque[str] = deque(maxlen=TRACE)
        self.pressure = ""
        self.engine_stuck_until = 0
        self._desk = ""
        self._digest = hashlib.blake2b(digest_size=16)
        self._real = disk == "real"
        directory.mkdir(parents=True, exist_ok=True)
        self.disk = Disk(self.clock, real=self._real)
        section = self.config.table
        options = options or TableOptions(
            section.players,
            section.stack,
            section.small_blind,
            section.big_blind,
            round(section.turn_seconds * SECOND),
        )
        self.table = SimulatedTable(options, seed, self.clock, self._told)
        self.eyes = SimulatedEyes(self.table, self.clock)
        self.solver = SimulatedSolver(self.clock, seed)
        self.advisers = SimulatedAdvisers(self.clock, seed)
        self.hands = SimulatedHands(self.table, self.agenda, self.clock, self._offered)
        self.watchdog = SimulatedWatchdog(self.clock, self.hands)
        self.guard = TableProof()
        self.calendar = SimulatedCalendar(
            self.config.calendar, directory / "event-calendar.csv", self.clock, self.disk.write
        )
        self._sessions = self._hands = 0
        self._looks_at_this = 0
        self._changes = -1
        self._watched_at = 0
        self._next_look = self.clock.now()
        self._guarded = False
        self.safety, self.liveness = Safety(self), Liveness(self)
        self._start()

    # starting and ending

    def _start(self) -> None:
        """Open the state and put the session together, as the program does at every start."""
        self._sessions += 1
        self.session_id = f"simulated-{self.seed}-{self._sessions}"
        self.latch = Latch.open(self.directory, self.clock, utc=self.utc, write=self.disk.write)
        self.risk = self._open_risk()
        self.risk.begin_session(self.session_id)
        self.page = self._new_page()
        inner = (
            SqliteJournal(self.directory / "journals", self.session_id, self.clock, utc=self.utc)
            if self._real
            else RamJournal(self.disk)
        )
        self.journal = WatchedJournal(inner, self.session_id, self._noted)
        self.stages = stages(self.config, StandIns(self.solver, self.advisers))
        self.wired = wire(
            self.config,
            session_id=self.session_id,
            clock=self.clock,
            utc=self.utc,
            journal=self.journal,
            permission=self.latch,
            risk=self.risk,
            guard=self.guard,
            stages=self.stages,
        )
        self.calendar.restart()
        components = (self.eyes, self.solver, self.advisers)
        self.health = HealthMonitor(components, health_limits(self.config), self.clock)
        self._health, self._health_at = HealthVerdict(), 0
        self.session = Session(self.wired.parts, EnginePage(self.page.engine, self.clock), self.latch.event)
        self._guarded = False
        self.up = True
        self.safety.started()

    def _open_risk(self) -> RiskGuard:
        storage = Storage(write=self.disk.write)
        return RiskGuard(self.directory / "risk.json", risk_limits(self.config), utc=self.utc, storage=storage)

    def _new_page(self) -> PermitPage:
        epoch = int.from_bytes(hashlib.blake2b(f"{self.seed}/{self.steps}".encode(), digest_size=7).digest(), "big") + 1
        return permit.create(self.directory / "permit", epoch)

    def crash(self) -> None:
        """kill -9 of the program: nothing is written, and the watchdog sees the end of its pipe."""
        self.crashes += 1
        self.safety.crashed()
        self.up = self._guarded = False
        self._told("crash", {})
        self.watchdog.engine_gone()
        self.watchdog.end()
        self.hands.end()
        self.solver.abandon()
        self.advisers.abandon()
        self.journal.kill()

    def restart(self) -> str:
        """Start the program again over the same directory; "" when it runs, else why it does not."""
        if self.up:
            self.crash()
        self._told("restart", {})
        try:
            self._start()
        except (OSError, RiskStateError, permit.PermitError) as error:
            self.problem = str(error)
            return self.problem
        return ""

    def close(self) -> None:
        """End what the world holds open."""
        self.journal.close()
        self.stages.close()

    # the operator

    @property
    def mode(self) -> Mode:
        return self.session.mode

    def arm(self) -> None:
        """Start watchdog and actuator and go LIVE. InvalidTransitionError, LatchError or OSError when that fails."""
        self._told("arm", {})
        if self._guarded:
            raise InvalidTransitionError(f"it is armed already ({self.session.mode})")
        self.hands.start(self.page)
        self.watchdog.start(self.page)
        self._guarded, self.operator = True, "arm"
        try:
            self.session.connect(self.hands)
            self.session.command(Cause.ARM)
            if self.session.mode is Mode.LIVE:
                self.safety.armed()
        except (InvalidTransitionError, LatchError, OSError):
            self._let_go()
            raise
        finally:
            self.operator = ""

    def stop(self) -> None:
        """The red button: the console's stop word."""
        self._told("stop", {})
        self.page.console.stop(StopCode.BUTTON)
        self.safety.revoked()

    def command(self, command: Cause) -> None:
        """Any other of the operator's commands; InvalidTransitionError when the mode does not allow it."""
        self._told("command", {"command": command})
        self.session.command(command)

    def reset(self) -> str:
        """Clear a stop; "" when done, else why not."""
        self._told("reset", {})
        self.operator = "reset"
        try:
            self._reset()
        except (InvalidTransitionError, LatchError, RiskStateError, OSError) as error:
            return str(error)
        finally:
            self.operator = ""
        return ""

    def _reset(self) -> None:
        self._open_risk()
        self._let_go()
        self.session.command(Cause.RESET)
        self.page = self._new_page()
        self.session.connect(None, EnginePage(self.page.engine, self.clock))

    def suspend(self, seconds: float, *, noticed: bool = True) -> None:
        """The machine sleeps: time passes, and nothing else happens in it."""
        self._told("suspend", {"seconds": seconds})
        self.clock.sleep(round(seconds * SECOND))
        if noticed:
            self._desk = f"the machine slept for {seconds:.0f} s"

    def desk_changed(self, what: str) -> None:
        """The screen was locked, or its size changed."""
        self._desk = what

    # time

    def step(self) -> None:
        """Everything that is due now, one engine step, and then time moves to what comes next."""
        self.steps += 1
        try:
            self._happen(self.clock.now())
        except Killed:
            self.crash()
        self._check()
        self.clock.sleep(self._next_time() - self.clock.now())

    def _happen(self, now: int) -> None:
        self._move_table(now)
        if self._guarded and (now - self._watched_at >= WATCH_EVERY or now >= self.agenda.next_time):
            self._watched_at = now
            self.watchdog.poll()
        self.agenda.run_due(now)
        if self.up and now >= self.engine_stuck_until:
            self._turn(self._look(now))
        elif now >= self._next_look:
            self._look(now)

    def run(self, seconds: float) -> None:
        """Let virtual time pass."""
        end = self.clock.now() + round(seconds * SECOND)
        self.agenda.at(end, lambda: None)
        while self.clock.now() < end:
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
        upcoming = min(self.table.due, self.agenda.next_time, self._next_look)
        if self.up and self.clock.now() < self.engine_stuck_until:
            upcoming = min(upcoming, self.engine_stuck_until)
        return max(upcoming, self.clock.now() + MILLISECOND) if upcoming < NEVER else self.clock.now() + CALM

    def _move_table(self, now: int) -> None:
        if now >= self.table.due:
            self.table.advance()
            self.table_moved_at = now
        if self.table.changes != self._changes:
            self._changes, self._looks_at_this = self.table.changes, 0
            self._next_look = min(self._next_look, now + DENSE // 2)

    def _look(self, now: int) -> Look | None:
        """The eyes' thread: it gives and withdraws the leave to press, and hands the look on."""
        if now < self._next_look:
            return None
        self._next_look = now + self._pace()
        if not self.up or self.eyes.hangs:
            return None
        look, vision = self.eyes.look(), self.page.vision
        self._looks_at_this += 1
        seen = look.observation
        if seen is not None and look.blindness is None and seen.confidence >= self.config.vision.confidence_limit:
            vision.show(seen.captured_at, seen.view_id, passive_places(look))
        else:
            vision.void(look.at)
        vision.progress()
        return look

    def _pace(self) -> int:
        """Idle frames are thinned; around new pictures, our turn and anything that is wrong, they are dense."""
        if self._looks_at_this < FRESH_LOOKS:
            return DENSE
        mode = self.session.mode
        if self.eyes.fault or mode is Mode.HOLD or self.eyes.restarting:
            return CALM
        if mode is Mode.STOPPED or mode is Mode.STANDBY:
            return ASLEEP
        return TURN if self.table.heros_turn else IDLE

    def _turn(self, look: Look | None) -> None:
        """One round of the engine's thread."""
        self.beat_at = self.clock.now()
        self.page.engine.beat(self.beat_at)
        self._examine()
        try:
            self.session.step(look, self._faults(), self._conditions())
        except Exception as error:  # a fault of our own is a stop, never a silent loop
            fault = supervisor.Fault(Cause.ENGINE_FAULT, f"{type(error).__name__}: {error}", "no fault of the program")
            self.session.step(None, [fault])
        if self._guarded and self.session.mode in (Mode.STOPPED, Mode.STANDBY):
            self._let_go()

    def _let_go(self) -> None:
        if self.session.mode is Mode.STOPPED:
            self.page.console.stop(StopCode.PANIC)
        self._guarded = False
        self.watchdog.end()
        self.hands.end()
        self.session.connect(None)

    def _faults(self) -> Sequence[supervisor.Fault]:
        spent = self._health.faults
        if not spent and not self._guarded and not self.page.stopped():
            return ()
        faults = list(spent) + [
            supervisor.Fault(STOP_CAUSES.get((stop.owner, stop.code), Cause.WATCHDOG), str(stop), "no stop word")
            for stop in self.page.stops()
            if stop.code not in (StopCode.OBEYED, StopCode.PANIC)
        ]
        if self._guarded and self.session.mode in ARMED:
            if not self.hands.alive:
                faults.append(supervisor.Fault(Cause.ACTUATOR_LOST, "the actuator process has ended", "a living one"))
            if not self.watchdog.alive:
                faults.append(supervisor.Fault(Cause.WATCHDOG_LOST, "the watchdog process has ended", "a living one"))
        return faults

    def _conditions(self) -> Conditions:
        desk, self._desk = self._desk, ""
        status, health = self.calendar.status(), self._health
        return Conditions(health.solver, health.advisers, status.blocked, status.stale, self.pressure, desk)

    def _examine(self) -> None:
        """The health monitor looks five times a second."""
        now = self.clock.now()
        if now - self._health_at >= HEALTH_EVERY:
            self._health, self._health_at = self.health.step(), now
            if self._health.due:
                self.journal.record("health", {"health": self.health.snapshot()})

    # what is written down

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

    def _told(self, kind: str, data: Mapping[str, Any]) -> None:
        line = f"{self.clock.now()}|{kind}|{data}"
        self.trace.append(line)
        self._digest.update(line.encode())

    def _noted(self, kind: str, data: Mapping[str, Any], committed: bool) -> None:
        """A row of the journal."""
        self.safety.noted(kind, data, committed)
        if kind == "mode":
            made = data["transition"]
            self.transitions.append(made)
            self._told(kind, {"made": f"{made.source}>{made.target}:{made.cause}", "committed": committed})
            return
        self._hands += kind == "hand"
        self._told(kind, {})

    def _offered(self, record: PressRecord) -> None:
        self._told("press", {"intent": record.intent.intent_id, "why": record.refusal, "effect": record.effect})
        self.safety.pressed(record)

    def _check(self) -> None:
        """What must hold after every step."""
        self.safety.stepped()
        self.liveness.stepped(self.well)

    @property
    def well(self) -> bool:
        """Whether nothing is wrong anywhere outside the engine."""
        none = FaultKind.NONE
        return (
            self.eyes.fault.kind is none
            and self.hands.fault.kind is none
            and self.solver.fault.kind is none
            and self.advisers.fault.kind is none
            and self.guard.fault.kind is none
            and self.watchdog.fault.kind is none
            and self.calendar.fault.kind is none
            and not (self.disk.full or self.disk.slow_ms or self.hands.person or self.pressure)
            and not (self.watchdog.hotkey or self.watchdog.corner)
        )

    @property
    def spent(self) -> bool:
        """Whether a component was lost more often than it may be started again."""
        return bool(self._health.faults)

    def page_mode(self) -> int:
        """The permit page's mode word."""
        return self.page.read().mode

    def violate(self, breach: str) -> None:
        """Note a breach of what must hold."""
        self.violations.append(f"step {self.steps}, {self.utc()}: {breach}")


def health_limits(config: Config) -> HealthLimits:
    """The configured limits of the health monitor."""
    health = config.health
    budgets = {Component.EYES: health.eyes, Component.SOLVER: health.solver, Component.ADVISERS: health.advisers}
    return HealthLimits(
        {name: RestartLimit(budget.restarts, round(budget.within_s * SECOND)) for name, budget in budgets.items()},
        down_after=health.down_after_ms * MILLISECOND,
        up_after=health.up_after_ms * MILLISECOND,
        stalled_after=health.stalled_after_ms * MILLISECOND,
        start_limit=health.start_limit_ms * MILLISECOND,
        snapshot_every=round(health.snapshot_s * SECOND),
    )


def passive_places(look: Look) -> dict[str, tuple[int, int, int, int]]:
    """Where the enabled check and fold buttons are on the screen."""
    seen = look.observation
    if seen is None or seen.turn.value != 0:
        return {}
    left, top = seen.window.box.x, seen.window.box.y
    return {
        control.kind: (left + control.box.x, top + control.box.y, control.box.width, control.box.height)
        for control in seen.controls
        if control.kind in ("check", "fold") and control.enabled.value
    }
