"""The event calendar: open windows to the second, and no word of it is believed that nobody stood behind for a day."""

import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.config import load as load_config
from engine.config import root
from engine.config.models import CalendarSection
from engine.risk.calendar import COPY_NAME, EventCalendar
from engine.risk.calendar_csv import CalendarError, CalendarFile
from engine.risk.calendar_sources import FileSource, Loaded
from engine.words import EventWindow
from tests.risk.calendars import DAY, EVENT, HOUR, NOON, WallClock, calendar, put, text


@pytest.fixture
def utc() -> WallClock:
    return WallClock()


def test_a_window_is_open_from_its_start_to_before_its_end(tmp_path: Path, utc: WallClock) -> None:
    put(tmp_path / "primary.csv", text(EVENT, ("later", NOON + 5 * HOUR, NOON + 6 * HOUR)))
    events = calendar(tmp_path, utc, fallback=None)
    events.refresh()
    for at, blocked, following in (
        (NOON + HOUR - 1, False, "maintenance"),
        (NOON + HOUR, True, "later"),
        (NOON + 2 * HOUR - 1, True, "later"),
        (NOON + 2 * HOUR, False, "later"),
        (NOON + 5 * HOUR, True, None),
    ):
        utc.now = at
        status = events.status()
        assert (status.enabled, bool(status.blocked), status.stale) == (True, blocked, ""), at
        assert (status.next.name if status.next else None) == following, at
        assert (status.current is not None) == blocked
    utc.now = NOON + HOUR
    assert events.status().blocked == "maintenance until 2026-03-01 14:00 UTC"


def test_before_it_was_read_nothing_is_allowed(tmp_path: Path, utc: WallClock) -> None:
    status = calendar(tmp_path, utc).status()
    assert (status.enabled, status.stale) == (True, "the event calendar has not been read yet")


def test_without_a_source_it_is_off(tmp_path: Path, utc: WallClock) -> None:
    section = CalendarSection(enabled=False, primary="https://example.org/x.csv", fallback="x.csv")
    for events in (
        calendar(tmp_path, utc, None, None),
        EventCalendar.configured(section, tmp_path, tmp_path, utc),
    ):
        events.start()
        status = events.status()
        assert (status.enabled, status.stale, status.blocked) == (False, "", "")
        events.close()


# staleness


def test_a_source_is_trusted_for_a_day_and_not_a_second_longer(tmp_path: Path, utc: WallClock) -> None:
    put(tmp_path / "primary.csv", text(EVENT))
    events = calendar(tmp_path, utc, fallback=None)
    events.refresh()
    utc.now = NOON + DAY
    assert (events.status().stale, events.status().age_s) == ("", DAY)
    utc.now = NOON + DAY + 1
    stale = events.status().stale
    assert "primary.csv: confirmed 24.0 h ago; 24 h are allowed" in stale
    put(tmp_path / "primary.csv", text(EVENT, as_of=utc.now), utc.now)
    events.refresh()
    assert events.status().stale == ""


@pytest.mark.parametrize(("as_of", "changed_at"), [(NOON - DAY - 1, NOON), (NOON, NOON - DAY - 1)])
def test_of_the_header_and_the_time_of_change_the_older_counts(
    tmp_path: Path, utc: WallClock, as_of: float, changed_at: float
) -> None:
    put(tmp_path / "primary.csv", text(EVENT, as_of=as_of), changed_at)
    events = calendar(tmp_path, utc, fallback=None)
    events.refresh()
    assert "confirmed 24.0 h ago" in events.status().stale


def test_a_file_that_does_not_say_when_it_was_confirmed_is_refused(tmp_path: Path, utc: WallClock) -> None:
    put(tmp_path / "primary.csv", text(EVENT, as_of=None))
    events = calendar(tmp_path, utc, fallback=None)
    events.refresh()
    assert "add the line # as of:" in events.status().stale


def test_a_file_from_the_future_is_refused(tmp_path: Path, utc: WallClock) -> None:
    put(tmp_path / "primary.csv", text(EVENT), NOON + 61)
    events = calendar(tmp_path, utc, fallback=None)
    events.refresh()
    assert "changed in the future" in events.status().stale


def test_a_source_that_is_a_minute_ahead_is_trusted(tmp_path: Path, utc: WallClock) -> None:
    put(tmp_path / "primary.csv", text(EVENT, as_of=NOON + 60), NOON + 60)
    events = calendar(tmp_path, utc, fallback=None)
    events.refresh()
    assert events.status().stale == ""


def test_of_two_stale_sources_the_one_confirmed_last_is_shown(tmp_path: Path, utc: WallClock) -> None:
    put(tmp_path / "primary.csv", text(EVENT, as_of=NOON - 3 * DAY))
    put(tmp_path / "fallback.csv", text(EVENT, as_of=NOON - 2 * DAY))
    events = calendar(tmp_path, utc)
    events.refresh()
    assert (events.status().source, events.status().age_s) == (str(tmp_path / "fallback.csv"), 2 * DAY)
    put(tmp_path / "primary.csv", text(EVENT, as_of=NOON - 2 * DAY))
    put(tmp_path / "fallback.csv", "garbage")
    events.refresh()
    assert (events.status().source, events.status().age_s) == (str(tmp_path / "primary.csv"), 2 * DAY)


