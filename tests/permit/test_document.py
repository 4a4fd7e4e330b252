"""The page's own document names every word with its one writer, and the limits that hold."""

import re
from pathlib import Path

from engine.permit.clock import MILLISECOND, SECOND
from engine.permit.page import PermitPage, Word
from engine.permit.rules import ENGINE_BEAT_LIMIT, PERMIT_LIMIT, QUEUE_LIMIT, REQUEST_LIMIT, WATCHDOG_BEAT_LIMIT
from engine.permit.watchdog import ACTUATOR_ANSWER, STALL_LIMIT
from tests.permit.owners import writers

TEXT = (Path(__file__).parents[2] / "docs" / "permit.md").read_text(encoding="utf-8")
MADE_ONCE = dict.fromkeys((Word.MAGIC, Word.VERSION, Word.EPOCH), "nobody after the page is made")


def test_the_table_of_words_is_the_pages_own(permit: PermitPage) -> None:
    told = {Word[name]: writer for name, writer in re.findall(r"(?m)^\| `([A-Z_]+)` \| ([a-z ]+) \|", TEXT)}
    assert told == writers(permit) | MADE_ONCE


def test_the_limits_are_those_of_the_rules() -> None:
    ages = dict(re.findall(r"(?m)^\| the (.*) is fresh \| (\d+) ms", TEXT))
    assert {what: int(age) * MILLISECOND for what, age in ages.items()} == {
        "last confident frame": PERMIT_LIMIT,
        "engine's beat": ENGINE_BEAT_LIMIT,
        "watchdog's beat": WATCHDOG_BEAT_LIMIT,
        "request": QUEUE_LIMIT,
    }
    assert "250 ms when the gesture begins, 1 s at any press or key" in TEXT
    assert (REQUEST_LIMIT, STALL_LIMIT, ACTUATOR_ANSWER) == (1 * SECOND, 3 * SECOND, 100 * MILLISECOND)
