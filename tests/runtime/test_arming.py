"""Arming leaves guards behind only when it is LIVE with them, and LIVE never stands without guards."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

import pytest

from engine.execution.processes import ProcessError, StopReport
from engine.permit import page as permit
from engine.permit.page import PermitPage, StopCode
from engine.runtime.arming import Arming
from engine.runtime.guards import Guards
from engine.words import Cause, CheckResult, Mode
from tests.session.desk import Desk, Fingers

LIMIT_S = 5.0


class Held(Fingers):
    """Hands over the desk, as those of a process that may end."""


class Watcher:
    """A watchdog that may end."""

    alive = True


class Pair:
    """Two guards that were started, and how often they were ended."""

    warnings: Sequence[str] = ("the hotkey is taken",)

    def __init__(self, desk: Desk) -> None:
        self.actuator, self.watchdog = Held(desk), Watcher()
        self.ended = 0

    def stops(self) -> Sequence[StopReport]:
        return [StopReport("watchdog", (), 1, True, False, ())]

    def close(self) -> None:
        self.ended += 1
        self.actuator.alive = self.watchdog.alive = False


class Bench:
    """Arming over a desk's session; commands are done at once, and ``meanwhile`` just before the last one."""

    def __init__(self, directory: Path) -> None:
        self.desk = Desk(directory)
        self.desk.until(lambda: self.desk.session.state is not None)
        self.path = directory / "permit"
        self.page = permit.create(self.path, permit.new_epoch())
        self.pairs: list[Pair] = []
        self.meanwhile: Callable[[], None] = lambda: None
        self.arming = Arming(self.desk.session, self.desk.memory, self._page, self._start, self._ask)

    def _page(self) -> PermitPage:
        return self.page

    def _start(self, epoch: int) -> Guards:
        assert epoch == self.page.epoch
        self.pairs.append(Pair(self.desk))
        return cast(Guards, self.pairs[-1])

    def _ask(self, act: Callable[[], None]) -> None:
        self.meanwhile()
        act()

    def arm(self) -> Sequence[CheckResult]:
        return self.arming.arm(list)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_it_goes_live_with_both_guards(bench: Bench) -> None:
    assert bench.arm() == []
    assert bench.desk.mode is Mode.LIVE
    assert bench.arming.guards is cast(Guards, bench.pairs[0])
    assert bench.arming.faults() == []
    bench.arming.let_go()
    assert bench.pairs[0].ended == 0


def test_what_blocks_starts_nothing(bench: Bench) -> None:
    blocked = CheckResult("No stop is latched", False, "mode STOPPED")
    assert bench.arming.arm(lambda: [CheckResult("fine", True, ""), blocked]) == [blocked]
    assert bench.pairs == []


def test_one_that_is_armed_already_is_left_alone(bench: Bench) -> None:
    bench.arm()
    failed = bench.arm()
    assert "LIVE" in failed[0].detail
    assert [pair.ended for pair in bench.pairs] == [0]
    assert bench.desk.mode is Mode.LIVE


def test_only_one_arming_at_a_time(bench: Bench) -> None:
    begun, go_on = threading.Event(), threading.Event()
    first: list[Sequence[CheckResult]] = []

    def slow() -> Sequence[CheckResult]:
        begun.set()
        assert go_on.wait(LIMIT_S)
        return []

    thread = threading.Thread(target=lambda: first.append(bench.arming.arm(slow)))
    thread.start()
    assert begun.wait(LIMIT_S)
    assert "already" in bench.arm()[0].detail
    go_on.set()
    thread.join(LIMIT_S)
    assert first == [[]]
    assert len(bench.pairs) == 1


