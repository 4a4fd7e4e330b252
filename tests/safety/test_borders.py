"""Borders that the other tests of the room pass by: what a new object says, exact limits, figures kept by default."""

import json
import shutil
import threading
from pathlib import Path

import pytest

from engine.clock import MILLISECOND, VirtualClock
from engine.durable import replace_file
from engine.safety.budget import TimeBudgetTracker
from engine.safety.instance import InstanceLock
from engine.safety.latch import Latch, LatchState
from engine.safety.timings import Timings
from engine.words import Cause, PanicStopEvent, Stage

SHARES = dict(zip(Stage, (0.1, 0.4, 0.3, 0.1, 0.1), strict=True))
KEPT = 512
EVENT = PanicStopEvent(5, "2026-01-02T03:04:05.000+00:00", Cause.CONFIDENCE, "0.41", "0.99", "look at the table")


def budget(total: int = 1000 * MILLISECOND) -> TimeBudgetTracker:
    return TimeBudgetTracker(VirtualClock(), total, SHARES)


def test_before_the_first_decision_nothing_has_a_deadline_and_nothing_was_taken() -> None:
    new = budget()
    assert new.taken() == {}
    for stage in Stage:
        assert (new.deadline(stage), new.remaining(stage)) == (0, 0)
        assert not new.left_out(stage)
    assert [entry.allowed_ms for entry in new.summary()] == [entry.share_ms for entry in new.summary()]
    new.start(Stage.PERCEPTION)
    new.finish(Stage.PERCEPTION)
    assert new.taken() == {"perception": 0}


def test_a_nanosecond_is_a_budget_and_none_is_not() -> None:
    assert budget(1).taken() == {}
    with pytest.raises(ValueError, match="a budget of 0 ns"):
        budget(0)


def test_a_solver_asked_anew_is_shown_with_what_it_was_given() -> None:
    tracker = budget()
    tracker.begin(0)
    tracker.extend()
    allowed = {entry.stage: entry.allowed_ms for entry in tracker.summary()}
    assert allowed[Stage.SOLVER] + allowed[Stage.ADVISERS] == 700
    assert allowed[Stage.SOLVER] > 400


def filled(samples: int) -> tuple[float | None, float | None, float | None]:
    """p50, p95 and p99 of a stage that took samples, ..., 2, 1, 0 ms."""
    clock = VirtualClock()
    tracker = TimeBudgetTracker(clock, 1000 * MILLISECOND, SHARES)
    for milliseconds in reversed(range(samples)):
        tracker.start(Stage.SOLVER)
        clock.sleep(milliseconds * MILLISECOND)
        tracker.finish(Stage.SOLVER)
    found = next(entry for entry in tracker.summary() if entry.stage is Stage.SOLVER)
    return found.p50_ms, found.p95_ms, found.p99_ms


def timed(samples: int) -> tuple[float, float]:
    timings = Timings()
    for milliseconds in reversed(range(samples)):
        timings.add("act", milliseconds * MILLISECOND)
    (found,) = timings.summary()
    return found.p50, found.p95


def test_percentiles_of_few_of_many_and_of_more_than_are_kept() -> None:
    assert filled(1) == (0, 0, 0)
    assert filled(2) == (1, 1, 1)
    assert filled(400) == (200, 380, 396)
    assert filled(2 * KEPT) == (KEPT // 2, KEPT * 95 // 100, KEPT * 99 // 100)
    assert timed(1) == (0, 0)
    assert timed(2) == (1, 1)
    assert timed(400) == (200, 380)
    assert timed(2 * KEPT) == (KEPT // 2, KEPT * 95 // 100)


def test_the_lock_is_given_back_by_whichever_thread_ends_the_program(tmp_path: Path) -> None:
    lock, again = InstanceLock(tmp_path), InstanceLock(tmp_path)
    lock.acquire()
    other = threading.Thread(target=lock.release)
    other.start()
    other.join()
    again.acquire()
    again.release()
    with lock as held:
        assert held is lock
    again.acquire()
    again.release()


def sequence(directory: Path) -> object:
    return json.loads((directory / "permission.json").read_text(encoding="utf-8"))["sequence"]


def test_every_change_of_the_permission_counts_one(tmp_path: Path) -> None:
    latch = Latch.open(tmp_path)
    seen = [sequence(tmp_path)]
    for act in (latch.arm, lambda: latch.stop(EVENT), latch.reset, latch.arm, latch.disarm):
        act()
        seen.append(sequence(tmp_path))
    assert seen == [0, 1, 2, 3, 4, 5]


def test_a_new_profile_has_nothing_left_to_write(tmp_path: Path) -> None:
    assert Latch.open(tmp_path).disarm() is True


def test_after_a_reset_that_is_on_the_disk_no_older_failure_is_told(tmp_path: Path) -> None:
    full = True

    def write(path: Path, content: bytes) -> None:
        if full:
            raise OSError(28, "No space left on device")
        replace_file(path, content)

    full = False
    latch = Latch.open(tmp_path, write=write)
    full = True
    assert latch.stop(EVENT) is False
    full = False
    latch.reset()
    assert latch.disarm() is True
    assert latch.state is LatchState.CLEAR


@pytest.mark.parametrize("spoilt", [{"at": "5"}, {"at": True}, {"utc": 5}, {"advice": None}])
def test_a_stop_with_one_value_of_the_wrong_kind_is_unreadable(tmp_path: Path, spoilt: dict[str, object]) -> None:
    latch = Latch.open(tmp_path)
    latch.stop(EVENT)
    file = tmp_path / "permission.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    content["event"] |= spoilt
    file.write_text(json.dumps(content), encoding="utf-8")
    found = Latch.open(tmp_path).event
    assert found is not None
    assert found.cause is Cause.LATCH_UNREADABLE


ROOM = 16 * 1024 * 1024
FREE = "If its journal breaks off, the disk was full: see that it stays free."


@pytest.mark.parametrize(("free", "said"), [(ROOM, FREE), (ROOM - 1, "16383 KB are left."), (None, FREE)])
def test_less_than_sixteen_megabytes_is_a_disk_without_room_and_one_that_cannot_be_asked_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int | None, said: str
) -> None:
    Latch.open(tmp_path).arm()
    seen = shutil.disk_usage(tmp_path)

    def usage(path: Path) -> object:
        if free is None:
            raise OSError(5, "Input/output error")
        return seen._replace(free=free)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    found = Latch.open(tmp_path).event
    assert found is not None
    assert found.cause is Cause.UNCLEAN_END
    assert said in found.advice
