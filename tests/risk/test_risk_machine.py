"""A state machine of hands, stops, crashes and full disks: the guard's figures are always those of a plain ledger.

The same machine runs over guards with a planted fault and has to find each; those tests stay.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from engine.risk.guard import RiskGuard
from engine.risk.reconstruct import HandResult
from engine.risk.state import Booking, OpenHand, RiskState, Stop
from engine.risk.store import Storage, load
from tests.risk.spots import UTC, call, limits, state

PATH = Path("risk.json")
LIMITS = limits(loss=2000, hand=600, hands=40, bankroll=6000, floor=1000)
RESULTS = st.integers(-600, 600)


class RamDisk:
    """Files in memory, which a full disk refuses to replace."""

    def __init__(self) -> None:
        self.files: dict[Path, bytes] = {}
        self.full = False

    def read(self, path: Path) -> bytes:
        if path not in self.files:
            raise FileNotFoundError(path)
        return self.files[path]

    def write(self, path: Path, content: bytes) -> None:
        if self.full:
            raise OSError(28, "no space left on device")
        self.files[path] = content


@dataclass(slots=True)
class Ledger:
    """What is true, kept the plain way."""

    session: str = "s0"
    result: int = 0
    hands: int = 0
    total: int = 0
    committed: int = 0
    stop: Stop | None = None
    journal: list[HandResult] = field(default_factory=list)

    def book(self, hand: str, result: int) -> None:
        self.result += result
        self.total += result
        self.hands += 1
        self.committed = 0
        self.journal.append(HandResult(hand, result))


class RiskMachine(RuleBasedStateMachine):
    """One profile over its life. A hand is named by its number, as a table does it."""

    guard_class: type[RiskGuard] = RiskGuard

    def __init__(self) -> None:
        super().__init__()
        self.disk = RamDisk()
        self.truth = Ledger()
        self.number = 0
        self.sessions = 0
        self.guard = self._opened()
        self.guard.begin_session("s0")

    def _opened(self) -> RiskGuard:
        return self.guard_class(PATH, LIMITS, utc=lambda: UTC, storage=Storage(self.disk.read, self.disk.write))

    @property
    def hand(self) -> str:
        return f"{self.truth.session}-{self.number}"

    @rule(chips=st.integers(1, 700), contributed=st.integers(20, 500))
    def act(self, chips: int, contributed: int) -> None:
        """An action is asked for: refused exactly when it breaks a limit or the state is not on the disk."""
        contributed = max(contributed, self.truth.committed)
        committed = contributed + chips
        lost, left = max(0, -self.truth.result), LIMITS.bankroll + self.truth.total
        inside = committed <= 600 and lost + committed <= 2000 and left - committed >= 1000 and self.truth.hands < 40
        verdict = self.guard.check(state(contributed, hand_id=self.hand), call(chips))
        assert verdict.allowed == (inside and not self.guard.problem)
        self.truth.committed = committed if verdict.allowed else contributed

    @rule(result=RESULTS)
    def hand_over(self, result: int) -> None:
        self.truth.book(self.hand, result)
        self.guard.hand_over(self.hand, result)
        self.number += 1
        self._is_kept()

    @rule(result=RESULTS, count=st.integers(2, 25))
    def many_hands(self, result: int, count: int) -> None:
        """A burst: more hands than are remembered by name."""
        for _ in range(count):
            self.hand_over(result)

    @precondition(lambda self: self.truth.journal)
    @rule(times=st.integers(1, 3))
    def the_last_hand_is_told_again(self, times: int) -> None:
        last = self.truth.journal[-1]
        for _ in range(times):
            self.guard.hand_over(last.hand_id, last.result)

    @rule(reason=st.sampled_from(["confidence", "operator"]))
    def stop(self, reason: str) -> None:
        self.truth.stop = Stop(UTC, reason)
        self.guard.stopped(reason)
        self._is_kept()

    @rule()
    def the_disk_fills_up(self) -> None:
        self.disk.full = True

    @rule()
    def the_disk_is_freed(self) -> None:
        """The next stop or hand puts on it what is known."""
        self.disk.full = False
        self.stop("freed")

    @precondition(lambda self: not self.disk.full)
    @rule(times=st.integers(1, 3), new_session=st.booleans())
    def crash_and_start(self, times: int, new_session: bool) -> None:
        """The program dies and starts: over a latched stop the session goes on, else a new one begins."""
        self._crash(new_session)
        for _ in range(times - 1):
            self._crash(False)

    @precondition(lambda self: not self.disk.full)
    @rule(result=RESULTS)
    def crash_between_journal_and_state(self, result: int) -> None:
        self.truth.book(self.hand, result)
        self._crash(False)

    def _crash(self, new_session: bool) -> None:
        open_hand = OpenHand(self.hand, self.truth.committed) if self.truth.committed else None
        self.guard = self._opened()
        self.guard.catch_up(self.truth.journal, open_hand)
        if open_hand is not None:
            self.truth.book(self.hand, -open_hand.chips)
        self.number += 1
        if new_session:
            self.sessions += 1
            self.truth = Ledger(f"s{self.sessions}", total=self.truth.total)
            self.guard.begin_session(self.truth.session)

    def _is_kept(self) -> None:
        """What was acknowledged is on the disk; what could not be put there is said."""
        assert bool(self.guard.problem) == self.disk.full
        if not self.disk.full:
            assert load(PATH, Storage(self.disk.read)) == self.guard.state

    @invariant()
    def the_figures_are_true(self) -> None:
        status, truth = self.guard.status(None), self.truth
        assert (status.session_result, status.hands) == (truth.result, truth.hands)
        assert status.bankroll == LIMITS.bankroll + truth.total
        assert self.guard.state.stop == truth.stop
        assert (self.guard.state.open_hand.chips if self.guard.state.open_hand else 0) == truth.committed


RUNS = settings(max_examples=60, stateful_step_count=30, deadline=None)
HUNT = settings(
    RUNS,
    max_examples=300,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


TestRisk = RiskMachine.TestCase
TestRisk.settings = RUNS


class ForgetsAtStart(RiskGuard):
    """The session's figures begin anew whenever the program does."""

    def catch_up(self, hands: object, open_hand: OpenHand | None) -> int:
        self._keep(RiskState(self.state.session_id, total_result=self.state.total_result, booked=self.state.booked))
        return super().catch_up(hands, open_hand)  # type: ignore[arg-type]


