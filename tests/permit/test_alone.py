"""The permit stands on the standard library alone: every module of it loads where nothing else is installed."""

import subprocess
import sys
from pathlib import Path

import pytest

from engine.permit import page

ROOT = Path(__file__).parents[2]
MODULES = sorted(f"engine.permit.{path.stem}" for path in (ROOT / "engine" / "permit").glob("[a-z]*.py"))
STOP = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from engine.permit import page
page.stop_newest(Path(sys.argv[2]), page.StopCode.COMMAND)
"""


def run_alone(program: str, *arguments: str) -> None:
    """In a Python that sees no installed package."""
    subprocess.run([sys.executable, "-I", "-S", "-c", program, *arguments], check=True)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_needs_nothing_installed(module: str) -> None:
    run_alone(f"import sys; sys.path.insert(0, sys.argv[1]); import {module}", str(ROOT))


def test_another_program_can_stop_with_nothing_installed(tmp_path: Path) -> None:
    made = page.create(tmp_path / "permit", page.new_epoch())
    run_alone(STOP, str(ROOT), str(tmp_path / "permit"))
    assert list(map(str, made.stops())) == ["command: COMMAND"]
    made.close()
