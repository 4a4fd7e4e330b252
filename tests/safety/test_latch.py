"""The latch: permission survives only an orderly end, and whatever cannot be read is stopped."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from engine.clock import VirtualClock
from engine.durable import replace_file
from engine.safety.latch import Latch, LatchError, LatchRefusedError, LatchState
from engine.words import Cause, PanicStopEvent

UTC = "2026-01-02T03:04:05.000+00:00"
EVENT = PanicStopEvent(5, UTC, Cause.CONFIDENCE, "0.41", "0.99", "look at the table")


class Disk:
    """A disk that fails when told to: before the new content is in place, or after, when it is synced."""

    def __init__(self) -> None:
        self.fault = ""

    def write(self, path: Path, content: bytes) -> None:
        if self.fault == "before":
            raise OSError(28, "No space left on device")
        replace_file(path, content)
        if self.fault == "after":
            self.fault = ""
            raise OSError(5, "Input/output error")


def open_latch(directory: Path) -> Latch:
    return Latch.open(directory, VirtualClock(), utc=lambda: UTC)


def permission(directory: Path) -> Path:
    return directory / "permission.json"


def cause(latch: Latch) -> Cause | None:
    return latch.event.cause if latch.event else None


def test_a_new_directory_is_clear_and_says_so_on_the_disk(tmp_path: Path) -> None:
    assert open_latch(tmp_path / "new" / "dev").state is LatchState.CLEAR
    written = json.loads(permission(tmp_path / "new" / "dev").read_text())
    assert written == {"schema": 1, "state": "clear", "event": None, "sequence": 0}


def test_armed_is_on_the_disk_when_arm_returns(tmp_path: Path) -> None:
    latch = open_latch(tmp_path)
    latch.arm()
    assert json.loads(permission(tmp_path).read_text())["state"] == "armed"


def test_an_orderly_disarm_leaves_it_clear(tmp_path: Path) -> None:
    latch = open_latch(tmp_path)
    latch.arm()
    assert latch.disarm()
    assert open_latch(tmp_path).state is LatchState.CLEAR


def test_armed_at_start_is_an_unclean_end_and_stays_one(tmp_path: Path) -> None:
    open_latch(tmp_path).arm()
    for _ in range(3):
        latch = open_latch(tmp_path)
        assert (latch.state, cause(latch)) == (LatchState.STOPPED, Cause.UNCLEAN_END)
    assert json.loads(permission(tmp_path).read_text())["state"] == "stopped"


def test_a_stop_survives_a_restart_with_its_event(tmp_path: Path) -> None:
    latch = open_latch(tmp_path)
    latch.arm()
    assert latch.stop(EVENT)
    again = open_latch(tmp_path)
    assert (again.state, again.event) == (LatchState.STOPPED, EVENT)


def test_the_first_stop_is_the_one_that_is_kept(tmp_path: Path) -> None:
    latch = open_latch(tmp_path)
    latch.stop(EVENT)
    latch.stop(PanicStopEvent(9, UTC, Cause.OPERATOR_BUTTON, "pressed", "", ""))
    assert open_latch(tmp_path).event == EVENT


def test_neither_arming_nor_a_disarm_gets_over_a_stop(tmp_path: Path) -> None:
    latch = open_latch(tmp_path)
    latch.stop(EVENT)
    with pytest.raises(LatchRefusedError, match="reset it first"):
        latch.arm()
    latch.disarm()
    assert open_latch(tmp_path).state is LatchState.STOPPED


def test_reset_leads_from_stopped_to_clear_and_from_nowhere_else(tmp_path: Path) -> None:
    latch = open_latch(tmp_path)
    with pytest.raises(LatchRefusedError):
        latch.reset()
    latch.arm()
    with pytest.raises(LatchRefusedError):
        latch.reset()
    latch.stop(EVENT)
    latch.reset()
    assert (latch.state, latch.event) == (LatchState.CLEAR, None)
    assert open_latch(tmp_path).state is LatchState.CLEAR


def test_a_missing_file_in_a_directory_that_was_used_is_stopped(tmp_path: Path) -> None:
    open_latch(tmp_path)
    permission(tmp_path).unlink()
    assert cause(open_latch(tmp_path)) is Cause.LATCH_UNREADABLE


def test_a_damaged_file_is_stopped_even_where_the_marker_is_gone(tmp_path: Path) -> None:
    open_latch(tmp_path)
    (tmp_path / "state.json").unlink()
    permission(tmp_path).write_text("{")
    assert cause(open_latch(tmp_path)) is Cause.LATCH_UNREADABLE


def test_a_stop_for_an_unreadable_file_can_be_reset(tmp_path: Path) -> None:
    open_latch(tmp_path)
    permission(tmp_path).write_text("[1, 2")
    open_latch(tmp_path).reset()
    assert open_latch(tmp_path).state is LatchState.CLEAR


def test_a_file_cut_anywhere_is_stopped(tmp_path: Path) -> None:
    open_latch(tmp_path)
    whole = permission(tmp_path).read_bytes()
    for length in range(len(whole)):
        permission(tmp_path).write_bytes(whole[:length])
        assert cause(open_latch(tmp_path)) is Cause.LATCH_UNREADABLE, whole[:length]


@pytest.mark.parametrize(
    "content",
    [
        {"schema": 2, "state": "clear", "event": None, "sequence": 0},
        {"schema": True, "state": "clear", "event": None, "sequence": 0},
        {"schema": 1, "state": "go", "event": None, "sequence": 0},
        {"schema": 1, "state": "clear", "event": None, "sequence": -1},
        {"schema": 1, "state": "clear", "event": None, "sequence": True},
        {"schema": 1, "state": "clear", "event": {}, "sequence": 0},
        {"schema": 1, "state": "stopped", "event": None, "sequence": 0},
        {"schema": 1, "state": "stopped", "event": {"at": 1}, "sequence": 0},
        {"schema": 1, "state": "clear", "event": None, "sequence": 0, "more": 1},
        {"schema": 1, "state": ["clear"], "event": None, "sequence": 0},
    ],
)
def test_what_this_program_does_not_know_is_stopped(tmp_path: Path, content: dict[str, object]) -> None:
    open_latch(tmp_path)
    permission(tmp_path).write_text(json.dumps(content))
    assert cause(open_latch(tmp_path)) is Cause.LATCH_UNREADABLE


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile directory that was in use."""
    used = tmp_path_factory.mktemp("latch")
    open_latch(used)
    return used


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 80), value=st.integers(0, 255), state=st.sampled_from(["armed", "stopped"]))
def test_no_changed_byte_turns_a_stop_into_permission(directory: Path, at: int, value: int, state: str) -> None:
    permission(directory).unlink(missing_ok=True)
    latch = open_latch(directory)
    latch.reset()
    latch.arm()
    if state == "stopped":
        latch.stop(EVENT)
    content = bytearray(permission(directory).read_bytes())
    content[at % len(content)] = value
    permission(directory).write_bytes(content)
    assert open_latch(directory).state is LatchState.STOPPED


