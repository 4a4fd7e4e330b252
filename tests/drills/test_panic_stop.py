"""The panic stop, measured end to end while the actuator is asked for a press every 5 ms, whatever keeps it busy."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.records.journal_reading import read
from engine.words import Cause
from tests.drills.circumstances import Circumstances, InterpreterHog, engine_stuck, idle, solvers_at_full_load
from tests.drills.panic_stop import DISTURBANCES, UNDISTURBED, Trial, report, run
from tests.drills.stand import stand

pytestmark = pytest.mark.xvfb

LIMIT_MS = 250.0
TRIALS_OF_ONE_HAND = 15
FEW = {"idle": 10, "interpreter-held": 10, "solver-at-full-load": 6, "engine-stuck": 6}
"""Trials of a group in the fast tier."""
"""The hero's turn comes after three minutes, so that a stand serves for so many trials."""


@dataclass(frozen=True, slots=True)
class Group:
    """One kind of circumstances, what goes wrong in them, and the causes that a stop may have then.

    While the interpreter is held the eyes may be so late that the watchdog is first. An engine that comes back late
    may find first that the watchdog has killed the actuator, then that it has set its stop word.
    """

    circumstances: Callable[[], Circumstances]
    causes: frozenset[Cause]
    disturbances: Sequence[str] = DISTURBANCES
    beside: Callable[[], AbstractContextManager[None]] = nullcontext


GROUPS = {
    "idle": Group(lambda: idle, frozenset({Cause.CONFIDENCE})),
    "interpreter-held": Group(InterpreterHog, frozenset({Cause.CONFIDENCE, Cause.WATCHDOG})),
    "solver-at-full-load": Group(lambda: idle, frozenset({Cause.CONFIDENCE}), beside=solvers_at_full_load),
    "engine-stuck": Group(
        lambda: engine_stuck,
        frozenset({Cause.CONFIDENCE, Cause.WATCHDOG}),
        (UNDISTURBED, *DISTURBANCES),
    ),
}


def measure(directory: Path, trials: int, group: Group) -> list[Trial]:
    """So many stops on fresh stands; every one of them must be in the journals too."""
    measured: list[Trial] = []
    around = group.circumstances()
    while len(measured) < trials:
        count = min(TRIALS_OF_ONE_HAND, trials - len(measured))
        with stand(directory) as made, group.beside():
            found = run(made, count, around, group.disturbances)
        recorded = [row.data["event"]["cause"] for row in read(made.runtime.journal_path, "panic-stop")]
        assert recorded == [trial.cause for trial in found]
        measured += found
    return measured


def assert_in_time(group: Group, trials: list[Trial]) -> None:
    for made in trials:
        assert not made.bad_leave, f"leave was given on the bad picture: {made}"
        assert made.after_capture <= LIMIT_MS, made
        assert (made.last_press or 0.0) <= LIMIT_MS, made
        assert made.cause in group.causes, made
        assert made.measured, made
        assert made.limit, made
        assert made.latched, made


def drill(directory: Path, name: str, trials: int, capsys: pytest.CaptureFixture[str]) -> None:
    """One group, its figures on the terminal and in a file, then the limits."""
    made = measure(directory, trials, GROUPS[name])
    file = directory / f"panic-stop-{name}.json"
    figures = report(file, made)
    with capsys.disabled():
        print(f"\n{name}: {figures}\n{file}")
    assert_in_time(GROUPS[name], made)


@pytest.mark.parametrize("group", GROUPS)
def test_no_press_comes_late(display: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], group: str) -> None:
    drill(tmp_path, group, FEW[group], capsys)


@pytest.mark.e2e
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("group", GROUPS)
def test_no_press_comes_late_in_two_hundred_trials(
    display: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], group: str
) -> None:
    drill(tmp_path, group, 200, capsys)
