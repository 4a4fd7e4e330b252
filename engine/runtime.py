"""Starts and stops every thread and process of the engine, in order, for the console and headless alike.

Three threads: eyes, engine, and the journal's own. The permit page is there from the start, so that a stop can always
be written; watchdog and actuator live only while armed.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar, cast

from engine import startup
from engine.clock import MILLISECOND, SECOND, Clock, SystemClock, utc_now
from engine.config import Config
from engine.execution.processes import ProcessError
from engine.execution.table_guard import LocalTableGuard
from engine.eyes_thread import EyesThread
from engine.guards import Guards
from engine.permit import page as permit
from engine.permit.home import permit_path
from engine.permit.page import EnginePart, PermitMode, PermitPage, StopCode
from engine.records.journal import SqliteJournal
from engine.risk.state import RiskStateError
from engine.safety.instance import InstanceLock
from engine.safety.latch import Latch, LatchError
from engine.safety.supervisor import ARMED, Fault, InvalidTransitionError
from engine.session.session import Session
from engine.session.wiring import eyes, layout_pack, risk_guard, stages, wire
from engine.vision.pack import LayoutPack
from engine.vision.windows import open_windows
from engine.words import (
    CalendarStatus,
    Cause,
    CheckResult,
    Event,
    Frame,
    Look,
    Mode,
    RiskVerdict,
    Snapshot,
    WindowInfo,
)

T = TypeVar("T")
ENGINE_PERIOD = 10 * MILLISECOND
COMMAND_LIMIT = 5.0
SIGHT_LIMIT = 3 * SECOND

STOP_CAUSES: dict[tuple[str, int], Cause] = {
    ("console", StopCode.BUTTON): Cause.OPERATOR_BUTTON,
    ("command", StopCode.COMMAND): Cause.OPERATOR_COMMAND,
    ("watchdog", StopCode.HOTKEY): Cause.OPERATOR_HOTKEY,
    ("watchdog", StopCode.CORNER): Cause.OPERATOR_CORNER,
    ("watchdog", StopCode.ENGINE_PROGRESS): Cause.WATCHDOG,
    ("watchdog", StopCode.VISION_PROGRESS): Cause.WATCHDOG,
    ("watchdog", StopCode.ACTUATOR_GONE): Cause.ACTUATOR_LOST,
    ("watchdog", StopCode.WATCHDOG_FAULT): Cause.WATCHDOG_LOST,
    ("actuator", StopCode.ACTUATOR_FAULT): Cause.ACTUATOR_LOST,
    ("actuator", StopCode.CORNER): Cause.OPERATOR_CORNER,
}


class _Page:
    """The engine's words of the page in the session's terms."""

    def __init__(self, part: EnginePart, clock: Clock) -> None:
        self._part = part
        self._clock = clock

    def set_mode(self, mode: Mode) -> None:
        self._part.set_mode(PermitMode[mode.name], self._clock.now())


class _EngineGuard:
    """The table guard of the engine thread, which opens its own connection to the screen; before that, no."""

    def __init__(self) -> None:
        self._guard: LocalTableGuard | None = None

    def open(self, window_class: str) -> None:
        self._guard = LocalTableGuard([window_class])

    def check(self, window: WindowInfo) -> RiskVerdict:
        if self._guard is None:
            return RiskVerdict(False, "the table guard is not connected", "no screen", "a table proved local")
        return self._guard.check(window)

    def close(self) -> None:
        if self._guard is not None:
            self._guard.close()


class _Sight:
    """The eyes and their own connection to the screen's windows; opened in the thread that looks."""

    def __init__(self, config: Config, pack: LayoutPack, clock: SystemClock) -> None:
        self._windows = open_windows()
        self._eyes = eyes(config, pack, self._windows, clock)

    @property
    def frame(self) -> Frame | None:
        return self._eyes.frame

    def look(self) -> Look:
        return self._eyes.look()

    def close(self) -> None:
        self._eyes.close()
        self._windows.close()


