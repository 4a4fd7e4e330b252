"""The event calendar's file is read whole or refused whole, with the line and what to write instead."""

from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.risk.calendar_csv import CalendarError, CalendarFile, merged, parse, written
from engine.words import EventWindow
from tests.risk.calendars import HOUR, NOON, text


def test_rows_are_windows_in_utc_seconds() -> None:
    calendar = parse(
        "\ufeff# as of: 2026-03-01T13:00:00+01:00\n# a remark\n\nName, start ,end\n"
        '"Fair, the big one",2026-03-01T15:00:00+01:00,2026-03-01T15:30:00Z\n',
        NOON,
    )
    assert calendar == CalendarFile(NOON, (EventWindow("Fair, the big one", NOON + 2 * HOUR, NOON + 3.5 * HOUR),))


def test_a_calendar_without_events_is_a_calendar() -> None:
    assert parse("# as of: 2026-03-01T12:00:00Z\nname,start,end\n", NOON) == CalendarFile(NOON, ())


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("", "empty"),
        ("# as of: 2026-03-01T12:00:00Z\n", "empty"),
        ("start,end,name\n", "line 1: the columns"),
        ("<html>\n", "line 1: the columns"),
        ("name,start,end\nA,2026-03-01T12:00:00Z\n", "line 2: 2 columns"),
        ("name,start,end\nA,2026-03-01T12:00:00Z,2026-03-01T13:00:00Z,x\n", "line 2: 4 columns"),
        ("name,start,end\nA,2026-03-01T12:00:00,2026-03-01T13:00:00Z\n", "line 2: .* names no zone"),
        ("name,start,end\nA,tomorrow,2026-03-01T13:00:00Z\n", "line 2: 'tomorrow' is no time"),
        ("name,start,end\nA,2026-02-30T13:00:00Z,2026-03-01T13:00:00Z\n", "line 2: .* is no time"),
        ("name,start,end\nA,0001-01-01T00:00:00+14:00,2026-03-01T13:00:00Z\n", "line 2"),
        ("name,start,end\nA,2026-03-01T13:00:00Z,2026-03-01T13:00:00Z\n", "line 2: A ends before it starts"),
        ("name,start,end\nA,2026-03-01T13:00:00Z,2026-03-01T12:00:00Z\n", "line 2: A ends before it starts"),
        ("name,start,end\n,2026-03-01T12:00:00Z,2026-03-01T13:00:00Z\n", "line 2: name the event"),
        ("name,start,end\n\x07,2026-03-01T12:00:00Z,2026-03-01T13:00:00Z\n", "line 2: name the event"),
        ('name,start,end\n"A ""B""",2026-03-01T12:00:00Z,2026-03-01T13:00:00Z\n', "line 2: name the event"),
        ('name,start,end\n"A,2026-03-01T12:00:00Z,2026-03-01T13:00:00Z\n', "line 2: not CSV"),
        ("# as of: yesterday\nname,start,end\n", "as of: 'yesterday' is no time"),
        ("# as of: 2026-03-01T12:00:00\nname,start,end\n", "names no zone"),
        ("# as of: 2026-03-01T12:01:01Z\nname,start,end\n", "confirmed in the future"),
        ("# as of: 2026-03-01T12:00:00Z\n# as of: 2026-03-01T12:00:00Z\nname,start,end\n", "more than once"),
        ("# rows: 2\nname,start,end\nA,2026-03-01T12:00:00Z,2026-03-01T13:00:00Z\n", "2 rows and has 1: .* cut off"),
    ],
)
def test_what_is_not_a_calendar_is_refused(rows: str, why: str) -> None:
    with pytest.raises(CalendarError, match=why):
        parse(rows, NOON)


def test_a_clock_that_is_a_minute_behind_is_no_reason_to_refuse() -> None:
    assert parse("# as of: 2026-03-01T12:01:00Z\nname,start,end\n", NOON).as_of == NOON + 60


def test_the_longest_window_is_two_weeks() -> None:
    two_weeks = 14 * 24 * HOUR
    assert parse(text(("A", NOON, NOON + two_weeks)), NOON).windows
    with pytest.raises(CalendarError, match="line 3: A lasts longer than 14 days: correct its dates"):
        parse(text(("A", NOON, NOON + two_weeks + 1)), NOON)


def test_the_longest_name_has_120_characters() -> None:
    longest = "A" * 120
    assert parse(text((longest, NOON, NOON + 1)), NOON).windows[0].name == longest
    with pytest.raises(CalendarError, match="name the event in 1 to 120 plain characters"):
        parse(text((longest + "A", NOON, NOON + 1)), NOON)


def test_more_than_ten_thousand_rows_are_refused() -> None:
    rows = [("A", NOON, NOON + 1)] * 10_001
    with pytest.raises(CalendarError, match="it has 10001 rows; 10000 are allowed: leave out what is past"):
        parse(text(*rows), NOON)
    assert len(parse(text(*rows[:-1]), NOON).windows) == 10_000


@settings(deadline=None)
@given(st.text())
def test_garbage_is_refused_and_nothing_else_happens(garbage: str) -> None:
    with suppress(CalendarError):
        calendar = parse(garbage, NOON)
        assert all(window.start < window.end for window in calendar.windows)


NAMES = st.text(st.characters(categories=["L", "N"], include_characters=" ,'#"), min_size=1, max_size=30).filter(
    lambda name: name.strip() == name
)
WINDOWS = st.lists(
    st.builds(
        lambda name, start, length: EventWindow(name, NOON + start, NOON + start + length),
        NAMES,
        st.integers(-500, 500),
        st.integers(1, 200),
    ),
    max_size=12,
)


@settings(deadline=None)
@given(WINDOWS)
def test_merged_windows_cover_exactly_what_the_rows_cover(windows: list[EventWindow]) -> None:
    result = merged(windows)
    assert all(before.end < after.start for before, after in pairwise(result))
    for second in range(-510, 720, 3):
        now = NOON + second
        covered = any(window.start <= now < window.end for window in windows)
        assert covered == any(window.start <= now < window.end for window in result)


def test_a_merged_window_names_its_events_as_far_as_they_fit() -> None:
    both = merged([EventWindow("B", 2, 4), EventWindow("A", 1, 2), EventWindow("A", 3, 5)])
    assert both == (EventWindow("A + B", 1, 5),)
    fitting = merged([EventWindow("A" * 58, 1, 3), EventWindow("B" * 59, 2, 4)])
    assert fitting == (EventWindow("A" * 58 + " + " + "B" * 59, 1, 4),)
    longer = merged([EventWindow("A" * 58, 1, 3), EventWindow("B" * 60, 2, 4)])
    assert longer == (EventWindow("A" * 58, 1, 4),)


@settings(deadline=None)
@given(WINDOWS)
def test_a_kept_copy_is_read_back_as_it_was(windows: list[EventWindow]) -> None:
    calendar = CalendarFile(NOON, tuple(windows), "https://example.org/events.csv")
    assert parse(written(calendar), NOON) == calendar
