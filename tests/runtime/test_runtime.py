"""The runtime's commands and its end over a real profile directory; only eyes, screen and solver are stood in for."""

import json
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.commands import reset, stop
from engine.clock import SystemClock
from engine.config import Config, load
from engine.permit import page as permit
from engine.permit.home import permit_path
from engine.permit.page import PermitMode
from engine.records.journal_reading import read, verify
from engine.runtime import runtime as module
from engine.runtime.runtime import Runtime
from engine.runtime.surroundings import ScreenFacts, Surroundings
from engine.safety.instance import InstanceLock
from engine.safety.latch import PERMISSION_NAME
from engine.session.wiring import Stages
from engine.solver.cache import SolutionCache
from engine.solver.process import SolverProcess
from engine.words import AlarmState, Blindness, Cause, CertificateStatus, Component, Frame, HealthState, Look, Mode
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
def desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty desk without a screen."""
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setattr(module, "Sight", lambda *_: ClosedEyes())
    monkeypatch.setattr(module, "Surroundings", lambda: Surroundings(StillScreen))


@pytest.fixture
def runtime(tmp_path: Path, desk: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runtime]:
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


def told(runtime: Runtime, text: str) -> list[str]:
    """The lines of the closed runtime's journal that hold the text."""
    rows = read(runtime.journal_path, "event")
    return [row.data["text"] for row in rows if text in row.data["text"]]


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


def test_the_solvers_first_start_is_no_loss_and_its_restart_is_told_once(tmp_path: Path, desk: None) -> None:
    """The product's own solver."""
    runtime = Runtime(_config(), tmp_path / "dev", "session")
    try:
        runtime.start()
        wait_until(lambda: solver_state(runtime) is HealthState.READY, "the solver", 30)
        solver = runtime._stages.watched[0]
        assert isinstance(solver, SolverProcess)
        assert solver.pid is not None
        os.kill(solver.pid, signal.SIGKILL)
        wait_until(lambda: bool(runtime.snapshot().degraded), "its loss")
        wait_until(lambda: not runtime.snapshot().degraded, "the solver again", 30)
        assert solver.generation == 2
    finally:
        runtime.close()
    assert told(runtime, "cache-only begins") == ["cache-only begins: solver-lost (solver starting again)"]
    assert len(told(runtime, "cache-only ends")) == 1
    (again,) = told(runtime, "solver started again")
    assert "restarts left: " in again


def solver_state(runtime: Runtime) -> HealthState:
    return next(each.state for each in runtime.snapshot().health if each.component is Component.SOLVER)


def test_what_is_wrong_with_the_stored_answers_is_told_once(
    tmp_path: Path, desk: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "stages", lambda *_, **__: damaged_answers(tmp_path / "answers"))
    runtime = Runtime(_config(), tmp_path / "dev", "session")
    runtime.start()
    wait_until(lambda: any("stored answers were damaged" in event.text for event in runtime.events()), "the warning")
    runtime.shadow()
    runtime.close()
    assert len(told(runtime, "stored answers were damaged")) == 1


def damaged_answers(directory: Path) -> Stages:
    """Stored answers whose file is damaged, and a solver that needs none."""
    directory.mkdir()
    (directory / "solutions.log").write_text("no answers\n", encoding="utf-8")
    cache, clock = SolutionCache("baseline-400", directory), SystemClock()
    problem = (lambda: cache.status.problem,)
    return Stages(EvenSolver(clock), SlowAdvisers(clock), endings=(cache.close,), problems=problem)


@pytest.mark.parametrize("broken", ["wire", "Session", "watch", "EngineThread"])
def test_a_start_that_fails_leaves_nothing_running(
    tmp_path: Path, desk: None, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("no space left on the disk")

    before = set(threading.enumerate())
    with monkeypatch.context() as patch:
        patch.setattr(module, broken, fail)
        with pytest.raises(OSError, match="no space"):
            Runtime(_config(), tmp_path / "dev", "session")
    assert set(threading.enumerate()) == before
    with InstanceLock(tmp_path / "dev"):
        assert verify(tmp_path / "dev" / "journals" / "session.sqlite") == []
    runtime = Runtime(_config(), tmp_path / "dev", "session-2")
    runtime.start()
    runtime.close()


def test_shelving_is_journaled_and_the_alarm_of_a_stop_stays(runtime: Runtime) -> None:
    def states() -> dict[str, AlarmState]:
        return {each.key: each.state for each in runtime.snapshot().alarms}

    runtime._certificates.status = (CertificateStatus("panic-stop", "Panic stop", False, "due"),)
    runtime.config = runtime.config.model_copy(update={"profile": "prod"})
    runtime.stop()
    wait_until(lambda: {"operator-button", "drills-due"} <= states().keys(), "the alarms")
    for key in ("operator-button", "drills-due"):
        runtime.shelve(key)
    assert states()["operator-button"] is AlarmState.UNACKNOWLEDGED
    assert states()["drills-due"] is AlarmState.SHELVED
    runtime.unshelve("drills-due")
    assert states()["drills-due"] is AlarmState.UNACKNOWLEDGED
    runtime.close()
    rows = [row.data for row in read(runtime.journal_path, "alarm") if "raised" not in row.data]
    assert rows == [{"shelved": "drills-due", "minutes": 15}, {"unshelved": "drills-due", "by": "operator"}]


def test_a_stop_given_while_nothing_ran_stops_the_console_that_starts(
    tmp_path: Path, desk: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PITBOSS_HOME", str(tmp_path))
    assert stop.main([]) == 1
    assert "nothing to stop" in capsys.readouterr().err
    Runtime(_config(), tmp_path / "dev", "session-1").close()
    assert stop.main([]) == 0
    assert "the next one to start in this profile is stopped" in capsys.readouterr().out
    runtime = Runtime(_config(), tmp_path / "dev", "session-2")
    runtime.start()
    try:
        mode_is(runtime, Mode.STOPPED)
        assert not runtime.arm()[0].ok
        wait_until(lambda: latched(runtime) == Cause.OPERATOR_COMMAND, "the stop on the disk")
    finally:
        runtime.close()
    assert reset.main([]) == 0
    runtime = Runtime(_config(), tmp_path / "dev", "session-3")
    assert not runtime._page.stopped()
    runtime.close()


def test_a_stop_given_while_nothing_ran_can_be_reset_before_anything_runs(
    tmp_path: Path, desk: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PITBOSS_HOME", str(tmp_path))
    Runtime(_config(), tmp_path / "dev", "session-1").close()
    stop.main([])
    assert reset.main([]) == 0
    assert "called while no console ran" in capsys.readouterr().out
    assert reset.main([]) == 0
    assert capsys.readouterr().out == "no stop is latched\n"