def test_guards_that_do_not_start_are_said(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(epoch: int) -> Guards:
        raise ProcessError("the watchdog ended at once")

    monkeypatch.setattr(bench.arming, "_start", refuse)
    assert bench.arm()[0].detail == "the watchdog ended at once"
    assert bench.desk.mode is Mode.STANDBY


def stop(bench: Bench) -> None:
    bench.page.console.stop(StopCode.BUTTON)


def reset(bench: Bench) -> None:
    bench.page = permit.create(bench.path, permit.new_epoch())


def fill_disk(bench: Bench) -> None:
    bench.desk.disk_is_full = True


def break_journal(bench: Bench) -> None:
    bench.desk.memory.broken = "event"


def slow_journal(bench: Bench) -> None:
    bench.desk.memory.commits = False


@pytest.mark.parametrize("trouble", [stop, reset, fill_disk, slow_journal])
def test_what_comes_between_refuses_it_and_leaves_no_guard(bench: Bench, trouble: Callable[[Bench], None]) -> None:
    bench.meanwhile = lambda: trouble(bench)
    failed = bench.arm()
    assert len(failed) == 1
    assert failed[0].detail
    assert bench.desk.mode is not Mode.LIVE
    assert bench.arming.guards is None
    assert bench.pairs[0].ended == 1


def test_a_command_that_is_not_taken_up_leaves_no_guard_and_says_why(bench: Bench) -> None:
    def late() -> None:
        raise TimeoutError("the engine did not take the command up")

    bench.meanwhile = late
    assert bench.arm()[0].detail == "the engine did not take the command up"
    assert bench.pairs[0].ended == 1


def test_a_fault_after_the_leave_was_given_leaves_no_guard_and_live_without_guards_is_a_stop(bench: Bench) -> None:
    bench.meanwhile = lambda: break_journal(bench)
    assert bench.arm()[0].detail == "the disk is gone"
    assert bench.desk.mode is Mode.LIVE
    assert bench.arming.guards is None
    assert bench.pairs[0].ended == 1
    bench.desk.memory.broken = ""
    assert {fault.cause for fault in bench.arming.faults()} == {Cause.ACTUATOR_LOST, Cause.WATCHDOG_LOST}
    bench.desk.session.step(None, bench.arming.faults())
    assert bench.desk.session.panic is not None


@pytest.mark.parametrize(("part", "cause"), [("actuator", Cause.ACTUATOR_LOST), ("watchdog", Cause.WATCHDOG_LOST)])
def test_a_guard_that_ends_while_armed_is_a_fault(bench: Bench, part: str, cause: Cause) -> None:
    bench.arm()
    getattr(bench.pairs[0], part).alive = False
    assert [fault.cause for fault in bench.arming.faults()] == [cause]


@pytest.mark.parametrize("cause", [Cause.MISFIRE, None])
def test_what_is_no_longer_armed_is_let_go_and_a_stop_sets_the_stop_word_first(
    bench: Bench, cause: Cause | None
) -> None:
    bench.arm()
    if cause is None:
        bench.desk.session.command(Cause.DISARM)
    else:
        stop(bench)
        bench.desk.session.step(None, bench.arming.faults())
    bench.arming.let_go()
    assert bench.arming.guards is None
    assert bench.pairs[0].ended == 1
    assert bench.page.stopped() is (cause is not None)
    assert bench.desk.memory.of("guard-stop")


def test_an_actuator_that_the_watchdog_killed_is_not_the_cause(bench: Bench) -> None:
    bench.arm()
    bench.pairs[0].actuator.alive = False
    assert [fault.cause for fault in bench.arming.faults()] == [Cause.ACTUATOR_LOST]
    bench.page.watchdog.stop(StopCode.ENGINE_PROGRESS)
    assert [fault.cause for fault in bench.arming.faults()] == [Cause.WATCHDOG]


def test_what_the_guards_could_not_do_at_their_end_is_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.arm()
    (pair,) = bench.pairs
    monkeypatch.setattr(pair, "close", lambda: setattr(pair, "warnings", (*pair.warnings, "the actuator hangs")))
    bench.desk.session.command(Cause.DISARM)
    bench.arming.let_go()
    said = [event.text for event in bench.desk.session.events if event.level == "warning"]
    assert said == ["the hotkey is taken", "the actuator hangs"]
