"""The disk fills while a journal is opened or sealed: it is opened whole or not at all, and no error gets lost."""

import sys
from pathlib import Path

import apsw
import pytest

from engine.clock import SECOND, VirtualClock
from engine.records.chain import OPENED, JournalError
from engine.records.journal import SqliteJournal
from engine.records.journal_reading import read, verify
from engine.session.risk_history import chain
from tests.power_loss.sqlite_disk import Disk, mounted

WRITES_TRIED = 40


@pytest.fixture
def unhandled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Errors that reached nobody."""
    found: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda error: found.append(f"{error.exc_value}"))
    return found


def left_open(path: Path) -> list[apsw.Connection]:
    return [connection for connection in apsw.connections() if connection.filename == str(path)]


def session(directory: Path, disk: Disk) -> SqliteJournal:
    """Two rows: one while the disk may be full, one when it has room again."""
    with mounted(disk):
        journal = SqliteJournal(directory, "session", VirtualClock())
        first = journal.commit("row", {"number": 1}, 5 * SECOND)
        disk.full, disk.full_at = False, None
        second = journal.commit("row", {"number": 2}, 5 * SECOND)
        sealed = journal.close()
    assert (first, second) == ((not journal.problem,) * 2)
    assert sealed == bool(journal.rows)
    return journal


def test_at_whichever_write_the_disk_fills_a_journal_is_opened_whole_or_not_at_all(
    tmp_path: Path, unhandled: list[str]
) -> None:
    unopened = opened = 0
    for write in range(WRITES_TRIED):
        journal = session(tmp_path / str(write), Disk(full_at=write))
        if not journal.problem:
            break
        if "cannot be opened" in journal.problem:
            unopened += 1
            assert (journal.rows, journal.lost) == (0, 3)
            assert ["holds no rows" in line for line in verify(journal.path)] == [True]
        else:
            opened += 1
            assert [row.kind for row in read(journal.path)] == [OPENED, "row", "sealed"]
            assert verify(journal.path) == ["1 rows were lost while it was written"]
        assert [part.says_anything for part in chain(journal.path.parent)] == [False], "the next start is not hindered"
        assert left_open(journal.path) == []
    assert not journal.problem, "the last one had room for all"
    assert unopened > 4
    assert opened > 1
    assert unhandled == []


def test_what_a_full_disk_refuses_at_the_end_is_told_and_nothing_is_left_open(
    tmp_path: Path, unhandled: list[str]
) -> None:
    """At whichever write of the seal and of what follows it."""
    for write in range(WRITES_TRIED):
        disk = Disk()
        with mounted(disk):
            journal = SqliteJournal(tmp_path / str(write), "session", VirtualClock())
            assert journal.commit("row", {"number": 1}, 5 * SECOND)
            disk.full_at = disk.writes + write
            sealed = journal.close()
        assert sealed != ("full" in journal.problem or "no space left" in journal.problem)
        assert all(line.startswith("not sealed after row 2") for line in verify(journal.path))
        assert [row.kind for row in read(journal.path)][:2] == [OPENED, "row"]
        assert left_open(journal.path) == []
        if sealed:
            break
    assert sealed, "the last one had room for all"
    assert write > 4
    assert unhandled == []


def test_a_journal_that_cannot_be_read_is_not_left_open(tmp_path: Path) -> None:
    path = tmp_path / "session.sqlite"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(JournalError, match="cannot be opened") as refused:
        list(read(path))
    assert refused.tb is not None, "what the error still holds is held while the connections are counted"
    assert left_open(path) == []


def test_a_journal_that_was_never_opened_says_so(tmp_path: Path) -> None:
    path = tmp_path / "session.sqlite"
    path.touch()
    with pytest.raises(JournalError, match="ended before the journal was opened"):
        list(read(path))
    assert left_open(path) == []
