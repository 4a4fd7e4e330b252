"""The journal's writer: one thread that owns the only connection; a row is committed when it is on the disk.

WAL with synchronous=FULL: with NORMAL a power loss takes committed rows (sqlite.org/pragma.html#pragma_synchronous).
One connection only, because of the WAL reset fault of SQLite 3.7.0 to 3.51.2 (sqlite.org/wal.html).
"""

import queue
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

from engine.clock import SECOND, Clock, SystemClock, utc_now
from engine.durable import make_directory
from engine.records.chain import (
    APPLICATION_ID,
    CREATE,
    FIRST_PREVIOUS,
    OPENED,
    SCHEMA_VERSION,
    SEALED,
    JournalError,
    canonical,
    row_digest,
)
from engine.records.encoding import encode

OLDEST_SQLITE = (3, 51, 3)
ROWS_A_COMMIT = 256
SETTINGS = (
    "PRAGMA locking_mode=EXCLUSIVE",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA fullfsync=1",
    "PRAGMA checkpoint_fullfsync=1",
)
BEGINNING = (f"PRAGMA application_id={APPLICATION_ID}", f"PRAGMA user_version={SCHEMA_VERSION}", CREATE)


@dataclass(slots=True)
class _Entry:
    """A row on its way to the disk; ``done`` is set once it is there (``stored``) or cannot be."""

    at: int
    utc: str
    kind: str
    data: str
    done: threading.Event = field(default_factory=threading.Event)
    stored: bool = False


