"""Starts and stops every thread and process of the engine, in order, for the console and headless alike.

Three threads: eyes, engine, and the journal's own. The permit page is there from the start, so that a stop can always
be written; watchdog and actuator live only while armed.
"""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from engine.clock import MILLISECOND, SECOND, SystemClock, utc_now
from engine.config import Config, root
from engine.permit import page as permit
from engine.permit.home import permit_path
from engine.permit.page import PermitPage, StopCode
from engine.ports import Watched
from engine.records.journal import SqliteJournal
from engine.risk.calendar import EventCalendar
from engine.risk.reconstruct import opening
from engine.risk.state import RiskStateError
from engine.runtime import startup
from engine.runtime.alarm_watch import AlarmWatch
from engine.runtime.arming import Arming, starting
from engine.runtime.eyes_thread import EyesThread
from engine.runtime.guards import Guards
from engine.runtime.links import Certificates, EngineGuard, GuardHealth, JournalHealth, ModeWord, Sight
from engine.runtime.rounds import EngineThread, Round
from engine.runtime.surroundings import Surroundings
from engine.safety.alarm_conditions import AlarmInputs
from engine.safety.instance import InstanceLock
from engine.safety.latch import Latch, LatchError
from engine.safety.supervisor import ARMED, InvalidTransitionError
from engine.session.risk_history import catch_up
from engine.session.session import Session
from engine.session.tally import count_look
from engine.session.wiring import layout_pack, risk_guard, stages, watch, wire
from engine.words import (
    Cause,
    CheckResult,
    Component,
    Event,
    HealthState,
    Look,
    Snapshot,
)
from engine.x11 import ScreenError

