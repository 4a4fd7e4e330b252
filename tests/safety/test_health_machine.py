"""The health monitor under bursts of every fault, in any order."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from engine.clock import MILLISECOND, SECOND
from engine.safety.health import HealthVerdict
from engine.words import Component, HealthState
from tests.safety.ward import RESTARTABLE, Ward


class HealthMachine(RuleBasedStateMachine):
    """The monitor's promises hold at each step."""

    def __init__(self) -> None:
        super().__init__()
        self.ward = Ward(*RESTARTABLE)
        self.parts = self.ward.parts

    @rule(component=st.sampled_from(RESTARTABLE), seconds=st.sampled_from([0.1, 0.6, 2.5, 4.0]))
    def ends(self, component: Component, seconds: float) -> None:
        self.parts[component].alive = False
        self._pass(seconds)

    @rule(component=st.sampled_from(RESTARTABLE), seconds=st.sampled_from([0.1, 0.6, 2.5, 4.0]))
    def stands_still(self, component: Component, seconds: float) -> None:
        self.parts[component].working = False
        self._pass(seconds)

    @rule(component=st.sampled_from(RESTARTABLE), seconds=st.sampled_from([0.1, 0.6, 2.5]))
    def is_not_ready(self, component: Component, seconds: float) -> None:
        self.parts[component].ready = False
        self._pass(seconds)
        self.parts[component].ready = True

    @rule(component=st.sampled_from(RESTARTABLE), hopeless=st.booleans(), slow=st.booleans())
    def changes(self, component: Component, hopeless: bool, slow: bool) -> None:
        self.parts[component].hopeless = hopeless
        self.parts[component].start_takes = 25 * SECOND if slow else 100 * MILLISECOND

    @rule(seconds=st.sampled_from([0.1, 1.0, 5.0, 30.0]))
    def passes(self, seconds: float) -> None:
        self._pass(seconds)

    @rule()
    def mends_and_all_is_well_in_the_end(self) -> None:
        for part in self.parts.values():
            part.hopeless, part.start_takes = False, 100 * MILLISECOND
        self.ward.until(lambda verdict: self._all_well(verdict), limit=200 * SECOND)

    def _all_well(self, verdict: HealthVerdict) -> bool:
        return not (verdict.eyes or verdict.solver or verdict.advisers or verdict.faults)

    def _pass(self, seconds: float) -> None:
        for _ in range(int(seconds * 10)):
            self.ward.step(after=SECOND // 10)
            self.promises()

    @invariant()
    def promises(self) -> None:
        verdict = self.ward.verdict
        for component, words in zip(RESTARTABLE, (verdict.eyes, verdict.solver, verdict.advisers), strict=True):
            part, state = self.parts[component], self.ward.state(component)
            if not part.alive:
                assert words
                assert state is not HealthState.READY
            for first in part.restarts:
                assert sum(first <= restart < first + 60 * SECOND for restart in part.restarts) <= 3
            assert (state is HealthState.SPENT) == any(str(component) in fault.measured for fault in verdict.faults)


HealthMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestHealthMachine = HealthMachine.TestCase
