"""Watchdog and actuator of an armed session in the simulation, as arming starts and ends them."""

from collections.abc import Callable, Sequence

from engine.clock import VirtualClock
from engine.drills.simulation.faults import FaultKind
from engine.drills.simulation.hands import SimulatedHands, SimulatedWatchdog
from engine.execution.processes import ProcessError, StopReport
from engine.permit.page import PermitPage


class SimulatedGuards:
    """Implements ``engine.runtime.arming.GuardPair``. ``dying``: the program is being killed and can end nothing."""

    warnings: Sequence[str] = ()

    def __init__(
        self,
        actuator: SimulatedHands,
        watchdog: SimulatedWatchdog,
        page: PermitPage,
        clock: VirtualClock,
        dying: Callable[[], bool],
    ) -> None:
        """Start both over a page; ProcessError while either cannot run, and then neither does."""
        for name, one in (("watchdog", watchdog), ("actuator", actuator)):
            if one.fault.kind is FaultKind.OFF:
                raise ProcessError(f"the {name} ended at once")
        self.actuator, self.watchdog = actuator, watchdog
        self._page, self._clock, self._dying = page, clock, dying
        watchdog.start(page)
        actuator.start(page)
        self._run = actuator.run

    def stops(self) -> Sequence[StopReport]:
        """What the watchdog has seen of a stop."""
        stops = tuple(str(stop) for stop in self._page.stops())
        return [StopReport("watchdog", stops, self._clock.now(), True, False, ())] if stops else []

    def close(self) -> None:
        """End both, unless others have taken their place."""
        if self._run == self.actuator.run and not self._dying():
            self.actuator.end()
            self.watchdog.end()
