"""The page of the safety table is what the table says, for whoever has to operate by it."""

import re
from pathlib import Path

from engine.safety.table import COMMANDS, TABLE
from engine.safety.table_page import PAGE, text
from engine.words import Degradation, Mode

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_the_table() -> None:
    assert (ROOT / PAGE).read_text(encoding="utf-8") == text(), "write it anew: python -m engine.safety"


def test_every_row_every_command_and_every_mode_is_on_it() -> None:
    page = text()
    assert len(re.findall(r"^\| (\[`|`)", page, re.MULTILINE)) == len(TABLE)
    assert all(f"`{row.cause}`" in page and row.title in page for row in TABLE)
    assert all(f"| {word} |" in page for word in (*Mode, *Degradation))
    commands = page.partition("## Commands")[2]
    assert commands.count("\n| ") == len(COMMANDS) + 1


def test_every_link_leads_somewhere() -> None:
    alarms = (ROOT / "docs" / "alarms.md").read_text(encoding="utf-8")
    links = re.findall(r"\(alarms\.md#([a-z-]+)\)", text())
    assert len(links) > 20
    assert all(f"### {link}\n" in alarms for link in links)
