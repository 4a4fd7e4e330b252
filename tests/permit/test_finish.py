"""`pitboss finish`: a wish in the page that can only ask for less, and what the command says became of it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.commands import finish
from engine.clock import MILLISECOND, SECOND, VirtualClock
from engine.permit import page
from engine.permit.home import permit_path
from engine.permit.page import PermitMode, PermitPage, StopCode

ROOT = Path(__file__).parents[2]


class EngineClock(VirtualClock):
    """A clock on which an engine steps while the command waits: it beats, and reads the wish with ``on_wish``."""

    def __init__(self, permit: PermitPage, on_wish: Callable[[], None], beats: bool = True) -> None:
        super().__init__()
        self._permit, self._on_wish, self._beats, self._taken = permit, on_wish, beats, permit.finish_asked()
        permit.engine.beat(self.now())

    def sleep(self, nanoseconds: int) -> None:
        super().sleep(nanoseconds)
        if self._beats:
            self._permit.engine.beat(self.now())
        if self._beats and self._permit.finish_asked() != self._taken:
            self._taken = self._permit.finish_asked()
            self._on_wish()


def enter(permit: PermitPage, mode: PermitMode) -> Callable[[], None]:
    return lambda: permit.engine.set_mode(mode, 1)


def test_the_wish_is_a_count_that_only_the_command_writes(permit: PermitPage) -> None:
    assert permit.finish_asked() == 0
    permit.command.ask_finish()
    permit.command.ask_finish()
    assert permit.finish_asked() == 2
    assert permit.stops() == ()


@pytest.mark.parametrize(
    ("mode", "said"), [(PermitMode.SAFE, "FINISHING: check or fold"), (PermitMode.STANDBY, "FINISHED: the bot is in")]
)
def test_an_engine_that_finishes_is_confirmed(
    permit: PermitPage, capsys: pytest.CaptureFixture[str], mode: PermitMode, said: str
) -> None:
    permit.engine.set_mode(PermitMode.LIVE, 1)
    clock = EngineClock(permit, enter(permit, mode))
    began = clock.now()
    assert finish.finish(permit, clock) == 0
    assert capsys.readouterr().out.startswith(said)
    assert clock.now() - began < 50 * MILLISECOND


def test_a_bot_that_finishes_already_is_asked_again_and_says_so(
    permit: PermitPage, capsys: pytest.CaptureFixture[str]
) -> None:
    permit.engine.set_mode(PermitMode.SAFE, 1)
    assert finish.finish(permit, VirtualClock()) == 0
    assert capsys.readouterr().out.startswith("FINISHING")


@pytest.mark.parametrize("mode", [PermitMode.STANDBY, PermitMode.SHADOW, PermitMode.STOPPED])
def test_there_is_nothing_to_finish_where_nothing_plays(
    permit: PermitPage, capsys: pytest.CaptureFixture[str], mode: PermitMode
) -> None:
    """And no wish is left for a bot that is armed later."""
    permit.engine.set_mode(mode, 1)
    assert finish.finish(permit, VirtualClock()) == 1
    assert capsys.readouterr().err.startswith("nothing to finish")
    assert permit.finish_asked() == 0


def test_a_stop_meanwhile_is_told_and_goes_before(permit: PermitPage, capsys: pytest.CaptureFixture[str]) -> None:
    permit.engine.set_mode(PermitMode.LIVE, 1)
    clock = EngineClock(permit, lambda: permit.console.stop(StopCode.BUTTON))
    assert finish.finish(permit, clock) == 1
    assert capsys.readouterr().err.startswith("STOPPED: ")


@pytest.mark.parametrize(
    ("mode", "beats", "said"),
    [
        (PermitMode.LIVE, True, "has not taken the wish up within a second"),
        (PermitMode.LIVE, False, "no console answers"),
        (PermitMode.HOLD, True, "out of sight (HOLD)"),
    ],
)
def test_what_is_not_confirmed_within_a_second_is_never_called_finished(
    permit: PermitPage, capsys: pytest.CaptureFixture[str], mode: PermitMode, beats: bool, said: str
) -> None:
    permit.engine.set_mode(mode, 1)
    clock = EngineClock(permit, lambda: None, beats)
    began = clock.now()
    assert finish.finish(permit, clock) == 1
    told = capsys.readouterr()
    assert said in told.err
    assert "pitboss stop" in told.err
    assert told.out == ""
    assert SECOND <= clock.now() - began < SECOND + 20 * MILLISECOND


def test_it_runs_where_nothing_is_installed(tmp_path: Path) -> None:
    """Through the real command, in a Python that sees no installed package; then without a page at all."""
    home = {"PITBOSS_HOME": str(tmp_path)}
    made = page.create(permit_path(tmp_path / "dev"), page.new_epoch())
    made.engine.set_mode(PermitMode.SAFE, 1)
    program = "import sys; sys.path.insert(0, sys.argv.pop(1)); from app.__main__ import main; sys.exit(main())"

    def pitboss(*words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-S", "-c", program, str(ROOT), *words]
        return subprocess.run(command, env=home, capture_output=True, text=True, check=False)

    said = pitboss("finish")
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.startswith("FINISHING")
    assert made.finish_asked() == 1
    made.close()
    assert pitboss("finish", "--profile", "../x").returncode == 2
    nobody = pitboss("finish", "--profile", "prod")
    assert (nobody.returncode, nobody.stdout) == (1, "")
    assert "nothing to finish" in nobody.stderr
