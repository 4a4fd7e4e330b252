"""No row that was acknowledged is lost when the power fails, at any moment and whatever the disk had taken by then."""

import random
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.clock import SECOND
from engine.records import journal as journal_module
from engine.records.chain import JournalError
from engine.records.journal import SqliteJournal
from engine.records.journal_reading import read, verify
from tests.power_loss.sqlite_disk import Disk, mounted

COMMITS = 24
FAILURES = 300
MOST_STEPS = {"small": 240, "large": 5500}
UNSEALED = "not sealed after row"


@dataclass(frozen=True, slots=True)
class Life:
    """What a session was told before the power failed: the numbers acknowledged, and whether it was sealed."""

    acknowledged: list[int]
    sealed: bool


def play(directory: Path, chance: random.Random, rows: str) -> Life:
    """A session that records and commits until the disk refuses, then closes."""
    journal = SqliteJournal(directory, "session")
    acknowledged: list[int] = []
    sizes = (10, 900, 9_000) if rows == "small" else (10, 60_000, 600_000)
    for number in range(COMMITS):
        for _ in range(chance.randrange(3)):
            journal.record("observation", {"after": number})
        if not journal.commit("intent", {"number": number, "text": "x" * chance.choice(sizes)}, 20 * SECOND):
            break
        acknowledged.append(number)
    return Life(acknowledged, journal.close(20))


def lost_rows(directory: Path, seed: int) -> list[str]:
    """One power failure: what is missing or wrong afterwards, in words."""
    chance = random.Random(seed)
    rows = chance.choice(("small", "small", "large"))
    disk = Disk(cut=chance.randrange(1, MOST_STEPS[rows]))
    before, after = directory / f"{seed}", directory / f"{seed}-after"
    with mounted(disk):
        life = play(before, chance, rows)
    disk.survive(chance, after)
    problems = missing(after / "session.sqlite", life)
    shutil.rmtree(before, ignore_errors=True)
    shutil.rmtree(after)
    return problems


def missing(path: Path, life: Life) -> list[str]:
    if not life.acknowledged:
        return []
    try:
        found = [row.data["number"] for row in read(path, "intent")]
    except JournalError as error:
        return [str(error)]
    problems = [line for line in verify(path) if life.sealed or not line.startswith(UNSEALED)]
    if found[: len(life.acknowledged)] != life.acknowledged:
        problems.append(f"acknowledged {life.acknowledged}, found {found}")
    return problems


def failures_with_losses(directory: Path, failures: int) -> dict[int, list[str]]:
    """Seed -> what was lost, of the seeds in which anything was."""
    losses = {seed: lost_rows(directory, seed) for seed in range(failures)}
    return {seed: problems for seed, problems in losses.items() if problems}


def test_the_failures_reach_every_part_of_a_session(tmp_path: Path) -> None:
    """Creation, commits, checkpoints and the seal all lie before the last step at which the power may fail."""
    for rows, most in MOST_STEPS.items():
        disk = Disk()
        with mounted(disk):
            life = play(tmp_path / rows, random.Random(1), rows)
        assert life == Life(list(range(COMMITS)), True)
        assert most * 0.5 < disk.steps < most, f"{rows} rows take {disk.steps} steps"


def test_no_acknowledged_row_is_lost(tmp_path: Path) -> None:
    assert failures_with_losses(tmp_path, FAILURES) == {}


def test_without_a_sync_at_each_commit_rows_are_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotage that shows the test can fail: the journal's own words, but synchronous=NORMAL."""
    careless = tuple(words.replace("synchronous=FULL", "synchronous=NORMAL") for words in journal_module.SETTINGS)
    assert careless != journal_module.SETTINGS
    monkeypatch.setattr(journal_module, "SETTINGS", careless)
    losses = failures_with_losses(tmp_path, 40)
    assert len(losses) > 10, sorted(losses)
    assert any("acknowledged" in problem for problems in losses.values() for problem in problems)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_no_acknowledged_row_is_lost_in_a_great_many_failures(tmp_path: Path) -> None:
    assert failures_with_losses(tmp_path, 5000) == {}