# sources


def test_the_fallback_is_used_while_the_primary_source_cannot_be(tmp_path: Path, utc: WallClock) -> None:
    put(tmp_path / "fallback.csv", text(("from the fallback", NOON, NOON + HOUR)))
    put(tmp_path / "primary.csv", text(EVENT, as_of=NOON - DAY - 1))
    events = calendar(tmp_path, utc)
    events.refresh()
    status = events.status()
    assert (status.stale, status.source) == ("", str(tmp_path / "fallback.csv"))
    assert status.blocked.startswith("from the fallback")
    put(tmp_path / "primary.csv", text(EVENT))
    events.refresh()
    assert (events.status().source, events.status().blocked) == (str(tmp_path / "primary.csv"), "")


def test_both_sources_gone_is_stale_and_says_why_of_each(tmp_path: Path, utc: WallClock) -> None:
    put(tmp_path / "fallback.csv", "name,start,end\nA,tomorrow,later\n")
    events = calendar(tmp_path, utc)
    events.refresh()
    stale = events.status().stale
    assert stale.startswith("no source of the event calendar can be trusted")
    assert "primary.csv: it cannot be read (No such file or directory)" in stale
    assert "fallback.csv: line 2: 'tomorrow' is no time" in stale
    assert events.status().age_s is None


def test_an_open_window_of_a_stale_calendar_is_still_named(tmp_path: Path, utc: WallClock) -> None:
    put(tmp_path / "primary.csv", text(("long", NOON, NOON + 3 * DAY)))
    events = calendar(tmp_path, utc, fallback=None)
    events.refresh()
    utc.now = NOON + 2 * DAY
    assert events.status().stale
    assert events.status().blocked.startswith("long until")


# the clock


def test_a_clock_that_was_set_back_makes_it_stale_until_it_is_right_again(tmp_path: Path, utc: WallClock) -> None:
    put(tmp_path / "primary.csv", text(EVENT))
    events = calendar(tmp_path, utc, fallback=None)
    utc.now = NOON + 100
    events.refresh()
    assert events.status().stale == ""
    utc.now = NOON + 98
    assert events.status().stale == ""
    utc.now = NOON + 97
    assert "set back by 3 s" in events.status().stale
    events.refresh()
    assert "set back by 3 s" in events.status().stale
    utc.now = NOON + 100
    assert events.status().stale == ""


@pytest.mark.parametrize("looked_at_by", ["refresh", "status"])
def test_every_look_at_the_clock_counts(tmp_path: Path, utc: WallClock, looked_at_by: str) -> None:
    put(tmp_path / "primary.csv", text(EVENT))
    events = calendar(tmp_path, utc, fallback=None)
    events.refresh()
    utc.now = NOON + 100
    getattr(events, looked_at_by)()
    utc.now = NOON + 97
    assert "set back by 3 s" in events.status().stale


def test_a_clock_that_fails_forbids(tmp_path: Path) -> None:
    put(tmp_path / "primary.csv", text(EVENT))

    def broken() -> float:
        raise OSError("no clock")

    events = EventCalendar(FileSource(tmp_path / "primary.csv"), None, tmp_path / COPY_NAME, broken)
    assert events.status().enabled
    assert events.status().stale == "the event calendar failed: OSError: no clock"


# the thread


class Fed:
    """A source whose answers the test gives: a port's stand-in. It waits for ``go`` before each."""

    name = "fed"

    def __init__(self) -> None:
        self.windows: tuple[EventWindow, ...] = ()
        self.fault: Exception | None = None
        self.asked = threading.Semaphore(0)
        self.go = threading.Semaphore(0)

    def read(self, now: float) -> Loaded:
        self.asked.release()
        assert self.go.acquire(timeout=20)
        if self.fault is not None:
            raise self.fault
        return Loaded(CalendarFile(now, self.windows), now)


def test_the_thread_reads_at_once_and_again_and_a_reading_blocks_nobody(tmp_path: Path, utc: WallClock) -> None:
    fed = Fed()
    events = EventCalendar(fed, None, tmp_path / COPY_NAME, utc, refresh_s=0.001)
    events.start()
    assert fed.asked.acquire(timeout=20)
    assert events.status().stale == "the event calendar has not been read yet"
    fed.go.release()
    assert events.wait(20)
    assert events.status().stale == ""
    fed.windows = (EventWindow("new", NOON, NOON + 10),)
    for _ in range(2):
        fed.go.release()
        assert fed.asked.acquire(timeout=20)
    assert events.status().blocked.startswith("new")
    fed.go.release(10)
    events.close(20)
    assert not any(thread.name == "calendar" for thread in threading.enumerate())


