"""What lies around the engine in the simulation: memory, the pace of its steps, the desk, the proof of the table."""

from engine.drills.simulation.faults import NO_FAULT, Fault
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
    """ports.TableGuard: a local table, unless its fault says otherwise."""

    def __init__(self) -> None:
        self.fault: Fault = NO_FAULT

    def check(self, window: WindowInfo) -> RiskVerdict:
        """The proof, or why there is none."""
        return ELSEWHERE if self.fault else LOCAL