class SqliteJournal:
    """One session's journal, ``<directory>/<session id>.sqlite`` (ports.Journal).

    A row that cannot be stored is never hidden: it is counted in ``lost``, ``problem`` says why, and from then on
    ``commit`` returns False. Where not even the opening row can be stored the journal stays unopened and takes none.
    Only a value that is never stored (EncodingError) raises in the caller's thread.
    """

    def __init__(
        self,
        directory: Path,
        session_id: str,
        clock: Clock | None = None,
        *,
        utc: Callable[[], str] = utc_now,
        capacity: int = 8192,
    ) -> None:
        """Start the writer. Raises JournalError for an unusable session id or an SQLite that is too old."""
        require_sqlite(apsw.sqlite_lib_version())
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", session_id):
            raise JournalError(f"{session_id!r} cannot name a journal: use letters, digits, dots and dashes")
        self.path = directory / f"{session_id}.sqlite"
        self._clock = clock or SystemClock()
        self._utc = utc
        self._queue: queue.Queue[_Entry | None] = queue.Queue(capacity)
        self._guard = threading.Lock()
        self._closed = False
        self._lost = 0
        self._problem = ""
        self._sealed = False
        self._seq, self._head = 0, FIRST_PREVIOUS
        self._opening = self._entry(
            OPENED, {"session": session_id, "schema": SCHEMA_VERSION, "sqlite": apsw.sqlite_lib_version()}
        )
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    @property
    def problem(self) -> str:
        """Why rows were lost, in words; empty while everything handed in was stored or waits."""
        return self._problem

    @property
    def lost(self) -> int:
        """Rows that were handed in and are not on the disk and never will be."""
        return self._lost

    @property
    def rows(self) -> int:
        """Rows on the disk."""
        return self._seq

    @property
    def alive(self) -> bool:
        """Whether the writer runs."""
        return self._thread.is_alive()

    def record(self, kind: str, data: Mapping[str, Any]) -> None:
        """Append a row soon; never blocks. A full queue loses the row, which is counted."""
        self._enqueue(kind, data)

    def commit(self, kind: str, data: Mapping[str, Any], timeout_ns: int) -> bool:
        """Append a row and wait at most ``timeout_ns``; True only when it, and every row before it, is on the disk."""
        entry = self._enqueue(kind, data)
        return entry.done.wait(max(0, timeout_ns) / SECOND) and entry.stored and not self._problem

    def close(self, timeout_s: float = 5.0) -> bool:
        """Write out what waits, seal the journal and end the thread; False when not sealed in ``timeout_s`` seconds."""
        with self._guard:
            already, self._closed = self._closed, True
        if not already:
            self._end_of_queue(timeout_s)
        self._thread.join(timeout_s)
        return self._sealed

    def _end_of_queue(self, timeout_s: float) -> None:
        try:
            self._queue.put(None, timeout=timeout_s)
        except queue.Full:
            self._fail(0, f"the disk did not take what waited within {timeout_s} s")

    def _entry(self, kind: str, data: Mapping[str, Any]) -> _Entry:
        return _Entry(self._clock.now(), self._utc(), kind, canonical(encode(data, kind)))

    def _enqueue(self, kind: str, data: Mapping[str, Any]) -> _Entry:
        entry = self._entry(kind, data)
        with self._guard:
            if reason := self._refused(entry):
                self._count_lost(1, reason)
                entry.done.set()
        return entry

    def _refused(self, entry: _Entry) -> str:
        if self._closed:
            return f"a {entry.kind} row came after the journal was closed"
        try:
            self._queue.put_nowait(entry)
        except queue.Full:
            return f"{self._queue.maxsize} rows wait already: the disk is too slow"
        return ""

    def _fail(self, rows: int, reason: str) -> None:
        with self._guard:
            self._count_lost(rows, reason)

    def _count_lost(self, rows: int, reason: str) -> None:
        self._lost += rows
        self._problem = self._problem or f"{self.path}: {reason}"

    # From here on in the writer's thread alone.

    def _run(self) -> None:
        connection = self._open()
        open_end = True
        while open_end:
            batch, open_end = self._take()
            self._store(connection, batch)
        self._seal(connection)

    def _open(self) -> apsw.Connection | None:
        connection = None
        try:
            make_directory(self.path.parent)
            if self.path.exists():
                raise FileExistsError("a journal of this session exists already")
            connection = apsw.Connection(str(self.path))
            self._begin(connection)
        except (apsw.Error, OSError) as error:
            self._fail(1, f"cannot be opened - {error}")
            if connection is not None:
                self._ended(connection.close)
            return None
        return connection

    def _begin(self, connection: apsw.Connection) -> None:
        """Table and opening row come in one commit: every row that follows stands behind the opening row."""
        for setting in SETTINGS:
            connection.execute(setting).fetchall()
        with connection:
            for statement in BEGINNING:
                connection.execute(statement).fetchall()
            seq, head = self._insert(connection, 1, FIRST_PREVIOUS, self._opening)
        self._seq, self._head = seq, head

    def _take(self) -> tuple[list[_Entry], bool]:
        """What waits, at least one entry; False when the journal is to be closed after it."""
        batch: list[_Entry] = []
        entry = self._queue.get()
        while entry is not None:
            batch.append(entry)
            if len(batch) >= ROWS_A_COMMIT or self._queue.empty():
                return batch, True
            entry = self._queue.get()
        return batch, False

    def _store(self, connection: apsw.Connection | None, batch: list[_Entry]) -> bool:
        stored = connection is not None and bool(batch) and self._stored(connection, batch)
        if connection is None:
            self._fail(len(batch), "not open")
        for entry in batch:
            entry.stored = stored
            entry.done.set()
        return stored

    def _stored(self, connection: apsw.Connection, batch: list[_Entry]) -> bool:
        seq, head = self._seq, self._head
        try:
            with connection:
                for entry in batch:
                    seq, head = self._insert(connection, seq + 1, head, entry)
        except (apsw.Error, OSError) as error:
            self._fail(len(batch), f"cannot be written - {error}")
            return False
        self._seq, self._head = seq, head
        return True

    @staticmethod
    def _insert(connection: apsw.Connection, seq: int, head: bytes, entry: _Entry) -> tuple[int, bytes]:
        content = (seq, entry.at, entry.utc, entry.kind, entry.data)
        digest = row_digest(head, *content)
        connection.execute("INSERT INTO rows VALUES(?, ?, ?, ?, ?, ?, ?)", (*content, head, digest))
        return seq, digest

    def _seal(self, connection: apsw.Connection | None) -> None:
        """The last row; then the WAL is folded into the file, which from then on is read without being touched."""
        if connection is None:
            return
        seal = self._entry(SEALED, {"rows": self._seq, "lost": self._lost})
        sealed = self._store(connection, [seal])
        folded = self._ended(lambda: connection.execute("PRAGMA journal_mode=DELETE").fetchall())
        self._sealed = self._ended(connection.close) and folded and sealed

    def _ended(self, step: Callable[[], object]) -> bool:
        """A step to the connection's end. Left to the garbage collector, what the disk refuses would reach nobody."""
        try:
            step()
        except apsw.Error as error:
            self._fail(0, f"cannot be closed - {error}")
            return False
        return True


def require_sqlite(version: str) -> None:
    """Raise JournalError for an SQLite with the WAL reset fault."""
    if tuple(int(part) for part in version.split(".")) < OLDEST_SQLITE:
        wanted = ".".join(map(str, OLDEST_SQLITE))
        raise JournalError(f"SQLite {version} can damage a journal: install the locked packages (apsw with {wanted})")
