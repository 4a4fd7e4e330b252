"""Any order of recording, committing, slow and full disks, power failures and ends: the journal never says too much.

The model knows what was handed in and what was acknowledged. Four faults are planted in journals of their own, and each
must be caught: an acknowledgement before the sync, a chain begun anew, losses forgotten, and synchronous=NORMAL.
"""

import contextlib
import random
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import apsw
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from engine.clock import MILLISECOND, SECOND, VirtualClock
from engine.records import journal as journal_module
from engine.records.chain import FIRST_PREVIOUS, OPENED, JournalError
from engine.records.journal import SqliteJournal
from engine.records.journal_reading import read, verify
from tests.power_loss.sqlite_disk import Disk, mounted

CAPACITY = 16
LONG = 20 * SECOND
UNSEALED = "not sealed after row"
LOST = "rows were lost while it was written"

NOT_ON_DISK = "an acknowledged row is not on the disk"
CHAIN_BROKEN = "the chain is broken"
NOT_COUNTED = "a row is missing and not counted as lost"
CALLED_GOOD = "a commit after a lost row was called good"
SEAL_IS_SILENT = "the seal does not tell of the lost rows"
FORGOTTEN = "a loss or its reason was forgotten"
UNREADABLE = "the journal cannot be read"
WITHOUT_OPENING = "rows stand in a journal without its opening row"
OPENING_WRITES = 12
"""About as many writes as the opening and the first rows take."""
FULL_AT = st.none() | st.integers(0, OPENING_WRITES)


