"""The journal: what is committed is on the disk, what is changed is found, and a failing disk never raises."""

import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.clock import SECOND, VirtualClock
from engine.ports import Journal
from engine.records.chain import JournalError
from engine.records.encoding import EncodingError
from engine.records.journal import SqliteJournal, require_sqlite
from engine.records.journal_reading import read, verify
from engine.words import Mode

ROOT = Path(__file__).resolve().parents[2]


def journal_of(directory: Path, rows: int) -> Path:
    journal = SqliteJournal(directory, "session", VirtualClock(7))
    for number in range(rows):
        journal.record("row", {"number": number})
    assert journal.close()
    return journal.path


def tamper(path: Path, *statements: str) -> list[str]:
    connection = apsw.Connection(str(path))
    for statement in statements:
        connection.execute(statement)
    connection.close()
    return verify(path)


def test_a_session_is_one_sealed_file_with_its_rows_in_order(tmp_path: Path) -> None:
    journal: Journal = SqliteJournal(tmp_path / "a b#?%", "20260102T030405Z-ab12", VirtualClock(7), utc=lambda: "now")
    journal.record("first", {"mode": Mode.LIVE, "text": "Zürich \ud800"})
    assert journal.commit("second", {"numbers": (1, 2.5)}, SECOND)
    assert isinstance(journal, SqliteJournal)
    assert journal.close()
    rows = list(read(journal.path))
    assert [row.kind for row in rows] == ["opened", "first", "second", "sealed"]
    assert rows[1].data == {"mode": "LIVE", "text": "Zürich \ud800"}
    assert (rows[2].seq, rows[2].at, rows[2].utc, rows[2].data) == (3, 7, "now", {"numbers": [1, 2.5]})
    assert [row.seq for row in read(journal.path, "second")] == [3]
    assert [entry.name for entry in journal.path.parent.iterdir()] == ["20260102T030405Z-ab12.sqlite"]
    assert verify(journal.path) == []


