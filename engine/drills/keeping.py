"""Keeps a drill's report in a folder of its own: JSON, JUnit, HTML, and as a row of a journal."""

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from engine.clock import SECOND
from engine.drills.drill import DrillReport
from engine.drills.junit import junit
from engine.drills.page import page
from engine.durable import replace_file
from engine.records.journal import SqliteJournal

COMMIT_LIMIT = 5 * SECOND


class ReportError(RuntimeError):
    """A report that could not be kept; says where and why."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a report lies, and the SHA-256 (hex) of its JSON."""

    folder: Path
    json: Path
    junit: Path
    html: Path
    journal: Path
    digest: str


def keep(report: DrillReport, purpose: str, directory: Path) -> Kept:
    """Write a report into a new folder of ``directory``. Raises ReportError."""
    name = f"{_stamp(report.utc)}-{report.drill}{'-sabotage' if report.sabotaged else ''}"
    content = (json.dumps(report.to_json(), indent=1) + "\n").encode()
    try:
        folder = _new_folder(directory, name)
        kept = Kept(
            folder,
            folder / "report.json",
            folder / "junit.xml",
            folder / "report.html",
            folder / "journal.sqlite",
            sha256(content).hexdigest(),
        )
        replace_file(kept.json, content)
        replace_file(kept.junit, junit(report).encode())
        replace_file(kept.html, page(report, purpose).encode())
    except OSError as error:
        raise ReportError(f"the report cannot be written below {directory} ({error}): free or mend the disk") from error
    _journal(report, kept)
    return kept


def _journal(report: DrillReport, kept: Kept) -> None:
    journal = SqliteJournal(kept.folder, kept.journal.stem)
    stored = journal.commit("drill", {"report": report, "digest": kept.digest}, COMMIT_LIMIT)
    if not (journal.close() and stored):
        raise ReportError(f"the drill's journal could not be written: {journal.problem or 'the disk is too slow'}")


def _stamp(utc: str) -> str:
    """A time that may stand in a file name: 20260102T030405.678Z."""
    return re.sub(r"[^0-9T.]", "", utc.replace("+00:00", "")) + "Z"


def _new_folder(directory: Path, name: str) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    for number in range(1, 1000):
        folder = directory / (name if number == 1 else f"{name}-{number}")
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        return folder
    raise FileExistsError(f"{name}: a thousand reports of the same moment")
