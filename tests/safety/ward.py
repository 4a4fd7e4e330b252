"""What the health monitor's tests look after: parts that fail as they are told, and a monitor over them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from engine.clock import MILLISECOND, SECOND, VirtualClock
from engine.safety.health import HealthLimits, HealthMonitor, HealthVerdict, RestartLimit
from engine.words import Component, HealthReport, HealthState

STEP = 10 * MILLISECOND
RESTARTABLE = (Component.EYES, Component.SOLVER, Component.ADVISERS)
LIMITS = HealthLimits({component: RestartLimit(3, 60 * SECOND) for component in RESTARTABLE})


@dataclass
class Part:
    """A component that fails as it is told: it starts in ``start_takes`` and works while ``working``."""

    component: Component
    clock: VirtualClock
    start_takes: int = 100 * MILLISECOND
    alive: bool = True
    ready: bool = True
    working: bool = True
    busy: bool = True
    hopeless: bool = False
    said: str = "as told"
    restarts: list[int] = field(default_factory=list)
    began: int = 0
    progress: int = 0

    def __post_init__(self) -> None:
        self.began = self.clock.now()

    def report(self) -> HealthReport:
        up = self.clock.now() >= self.began + self.start_takes
        self.progress += up and self.working
        return HealthReport(
            self.component, up, up and self.ready, self.alive, up and self.busy, self.progress, self.said
        )

    def restart(self) -> None:
        self.restarts.append(self.clock.now())
        self.began = self.clock.now()
        if not self.hopeless:
            self.alive = self.ready = self.working = True


class Ward:
    """A monitor over parts, stepped a hundred times a second."""

    def __init__(self, *components: Component, limits: HealthLimits = LIMITS) -> None:
        self.clock = VirtualClock()
        self.parts = {component: Part(component, self.clock) for component in components}
        self.monitor = HealthMonitor(list(self.parts.values()), limits, self.clock)
        self.verdict = self.monitor.step()
        self.dues = int(self.verdict.due)

    def step(self, after: int = STEP) -> HealthVerdict:
        self.clock.sleep(after)
        self.verdict = self.monitor.step()
        self.dues += self.verdict.due
        return self.verdict

    def run(self, time: int) -> HealthVerdict:
        for _ in range(time // STEP):
            self.step()
        return self.verdict

    def until(self, condition: Callable[[HealthVerdict], object], limit: int = 120 * SECOND) -> int:
        """Nanoseconds until the condition held."""
        began = self.clock.now()
        while not condition(self.verdict):
            assert self.clock.now() - began < limit
            self.step()
        return self.clock.now() - began

    def state(self, component: Component) -> HealthState:
        return next(entry.state for entry in self.monitor.snapshot() if entry.component is component)
