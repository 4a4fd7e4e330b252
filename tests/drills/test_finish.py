"""`pitboss finish` on a running bot; and in SAFE nothing is pressed that the eyes do not see as check or fold."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.permit.clock import MILLISECOND
from engine.words import Mode
from tests.drills.feeder import Feeder
from tests.drills.stand import Stand, stand
from tests.x11 import wait_until

pytestmark = pytest.mark.xvfb

ON_THE_WAY = 50 * MILLISECOND


@pytest.fixture
def drill(display: str, tmp_path: Path) -> Iterator[Stand]:
    with stand(tmp_path) as made:
        yield made


def pitboss_finish(drill: Stand) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "app", "finish"]
    home = {"PITBOSS_HOME": str(drill.directory)}
    return subprocess.run(command, env=os.environ | home, capture_output=True, text=True, check=False)


def _refused_by_the_eyes(feeder: Feeder, since: int) -> int:
    return sum("eyes see neither" in report.reason for report in feeder.reports[since:])


def test_a_bot_that_is_asked_to_finish_plays_on_safely(drill: Stand) -> None:
    """The feeder claims a fold at an opponent's plate: LIVE lets it through, SAFE does not believe it."""
    drill.arm()
    with Feeder(drill) as feeder:
        wait_until(lambda: len(drill.lines("press")) >= 2, "legitimate presses")
        said = pitboss_finish(drill)
        assert (said.returncode, said.stderr) == (0, "")
        assert said.stdout.startswith("FINISHING: check or fold")
        assert drill.mode is Mode.SAFE
        since = drill.runtime.snapshot().at
        before = len(feeder.reports)
        # What was asked for before the mode changed is answered first, and refused for that.
        wait_until(lambda: _refused_by_the_eyes(feeder, before) > 20, "answers to what was asked for in SAFE")
    assert drill.lines("press", since + ON_THE_WAY) == []
    assert pitboss_finish(drill).returncode == 0, "asked again, it finishes still"


def test_a_bot_that_does_not_play_has_nothing_to_finish(drill: Stand) -> None:
    said = pitboss_finish(drill)
    assert (said.returncode, said.stdout) == (1, "")
    assert "nothing to finish: the bot is in STANDBY" in said.stderr
    drill.arm()
    assert drill.mode is Mode.LIVE, "no wish of before is left"