class Runtime:
    """One engine over one profile directory. Every public method may be called from any thread."""

    def __init__(self, config: Config, directory: Path, session_id: str) -> None:
        """Take the profile's lock and open its state.

        Raises AlreadyRunningError, LayoutPackError, RiskStateError, JournalError or PermitError; each says what to do.
        """
        self.config, self.directory, self.session_id = config, directory, session_id
        self.journal_path = directory / "journals" / f"{session_id}.sqlite"
        self._clock = SystemClock()
        self._pack = layout_pack(config)
        self._lock = InstanceLock(directory)
        self._lock.acquire()
        try:
            self._open_state()
        except BaseException:
            self._lock.release()
            raise
        self._looks: deque[Look] = deque(maxlen=16)
        self._woken = threading.Event()
        self._ending = threading.Event()
        self._commands: deque[tuple[Callable[[], object], Future[object]]] = deque()
        self._guards: Guards | None = None
        self._checks: Sequence[CheckResult] = ()
        self._closed = False
        self._close_lock = threading.Lock()
        self._eyes = EyesThread(
            self._open_eyes, self._clock, config.vision.confidence_limit, self._page.vision, self._take
        )
        self._thread = threading.Thread(target=self._engine, name="engine")

    def _open_state(self) -> None:
        latch = Latch.open(self.directory, self._clock)
        risk = risk_guard(self.config, self.directory)
        if latch.event is None:
            risk.begin_session(self.session_id)
        self._risk = risk
        self._page: PermitPage = permit.create(permit_path(self.directory), permit.new_epoch())
        self._journal = SqliteJournal(self.directory / "journals", self.session_id, self._clock)
        self._table_guard = _EngineGuard()
        self._stages = stages(self.config, self._clock)
        self._wired = wire(
            self.config,
            session_id=self.session_id,
            clock=self._clock,
            utc=utc_now,
            journal=self._journal,
            permission=latch,
            risk=risk,
            guard=self._table_guard,
            stages=self._stages,
        )
        self._session = Session(self._wired.parts, _Page(self._page.engine, self._clock), latch.event)

    def start(self) -> None:
        """Start the threads. Nothing acts before ``arm``."""
        self._journal.record("start", {"config": self.config.digest, "layout": self._pack.digest})
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
            degraded=frozenset(),
            health=(),
            budget=(),
            calendar=CalendarStatus(False, "", None, "", "", None, None),
            alarms=(),
            certificates=(),
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
        """Run the checks before arming; waits a little for the eyes, since cards may just be dealt."""
        deadline = self._clock.now() + SIGHT_LIMIT
        while True:
            self._checks = self._in_engine(self._run_checks)
            if all(check.ok for check in self._checks) or self._clock.now() > deadline:
                return self._checks
            self._clock.sleep(100 * MILLISECOND)

    def _run_checks(self) -> Sequence[CheckResult]:
        session = self._session
        limit = self.config.vision.confidence_limit
        return startup.run(
            startup.Circumstances(session.mode, session.reason, session.look, limit, self._journal, self._table_guard)
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
            self._in_engine(lambda: self._enter_live(guards))
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
        self._in_engine(lambda: self._session.command(Cause.SHADOW_ON))

    def disarm(self) -> None:
        """Go to STANDBY; InvalidTransitionError when the mode does not allow it."""
        self._in_engine(lambda: self._session.command(Cause.DISARM))

    def finish(self) -> None:
        """Check or fold to the end of the hand, then STANDBY; InvalidTransitionError when not LIVE."""
        self._in_engine(lambda: self._session.command(Cause.FINISH))

    def stop(self) -> None:
        """Panic stop. Writes the console's stop word; the actuator obeys it whatever the engine does."""
        self._page.console.stop(StopCode.BUTTON)

    def reset(self) -> str:
        """Clear a stop and go to STANDBY with a new page; empty when done, else why not."""
        try:
            return self._in_engine(self._reset)
        except (InvalidTransitionError, LatchError, RiskStateError, OSError) as error:
            return str(error)

    def _reset(self) -> str:
        look = self._session.look
        if look is not None and look.blindness is None and look.detail:
            return f"the eyes do not read the table yet: {look.detail}"
        risk_guard(self.config, self.directory)
        self._end_guards()
        self._session.command(Cause.RESET)
        self._page = permit.create(permit_path(self.directory), permit.new_epoch())
        self._eyes.bind(self._page.vision)
        self._session.connect(None, _Page(self._page.engine, self._clock))
        return ""

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
        self._end_guards()
        self._journal.close()
        self._lock.release()

    def _in_engine(self, act: Callable[[], T]) -> T:
        """Run something in the engine thread and give its result."""
        future: Future[object] = Future()
        self._commands.append((act, future))
        self._woken.set()
        return cast(T, future.result(COMMAND_LIMIT))

    # the eyes' thread

    def _open_eyes(self) -> "_Sight":
        return _Sight(self.config, self._pack, self._clock)

    def _take(self, look: Look) -> None:
        self._count(look)
        self._looks.append(look)
        self._woken.set()

    def _count(self, look: Look) -> None:
        tally, timings = self._wired.tally, self._wired.timings
        tally.frames += 1
        if look.blindness is None:
            timings.add("capture", look.capture_ns)
            if look.recognise_ns:
                timings.add("recognise", look.recognise_ns)
        if look.evaluate:
            good = look.observation is not None and not look.detail
            tally.frames_read += good
            tally.frames_refused += not good

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
            self._refuse_commands()

    def _turn(self) -> None:
        """One round: beat, commands, then every look that has come, each with the stops seen by then."""
        self._page.engine.beat(self._clock.now())
        while self._commands:
            act, future = self._commands.popleft()
            _carry_out(act, future)
        looks: list[Look | None] = [self._looks.popleft() for _ in range(len(self._looks))]
        for look in looks or [None]:
            self._step(look)
        if self._guards is not None and self._session.mode in (Mode.STOPPED, Mode.STANDBY):
            self._let_go()

    def _let_go(self) -> None:
        """End the guards. After a stop the stop word is set first, so that the watchdog releases what is held."""
        if self._session.mode is Mode.STOPPED:
            self._page.console.stop(StopCode.PANIC)
        self._end_guards()
        self._session.connect(None)

    def _step(self, look: Look | None) -> None:
        try:
            self._session.step(look, self._faults())
        except Exception as error:  # a fault of our own is a stop, never a silent loop
            fault = Fault(Cause.ENGINE_FAULT, f"{type(error).__name__}: {error}", "no fault of the program")
            self._session.step(None, [fault])

    def _faults(self) -> list[Fault]:
        """Stop words that are set, and guards that died while armed."""
        faults = [
            Fault(STOP_CAUSES.get((stop.owner, stop.code), Cause.WATCHDOG), str(stop), "no stop word")
            for stop in self._page.stops()
            if stop.code not in (StopCode.OBEYED, StopCode.PANIC)
        ]
        guards = self._guards
        if guards is not None and self._session.mode in ARMED:
            if not guards.actuator.alive:
                faults.append(Fault(Cause.ACTUATOR_LOST, "the actuator process has ended", "a living actuator"))
            if not guards.watchdog.alive:
                faults.append(Fault(Cause.WATCHDOG_LOST, "the watchdog process has ended", "a living watchdog"))
        return faults

    def _end_guards(self) -> None:
        guards, self._guards = self._guards, None
        if guards is not None:
            guards.close()
            for stop in guards.stops():
                self._journal.record("guard-stop", {"report": stop})

    def _refuse_commands(self) -> None:
        while self._commands:
            _, future = self._commands.popleft()
            future.set_exception(InvalidTransitionError("the engine has ended"))


def _carry_out(act: Callable[[], object], future: "Future[object]") -> None:
    try:
        future.set_result(act())
    except Exception as error:  # handed to whoever asked
        future.set_exception(error)
