"""Starts and stops every thread and process of the engine, in order, for the console and headless alike.

Three threads: eyes, engine, and the journal's own. The permit page is there from the start, so that a stop can always
be written; watchdog and actuator live only while armed.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from engine import __version__, startup
from engine.alarm_watch import AlarmWatch
from engine.clock import MILLISECOND, SECOND, SystemClock, utc_now
from engine.command_queue import CommandQueue
from engine.config import Config, root
from engine.execution.processes import ProcessError
from engine.eyes_thread import EyesThread
from engine.guards import Guards
from engine.links import EngineGuard, GuardHealth, JournalHealth, ModeWord, Sight, stop_faults
from engine.permit import page as permit
from engine.permit.home import permit_path
from engine.permit.page import PermitMode, PermitPage, StopCode
from engine.ports import Watched
from engine.records.journal import SqliteJournal
from engine.risk.calendar import EventCalendar
from engine.risk.reconstruct import opening
from engine.risk.state import RiskStateError
from engine.safety.alarm_conditions import AlarmInputs
from engine.safety.certificates import certificate_status, machine_id
from engine.safety.instance import InstanceLock
from engine.safety.latch import Latch, LatchError
from engine.safety.supervisor import ARMED, Fault, InvalidTransitionError
from engine.session.risk_history import catch_up
from engine.session.session import Session
from engine.session.tally import count_look
from engine.session.watch import Findings
from engine.session.wiring import layout_pack, risk_guard, stages, watch, wire
from engine.surroundings import Surroundings
from engine.words import (
    Cause,
    CertificateStatus,
    CheckResult,
    Component,
    Event,
    HealthState,
    Look,
    Mode,
    Snapshot,
)

ENGINE_PERIOD = 10 * MILLISECOND
SIGHT_LIMIT = 3 * SECOND
CERTIFICATES_EVERY = 60 * SECOND


class Runtime:
    """One engine over one profile directory. Every public method may be called from any thread."""

    def __init__(self, config: Config, directory: Path, session_id: str, *, base: Path | None = None) -> None:
        """Take the profile's lock and open its state. ``base``: the folder of the configuration file, from which
        the calendar's files are named.

        Raises AlreadyRunningError, LayoutPackError, RiskStateError, UnreadableJournalError, CalendarError, JournalError
        or PermitError; each says what to do.
        """
        self.config, self.directory, self.session_id = config, directory, session_id
        self.journal_path = directory / "journals" / f"{session_id}.sqlite"
        self._clock = SystemClock()
        self._pack = layout_pack(config)
        self._calendar = EventCalendar.configured(config.calendar, directory, base or root() / "config", time.time)
        self._looks: deque[Look] = deque(maxlen=16)
        self._woken = threading.Event()
        self._ending = threading.Event()
        self._commands = CommandQueue(self._woken.set)
        self._guards: Guards | None = None
        self._checks: Sequence[CheckResult] = ()
        self._certificates: tuple[CertificateStatus, ...] = ()
        self._certified_at: int | None = None
        self._finishes = 0
        self._closed = False
        self._close_lock = threading.Lock()
        self._lock = InstanceLock(directory)
        self._lock.acquire()
        try:
            self._open_state()
        except BaseException:
            self._lock.release()
            raise
        self._thread = threading.Thread(target=self._engine, name="engine")

    def _open_state(self) -> None:
        latch = Latch.open(self.directory, self._clock)
        self._risk = risk_guard(self.config, self.directory)
        self._booked = catch_up(self._risk, self.directory / "journals")
        if latch.event is None:
            self._risk.begin_session(self.session_id)
        self._page: PermitPage = permit.create(permit_path(self.directory), permit.new_epoch())
        self._journal = SqliteJournal(self.directory / "journals", self.session_id, self._clock)
        self._table_guard = EngineGuard()
        self._stages = stages(self.config, directory=self.directory)
        self._wired = wire(
            self.config,
            session_id=self.session_id,
            clock=self._clock,
            utc=utc_now,
            journal=self._journal,
            permission=latch,
            risk=self._risk,
            guard=self._table_guard,
            stages=self._stages,
        )
        self._session = Session(self._wired.parts, ModeWord(self._page.engine, self._clock), latch.event)
        self._eyes = EyesThread(
            lambda: Sight(self.config, self._pack, self._clock),
            self._clock,
            self.config.vision.confidence_limit,
            self._page.vision,
            self._take,
        )
        self._surroundings = Surroundings()
        self._watch = watch(
            self.config,
            clock=self._clock,
            components=self._components(),
            calendar=self._calendar,
            surroundings=self._surroundings,
            journal=self._journal,
            budget=self._wired.budget,
        )
        self._alarms = AlarmWatch(self._clock, utc_now, self._journal, self._alarm_inputs)

    def _components(self) -> Sequence[Watched]:
        def alive(name: str) -> Callable[[], bool | None]:
            return lambda: None if self._guards is None else bool(getattr(self._guards, name).alive)

        return (
            self._eyes,
            *self._stages.watched,
            JournalHealth(self._journal),
            GuardHealth(Component.ACTUATOR, alive("actuator"), lambda: self._wired.tally.presses),
            GuardHealth(Component.WATCHDOG, alive("watchdog"), lambda: self._page.read().watchdog_beat),
        )

    def start(self) -> None:
        """Start the threads and the solver's process. Nothing acts before ``arm``."""
        begun = {"config": self.config.digest, "layout": self._pack.digest, "risk": opening(self._risk.state)}
        self._journal.record("start", begun)
        if self._booked:
            self._session.say("warning", f"{self._booked} hands of the last session were booked from its journal")
        self._calendar.start()
        self._surroundings.start()
        self._stages.start()
        self._eyes.start()
        self._thread.start()

    # what the console sees

    def snapshot(self) -> Snapshot:
        """The state of the engine now."""
        session, guards, look = self._session, self._guards, self._session.look
        mode = session.mode
        return Snapshot(
            at=self._clock.now(),
            mode=mode,
            mode_reason=session.reason,
            panic=session.panic,
            actuator_alive=guards is not None and guards.actuator.alive,
            watchdog_alive=guards is not None and guards.watchdog.alive,
            armed=mode in ARMED,
            look=look,
            frame=self._eyes.frame,
            state=session.state,
            state_problem=session.problem or self._wired.parts.hand_loop.problem,
            decision=self._wired.parts.hand_loop.last_decision,
            solution=self._wired.parts.hand_loop.last_solution,
            last_receipt=self._wired.parts.hand_loop.last_receipt,
            confidence=session.confidence,
            permit_age_ms=self._permit_age(),
            timings=self._wired.timings.summary(),
            risk=self._risk.status(session.state),
            counters=self._wired.tally.frozen(),
            checks=tuple(self._checks),
            degraded=session.degraded,
            health=self._watch.components,
            budget=self._wired.budget.summary(),
            calendar=self._watch.calendar,
            alarms=self._alarms.views,
            certificates=self._certificates,
        )

    @property
    def guards(self) -> Guards | None:
        """Watchdog and actuator while armed, None otherwise: drills ask the one to press and end either."""
        return self._guards

    def _permit_age(self) -> float | None:
        captured_at = self._page.read().captured_at
        return (self._clock.now() - captured_at) / MILLISECOND if captured_at else None

    def events(self) -> Sequence[Event]:
        """What has happened since the last call."""
        queue = self._session.events
        return [queue.popleft() for _ in range(len(queue))]

    # commands

    def check(self) -> Sequence[CheckResult]:
        """Run the checks before arming; waits for what is starting, and a little for the eyes, since cards may just be
        dealt.
        """
        began = self._clock.now()
        while True:
            starting = any(each.state is HealthState.STARTING for each in self._watch.components)
            self._checks = self._commands.ask(self._run_checks)
            limit = self.config.health.start_limit_ms * MILLISECOND if starting else SIGHT_LIMIT
            if all(check.ok for check in self._checks) or self._clock.now() - began > limit:
                return self._checks
            self._clock.sleep(100 * MILLISECOND)

    def _run_checks(self) -> Sequence[CheckResult]:
        session = self._session
        self._certify()
        return startup.run(
            startup.Circumstances(
                mode=session.mode,
                reason=session.reason,
                look=session.look,
                confidence_limit=self.config.vision.confidence_limit,
                journal=self._journal,
                guard=self._table_guard,
                health=self._watch.components,
                risk=self._risk.hand_may_begin(),
                calendar=self._watch.calendar,
                certificates=self._certificates if self.config.profile == "prod" else (),
            )
        )

    def _certify(self) -> None:
        """Read which drills are due."""
        self._certified_at = self._clock.now()
        self._certificates = certificate_status(
            self.directory / "drills", self.config, machine_id(), __version__, utc_now()
        )

    def arm(self) -> Sequence[CheckResult]:
        """Check, start watchdog and actuator, and go LIVE; the failed checks, none when it is armed."""
        failed = [check for check in self.check() if not check.ok]
        if failed:
            return failed
        try:
            guards = Guards(permit_path(self.directory), self._page.epoch, self.config.execution.hotkeys)
        except ProcessError as error:
            return [CheckResult("Actuator and watchdog answer", False, str(error), "Mend what it names and arm again.")]
        try:
            self._commands.ask(lambda: self._enter_live(guards))
        except (InvalidTransitionError, LatchError, OSError) as error:
            guards.close()
            return [CheckResult("Arming is written down", False, str(error), "Mend what it names and arm again.")]
        return []

    def _enter_live(self, guards: Guards) -> None:
        self._session.connect(guards.actuator)
        self._session.command(Cause.ARM)
        self._guards = guards
        for warning in guards.warnings:
            self._session.say("warning", warning)

    def shadow(self) -> None:
        """Decide without acting; InvalidTransitionError when the mode does not allow it."""
        self._commands.ask(lambda: self._session.command(Cause.SHADOW_ON))

    def disarm(self) -> None:
        """Go to STANDBY; InvalidTransitionError when the mode does not allow it."""
        self._commands.ask(lambda: self._session.command(Cause.DISARM))

    def finish(self) -> None:
        """Check or fold to the end of the hand, then STANDBY; InvalidTransitionError when not LIVE."""
        self._commands.ask(lambda: self._session.command(Cause.FINISH))

    def stop(self) -> None:
        """Panic stop. Writes the console's stop word; the actuator obeys it whatever the engine does."""
        self._page.console.stop(StopCode.BUTTON)

    def reset(self) -> str:
        """Clear a stop and go to STANDBY with a new page; empty when done, else why not."""
        try:
            return self._commands.ask(self._reset)
        except (InvalidTransitionError, LatchError, RiskStateError, OSError) as error:
            return str(error)

    def _reset(self) -> str:
        look = self._session.look
        if look is not None and look.blindness is None and look.detail:
            return f"the eyes do not read the table yet: {look.detail}"
        if self._watch.unwell:
            return f"not everything is well yet: {self._watch.unwell}"
        risk_guard(self.config, self.directory)
        self._end_guards()
        self._session.command(Cause.RESET)
        self._page = permit.create(permit_path(self.directory), permit.new_epoch())
        self._eyes.bind(self._page.vision)
        self._finishes = 0
        self._session.connect(None, ModeWord(self._page.engine, self._clock))
        return ""

    def acknowledge(self, key: str) -> None:
        """The operator has seen the alarm ``key``; nothing happens when it is not waiting for that."""
        self._commands.ask(lambda: self._alarms.acknowledge(key))

    def close(self) -> None:
        """Disarm and end every thread and process, in order. May be called again."""
        with self._close_lock:
            if self._closed:
                return
            self._closed = True
        if self._thread.is_alive() and self._session.mode not in (Mode.STANDBY, Mode.STOPPED):
            self.disarm()
        self._ending.set()
        self._eyes.close()
        if self._thread.ident is not None:
            self._thread.join()
        self._stages.close()
        self._surroundings.close()
        self._calendar.close()
        self._end_guards()
        self._risk.stopped("the program was closed")
        self._journal.close()
        self._lock.release()

    # what the eyes' thread hands over

    def _take(self, look: Look) -> None:
        count_look(self._wired.tally, self._wired.timings, look)
        self._looks.append(look)
        self._woken.set()

    # the engine's thread

    def _engine(self) -> None:
        self._table_guard.open(self._pack.window_class)
        try:
            while not self._ending.is_set():
                self._woken.wait(ENGINE_PERIOD / SECOND)
                self._woken.clear()
                self._turn()
        finally:
            self._page.engine.set_mode(PermitMode.STANDBY, self._clock.now())
            self._table_guard.close()
            self._commands.refuse()

    def _turn(self) -> None:
        """One round: beat, wishes, then every look that has come, each with the stops seen by then."""
        self._page.engine.beat(self._clock.now())
        self._commands.carry_out()
        self._hear_finish()
        found = self._watch.step()
        looks: list[Look | None] = [self._looks.popleft() for _ in range(len(self._looks))]
        for look in looks or [None]:
            self._step(look, found)
        if self._guards is not None and self._session.mode in (Mode.STOPPED, Mode.STANDBY):
            self._let_go()
        if self._certified_at is None or self._clock.now() - self._certified_at > CERTIFICATES_EVERY:
            self._certify()
        self._alarms.step()

    def _hear_finish(self) -> None:
        """`pitboss finish` counts up a word of the page."""
        asked, before = self._page.finish_asked(), self._finishes
        self._finishes = asked
        if asked > before:
            try:
                self._session.command(Cause.FINISH)
            except InvalidTransitionError as error:
                self._session.say("info", f"pitboss finish: {error}")

    def _let_go(self) -> None:
        """End the guards. After a stop the stop word is set first, so that the watchdog releases what is held."""
        if self._session.mode is Mode.STOPPED:
            self._page.console.stop(StopCode.PANIC)
        self._end_guards()
        self._session.connect(None)

    def _step(self, look: Look | None, found: Findings) -> None:
        try:
            self._session.step(look, [*found.faults, *self._faults()], found.conditions)
        except Exception as error:  # a fault of our own is a stop, never a silent loop
            fault = Fault(Cause.ENGINE_FAULT, f"{type(error).__name__}: {error}", "no fault of the program")
            self._session.step(None, [fault])

    def _faults(self) -> list[Fault]:
        """Stop words that are set, and guards that died while armed."""
        faults, guards = stop_faults(self._page), self._guards
        if guards is not None and self._session.mode in ARMED:
            if not guards.actuator.alive:
                faults.append(Fault(Cause.ACTUATOR_LOST, "the actuator process has ended", "a living actuator"))
            if not guards.watchdog.alive:
                faults.append(Fault(Cause.WATCHDOG_LOST, "the watchdog process has ended", "a living watchdog"))
        return faults

    def _alarm_inputs(self, utc_s: float) -> AlarmInputs:
        session = self._session
        return AlarmInputs(
            mode=session.mode,
            mode_reason=session.reason,
            panic=session.panic,
            degraded=session.degraded,
            health=self._watch.components,
            risk=self._risk.status(session.state),
            calendar=self._watch.calendar,
            certificates=self._certificates,
            utc_s=utc_s,
            prod=self.config.profile == "prod",
        )

    def _end_guards(self) -> None:
        guards, self._guards = self._guards, None
        if guards is not None:
            guards.close()
            for stop in guards.stops():
                self._journal.record("guard-stop", {"report": stop})
