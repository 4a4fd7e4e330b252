"""The panic stop, measured end to end while the actuator is asked for a press every 5 ms."""

from pathlib import Path

import pytest

from engine.records.journal_reading import read
from engine.words import Cause
from tests.drills.panic_stop import InterpreterHog, Trial, report, run
from tests.drills.stand import stand

pytestmark = pytest.mark.xvfb

LIMIT_MS = 250.0
CAUSES = {"idle": {Cause.CONFIDENCE}, "interpreter held": {Cause.CONFIDENCE, Cause.WATCHDOG}}
"""While the interpreter is held the eyes may be so late that the watchdog is first."""
TRIALS_OF_ONE_HAND = 20
"""The hero's turn comes after three minutes, so that a stand serves for so many trials."""


def measure(directory: Path, trials: int, hog: InterpreterHog | None) -> list[Trial]:
    """So many stops on fresh stands; every one of them must be in the journals too."""
    measured: list[Trial] = []
    while len(measured) < trials:
        count = min(TRIALS_OF_ONE_HAND, trials - len(measured))
        with stand(directory) as made:
            found = run(made, count, hog)
        recorded = [row.data["event"]["cause"] for row in read(made.runtime.journal_path, "panic-stop")]
        assert recorded == [trial.cause for trial in found]
        measured += found
    return measured


def assert_in_time(group: str, trials: list[Trial]) -> None:
    for made in trials:
        assert not made.bad_leave, f"leave was given on the bad picture: {made}"
        assert made.after_capture <= LIMIT_MS, made
        assert (made.last_press or 0.0) <= LIMIT_MS, made
        assert made.cause in CAUSES[group], made
        assert made.measured, made
        assert made.limit, made
        assert made.latched, made


def drill(directory: Path, trials: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Both groups, their figures on the terminal and in a file, then the limits."""
    idle = measure(directory, trials, None)
    held = measure(directory, trials, InterpreterHog())
    groups = {"idle": idle, "interpreter held": held}
    file = directory / "panic-stop.json"
    figures = report(file, groups)
    with capsys.disabled():
        print(f"\n{figures}\n{file}")
    for name, group in groups.items():
        assert_in_time(name, group)


def test_no_press_comes_late_after_a_bad_picture(
    display: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drill(tmp_path, 10, capsys)


@pytest.mark.e2e
@pytest.mark.timeout(3600)
def test_no_press_comes_late_in_four_hundred_trials(
    display: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drill(tmp_path, 200, capsys)
