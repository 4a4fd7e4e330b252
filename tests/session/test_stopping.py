"""What a session keeps and publishes: leave before LIVE, stops before their records, and disks that fail."""

from pathlib import Path

import pytest

from engine.safety.latch import Latch, LatchError, LatchState
from engine.safety.supervisor import Fault, InvalidTransitionError
from engine.words import Blindness, Cause, Mode
from tests.session.desk import Desk, Page

MISFIRE = Fault(Cause.MISFIRE, "a bet", "a call")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.until(lambda: desk.session.state is not None)
    return desk


def order(desk: Desk, *wanted: str) -> list[str]:
    """The kinds of what was told, in order, of those wanted; modes and latch states by name."""
    names = []
    for kind, data in desk.told:
        name = f"page {data}" if kind == "page" else kind
        if kind == "latch":
            name = next((f"latch {state}" for state in LatchState if f'"{state}"'.encode() in data), "")
        names.append(name)
    return [name for name in names if name in wanted]


def test_leave_to_act_is_on_the_disk_before_live(desk: Desk) -> None:
    desk.arm()
    steps = ("commit mode", "latch armed", "page LIVE")
    assert order(desk, *steps) == list(steps)
    assert desk.latch.state is LatchState.ARMED


def test_a_latch_that_cannot_be_written_leaves_it_in_standby(desk: Desk) -> None:
    desk.disk_is_full = True
    with pytest.raises(LatchError, match="cannot be written"):
        desk.arm()
    assert desk.mode is Mode.STANDBY
    assert "page LIVE" not in order(desk, "page LIVE")


def test_the_journal_takes_back_an_arming_that_did_not_come_true(desk: Desk) -> None:
    desk.disk_is_full = True
    with pytest.raises(LatchError):
        desk.arm()
    (made,) = [row["transition"] for row in desk.memory.of("mode")]
    (undone,) = desk.memory.of("mode-undone")
    assert (made.target, undone["transition"]) == (Mode.LIVE, made)
    assert "free the disk" in undone["why"]
    assert order(desk, "commit mode", "record mode-undone") == ["commit mode", "record mode-undone"]
    desk.disk_is_full = False
    desk.arm()
    assert desk.mode is Mode.LIVE
    assert len(desk.memory.of("mode-undone")) == 1


def test_a_row_that_came_too_late_to_count_is_taken_back_too(desk: Desk) -> None:
    desk.memory.commits = False
    desk.arm()
    (undone,) = desk.memory.of("mode-undone")
    assert (undone["transition"].cause, undone["why"]) == (Cause.ARM, "arm was not on disk in time")


def test_arming_that_is_not_journaled_is_a_stop(desk: Desk) -> None:
    desk.memory.commits = False
    desk.arm()
    assert desk.mode is Mode.STOPPED
    assert desk.session.panic is not None
    assert desk.session.panic.cause is Cause.JOURNAL
    assert desk.latch.state is LatchState.STOPPED
    assert "page LIVE" not in order(desk, "page LIVE")


def test_a_stop_takes_effect_before_it_is_recorded(desk: Desk, tmp_path: Path) -> None:
    desk.arm()
    desk.session.step(None, [MISFIRE])
    steps = ("page STOPPED", "latch stopped", "record panic-stop")
    assert order(desk, *steps) == list(steps)
    reopened = Latch.open(tmp_path / "latch", desk.clock)
    assert reopened.event == desk.session.panic
    assert reopened.event is not None
    assert (reopened.event.cause, reopened.event.measured, reopened.event.limit) == (Cause.MISFIRE, "a bet", "a call")
    assert reopened.event.advice


def test_a_full_disk_does_not_delay_a_stop(desk: Desk) -> None:
    desk.arm()
    desk.disk_is_full = True
    desk.session.step(None, [MISFIRE])
    assert desk.mode is Mode.STOPPED
    assert order(desk, "page STOPPED") == ["page STOPPED"]
    assert desk.memory.of("panic-stop")


@pytest.mark.parametrize("broken", ["panic-stop", "mode", "event"])
def test_a_journal_that_fails_does_not_undo_a_stop(desk: Desk, broken: str) -> None:
    desk.arm()
    desk.memory.broken = broken
    with pytest.raises(OSError, match="the disk is gone"):
        desk.session.step(None, [MISFIRE])
    assert desk.mode is Mode.STOPPED
    assert desk.latch.state is LatchState.STOPPED
    assert order(desk, "page STOPPED") == ["page STOPPED"]


def test_a_stop_is_found_by_the_next_session_and_nothing_is_armed_over_it(desk: Desk, tmp_path: Path) -> None:
    desk.arm()
    desk.session.step(None, [MISFIRE])
    again = Desk(tmp_path)
    assert (again.mode, again.session.panic) == (Mode.STOPPED, desk.session.panic)
    with pytest.raises(InvalidTransitionError, match="arm is not possible in STOPPED"):
        again.session.command(Cause.ARM)


def test_a_session_that_ends_armed_is_found_stopped(desk: Desk, tmp_path: Path) -> None:
    desk.arm()
    again = Desk(tmp_path)
    assert again.mode is Mode.STOPPED
    assert again.session.panic is not None
    assert again.session.panic.cause is Cause.UNCLEAN_END