class JournalLife(RuleBasedStateMachine):
    """One session after another on one disk; each ends in order or with the power."""

    journal_class: type[SqliteJournal] = SqliteJournal
    broken: list[str]

    def __init__(self) -> None:
        super().__init__()
        self.resources = ExitStack()
        self.root = Path(self.resources.enter_context(tempfile.TemporaryDirectory()))
        self.sessions = 0
        self.begin()

    def begin(self, full_at: int | None = None) -> None:
        self.sessions += 1
        self.disk = Disk(full_at=full_at)
        self.mount = ExitStack()
        self.mount.enter_context(mounted(self.disk))
        self.directory = self.root / str(self.sessions)
        self.journal = self.journal_class(self.directory, "session", VirtualClock(), capacity=CAPACITY)
        self.handed_in = 0
        self.acknowledged: list[int] = []
        self.most_lost, self.first_problem = 0, ""

    def teardown(self) -> None:
        self.disk.full = False
        self.disk.answers.set()
        self.journal.close()
        self.mount.close()
        self.resources.close()

    # What the session does.

    @rule(rows=st.integers(1, 3))
    def record(self, rows: int) -> None:
        for _ in range(rows):
            self.journal.record("row", {"number": self.take_number()})

    @rule(rows=st.sampled_from([CAPACITY // 2, 3 * CAPACITY]))
    def record_a_burst(self, rows: int) -> None:
        self.record(rows)

    @rule(commits=st.integers(1, 8), size=st.sampled_from([0, 3_000, 200_000]))
    def commit_a_burst(self, commits: int, size: int) -> None:
        for _ in range(commits):
            self.commit(size)

    def commit(self, size: int) -> None:
        number, before = self.take_number(), self.journal.problem
        timeout = LONG if self.disk.answers.is_set() else 5 * MILLISECOND
        if self.journal.commit("row", {"number": number, "text": "x" * size}, timeout):
            self.acknowledged.append(number)
            self.must(not before, CALLED_GOOD)

    def take_number(self) -> int:
        self.handed_in += 1
        return self.handed_in

    # What the disk does.

    @rule(turn=st.sampled_from(["well", "well", "well", "hangs", "full"]))
    def the_disk_turns(self, turn: str) -> None:
        self.disk.full = turn == "full"
        if turn == "hangs":
            self.disk.answers.clear()
        else:
            self.disk.answers.set()

    @rule(seed=st.integers(0, 1 << 16), steps=st.integers(0, 12), commits=st.integers(0, 4), full_at=FULL_AT)
    def the_power_fails(self, seed: int, steps: int, commits: int, full_at: int | None) -> None:
        """Now, or a few steps into a burst of commits."""
        self.disk.cut = self.disk.steps + steps
        self.commit_a_burst(commits, 900)
        self.disk.cut = self.disk.steps
        self.disk.answers.set()
        self.journal.close()
        self.mount.close()
        after = self.root / f"{self.sessions}-after"
        self.disk.survive(random.Random(seed), after)
        self.look(after / "session.sqlite", sealed=False)
        self.begin(full_at)

    @precondition(lambda self: self.disk.answers.is_set())
    @rule(full_at=FULL_AT)
    def close(self, full_at: int | None) -> None:
        sealed = self.journal.close()
        self.mount.close()
        assert sealed or self.journal.problem
        self.look(self.journal.path, sealed)
        self.no_second_journal_of_the_session()
        self.begin(full_at)

    # What must be true.

    def must(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.broken.append(otherwise)
            raise AssertionError(otherwise)

    @invariant()
    def what_was_lost_stays_lost(self) -> None:
        self.must(self.journal.lost >= self.most_lost, FORGOTTEN)
        self.must(self.journal.problem == self.first_problem or not self.first_problem, FORGOTTEN)
        self.most_lost, self.first_problem = self.journal.lost, self.journal.problem

    def look(self, path: Path, sealed: bool) -> None:
        self.rows_follow_their_opening(path)
        if not self.acknowledged and not sealed:
            return
        try:
            numbers = [row.data["number"] for row in read(path, "row")]
        except JournalError:
            self.must(False, UNREADABLE)
        self.must(set(self.acknowledged) <= set(numbers), NOT_ON_DISK)
        self.must(numbers == sorted(set(numbers)), "rows are out of order or twice")
        problems = [line for line in verify(path) if sealed or not line.startswith(UNSEALED)]
        self.must([line for line in problems if not line.endswith(LOST)] == [], CHAIN_BROKEN)
        if sealed:
            self.must(len(numbers) + self.journal.lost >= self.handed_in, NOT_COUNTED)
            self.must(bool(problems) == bool(self.journal.lost), SEAL_IS_SILENT)

    def rows_follow_their_opening(self, path: Path) -> None:
        with contextlib.suppress(JournalError):
            kinds = [row.kind for row in read(path)]
            self.must(kinds[:1] in ([], [OPENED]), WITHOUT_OPENING)

    def no_second_journal_of_the_session(self) -> None:
        if not self.journal.path.exists():
            return
        before = self.journal.path.read_bytes()
        second = SqliteJournal(self.directory, "session", VirtualClock())
        assert not second.commit("row", {}, LONG)
        second.close()
        assert self.journal.path.read_bytes() == before


def live(journal_class: type[SqliteJournal], broken: list[str], **options: Any) -> None:
    """Run lives of a journal until one breaks a rule, which is noted in ``broken``, or the examples are used up."""
    life = type("Life", (JournalLife,), {"journal_class": journal_class, "broken": broken})
    run_state_machine_as_test(life, settings=settings(deadline=None, **options))


def test_the_journal_never_says_too_much() -> None:
    live(SqliteJournal, [], max_examples=40, stateful_step_count=30)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_the_journal_never_says_too_much_in_a_great_many_lives() -> None:
    live(SqliteJournal, [], max_examples=2000, stateful_step_count=50)


class AcknowledgesBeforeTheSync(SqliteJournal):
    def _store(self, connection: apsw.Connection | None, batch: Sequence[Any]) -> bool:
        for entry in batch:
            entry.stored = True
            entry.done.set()
        return super()._store(connection, list(batch))


class BeginsTheChainAnew(SqliteJournal):
    def _stored(self, connection: apsw.Connection, batch: Sequence[Any]) -> bool:
        self._head = FIRST_PREVIOUS
        return super()._stored(connection, list(batch))


class ForgetsItsLosses(SqliteJournal):
    def _stored(self, connection: apsw.Connection, batch: Sequence[Any]) -> bool:
        stored = super()._stored(connection, list(batch))
        if stored:
            self._lost, self._problem = 0, ""
        return stored


PLANTED = {"max_examples": 300, "stateful_step_count": 30, "derandomize": True, "phases": [Phase.generate]}


def fault_found(journal_class: type[SqliteJournal]) -> str:
    """The first rule broken. The writer is a thread: the same life may end well when it is tried again (Flaky)."""
    broken: list[str] = []
    with contextlib.suppress(AssertionError, Flaky):
        live(journal_class, broken, **PLANTED)
    return broken[0] if broken else ""


@pytest.mark.parametrize(
    ("faulty", "shown"),
    [
        (AcknowledgesBeforeTheSync, [NOT_ON_DISK]),
        (BeginsTheChainAnew, [CHAIN_BROKEN]),
        (ForgetsItsLosses, [FORGOTTEN, NOT_COUNTED, CALLED_GOOD, SEAL_IS_SILENT]),
    ],
)
def test_a_planted_fault_is_caught(faulty: type[SqliteJournal], shown: str) -> None:
    assert fault_found(faulty) in shown


def test_a_journal_that_does_not_sync_each_commit_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    careless = tuple(words.replace("synchronous=FULL", "synchronous=NORMAL") for words in journal_module.SETTINGS)
    monkeypatch.setattr(journal_module, "SETTINGS", careless)
    assert fault_found(SqliteJournal) in (NOT_ON_DISK, UNREADABLE)
