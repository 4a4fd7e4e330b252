"""The disk fills in the middle of a game: nothing is pressed whose intent is not on the disk, and the stop says why.

A limit on the size of files stands in for the disk, set on the running program alone: its table, its guards and its
solver go on writing, so that whatever they would do without the program is seen.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.clock import SECOND
from engine.permit.clock import now
from engine.records.journal_reading import read
from tests.faults.product import Product, pitboss, presses

if sys.platform.startswith("linux"):
    from resource import RLIMIT_FSIZE, prlimit

    from app.desk.virtual_screen import virtual_screen

pytestmark = [
    pytest.mark.xvfb,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux limits another running process"),
]

ROOM_LEFT = 30_000
"""Bytes: enough for the latch and the words of the program, not for the journal of another decision."""


@pytest.fixture
def display() -> Iterator[str]:
    with virtual_screen(1600, 900) as name:
        yield name


def fill(game: Product, room: int) -> int:
    """No file of the program grows beyond ``room`` bytes more than the journal has now; when that was."""
    journal = next((game.home / "dev" / "journals").glob("*.sqlite-wal"))
    limit = journal.stat().st_size + room if room else 0
    prlimit(game.process.pid, RLIMIT_FSIZE, (limit, limit))
    return now()


def each_press_has_its_intent(home: Path) -> None:
    journal = next((home / "dev" / "journals").glob("*.sqlite"))
    begun = [row.at for row in read(journal, "intent")]
    pressed = [int(line["t"]) for line in presses(home)]
    assert pressed
    assert begun
    for at in pressed:
        assert any(0 <= at - intent < 2 * SECOND for intent in begun), f"a press at {at} without an intent before it"


def permission(home: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((home / "dev" / "permission.json").read_text(encoding="utf-8"))
    return content


def test_a_disk_that_is_full_for_the_journal_stops_the_game_with_its_reason(display: str, tmp_path: Path) -> None:
    with Product(tmp_path / "home", 11) as game:
        game.await_presses(2)
        fill(game, ROOM_LEFT)
        assert game.await_end() == 1
        game.await_all_gone()
        assert "STOPPED: journal: " in game.said
        assert "Traceback" not in game.said
    stopped = permission(game.home)
    assert (stopped["state"], stopped["event"]["cause"]) == ("stopped", "journal")
    assert "Free the disk" in stopped["event"]["advice"]
    assert presses(game.home, stopped["event"]["at"]) == []
    each_press_has_its_intent(game.home)
    again = pitboss(game.home, "play", "--headless", "--hands", "1")
    assert again.returncode == 1
    assert "a stop is latched (journal: " in again.stderr
    assert "Free the disk" in again.stderr


def test_where_nothing_at_all_can_be_written_the_game_stops_and_the_next_start_knows(
    display: str, tmp_path: Path
) -> None:
    """Not even the stop: that it was armed is on the disk, and that reads as a stop."""
    with Product(tmp_path / "home", 12) as game:
        game.await_presses(2)
        full_since = fill(game, 0)
        assert game.await_end() != 0
        game.await_all_gone()
    assert presses(game.home, full_since + SECOND) == []
    each_press_has_its_intent(game.home)
    again = pitboss(game.home, "play", "--headless", "--hands", "1")
    assert again.returncode == 1
    assert "a stop is latched (unclean-end: " in again.stderr
    assert "the disk was full" in again.stderr
    assert "pitboss reset" in again.stderr
