"""The two pages of the room, for whoever has to operate by them, are written anew by one command."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("docs/safety_table.md", "docs/alarms.md")


def test_the_command_writes_both_pages_into_the_house_it_belongs_to() -> None:
    """The same as they are there now, whatever the present folder."""
    before = [((ROOT / page).read_bytes(), (ROOT / page).stat().st_mtime_ns) for page in PAGES]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-m", "engine.safety"], check=True, env=environment, cwd=ROOT / "docs", timeout=60)
    for page, (content, written) in zip(PAGES, before, strict=True):
        assert (ROOT / page).read_bytes() == content
        assert (ROOT / page).stat().st_mtime_ns > written
