"""The risk state survives kill -9 at any instruction and an error at any step of its writing: the old or the new."""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.config import root
from tests.risk.spots import FOLD, call, guard, state

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills by signal, of a forked process")


def found_after_kills(directory: Path, *way: str) -> dict[str, dict[str, Any]]:
    command = [sys.executable, "-m", "tests.risk.killing", str(directory), *way]
    said = subprocess.run(command, cwd=root(), capture_output=True, text=True, check=True, timeout=120)
    found: dict[str, dict[str, Any]] = json.loads(said.stdout)
    return found


def test_a_kill_at_any_instruction_leaves_the_old_state_or_the_new(tmp_path: Path) -> None:
    found = found_after_kills(tmp_path)
    ahead = found.pop("random")
    for act in ("hand over", "stop", "next session", "catch up"):
        assert found[act]["old"] > 0, act
        assert found[act]["new"] > 0, act
    assert {act: kills["neither"] for act, kills in found.items()} == {act: {} for act in found}
    assert set(ahead) <= {"0", "1"}, "a hand that was acknowledged is lost, or one was booked that never was"


def test_a_file_written_over_in_its_place_is_caught(tmp_path: Path) -> None:
    found = found_after_kills(tmp_path, "careless")
    assert all(kills["neither"] for kills in found.values())


class Steps:
    """Lets the steps of writing a file through, up to one that fails as a full disk does."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.left = -1
        self.taken = 0
        for owner, name in ((Path, "open"), (os, "fsync"), (Path, "replace"), (os, "open")):
            patch.setattr(owner, name, self._step(getattr(owner, name)))

    def _step(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **options: Any) -> Any:
            self.taken += 1
            if self.left == 0:
                raise OSError(errno.ENOSPC, "no space left on device")
            self.left -= 1
            return act(*arguments, **options)

        return step


STEPS = ("open beside", "sync", "rename", "open the directory", "sync the directory")


@pytest.mark.parametrize("failing", range(len(STEPS)), ids=STEPS)
def test_an_error_at_any_step_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int) -> None:
    path = tmp_path / "risk.json"
    risk = guard(path)
    risk.hand_over("s-1", -100)
    with monkeypatch.context() as patch:
        steps = Steps(patch)
        steps.left = failing
        verdict = risk.hand_over("s-2", -250)
        assert steps.taken == failing + 1
    assert (verdict.allowed, verdict.reason) == (False, "the risk state is not on the disk")
    assert "no space left" in risk.problem
    assert not risk.check(state(hand_id="s-3"), call(1)).allowed
    assert risk.check(state(hand_id="s-3"), FOLD).allowed
    assert guard(path).status(None).session_result in (-100, -350)
    risk.stopped("the disk is full")
    assert risk.problem == ""
    assert guard(path).status(None).session_result == -350


def test_there_are_no_more_steps_than_these(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    risk = guard(tmp_path / "risk.json")
    with monkeypatch.context() as patch:
        steps = Steps(patch)
        risk.hand_over("s-1", -100)
        assert steps.taken == len(STEPS)