@settings(deadline=None)
@given(content=st.binary(max_size=200))
def test_garbage_is_stopped(directory: Path, content: bytes) -> None:
    permission(directory).write_bytes(content)
    assert cause(open_latch(directory)) is Cause.LATCH_UNREADABLE


def test_deeply_nested_json_is_stopped(tmp_path: Path) -> None:
    open_latch(tmp_path)
    permission(tmp_path).write_text("[" * 100_000)
    assert cause(open_latch(tmp_path)) is Cause.LATCH_UNREADABLE


@pytest.mark.parametrize("fault", ["before", "after"])
def test_an_arm_that_cannot_be_written_raises_and_permits_nothing(tmp_path: Path, fault: str) -> None:
    disk = Disk()
    latch = Latch.open(tmp_path, write=disk.write)
    disk.fault = fault
    with pytest.raises(LatchError, match="cannot arm"):
        latch.arm()
    assert latch.state is LatchState.CLEAR
    assert open_latch(tmp_path).state is LatchState.CLEAR


@pytest.mark.parametrize("fault", ["before", "after"])
def test_a_reset_that_cannot_be_written_raises_and_stays_stopped(tmp_path: Path, fault: str) -> None:
    disk = Disk()
    latch = Latch.open(tmp_path, write=disk.write)
    latch.stop(EVENT)
    disk.fault = fault
    with pytest.raises(LatchError, match="cannot reset"):
        latch.reset()
    assert latch.event == EVENT
    assert open_latch(tmp_path).event == EVENT


