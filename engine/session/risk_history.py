"""What the journals of a profile say about risk: the second source beside the risk state, read at every start."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import apsw

from engine.records.chain import JournalError
from engine.records.journal_reading import JournalRow, read
from engine.risk.guard import RiskGuard
from engine.risk.reconstruct import HAND, INTENT, START, Played, ReconstructionError, played

READ_ONLY = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI


class UnreadableJournalError(RuntimeError):
    """A journal that the figures depend on cannot be read; says which and what to do."""


def chain(journals: Path) -> tuple[Played, ...]:
    """The journals of a folder in their order, from the newest one that says what it began with.

    Raises UnreadableJournalError when one of them is damaged.
    """
    return tuple(_newest_first(journals))[::-1]


def catch_up(risk: RiskGuard, journals: Path) -> int:
    """Book what the last session's journal knows and the risk state does not; how many hands that were.

    At every start, before the new session's journal is made. A journal that does not say what it began with is older
    than this bookkeeping and left alone. Raises UnreadableJournalError or RiskStateError.
    """
    last = next((part for part in _newest_first(journals) if part.says_anything), None)
    return 0 if last is None or last.opening is None else risk.catch_up(last.hands, last.open_hand)


def _newest_first(journals: Path) -> Iterator[Played]:
    for path in sorted(journals.glob("*.sqlite"), reverse=True):
        part = _played(path)
        yield part
        if part.opening is not None:
            return


def _played(path: Path) -> Played:
    if not _has_rows(path):
        return Played(path.stem, None, (), None)
    try:
        rows: list[JournalRow] = [row for kind in (START, HAND, INTENT) for row in read(path, kind)]
        rows.sort(key=lambda row: row.seq)
        return played(path.stem, rows)
    except (JournalError, ReconstructionError) as error:
        raise UnreadableJournalError(
            f"the risk figures cannot be computed: {error}. Take {path.name} from a backup, or move it out of "
            f"{path.parent} to leave its hands out"
        ) from error


def _has_rows(path: Path) -> bool:
    """False for a journal whose program ended before it had made the table of rows; True when that is not certain."""
    if path.stat().st_size == 0:
        return False
    wal = path.with_name(path.name + "-wal")
    mode = "mode=ro" if wal.exists() and wal.stat().st_size else "immutable=1"
    try:
        with closing(apsw.Connection(f"{path.absolute().as_uri()}?{mode}", flags=READ_ONLY)) as connection:
            return bool(connection.execute("SELECT 1 FROM sqlite_schema").fetchall())
    except apsw.Error:
        return True