def test_disarming_is_the_orderly_end(desk: Desk, tmp_path: Path) -> None:
    desk.arm()
    desk.session.command(Cause.DISARM)
    assert (desk.mode, desk.latch.state) == (Mode.STANDBY, LatchState.CLEAR)
    assert Desk(tmp_path).mode is Mode.STANDBY


def test_reset_leads_to_standby_and_forgets_the_stop(desk: Desk) -> None:
    desk.arm()
    desk.session.step(None, [MISFIRE])
    desk.session.command(Cause.RESET)
    assert (desk.mode, desk.session.panic, desk.latch.state) == (Mode.STANDBY, None, LatchState.CLEAR)
    desk.tick(100)
    assert desk.mode is Mode.STANDBY
    assert desk.tally.intents == 0


def test_a_reset_that_is_not_on_the_disk_is_refused(desk: Desk) -> None:
    desk.arm()
    desk.session.step(None, [MISFIRE])
    desk.memory.commits = False
    with pytest.raises(InvalidTransitionError, match="reset is not on disk in time"):
        desk.session.command(Cause.RESET)
    desk.memory.commits, desk.disk_is_full = True, True
    with pytest.raises(LatchError):
        desk.session.command(Cause.RESET)
    assert (desk.mode, desk.latch.state) == (Mode.STOPPED, LatchState.STOPPED)
    assert desk.session.panic is not None


def test_going_back_from_a_hold_is_journaled_first(desk: Desk) -> None:
    desk.arm()
    desk.blind = Blindness.COVERED
    desk.tick(3)
    assert (desk.mode, desk.session.reason) == (Mode.HOLD, "blind: another window covers the table")
    desk.memory.commits = False
    desk.blind = None
    desk.until(lambda: desk.mode is not Mode.HOLD, 60)
    assert desk.mode is Mode.STOPPED
    assert desk.session.panic is not None
    assert desk.session.panic.cause is Cause.JOURNAL


def test_blind_for_too_long_is_a_stop(desk: Desk) -> None:
    desk.arm()
    desk.blind = Blindness.MINIMISED
    desk.until(lambda: desk.mode is Mode.STOPPED, 320)
    assert desk.session.panic is not None
    assert desk.session.panic.cause is Cause.HOLD_LIMIT
    assert "minimised" in desk.session.panic.measured


def test_a_new_page_gets_the_mode_at_once(desk: Desk) -> None:
    told: list[tuple[str, object]] = []
    desk.session.connect(None, Page(told))
    assert told == [("page", Mode.STANDBY)]


def test_events_are_bounded(desk: Desk) -> None:
    for number in range(3000):
        desk.session.say("info", str(number))
    assert len(desk.session.events) == 2000
    assert desk.session.events[-1].text == "2999"


def test_a_stop_that_a_full_disk_did_not_take_is_there_once_it_can_be(desk: Desk, tmp_path: Path) -> None:
    desk.disk_is_full = True
    desk.session.step(None, [MISFIRE])
    assert desk.mode is Mode.STOPPED
    assert any("not on the disk yet" in str(data) for data in desk.memory.of("event"))
    assert Desk(tmp_path).mode is Mode.STANDBY, "the disk still says that nothing was stopped"
    desk.disk_is_full = False
    desk.tick(40)
    again = Desk(tmp_path)
    assert (again.mode, again.session.panic) == (Mode.STOPPED, desk.session.panic)


def test_a_stop_that_is_not_on_the_disk_yet_is_put_there_at_the_end(desk: Desk, tmp_path: Path) -> None:
    desk.disk_is_full = True
    desk.session.step(None, [MISFIRE])
    desk.disk_is_full = False
    desk.session.end()
    assert Desk(tmp_path).mode is Mode.STOPPED


@pytest.mark.parametrize("armed", [False, True])
def test_the_end_is_orderly(desk: Desk, tmp_path: Path, armed: bool) -> None:
    if armed:
        desk.arm()
    desk.session.end()
    assert (desk.mode, desk.latch.state) == (Mode.STANDBY, LatchState.CLEAR)
    assert Desk(tmp_path).mode is Mode.STANDBY


def test_a_stage_that_fails_at_a_stop_does_not_keep_it_from_the_disk(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.arm()

    def broken() -> None:
        raise RuntimeError("the solver's client broke")

    monkeypatch.setattr(desk.loop, "void", broken)
    with pytest.raises(RuntimeError, match="broke"):
        desk.session.step(None, [MISFIRE])
    reopened = Desk(tmp_path).session.panic
    assert reopened is not None
    assert reopened.cause is Cause.MISFIRE


def test_a_disarming_that_the_disk_did_not_take_is_said(desk: Desk, tmp_path: Path) -> None:
    desk.arm()
    desk.disk_is_full = True
    desk.session.command(Cause.DISARM)
    assert desk.mode is Mode.STANDBY
    assert any("reads it as a stop" in str(data) for data in desk.memory.of("event"))
    assert Desk(tmp_path).mode is Mode.STOPPED