def test_a_stop_that_cannot_be_written_stops_all_the_same_and_is_written_later(tmp_path: Path) -> None:
    disk = Disk()
    latch = Latch.open(tmp_path, write=disk.write)
    latch.arm()
    disk.fault = "before"
    assert not latch.stop(EVENT)
    assert latch.state is LatchState.STOPPED
    disk.fault = ""
    assert latch.stop(EVENT)
    assert open_latch(tmp_path).event == EVENT


def test_a_disarm_that_cannot_be_written_reads_as_stopped_at_the_next_start(tmp_path: Path) -> None:
    disk = Disk()
    latch = Latch.open(tmp_path, write=disk.write)
    latch.arm()
    disk.fault = "before"
    assert not latch.disarm()
    assert latch.state is LatchState.CLEAR
    assert cause(open_latch(tmp_path)) is Cause.UNCLEAN_END


def test_a_directory_that_cannot_be_made_is_stopped_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    latch = open_latch(tmp_path / "file" / "dev")
    assert cause(latch) is Cause.LATCH_UNREADABLE
    with pytest.raises(LatchError):
        latch.reset()


CRASH = """
import os, sys
from pathlib import Path
from engine.safety.latch import Latch
latch = Latch.open(Path(sys.argv[1]))
Path.replace = lambda *_: os._exit(9)
getattr(latch, sys.argv[2])()
"""


@pytest.mark.parametrize(("act", "before"), [("arm", LatchState.CLEAR), ("reset", LatchState.STOPPED)])
def test_a_crash_between_writing_and_renaming_leaves_the_old_state(
    tmp_path: Path, act: str, before: LatchState
) -> None:
    latch = open_latch(tmp_path)
    if before is LatchState.STOPPED:
        latch.stop(EVENT)
    root = Path(__file__).resolve().parents[2]
    crashed = subprocess.run([sys.executable, "-c", CRASH, str(tmp_path), act], cwd=root, env={**os.environ})
    assert crashed.returncode == 9
    assert (tmp_path / "permission.json.new").exists()
    assert open_latch(tmp_path).state is before


class LatchLife(RuleBasedStateMachine):
    """Any order of acts, restarts and failing disks: nothing but a reset gets from stopped to permission."""

    directory: Path

    def __init__(self) -> None:
        super().__init__()
        self.disk = Disk()
        self.latch = Latch.open(self.directory, VirtualClock(), write=self.disk.write)
        if self.latch.state is LatchState.STOPPED:
            self.latch.reset()
        self.latch.disarm()
        self.stopped = False

    @rule()
    def arm(self) -> None:
        try:
            self.latch.arm()
        except LatchRefusedError:
            assert self.latch.state is not LatchState.CLEAR
        except LatchError:
            assert self.disk.fault != "" or self.latch.state is LatchState.CLEAR

    @rule()
    def disarm(self) -> None:
        self.latch.disarm()

    @rule()
    def stop(self) -> None:
        self.latch.stop(EVENT)
        self.stopped = True

    @rule()
    def reset(self) -> None:
        try:
            self.latch.reset()
            self.stopped = False
        except LatchError:
            pass

    @rule(fault=st.sampled_from(["", "before", "after"]))
    def disk_turns(self, fault: str) -> None:
        self.disk.fault = fault

    @rule()
    def restart(self) -> None:
        was, unwritten = self.latch.state, self.disk.fault == "before"
        self.disk.fault = ""
        self.latch = Latch.open(self.directory, VirtualClock(), write=self.disk.write)
        if was is LatchState.ARMED or (self.stopped and not unwritten):
            assert self.latch.state is LatchState.STOPPED
        self.stopped = self.latch.state is LatchState.STOPPED

    @invariant()
    def a_stop_stays(self) -> None:
        assert not self.stopped or self.latch.state is LatchState.STOPPED


def test_no_order_of_acts_loses_a_stop(tmp_path: Path) -> None:
    life = type("Life", (LatchLife,), {"directory": tmp_path})
    run_state_machine_as_test(life, settings=settings(max_examples=20, stateful_step_count=25, deadline=None))


def test_after_an_unclean_end_a_disk_without_room_is_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_latch(tmp_path).arm()
    seen = shutil.disk_usage(tmp_path)._replace(free=12 * 1024)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: seen if path == tmp_path else None)
    event = open_latch(tmp_path).event
    assert event is not None
    assert f"Free the disk that holds {tmp_path}: 12 KB are left. Then reset." in event.advice
