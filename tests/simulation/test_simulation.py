"""Fifty hours of virtual time with faults from a seed: everything holds, and every cause comes up a hundred times."""

import json
import multiprocessing
import os
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from engine.drills.simulation.disturbances import DISTURBANCES
from engine.drills.simulation.parallel import pieces, simulate_over
from engine.drills.simulation.schedule import EXPECTED
from engine.drills.simulation.simulate import Setting, SimulationReport, ViolationError, simulate
from engine.words import Cause

ROOT = Path(__file__).parents[2]
SHARE = 100
HOURS = 50
PARTS = 2


def together(parts: list[Setting]) -> SimulationReport:
    """Every part in a process of its own."""
    with ProcessPoolExecutor(len(parts), multiprocessing.get_context("spawn")) as pool:
        reports = list(pool.map(simulate, parts))
    total = reports[0]
    for report in reports[1:]:
        total.add(report)
    return total


@pytest.mark.timeout(1500)
def test_fifty_hours_hold_and_every_cause_comes_up_a_hundred_times_in_live() -> None:
    report = together([Setting(seed=1 + 1000 * part, hours=HOURS / PARTS) for part in range(PARTS)])
    assert report.hours >= HOURS
    assert set(EXPECTED) == set(Cause), "every cause has its share"
    assert not report.short_of(SHARE), f"too rare: {dict(report.short_of(SHARE))}"
    assert report.hands > 5000
    assert report.presses > 10_000
    assert report.refused > 100, "the permit was asked at moments at which it refuses"
    assert len(report.tallies.disturbed) == len({(one.port, one.kind) for one in DISTURBANCES})


def test_the_same_hour_is_the_same_again() -> None:
    setting = Setting(seed=77, hours=0.2)
    assert simulate(setting).digests == simulate(setting).digests
    assert simulate(setting).digests != simulate(replace(setting, seed=78)).digests


def test_the_same_hour_is_the_same_in_another_interpreter() -> None:
    """Nothing hangs on the seed of the interpreter's hashes."""
    code = "from engine.drills.simulation.simulate import *; print(simulate(Setting(seed=77, hours=0.1)).digests[0])"
    told = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        ).stdout
        for seed in ("1", "2")
    ]
    assert told[0] == told[1]


def test_several_processes_play_the_same_hours_as_one() -> None:
    setting = Setting(seed=77, hours=0.12, gap_s=4.0)
    one, several = simulate(setting), simulate_over(setting, 2)
    assert several.digests == one.digests
    assert (several.steps, several.tallies) == (one.steps, one.tallies)


def test_the_hours_are_shared_out_whole_and_each_keeps_its_seed() -> None:
    shared = list(pieces(Setting(seed=7, hours=2.5)))
    assert [(part.seed, part.hours) for part in shared] == [(7, 1.0), (8, 1.0), (9, 0.5)]


def test_a_breach_in_another_process_comes_here_whole() -> None:
    broken = ViolationError("a breach", "a command", ("a line",))
    again = pickle.loads(pickle.dumps(broken))
    assert (again.breach, again.replay, again.trace) == (broken.breach, broken.replay, broken.trace)


def test_pokerkit_deals_the_same_game() -> None:
    """A sample under the practice table's own rules."""
    report = simulate(Setting(seed=5, hours=0.25, rules="pokerkit"))
    assert report.hands > 5


@pytest.mark.timeout(300)
def test_a_sample_on_the_real_disk() -> None:
    """The real journal and synced files; the wall clock decides whether a commit is in time, so nothing is counted."""
    report = simulate(Setting(seed=6, hours=0.1, disk="real"))
    assert report.steps > 500


def test_the_command_reports_and_judges_the_share() -> None:
    command = [sys.executable, "-m", "app", "drill", "simulate", "--seed", "9", "--hours", "0.05", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["steps"] > 100
    assert report["seed"] == 9
    short = subprocess.run(
        [*command, "--minimum", "1000"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert short.returncode == 1
    assert "too rare in LIVE" in short.stderr


@pytest.mark.parametrize("words", [["--hours", "0"], ["--hours", "x"], ["--rules", "chess"], ["--gap", "-1"]])
def test_wrong_words_are_refused(words: list[str]) -> None:
    command = [sys.executable, "-m", "app", "drill", "simulate", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "usage" in done.stderr