SIGHT_LIMIT = 3 * SECOND


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
        self._checks: Sequence[CheckResult] = ()
        self._certificates = Certificates(config, directory, self._clock)
        self._closed = False
        self._close_lock = threading.Lock()
        self._lock = InstanceLock(directory)
        self._lock.acquire()
        with ExitStack() as undoing:  # of a start that fails nothing is left open
            undoing.callback(self._lock.release)
            self._open_state(undoing)
            undoing.pop_all()
        self._commands = self._engine.commands

    def _open_state(self, undoing: ExitStack) -> None:
        self._page: PermitPage = permit.succeed(permit_path(self.directory), permit.new_epoch())
        latch = Latch.open(self.directory, self._clock)
        self._risk = risk_guard(self.config, self.directory)
        self._booked = catch_up(self._risk, self.directory / "journals")
        if latch.event is None:
            self._risk.begin_session(self.session_id)
        self._journal = SqliteJournal(self.directory / "journals", self.session_id, self._clock)
        undoing.callback(self._journal.close)
        self._table_guard = EngineGuard()
        self._stages = stages(self.config, directory=self.directory)
        undoing.callback(self._stages.close)
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
        self._arming = Arming(
            self._session,
            self._journal,
            lambda: self._page,
            starting(permit_path(self.directory), self.config.execution.hotkeys),
            lambda act: self._engine.commands.ask(act),
        )
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
            problems=self._stages.problems,
        )
        self._round = Round(self._session, self._arming, self._watch.step, lambda: self._page)
        self._alarms = AlarmWatch(self._clock, utc_now, self._journal, self._alarm_inputs)
        self._engine = EngineThread(
            self._clock,
            self._session,
            lambda: self._page,
            first=self._open_table_guard,
            parts=(*self._round.parts, self._certificates.step, self._alarms.step),
            last=self._table_guard.close,
        )

    def _components(self) -> Sequence[Watched]:
        def alive(name: str) -> Callable[[], bool | None]:
            return lambda: None if self.guards is None else bool(getattr(self.guards, name).alive)

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
        self._engine.start()

    # what the console sees

    def snapshot(self) -> Snapshot:
        """The state of the engine now."""
        session, guards, look = self._session, self.guards, self._session.look
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
            solver=self._stages.solver_view(),
            last_receipt=self._wired.parts.hand_loop.last_receipt,
            confidence=session.confidence,
            permit_age_ms=self._permit_age(),
            timings=self._wired.timings.summary(),
            risk=self._risk.status(session.state),
            counters=replace(self._wired.tally),
            checks=tuple(self._checks),
            degraded=session.degraded,
            health=self._watch.components,
            budget=self._wired.budget.summary(),
            calendar=self._watch.calendar,
            alarms=self._alarms.views,
            certificates=self._certificates.status,
        )

    @property
    def guards(self) -> Guards | None:
        """Watchdog and actuator while armed, None otherwise: drills ask the one to press and end either."""
        return self._arming.guards

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
        self._certificates.read()
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
                certificates=self._certificates.status if self.config.profile == "prod" else (),
            )
        )

    def arm(self) -> Sequence[CheckResult]:
        """Check, start watchdog and actuator, and go LIVE; the failed checks, none when it is armed."""
        return self._arming.arm(self.check)

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
        while True:
            page = self._page
            page.console.stop(StopCode.BUTTON)
            if page is self._page:  # else a reset has just put another in its place
                return

    def reset(self) -> str:
        """Clear a stop and go to STANDBY with a new page; empty when done, else why not."""
        try:
            return self._commands.ask(self._reset)
        except (InvalidTransitionError, LatchError, RiskStateError, OSError) as error:
            return str(error) or type(error).__name__

    def _reset(self) -> str:
        return self._arming.reset(
            self._watch.unwell, lambda: risk_guard(self.config, self.directory), self._change_page
        )

    def _change_page(self) -> ModeWord:
        self._page = permit.create(permit_path(self.directory), permit.new_epoch())
        self._eyes.bind(self._page.vision)
        return ModeWord(self._page.engine, self._clock)

    def acknowledge(self, key: str) -> None:
        """The operator has seen the alarm ``key``; nothing happens when it is not waiting for that."""
        self._commands.ask(lambda: self._alarms.acknowledge(key))

    def shelve(self, key: str) -> None:
        """Put the alarm ``key`` out of the way for a quarter of an hour; nothing happens when it cannot be."""
        self._commands.ask(lambda: self._alarms.shelve(key))

    def unshelve(self, key: str) -> None:
        """Bring a shelved alarm back before its time."""
        self._commands.ask(lambda: self._alarms.unshelve(key))

    def close(self) -> None:
        """Disarm and end every thread and process, in order and in bounded time, whatever becomes of each. May be
        called again, and then waits for the first.

        An engine that hangs is left behind without leave to press; the profile's lock stays with it until the program
        ends, and the armed marker on the disk reads as a stop at the next start.
        """
        with self._close_lock:
            if self._closed:
                return
            self._closed = True
            with ExitStack() as endings:  # the last first, and all of them
                endings.callback(self._leave)
                endings.callback(self._journal.close)
                endings.callback(self._calendar.close)
                endings.callback(self._surroundings.close)
                endings.callback(self._stages.close)
                endings.callback(self._eyes.close)
                endings.callback(self._arming.end)
                self._end_engine()

    def _end_engine(self) -> None:
        if self._engine.end():
            self._risk.stopped("the program was closed")
        else:
            self._session.say("alarm", "the engine does not end: it is left behind, stopped")

    def _leave(self) -> None:
        if not self._engine.alive:
            self._lock.release()

    # what the eyes' thread hands over

    def _take(self, look: Look) -> None:
        count_look(self._wired.tally, self._wired.timings, look)
        self._round.looks.append(look)
        self._engine.wake()

    # the engine's thread

    def _open_table_guard(self) -> None:
        """Without a screen nothing is proved local, and that forbids arming; everything else goes on."""
        try:
            self._table_guard.open(self._pack.window_class)
        except ScreenError as error:
            self._session.say("warning", f"the table guard has no screen: {error}")

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
            certificates=self._certificates.status,
            utc_s=utc_s,
            prod=self.config.profile == "prod",
        )
