"""What lies between the runtime's own things and the stages: each says in a port's terms what another one is."""

from collections.abc import Callable
from pathlib import Path

from engine import __version__
from engine.clock import SECOND, Clock, utc_now
from engine.config import Config
from engine.execution.table_guard import LocalTableGuard
from engine.permit.page import EnginePart, PermitMode, PermitPage, StopCode
from engine.records.journal import SqliteJournal
from engine.safety.certificates import certificate_status, machine_id
from engine.safety.supervisor import Fault
from engine.session.wiring import eyes
from engine.vision.pack import LayoutPack
from engine.vision.windows import open_windows
from engine.words import Cause, CertificateStatus, Component, Frame, HealthReport, Look, Mode, RiskVerdict, WindowInfo

CERTIFICATES_EVERY = 60 * SECOND
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


def stop_faults(page: PermitPage) -> list[Fault]:
    """The stop words that are set, but for those that only answer another, as faults."""
    return [
        Fault(STOP_CAUSES.get((stop.owner, stop.code), Cause.WATCHDOG), str(stop), "no stop word")
        for stop in page.stops()
        if stop.code not in (StopCode.OBEYED, StopCode.PANIC)
    ]


class ModeWord:
    """The engine's words of the page in the session's terms."""

    def __init__(self, part: EnginePart, clock: Clock) -> None:
        self._part = part
        self._clock = clock

    def set_mode(self, mode: Mode) -> None:
        self._part.set_mode(PermitMode[mode.name], self._clock.now())


class EngineGuard:
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


class Sight:
    """The eyes and their own connection to the screen's windows; opened in the thread that looks."""

    def __init__(self, config: Config, pack: LayoutPack, clock: Clock) -> None:
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


class JournalHealth:
    """ports.Watched: the journal's writer. It is never begun anew: rows that were lost are lost."""

    component = Component.JOURNAL

    def __init__(self, journal: SqliteJournal) -> None:
        self._journal = journal

    def report(self) -> HealthReport:
        journal = self._journal
        sound = not journal.problem
        return HealthReport(Component.JOURNAL, True, sound, journal.alive, False, journal.rows, journal.problem)

    def restart(self) -> None:
        """Not possible: see above."""


class GuardHealth:
    """ports.Watched: a guard process. It is never begun anew: its death while armed is a stop."""

    def __init__(self, component: Component, alive: Callable[[], bool | None], mark: Callable[[], int]) -> None:
        """``alive`` is None while nothing is armed; ``mark`` changes with all that it does."""
        self.component = component
        self._alive = alive
        self._mark = mark
        self._seen = 0
        self._moves = 0

    def report(self) -> HealthReport:
        """Progress counts the reports at which it had done something more."""
        alive, mark = self._alive(), self._mark()
        self._moves += mark != self._seen
        self._seen = mark
        begun, lives = alive is not None, alive is True
        detail = "" if begun else "starts when the bot is armed"
        return HealthReport(self.component, begun, lives, lives, False, self._moves, detail)

    def restart(self) -> None:
        """Not possible: see above."""


class Certificates:
    """Which mandatory drills are due, read from the profile's drill folder now and then."""

    def __init__(self, config: Config, directory: Path, clock: Clock) -> None:
        self._config, self._folder, self._clock = config, directory / "drills", clock
        self._read_at: int | None = None
        self.status: tuple[CertificateStatus, ...] = ()

    def step(self) -> None:
        """Read them when that was long ago."""
        if self._read_at is None or self._clock.now() - self._read_at > CERTIFICATES_EVERY:
            self.read()

    def read(self) -> None:
        """Read them now."""
        self._read_at = self._clock.now()
        self.status = certificate_status(self._folder, self._config, machine_id(), __version__, utc_now())
