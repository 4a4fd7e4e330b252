"""What lies around the engine in the simulation: memory, the pace of its steps, the desk, the proof of the table."""

from engine.clock import MILLISECOND, VirtualClock
from engine.drills.simulation.faults import NO_FAULT, Fault, FaultKind
from engine.safety.pressure import LateSteps
from engine.words import RiskVerdict, WindowInfo

LOCAL = RiskVerdict(True, "the practice table of this machine")
ELSEWHERE = RiskVerdict(False, "the table's process has a connection to another machine")


class SimulatedSurroundings:
    """What ``engine.session.watch`` asks: memory in use (0 to 1), and what changed on the desk, once."""

    def __init__(self) -> None:
        self.memory = 0.3
        self.desk = ""

    def changed(self) -> str:
        """What has changed since the last call."""
        said, self.desk = self.desk, ""
        return said


class SimulatedPace(LateSteps):
    """The share of late engine steps as the simulation says it: its own steps are thinned, and none of them is late."""

    def __init__(self) -> None:
        super().__init__(0)
        self.late = 0.0

    def step(self, now: int) -> None:
        """Nothing is counted."""

    @property
    def share(self) -> float:
        return self.late


class TableProof:
    """ports.TableGuard: a local table, unless its fault says otherwise.

    OFF: there is no proof. STUCK and SLOW: the engine waits ``amount`` milliseconds for it. GARBAGE: it fails itself.
    """

    def __init__(self, clock: VirtualClock) -> None:
        self.fault: Fault = NO_FAULT
        self._clock = clock

    def check(self, window: WindowInfo) -> RiskVerdict:
        """The proof, or why there is none."""
        match self.fault.kind:
            case FaultKind.STUCK | FaultKind.SLOW:
                self._clock.sleep(self.fault.amount * MILLISECOND)
            case FaultKind.GARBAGE:
                raise OSError("the table's process cannot be read")
            case FaultKind.OFF | FaultKind.WRONG:
                return ELSEWHERE
        return LOCAL
