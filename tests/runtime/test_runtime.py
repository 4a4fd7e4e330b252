"""The runtime's commands and its end over a real profile directory; only eyes, screen and solver are stood in for."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.clock import SystemClock
from engine.config import Config, load
from engine.permit import page as permit
from engine.permit.home import permit_path
from engine.permit.page import PermitMode
from engine.runtime import runtime as module
from engine.runtime.runtime import Runtime
from engine.runtime.surroundings import ScreenFacts, Surroundings
from engine.safety.instance import InstanceLock
from engine.safety.latch import PERMISSION_NAME
from engine.session.wiring import Stages
from engine.words import Blindness, Cause, Frame, Look, Mode
from tests.session.desk import EvenSolver, SlowAdvisers
from tests.x11 import wait_until


class ClosedEyes:
    """Eyes before an empty desk."""

    frame: Frame | None = None

    def look(self) -> Look:
        return Look(SystemClock().now(), None, Blindness.NO_WINDOW, "", True, False, False, 0, 0)

    def close(self) -> None: ...


class StillScreen:
    """A screen on which nothing changes."""

    def facts(self) -> ScreenFacts:
        return ScreenFacts(1280, 800, False)

    def close(self) -> None: ...


def _config() -> Config:
    config = load(None, "dev")
    return config.model_copy(update={"health": config.health.model_copy(update={"snapshot_s": 0.2})})


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runtime]:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setattr(module, "Sight", lambda *_: ClosedEyes())
    monkeypatch.setattr(module, "Surroundings", lambda: Surroundings(StillScreen))
    clock = SystemClock()
    monkeypatch.setattr(module, "stages", lambda *_, **__: Stages(EvenSolver(clock), SlowAdvisers(clock)))
    runtime = Runtime(_config(), tmp_path / "dev", "session")
    runtime.start()
    yield runtime
    runtime.close()


def mode_is(runtime: Runtime, mode: Mode) -> None:
    wait_until(lambda: runtime.snapshot().mode is mode, f"mode {mode}")


def latched(runtime: Runtime) -> str:
    event = json.loads((runtime.directory / PERMISSION_NAME).read_text(encoding="utf-8"))["event"]
    return "" if event is None else str(event["cause"])


def epoch(runtime: Runtime) -> int:
    page = permit.open(permit_path(runtime.directory))
    try:
        return page.epoch
    finally:
        page.close()


def free(runtime: Runtime) -> bool:
    """Whether another program could take the profile."""
    with InstanceLock(runtime.directory):
        return True


def test_without_a_screen_the_engine_runs_and_proves_nothing(runtime: Runtime) -> None:
    runtime.shadow()
    mode_is(runtime, Mode.SHADOW)
    wait_until(lambda: any("table guard has no screen" in event.text for event in runtime.events()), "the warning")


def test_a_stop_is_latched_and_reset_with_a_new_page(runtime: Runtime) -> None:
    before = epoch(runtime)
    runtime.stop()
    wait_until(lambda: latched(runtime) == Cause.OPERATOR_BUTTON, "the stop on the disk")
    mode_is(runtime, Mode.STOPPED)
    wait_until(lambda: runtime.reset() == "", "the reset")
    mode_is(runtime, Mode.STANDBY)
    assert latched(runtime) == ""
    assert epoch(runtime) != before
    runtime.stop()
    mode_is(runtime, Mode.STOPPED)


def test_a_reset_without_a_stop_changes_nothing(runtime: Runtime) -> None:
    runtime.shadow()
    before = epoch(runtime)
    wait_until(lambda: "nothing to reset" in runtime.reset(), "the refusal")
    assert epoch(runtime) == before
    mode_is(runtime, Mode.SHADOW)


@pytest.mark.parametrize("error", [OSError("the disk is full"), TimeoutError()])
def test_a_reset_whose_page_cannot_be_made_is_none_and_says_so(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    runtime.stop()
    mode_is(runtime, Mode.STOPPED)
    wait_until(lambda: not runtime._watch.unwell, "two healthy snapshots")

    def fail(*_: object) -> None:
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(permit, "create", fail)
        assert runtime.reset() == (str(error) or "TimeoutError")
    mode_is(runtime, Mode.STOPPED)
    assert latched(runtime) == Cause.OPERATOR_BUTTON


def test_closing_stands_by_and_gives_everything_back(runtime: Runtime) -> None:
    runtime.shadow()
    runtime.close()
    assert runtime.snapshot().mode is Mode.STANDBY
    assert permit.open(permit_path(runtime.directory)).read().mode == PermitMode.STANDBY
    assert free(runtime)
    runtime.close()


def test_closing_goes_on_where_one_end_fails(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("the eyes do not end")

    runtime.stop()
    mode_is(runtime, Mode.STOPPED)
    monkeypatch.setattr(runtime._eyes, "close", fail)
    with pytest.raises(RuntimeError, match="do not end"):
        runtime.close()
    monkeypatch.undo()
    runtime._eyes.close()
    assert free(runtime)
    assert not runtime._journal.alive
    assert latched(runtime) == Cause.OPERATOR_BUTTON


def test_the_lock_stays_with_an_engine_that_hangs(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    def hang() -> bool:
        return False

    released: list[bool] = []
    with monkeypatch.context() as stuck:
        stuck.setattr(runtime._engine, "end", hang)
        stuck.setattr(runtime._lock, "release", lambda: released.append(True))
        runtime.close()
        assert released == []
    assert runtime._engine.end()
    runtime._lock.release()
