"""The last good copy of the primary source serves when that is gone, as long as it is sound and young enough."""

from pathlib import Path

import pytest

from engine.config.models import CalendarSection
from engine.risk.calendar import COPY_NAME, EventCalendar
from engine.risk.calendar_sources import FileSource
from engine.words import EventWindow
from tests.risk.calendars import DAY, EVENT, HOUR, NOON, WallClock, calendar, put, text


@pytest.fixture
def utc() -> WallClock:
    return WallClock()


def test_the_last_good_copy_serves_until_it_is_stale_too(tmp_path: Path, utc: WallClock) -> None:
    primary = put(tmp_path / "primary.csv", text(EVENT))
    events = calendar(tmp_path, utc, fallback=None)
    events.refresh()
    put(primary, "garbage")
    events.refresh()
    status = events.status()
    assert (status.stale, status.age_s) == ("", 0.0)
    assert status.source.startswith(f"copy of {primary} (line 1: the columns")
    assert status.next == EventWindow(*EVENT)
    utc.now = NOON + DAY + 1
    events.refresh()
    assert f"copy of {primary}: confirmed 24.0 h ago (line 1: the columns" in events.status().stale


def test_the_copy_outlives_the_program(tmp_path: Path, utc: WallClock) -> None:
    primary = put(tmp_path / "primary.csv", text(EVENT))
    calendar(tmp_path, utc, fallback=None).refresh()
    primary.unlink()
    utc.now = NOON + HOUR
    again = calendar(tmp_path, utc, fallback=None)
    again.refresh()
    assert again.status().blocked.startswith("maintenance")
    assert again.status().age_s == HOUR


def test_the_copy_of_another_source_is_not_used(tmp_path: Path, utc: WallClock) -> None:
    put(tmp_path / "primary.csv", text(EVENT))
    calendar(tmp_path, utc, fallback=None).refresh()
    other = calendar(tmp_path, utc, "other.csv", None)
    other.refresh()
    assert "other.csv: it cannot be read" in other.status().stale


def test_a_damaged_copy_is_not_used(tmp_path: Path, utc: WallClock) -> None:
    primary = put(tmp_path / "primary.csv", text(EVENT))
    calendar(tmp_path, utc, fallback=None).refresh()
    copy = tmp_path / COPY_NAME
    copy.write_text(copy.read_text(encoding="utf-8").rpartition('"maintenance')[0], encoding="utf-8")
    primary.unlink()
    again = calendar(tmp_path, utc, fallback=None)
    again.refresh()
    assert "its copy cannot be used: it says that it has 1 rows and has 0" in again.status().stale


def test_a_copy_that_cannot_be_kept_is_said_and_changes_nothing_else(tmp_path: Path, utc: WallClock) -> None:
    put(tmp_path / "primary.csv", text(EVENT))
    (tmp_path / (COPY_NAME + ".new")).mkdir()
    events = calendar(tmp_path, utc, fallback=None)
    events.refresh()
    assert events.status().stale == ""
    assert "its copy cannot be kept (Is a directory)" in events.status().source


def test_a_reason_without_a_number_is_said_as_it_is(tmp_path: Path, utc: WallClock) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError("the disk was taken away")

    primary = FileSource(put(tmp_path / "primary.csv", text(EVENT)))
    events = EventCalendar(primary, None, tmp_path / COPY_NAME, utc, write=full)
    events.refresh()
    assert "its copy cannot be kept (the disk was taken away)" in events.status().source


def test_the_program_knows_the_last_good_reading_without_a_disk(tmp_path: Path, utc: WallClock) -> None:
    primary = put(tmp_path / "primary.csv", text(EVENT))
    (tmp_path / (COPY_NAME + ".new")).mkdir()
    events = calendar(tmp_path, utc, fallback=None)
    events.refresh()
    primary.unlink()
    events.refresh()
    assert (events.status().stale, events.status().next) == ("", EventWindow(*EVENT))


def test_the_copy_is_kept_in_a_profile_that_is_new(tmp_path: Path, utc: WallClock) -> None:
    put(tmp_path / "primary.csv", text(EVENT))
    section = CalendarSection(enabled=True, primary="primary.csv")
    EventCalendar.configured(section, tmp_path / "state" / "dev", tmp_path, utc).refresh()
    assert (tmp_path / "state" / "dev" / COPY_NAME).is_file()


@pytest.mark.parametrize("content", [None, b"\xff\xfe"], ids=["a directory", "not text"])
def test_a_copy_that_cannot_be_read_is_said(tmp_path: Path, utc: WallClock, content: bytes | None) -> None:
    copy = tmp_path / COPY_NAME
    copy.mkdir() if content is None else copy.write_bytes(content)
    events = calendar(tmp_path, utc, fallback=None)
    events.refresh()
    assert "primary.csv: it cannot be read (No such file or directory), and its copy cannot be" in events.status().stale


def test_a_copy_that_does_not_say_how_old_it_is_is_not_used(tmp_path: Path, utc: WallClock) -> None:
    primary = put(tmp_path / "primary.csv", text(EVENT))
    calendar(tmp_path, utc, fallback=None).refresh()
    copy = tmp_path / COPY_NAME
    copy.write_text(copy.read_text(encoding="utf-8").partition("\n")[2], encoding="utf-8")
    primary.unlink()
    again = calendar(tmp_path, utc, fallback=None)
    again.refresh()
    assert again.status().stale.endswith("primary.csv: it cannot be read (No such file or directory); 24 h are allowed")


def test_a_clock_that_was_set_back_before_the_start_does_not_make_the_copy_young(
    tmp_path: Path, utc: WallClock
) -> None:
    primary = put(tmp_path / "primary.csv", text(EVENT))
    calendar(tmp_path, utc, fallback=None).refresh()
    primary.unlink()
    utc.now = NOON - HOUR
    again = calendar(tmp_path, utc, fallback=None)
    again.refresh()
    assert "confirmed in the future" in again.status().stale