class BooksTwice(RiskGuard):
    """A hand that is told again counts again."""

    def hand_over(self, hand_id: str, result: int) -> object:  # type: ignore[override]
        others = tuple(entry for entry in self.state.booked if entry.hand_id != hand_id)
        self._state = replace(self.state, booked=others)
        return super().hand_over(hand_id, result)


class VolatileStop(RiskGuard):
    """A stop is known until the program ends."""

    def stopped(self, reason: str = "") -> None:
        self._state = self.state.stopped(Stop(UTC, reason))


class VolatileCount(RiskGuard):
    """A hand is booked in memory alone."""

    def hand_over(self, hand_id: str, result: int) -> object:  # type: ignore[override]
        self._state = self.state.book(hand_id, result)
        return self.hand_may_begin()


class ForgetsTheOpenHand(RiskGuard):
    """A hand in which the program died costs nothing."""

    def catch_up(self, hands: object, open_hand: OpenHand | None) -> int:
        return super().catch_up(hands, None)  # type: ignore[arg-type]


class HidesTheProblem(RiskGuard):
    """A disk that takes nothing is no reason to stop."""

    def _keep(self, state: RiskState) -> None:
        super()._keep(state)
        self._problem = ""


class BankrollOfOneSession(RiskGuard):
    """Each session has the whole bankroll again."""

    def begin_session(self, session_id: str) -> None:
        super().begin_session(session_id)
        self._keep(replace(self.state, total_result=0))


class RemembersOneHandOnly(RiskGuard):
    """After a burst of hands the journal's are taken for new ones."""

    def hand_over(self, hand_id: str, result: int) -> object:  # type: ignore[override]
        verdict = super().hand_over(hand_id, result)
        self._keep(replace(self.state, booked=tuple(Booking(f"?{n}", 0) for n in range(16))))
        return verdict


@pytest.mark.parametrize(
    "planted",
    [
        ForgetsAtStart,
        BooksTwice,
        VolatileStop,
        VolatileCount,
        ForgetsTheOpenHand,
        HidesTheProblem,
        BankrollOfOneSession,
        RemembersOneHandOnly,
    ],
)
def test_a_planted_fault_is_found(planted: type[RiskGuard]) -> None:
    class Faulty(RiskMachine):
        guard_class = planted

    with pytest.raises(AssertionError):
        run_state_machine_as_test(Faulty, settings=HUNT)
