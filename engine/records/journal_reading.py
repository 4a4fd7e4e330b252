"""Reads a journal after its session, without changing it, and finds what was changed, dropped or moved in it."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw

from engine.records.chain import FIRST_PREVIOUS, OPENED, SCHEMA_VERSION, SEALED, JournalError, row_digest


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One row: ``at`` in monotonic nanoseconds of the session's machine, ``utc`` as text, ``data`` as JSON."""

    seq: int
    at: int
    utc: str
    kind: str
    data: dict[str, Any]


def read(path: Path, kind: str | None = None) -> Iterator[JournalRow]:
    """The rows in order, of one kind when given. Raises JournalError for a file that is no journal or is in use."""
    where, arguments = ("", ()) if kind is None else (" WHERE kind = ?", (kind,))
    try:
        with closing(_connect(path)) as connection:
            query = f"SELECT seq, at, utc, kind, data FROM rows{where} ORDER BY seq"
            for seq, at, utc, row_kind, data in connection.execute(query, arguments):
                yield JournalRow(seq, at, utc, row_kind, json.loads(data))
    except (apsw.Error, ValueError, TypeError) as error:
        raise JournalError(f"{path} is damaged or no journal ({error}): verify it, or take it from a backup") from error


def verify(path: Path) -> list[str]:
    """What is wrong with a journal, in words; empty for a sealed one in which every row is as it was written."""
    try:
        with closing(_connect(path)) as connection:
            rows = connection.execute("SELECT seq, at, utc, kind, data, previous, digest FROM rows ORDER BY seq")
            return _check(rows)
    except JournalError as error:
        return [str(error)]
    except (apsw.Error, ValueError) as error:
        return [f"{path} cannot be read to its end: {error}"]


def _check(rows: Iterator[tuple[Any, ...]]) -> list[str]:
    problems: list[str] = []
    expected, head, last = 1, FIRST_PREVIOUS, ("", "{}")
    for seq, at, utc, kind, data, previous, digest in rows:
        if seq != expected:
            problems.append(f"row {expected}: missing, row {seq} comes instead")
        elif previous != head:
            problems.append(f"row {seq}: does not follow the row before it: one was dropped, put in or moved")
        if digest != row_digest(previous if isinstance(previous, bytes) else b"", seq, at, utc, kind, data):
            problems.append(f"row {seq}: changed after it was written")
        if (kind == OPENED) != (seq == 1):
            problems.append(f"row {seq}: {kind} does not belong here")
        expected, head, last = seq + 1, digest, (kind, data)
    return problems + _check_seal(expected - 1, *last)


def _check_seal(rows: int, kind: str, data: str) -> list[str]:
    if kind != SEALED:
        return [f"not sealed after row {rows}: the session did not end in order, or rows are missing at the end"]
    seal = json.loads(data)
    if not isinstance(seal, dict) or set(seal) != {"rows", "lost"}:
        return [f"row {rows}: the seal does not say how many rows there are"]
    problems = [] if seal["rows"] == rows - 1 else [f"row {rows}: the seal speaks of {seal['rows']} rows before it"]
    return problems + ([f"{seal['lost']} rows were lost while it was written"] if seal["lost"] else [])


def _connect(path: Path) -> apsw.Connection:
    """A connection that cannot write. A session that did not end in order left a WAL, which must be read too."""
    if not path.is_file():
        raise JournalError(f"{path} does not exist: name a journal of the profile's journals folder")
    wal = path.with_name(path.name + "-wal")
    mode = "mode=ro" if wal.exists() and wal.stat().st_size else "immutable=1"
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    try:
        connection = apsw.Connection(f"{path.absolute().as_uri()}?{mode}", flags=flags)
        with ExitStack() as undoing:  # a connection that cannot be read is not left to the garbage collector
            undoing.callback(connection.close)
            _require_schema(path, connection.execute("PRAGMA user_version").fetchall()[0][0])
            undoing.pop_all()
    except apsw.BusyError as error:
        raise JournalError(f"{path} is being written: end its session first") from error
    except (apsw.IOError, apsw.FullError, apsw.CantOpenError) as error:
        raise JournalError(f"{path} cannot be read ({error}): free the disk, or correct its rights") from error
    except apsw.Error as error:
        raise JournalError(f"{path} cannot be opened as a journal: {error}") from error
    return connection


def _require_schema(path: Path, version: object) -> None:
    if version == 0:
        raise JournalError(
            f"{path} holds no rows: its session ended before the journal was opened, or it is no journal"
        )
    if version != SCHEMA_VERSION:
        raise JournalError(
            f"{path} has schema {version}, this program reads {SCHEMA_VERSION}: use the matching version"
        )
