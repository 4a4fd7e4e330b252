"""A session's journal, as far as it is compared with the truth."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from engine.records.chain import SEALED
from engine.records.encoding import decode
from engine.records.journal_reading import JournalRow, read
from engine.records.rows import HAND, INTENT, OBSERVATION, PRESS, HandRow, IntentRow, ObservationRow, PressRow
from engine.words import Observation, PressReport

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Record:
    """What the session saw, sent and heard back; ``until`` is when it last wrote anything (monotonic nanoseconds)."""

    observations: tuple[Observation, ...]
    intents: tuple[tuple[int, IntentRow], ...]
    reports: dict[int, PressReport]
    hands: tuple[HandRow, ...]
    until: int


def read_record(path: Path) -> Record:
    """The journal's rows. Raises JournalError or DecodingError."""
    rows = list(read(path))
    reports = [_decoded(PressRow, row).report for row in rows if row.kind == PRESS]
    return Record(
        observations=tuple(_decoded(ObservationRow, row).observation for row in rows if row.kind == OBSERVATION),
        intents=tuple((row.at, _decoded(IntentRow, row)) for row in rows if row.kind == INTENT),
        reports={report.intent_id: report for report in reports},
        hands=tuple(decode(HandRow, row.data.get("hand"), f"row {row.seq}") for row in rows if row.kind == HAND),
        until=max((row.at for row in rows if row.kind != SEALED), default=0),
    )


def _decoded(kind: type[T], row: JournalRow) -> T:
    return decode(kind, row.data, f"row {row.seq}")
