"""The permit page: one writer a word, stops that stay, and a reset that is a new page."""

import os
import threading
from pathlib import Path

import pytest

from engine.permit import page
from engine.permit.page import (
    PAGE_BYTES,
    PageDamagedError,
    PageMissingError,
    PageVersionError,
    PermitError,
    PermitMode,
    PermitPage,
    Stop,
    StopCode,
    Word,
)
from tests.permit.owners import writers


def test_a_new_page_permits_nothing(permit: PermitPage) -> None:
    words = permit.read()
    assert (words.mode, words.captured_at, words.engine_beat, words.watchdog_beat) == (PermitMode.STANDBY, 0, 0, 0)
    assert words.stops == ()


def test_every_mapping_sees_what_an_owner_wrote(permit: PermitPage, tmp_path: Path) -> None:
    permit.engine.set_mode(PermitMode.LIVE, 3)
    permit.engine.beat(5)
    permit.vision.show(7, 2**64 - 1, {})
    permit.vision.progress()
    permit.watchdog.beat(9)
    other = page.open(tmp_path / "run" / "permit")
    words = other.read()
    assert (words.mode, words.engine_beat, words.engine_progress) == (PermitMode.LIVE, 5, 1)
    assert (words.captured_at, words.view_id, words.vision_progress) == (7, 2**64 - 1, 1)
    assert (words.watchdog_beat, words.epoch) == (9, permit.epoch)
    other.close()


def test_vision_withdraws_its_leave_at_once(permit: PermitPage) -> None:
    permit.vision.show(7, 8, {})
    permit.vision.void()
    assert permit.read().captured_at == 0


def test_the_first_code_of_a_stop_stays_and_nothing_clears_it(permit: PermitPage) -> None:
    permit.watchdog.stop(StopCode.HOTKEY)
    permit.watchdog.stop(StopCode.CORNER)
    permit.engine.set_mode(PermitMode.LIVE, 3)
    permit.engine.beat(1)
    permit.vision.show(1, 1, {})
    permit.watchdog.beat(1)
    assert permit.stopped()
    assert permit.stops() == (Stop("watchdog", StopCode.HOTKEY),)


def test_every_owner_of_a_stop_word_has_its_own(permit: PermitPage) -> None:
    for owner in (permit.console, permit.command, permit.watchdog, permit.actuator):
        owner.stop(StopCode.PANIC)
    assert [stop.owner for stop in permit.stops()] == ["console", "command", "watchdog", "actuator"]


def test_each_part_writes_its_own_words_only(permit: PermitPage) -> None:
    """The rule of one writer a word, tried with every method of every part."""
    written = writers(permit)
    assert set(written) == set(Word) - {Word.MAGIC, Word.VERSION, Word.EPOCH}


def test_a_reset_is_a_new_page_and_the_old_one_stays_stopped(permit: PermitPage, tmp_path: Path) -> None:
    path = tmp_path / "run" / "permit"
    permit.console.stop(StopCode.BUTTON)
    fresh = page.create(path, page.new_epoch())
    assert permit.stopped()
    assert not fresh.stopped()
    assert fresh.epoch != permit.epoch
    newest = page.open(path)
    assert newest.epoch == fresh.epoch
    assert not list(path.parent.glob(".permit*")), "no temporary file is left"
    newest.close()
    fresh.close()


def test_a_stop_from_the_command_line_reaches_the_page_that_a_reset_has_just_made(
    permit: PermitPage, tmp_path: Path
) -> None:
    path = tmp_path / "run" / "permit"

    def reset_often() -> None:
        for _ in range(200):
            page.create(path, page.new_epoch()).close()

    resets = threading.Thread(target=reset_often)
    resets.start()
    while resets.is_alive():
        page.stop_newest(path, StopCode.COMMAND).close()
    resets.join()
    stopped = page.stop_newest(path, StopCode.COMMAND)
    newest = page.open(path)
    assert newest.stops() == (Stop("command", StopCode.COMMAND),)
    stopped.close()
    newest.close()


def test_a_stop_that_nobody_heard_is_inherited_by_the_page_of_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "run" / "permit"
    page.succeed(path, page.new_epoch()).close()
    assert not page.stopped_by_command(path)
    page.stop_newest(path, StopCode.COMMAND).close()
    for _ in range(2):
        started = page.succeed(path, page.new_epoch())
        assert started.stops() == (Stop("command", StopCode.COMMAND),)
        started.close()
        assert page.stopped_by_command(path)
    page.create(path, page.new_epoch()).close()
    assert not page.stopped_by_command(path)


def test_only_the_command_lines_stop_is_inherited_since_every_other_has_its_latch(tmp_path: Path) -> None:
    path = tmp_path / "run" / "permit"
    first = page.create(path, page.new_epoch())
    first.console.stop(StopCode.BUTTON)
    first.watchdog.stop(StopCode.HOTKEY)
    started = page.succeed(path, page.new_epoch())
    assert started.stops() == ()
    first.close()
    started.close()


def test_no_stop_is_lost_in_a_race_with_a_start(tmp_path: Path) -> None:
    """Whatever order they come in, the newest page is stopped after both."""
    path = tmp_path / "run" / "permit"
    for _ in range(200):
        page.create(path, page.new_epoch()).close()
        starting = threading.Thread(target=lambda: page.succeed(path, page.new_epoch()).close())
        starting.start()
        page.stop_newest(path, StopCode.COMMAND).close()
        starting.join()
        assert page.stopped_by_command(path)