def test_whatever_a_source_does_the_calendar_goes_on_and_says_it(tmp_path: Path, utc: WallClock) -> None:
    fed = Fed()
    fed.fault = RuntimeError("a fault of its own")
    events = EventCalendar(fed, None, tmp_path / COPY_NAME, utc)
    events.start()
    fed.go.release()
    assert events.wait(20)
    assert "fed: RuntimeError: a fault of its own" in events.status().stale
    events.close(20)


def test_what_cannot_be_trusted_is_read_again_soon_and_what_can_is_left_alone(tmp_path: Path, utc: WallClock) -> None:
    fed = Fed()
    fed.fault = CalendarError("it is away")
    events = EventCalendar(fed, None, tmp_path / COPY_NAME, utc, refresh_s=3600.0, soon_s=0.001)
    events.start()
    for _ in range(3):
        fed.go.release()
        assert fed.asked.acquire(timeout=20)
    fed.fault = None
    fed.go.release()
    while fed.asked.acquire(timeout=0.3):
        fed.go.release()
    assert events.status().stale == ""
    events.close(20)


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "calendar"]


def test_there_is_one_thread_and_a_source_that_hangs_does_not_keep_the_program(tmp_path: Path, utc: WallClock) -> None:
    fed = Fed()
    events = EventCalendar(fed, None, tmp_path / COPY_NAME, utc)
    events.start()
    assert fed.asked.acquire(timeout=20)
    events.start()
    assert [thread.daemon for thread in threads()] == [True]
    fed.go.release(2)
    events.close()
    assert threads() == []


def test_how_long_until_the_sources_are_read_again(tmp_path: Path, utc: WallClock) -> None:
    """By the configuration; every minute while none can be trusted, and never less often than it says."""
    section = CalendarSection(enabled=True, primary="primary.csv")
    events = EventCalendar.configured(section, tmp_path, tmp_path, utc)
    events.refresh()
    assert events.pause_s == 60.0
    put(tmp_path / "primary.csv", text(EVENT))
    events.refresh()
    assert events.pause_s == 15 * 60.0
    unsaid = calendar(tmp_path, utc)
    unsaid.refresh()
    assert unsaid.pause_s == 15 * 60.0
    often = EventCalendar(FileSource(tmp_path / "none.csv"), None, tmp_path / "none.copy", utc, refresh_s=30.0)
    assert often.pause_s == 30.0


def test_what_comes_after_the_end_changes_nothing(tmp_path: Path, utc: WallClock) -> None:
    fed = Fed()
    events = EventCalendar(fed, None, tmp_path / COPY_NAME, utc)
    events.start()
    assert fed.asked.acquire(timeout=20)
    events.close(0.01)
    fed.go.release()
    assert events.wait(20)
    assert events.status().stale == "the event calendar has not been read yet"
    events.close(20)


# configuration


def test_files_are_found_beside_the_configuration(tmp_path: Path, utc: WallClock) -> None:
    put(tmp_path / "events.csv", text(EVENT))
    state = tmp_path / "state"
    section = CalendarSection(enabled=True, primary="", fallback="events.csv", stale_after_h=2.0)
    events = EventCalendar.configured(section, state, tmp_path, utc)
    events.refresh()
    assert (events.enabled, events.status().stale) == (True, "")
    utc.now = NOON + 2 * HOUR
    assert events.status().stale == ""
    utc.now = NOON + 2 * HOUR + 1
    assert "2 h are allowed" in events.status().stale


def test_an_address_that_is_never_read_is_refused_at_the_start(tmp_path: Path, utc: WallClock) -> None:
    section = CalendarSection(enabled=True, primary="ftp://example.org/events.csv")
    with pytest.raises(CalendarError, match="ftp addresses are not read: give an https address or a file"):
        EventCalendar.configured(section, tmp_path, tmp_path, utc)


@settings(deadline=None)
@given(st.integers(-3 * 86_400, 3 * 86_400), st.lists(st.tuples(st.integers(-50, 50), st.integers(1, 20)), max_size=6))
def test_hands_may_begin_only_outside_every_window_and_inside_the_day(
    tmp_path_factory: pytest.TempPathFactory, ahead: int, windows: list[tuple[int, int]]
) -> None:
    """Whatever the time and the windows: blocked is exactly an open window, stale exactly an age out of bounds."""
    utc, fed = WallClock(), Fed()
    fed.windows = tuple(EventWindow(f"e{at}", NOON + at * HOUR, NOON + (at + length) * HOUR) for at, length in windows)
    events = EventCalendar(fed, None, tmp_path_factory.getbasetemp() / COPY_NAME, utc, write=lambda *_: None)
    fed.go.release()
    events.refresh()
    utc.now = NOON + ahead
    status = events.status()
    assert bool(status.blocked) == any(window.start <= utc.now < window.end for window in fed.windows)
    assert bool(status.stale) == (not -2 <= ahead <= DAY)


def test_the_shipped_calendar_is_sound_and_nobody_has_confirmed_it() -> None:
    loaded = FileSource(root() / "config" / "event-calendar.csv").read(NOON * 2)
    assert loaded.calendar.windows == ()
    assert loaded.confirmed_at < NOON
    section = load_config(None, "prod").calendar
    assert (section.enabled, section.fallback) == (True, "event-calendar.csv")
