"""The two guard processes of an armed session, started in order and ended in order."""

from collections.abc import Sequence
from pathlib import Path

from engine.execution.processes import ActuatorProcess, StopReport, WatchdogProcess
from engine.execution.roles import ACTUATOR, WATCHDOG, clean_environment, role_command


class Guards:
    """Watchdog, then actuator; nothing respawns either."""

    def __init__(self, page_path: Path, epoch: int, hotkeys: Sequence[str]) -> None:
        """Start both. Raises ProcessError, and then neither is left running."""
        environment = clean_environment()
        keys = [part for key in hotkeys for part in ("--hotkey", key)]
        self.watchdog = WatchdogProcess.start(page_path, epoch, role_command(WATCHDOG, *keys), environment)
        try:
            self.actuator = ActuatorProcess.start(page_path, epoch, role_command(ACTUATOR), environment)
            self.watchdog.guard(self.actuator.pid)
        except BaseException:  # whatever it was, nothing may be left running that nobody will end
            self.close()
            raise

    @property
    def warnings(self) -> Sequence[str]:
        return (*self.watchdog.warnings, *self.actuator.warnings)

    def stops(self) -> Sequence[StopReport]:
        """What the watchdog did about a stop."""
        return self.watchdog.stops()

    def close(self) -> None:
        """End the actuator, then the watchdog, each within a second, whatever becomes of the other."""
        actuator = getattr(self, "actuator", None)
        try:
            if actuator is not None:
                actuator.close()
        finally:
            self.watchdog.close()
