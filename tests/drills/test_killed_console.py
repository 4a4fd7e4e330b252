"""The console is killed outright while its actuator is asked for a press every 5 ms."""

from pathlib import Path

import pytest

from tests.drills.killed_console import kill, report

pytestmark = pytest.mark.xvfb

LIMIT_MS = 250.0


def drill(directory: Path, trials: int, capsys: pytest.CaptureFixture[str]) -> None:
    """So many kills, every second one with the button down; their figures on the terminal and in a file."""
    made = [kill(directory / f"console-{number}", number % 2 == 1) for number in range(trials)]
    file = directory / "killed-console.json"
    figures = report(file, made)
    with capsys.disabled():
        print(f"\nconsole killed: {figures}\n{file}")
    for found in made:
        assert found.after_capture <= LIMIT_MS, found
        assert found.last_press <= LIMIT_MS, found
        assert not found.held, found


def test_a_killed_console_presses_no_more(display: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drill(tmp_path, 4, capsys)


@pytest.mark.e2e
@pytest.mark.timeout(3600)
def test_two_hundred_killed_consoles_press_no_more(
    display: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drill(tmp_path, 200, capsys)