def test_a_committed_row_outlives_a_killed_process(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from engine.records.journal import SqliteJournal\n"
        "journal = SqliteJournal(Path(sys.argv[1]), 'killed')\n"
        "assert journal.commit('intent', {'n': 1}, 5_000_000_000)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT).returncode == -9
    assert [row.kind for row in read(tmp_path / "killed.sqlite")] == ["opened", "intent"]
    assert verify(tmp_path / "killed.sqlite") == [
        "not sealed after row 2: the session did not end in order, or rows are missing at the end"
    ]


def test_rows_that_wait_share_a_commit_and_all_are_written(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path, "busy")

    def work(name: int) -> None:
        for number in range(50):
            journal.record("row", {"by": name, "number": number})
        assert journal.commit("done", {"by": name}, 20 * SECOND)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert journal.close()
    assert verify(journal.path) == []
    for name in range(4):
        numbers = [row.data["number"] for row in read(journal.path, "row") if row.data["by"] == name]
        assert numbers == list(range(50))


def test_recording_does_not_wait_and_a_full_queue_is_counted_and_never_hidden(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path, "full", capacity=4)
    start = time.perf_counter()
    for number in range(20_000):
        journal.record("row", {"number": number})
        if journal.lost:
            break
    assert time.perf_counter() - start < 10
    assert journal.lost == 1
    assert "4 rows wait already" in journal.problem
    assert not journal.commit("intent", {}, SECOND)
    assert journal.close()
    assert any("rows were lost" in line for line in verify(journal.path))


def test_a_commit_that_takes_too_long_is_no_commit(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path, "late")
    assert not journal.commit("intent", {}, 0)
    assert journal.commit("intent", {}, 5 * SECOND)
    journal.close()


def test_after_closing_nothing_is_taken(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path, "closed")
    assert journal.close()
    assert journal.close()
    journal.record("row", {})
    assert not journal.commit("intent", {}, SECOND)
    assert (journal.lost, "closed" in journal.problem) == (2, True)
    assert verify(journal.path) == []
    assert "journal" not in [thread.name for thread in threading.enumerate()]


def test_a_directory_that_cannot_be_made_fails_the_commit_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    journal = SqliteJournal(tmp_path / "file" / "journals", "s")
    journal.record("row", {})
    assert not journal.commit("intent", {}, 5 * SECOND)
    assert "cannot be opened" in journal.problem
    assert journal.lost == 3
    assert not journal.close()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes everywhere")
def test_a_directory_that_cannot_be_written_fails_the_commit(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    journal = SqliteJournal(tmp_path, "s")
    assert not journal.commit("intent", {}, 5 * SECOND)
    assert not journal.close()


FULL_DISK = """
import resource, sys
from pathlib import Path
from engine.records.journal import SqliteJournal
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
journal = SqliteJournal(Path(sys.argv[1]), "full")
answers = [journal.commit("row", {"text": "x" * 5000}, 5_000_000_000) for _ in range(60)]
assert answers[0] and not answers[-1], answers
assert answers == sorted(answers, reverse=True), "a commit after a lost row was called good"
assert journal.lost and "cannot be written" in journal.problem, journal.problem
print(sum(answers))
journal.close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a file-size limit stands in for the full disk")
def test_a_full_disk_fails_the_commit_and_keeps_what_was_committed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len(list(read(tmp_path / "full.sqlite", "row"))) >= int(done.stdout)
    assert verify(tmp_path / "full.sqlite") != []


UNSEALED_ON_A_FULL_DISK = """
import os, resource, sys
from pathlib import Path
from engine.records.journal import SqliteJournal
from engine.records.journal_reading import verify
if os.fork() == 0:
    journal = SqliteJournal(Path(sys.argv[1]), "unsealed")
    os._exit(0 if journal.commit("row", {}, 20_000_000_000) else 1)
assert os.wait()[1] == 0
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
print(*verify(Path(sys.argv[1], "unsealed.sqlite")))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a file-size limit stands in for the full disk")
def test_an_unsealed_journal_on_a_full_disk_says_that_the_disk_is_in_the_way(tmp_path: Path) -> None:
    """Its WAL needs an index beside it; on a full disk there is no room for one."""
    command = [sys.executable, "-c", UNSEALED_ON_A_FULL_DISK, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "cannot be read" in done.stdout
    assert "free the disk" in done.stdout


def test_a_second_journal_of_the_same_session_is_refused(tmp_path: Path) -> None:
    path = journal_of(tmp_path, 1)
    before = path.read_bytes()
    second = SqliteJournal(tmp_path, "session")
    assert not second.commit("intent", {}, 5 * SECOND)
    assert "exists already" in second.problem
    second.close()
    assert path.read_bytes() == before


def test_what_is_never_stored_is_the_caller_s_error(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path, "s")
    with pytest.raises(EncodingError, match=r"^stage\.value"):
        journal.record("stage", {"value": object()})
    assert journal.close()


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden"])
def test_a_session_id_that_is_no_file_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(JournalError, match="cannot name a journal"):
        SqliteJournal(tmp_path, name)


def test_an_sqlite_with_the_wal_fault_is_refused() -> None:
    require_sqlite("3.51.3")
    require_sqlite("3.100.0")
    with pytest.raises(JournalError, match="install the locked packages"):
        require_sqlite("3.51.2")


def test_a_journal_that_is_being_written_is_not_read(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path, "s")
    assert journal.commit("row", {}, 5 * SECOND)
    with pytest.raises(JournalError, match="end its session first"):
        list(read(journal.path))
    assert journal.close()


def test_reading_changes_nothing(tmp_path: Path) -> None:
    path = journal_of(tmp_path, 5)
    before = path.read_bytes(), path.stat().st_mtime_ns
    assert len(list(read(path))) == 7
    assert verify(path) == []
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("content", [b"", b"not a database" * 100, b"SQLite format 3\x00" + bytes(5000)])
def test_a_file_that_is_no_journal_says_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.sqlite"
    path.write_bytes(content)
    assert len(verify(path)) == 1
    with pytest.raises(JournalError):
        list(read(path))


def test_a_missing_or_newer_journal_says_so(tmp_path: Path) -> None:
    assert "does not exist" in verify(tmp_path / "none.sqlite")[0]
    path = journal_of(tmp_path, 1)
    assert "schema 2" in tamper(path, "PRAGMA user_version = 2")[0]


@pytest.mark.parametrize(
    "change",
    [
        """UPDATE rows SET data = '{"number":99}' WHERE seq = 4""",
        "UPDATE rows SET at = at + 1 WHERE seq = 4",
        "UPDATE rows SET utc = 'x' WHERE seq = 4",
        "UPDATE rows SET kind = 'other' WHERE seq = 4",
        "UPDATE rows SET digest = zeroblob(32) WHERE seq = 4",
        "UPDATE rows SET previous = zeroblob(32) WHERE seq = 4",
        "UPDATE rows SET previous = NULL WHERE seq = 4",
        "DELETE FROM rows WHERE seq = 4",
        "DELETE FROM rows WHERE seq = 1",
        "DELETE FROM rows WHERE seq = 8",
        "DELETE FROM rows WHERE seq >= 6",
        "DELETE FROM rows WHERE seq = 7; UPDATE rows SET seq = 7 WHERE seq = 8",
        "INSERT INTO rows SELECT 9, at, utc, kind, data, previous, digest FROM rows WHERE seq = 8",
        "DELETE FROM rows",
        """UPDATE rows SET data = '{"rows":7}' WHERE seq = 8""",
        """UPDATE rows SET data = '[7,0]' WHERE seq = 8""",
        "UPDATE rows SET data = '{' WHERE seq = 8",
    ],
)
def test_a_changed_dropped_moved_or_added_row_is_found(tmp_path: Path, change: str) -> None:
    assert tamper(journal_of(tmp_path, 6), *change.split(";")) != []


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return journal_of(tmp_path_factory.mktemp("sealed"), 6)


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_any_two_rows_swapped_are_found(sealed: Path, data: st.DataObject) -> None:
    one = data.draw(st.integers(1, 8))
    other = data.draw(st.integers(1, 8).filter(lambda seq: seq != one))
    copy = Path(shutil.copy(sealed, sealed.with_name("swapped.sqlite")))
    swap = (f"UPDATE rows SET seq = {to} WHERE seq = {of}" for of, to in [(one, 99), (other, one), (99, other)])
    assert tamper(copy, *swap) != []


@settings(max_examples=200, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_flipped_bit_is_found_or_changes_no_row(sealed: Path, place: float, bit: int) -> None:
    content = bytearray(sealed.read_bytes())
    content[int(place * len(content))] ^= 1 << bit
    copy = sealed.with_name("flipped.sqlite")
    copy.write_bytes(content)
    if verify(copy) == []:
        assert list(read(copy)) == list(read(sealed))
