"""Arming at the start keeps neither the window nor an interrupt waiting."""

import argparse
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from app.commands.play import _Game
from engine.config import Config
from engine.runtime.runtime import Runtime
from engine.words import CheckResult, Mode
from tests.x11 import wait_until

LIMIT_S = 5.0
PLAYED = {"hands": 20, "mismatches": 0, "stopped": None}


class SlowRuntime:
    """A runtime whose arming takes until ``go_on``."""

    def __init__(self, outcome: Callable[[], Sequence[CheckResult]]) -> None:
        self.outcome = outcome
        self.begun, self.go_on = threading.Event(), threading.Event()

    def snapshot(self) -> SimpleNamespace:
        counters = SimpleNamespace(presses=0, hands=0)
        return SimpleNamespace(look="seen", panic=None, counters=counters, mode=Mode.STANDBY, mode_reason="")

    def arm(self) -> Sequence[CheckResult]:
        self.begun.set()
        assert self.go_on.wait(LIMIT_S)
        return self.outcome()


@pytest.fixture
def game(tmp_path: Path) -> _Game:
    return _Game(Config(), tmp_path, argparse.Namespace(shadow=False, headless=True), 20)


@pytest.fixture
def runtime() -> Iterator[SlowRuntime]:
    runtime = SlowRuntime(list)
    yield runtime
    runtime.go_on.set()


def ticker(game: _Game, runtime: SlowRuntime) -> Callable[[], bool]:
    return game._ticker(cast(Runtime, runtime))


def test_ticks_go_on_while_it_is_armed(game: _Game, runtime: SlowRuntime) -> None:
    tick = ticker(game, runtime)
    assert not tick()
    assert runtime.begun.wait(LIMIT_S)
    assert not any(tick() for _ in range(100))
    runtime.go_on.set()
    assert not any(tick() for _ in range(100))
    assert game._went_well(PLAYED)


def test_an_interrupt_does_not_wait_for_the_arming(game: _Game, runtime: SlowRuntime) -> None:
    tick = ticker(game, runtime)
    assert not tick()
    game._interrupt()
    assert tick()


def test_what_blocks_ends_a_run_without_a_window(game: _Game, runtime: SlowRuntime) -> None:
    runtime.outcome = lambda: [CheckResult("The table is proved local", False, "a browser")]
    tick = ticker(game, runtime)
    runtime.go_on.set()
    wait_until(tick, "the end")
    assert not game._went_well(PLAYED), "hands that the table dealt on without it are no play"


def test_a_fault_of_arming_is_not_swallowed(game: _Game, runtime: SlowRuntime) -> None:
    def fail() -> Sequence[CheckResult]:
        raise TimeoutError("the engine did not take the command up")

    runtime.outcome = fail
    tick = ticker(game, runtime)
    runtime.go_on.set()
    with pytest.raises(TimeoutError, match="did not take"):
        wait_until(tick, "the fault")