def test_a_start_over_a_page_that_is_none_makes_a_clear_one(tmp_path: Path) -> None:
    path = tmp_path / "permit"
    path.write_bytes(b"no page")
    assert not page.stopped_by_command(path)
    started = page.succeed(path, page.new_epoch())
    assert started.stops() == ()
    started.close()


def test_a_reader_never_sees_a_time_with_another_view(permit: PermitPage, tmp_path: Path) -> None:
    """Vision writes pairs of equal numbers; a reader in another thread must find equal ones or no leave."""
    other = page.open(tmp_path / "run" / "permit")
    done = threading.Event()

    def show() -> None:
        for number in range(1, 20_000):
            permit.vision.show(number, number, {"check": (number, number, number, number)})
        done.set()

    writer = threading.Thread(target=show)
    writer.start()
    while not done.is_set():
        words = other.read()
        assert words.captured_at in (0, words.view_id)
        assert not words.captured_at or words.passive == ((words.view_id,) * 4,)
    writer.join()
    other.close()


def test_the_page_is_the_owners_alone(permit: PermitPage, tmp_path: Path) -> None:
    assert (tmp_path / "run" / "permit").stat().st_mode & 0o077 == 0
    assert (tmp_path / "run").stat().st_mode & 0o077 == 0


def test_a_missing_page_says_that_nothing_is_armed(tmp_path: Path) -> None:
    with pytest.raises(PageMissingError, match="nothing is armed"):
        page.open(tmp_path / "permit")


@pytest.mark.parametrize("content", [b"", b"x" * 100, b"x" * PAGE_BYTES, b"\0" * (PAGE_BYTES + 1)])
def test_a_damaged_page_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "permit").write_bytes(content)
    with pytest.raises(PageDamagedError, match="remove it"):
        page.open(tmp_path / "permit")


def test_a_page_of_another_version_is_refused(permit: PermitPage, tmp_path: Path) -> None:
    permit._words[Word.VERSION] = 99
    with pytest.raises(PageVersionError, match="version 99"):
        page.open(tmp_path / "run" / "permit")


@pytest.mark.parametrize("epoch", [0, -1, 2**64])
def test_an_epoch_is_a_positive_word(tmp_path: Path, epoch: int) -> None:
    with pytest.raises(PermitError, match="epoch"):
        page.create(tmp_path / "permit", epoch)


def test_opening_leaks_no_descriptor(permit: PermitPage, tmp_path: Path) -> None:
    path = tmp_path / "run" / "permit"
    page.open(path).close()
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(10):
        page.open(path).close()
    assert len(os.listdir("/proc/self/fd")) == before


def test_the_page_of_another_version_can_still_be_stopped(permit: PermitPage, tmp_path: Path) -> None:
    permit._words[Word.VERSION] = 1
    page.stop_newest(tmp_path / "run" / "permit", StopCode.COMMAND).close()
    assert permit.stops() == (Stop("command", StopCode.COMMAND),)


def test_a_frame_that_is_not_newer_gives_no_leave(permit: PermitPage) -> None:
    permit.vision.show(10, 1, {})
    permit.vision.void(20)
    for late in (10, 15, 20):
        permit.vision.show(late, 1, {})
        assert permit.read().captured_at == 0
    permit.vision.show(21, 1, {})
    assert permit.read().captured_at == 21


def test_the_places_of_check_and_fold_are_those_of_the_newest_frame(permit: PermitPage) -> None:
    permit.vision.show(1, 1, {"check": (10, 20, 30, 40), "fold": (60000, 5, 6, 7)})
    assert permit.read().passive == ((10, 20, 30, 40), (60000, 5, 6, 7))
    permit.vision.show(2, 1, {"fold": (1, 2, 3, 4)})
    assert permit.read().passive == ((1, 2, 3, 4),)


@pytest.mark.parametrize("box", [(-1, 0, 5, 5), (0, 0, 0, 5), (0, 0, 5, -5), (65536, 0, 5, 5), (0, 0, 5, 70000)])
def test_a_place_that_is_not_on_a_screen_is_none(permit: PermitPage, box: tuple[int, int, int, int]) -> None:
    permit.vision.show(1, 1, {"check": box})
    assert permit.read().passive == ()


def test_the_mode_says_since_when(permit: PermitPage) -> None:
    permit.engine.set_mode(PermitMode.LIVE, 5)
    permit.engine.set_mode(PermitMode.LIVE, 9)
    assert permit.read().mode_since == 5
    permit.engine.set_mode(PermitMode.HOLD, 9)
    assert permit.read().mode_since == 9


def test_a_number_once_used_stays_used(permit: PermitPage, tmp_path: Path) -> None:
    assert permit.actuator.last_intent == -1
    permit.actuator.use(0)
    permit.actuator.use(7)
    permit.actuator.use(3)
    other = page.open(tmp_path / "run" / "permit")
    assert other.actuator.last_intent == 7
    other.close()


def test_no_part_has_a_method_that_was_not_tried(permit: PermitPage) -> None:
    """A new way to write has to be added to ``owners.writers`` before this passes."""
    parts = {name: vars(permit)[name] for name in ("engine", "vision", "watchdog", "console", "command", "actuator")}
    assert {name: {word for word in dir(part) if not word.startswith("_")} for name, part in parts.items()} == {
        "engine": {"set_mode", "beat"},
        "vision": {"show", "void", "progress"},
        "watchdog": {"beat", "stop"},
        "console": {"stop"},
        "command": {"stop", "ask_finish"},
        "actuator": {"stop", "progress", "use", "last_intent"},
    }
