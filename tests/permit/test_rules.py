"""The rule of the permit: any one condition broken is a refusal."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.permit.clock import MILLISECOND, SECOND
from engine.permit.rules import (
    ENGINE_BEAT_LIMIT,
    PERMIT_LIMIT,
    QUEUE_LIMIT,
    REQUEST_LIMIT,
    WATCHDOG_BEAT_LIMIT,
    Claim,
    lateness,
    refusal,
)
from engine.permit.words import PermitMode, Stop, StopCode, Words

NOW = 10_000 * MILLISECOND
BUTTON = (100, 200, 60, 30)
ON_IT, BESIDE_IT = (130, 215), (160, 215)
GOOD = Words(11, PermitMode.LIVE, NOW, NOW, 22, NOW, 1, 1, (), NOW - SECOND, (BUTTON,))
CLAIM = Claim(11, 5, 22, False, NOW, ON_IT)

WORDS = st.integers(0, 2**64 - 1)
TIMES = st.one_of(
    st.just(0),
    WORDS,
    st.integers(NOW - 600 * MILLISECOND, NOW + 10 * MILLISECOND),
    st.sampled_from([NOW, NOW + 1, NOW - PERMIT_LIMIT, NOW - PERMIT_LIMIT - 1, NOW - WATCHDOG_BEAT_LIMIT - 1]),
)
STOPS = st.one_of(st.just(()), st.tuples(st.builds(Stop, st.just("console"), st.integers(1, 2**64 - 1))))
SMALL = st.integers(0, 3)
PAGES = st.builds(
    Words,
    SMALL,
    st.one_of(st.integers(0, 6), WORDS),
    TIMES,
    TIMES,
    SMALL,
    TIMES,
    st.just(1),
    st.just(1),
    STOPS,
    TIMES,
    st.sampled_from([(), (BUTTON,)]),
)
WITH_TIME: dict[str, Callable[[int], Words]] = {
    "captured_at": lambda time: replace(GOOD, captured_at=time),
    "engine_beat": lambda time: replace(GOOD, engine_beat=time),
    "watchdog_beat": lambda time: replace(GOOD, watchdog_beat=time),
}
CLAIMS = st.builds(Claim, SMALL, SMALL, SMALL, st.booleans(), TIMES, st.sampled_from([ON_IT, BESIDE_IT, (0, 0)]))


def holds(words: Words, now: int, claim: Claim, last: int) -> bool:
    """The rule said once more, as one sentence of the design."""
    attested = words.passive == (BUTTON,) and claim.point == ON_IT
    return (
        words.captured_at > 0
        and 0 <= now - words.captured_at <= PERMIT_LIMIT
        and words.engine_beat > 0
        and 0 <= now - words.engine_beat <= ENGINE_BEAT_LIMIT
        and words.watchdog_beat > 0
        and 0 <= now - words.watchdog_beat <= WATCHDOG_BEAT_LIMIT
        and not words.stops
        and (words.mode == PermitMode.LIVE or (words.mode == PermitMode.SAFE and claim.passive and attested))
        and words.mode_since <= claim.asked_at
        and claim.asked_at > 0
        and 0 <= now - claim.asked_at <= REQUEST_LIMIT
        and words.epoch == claim.epoch
        and words.view_id == claim.view_id
        and claim.intent_id > last
    )


@given(PAGES, CLAIMS, st.integers(-1, 3))
def test_there_is_leave_exactly_when_every_condition_holds(words: Words, claim: Claim, last: int) -> None:
    assert (refusal(words, NOW, claim, last) == "") == holds(words, NOW, claim, last)


@given(
    st.sampled_from(list(WITH_TIME)),
    st.one_of(st.just(0), st.integers(1, NOW - WATCHDOG_BEAT_LIMIT - 1), st.integers(NOW + 1, 2**64 - 1)),
)
def test_one_time_that_is_missing_old_or_in_the_future_refuses(word: str, time: int) -> None:
    assert refusal(WITH_TIME[word](time), NOW, CLAIM, 4)


def test_a_good_page_gives_leave_up_to_the_last_nanosecond() -> None:
    assert refusal(GOOD, NOW, CLAIM, 4) == ""
    assert refusal(replace(GOOD, captured_at=NOW - PERMIT_LIMIT), NOW, CLAIM, 4) == ""
    assert "limit is 225 ms" in refusal(replace(GOOD, captured_at=NOW - PERMIT_LIMIT - 1), NOW, CLAIM, 4)


@pytest.mark.parametrize("mode", [mode for mode in PermitMode if mode not in (PermitMode.LIVE, PermitMode.SAFE)])
def test_no_other_mode_allows_a_press(mode: PermitMode) -> None:
    assert mode.name in refusal(replace(GOOD, mode=mode), NOW, replace(CLAIM, passive=True), 4)


def test_safe_allows_what_is_passive_only() -> None:
    safe = replace(GOOD, mode=PermitMode.SAFE)
    assert refusal(safe, NOW, replace(CLAIM, passive=True), 4) == ""
    assert "check and fold only" in refusal(safe, NOW, CLAIM, 4)


def test_safe_presses_only_where_the_eyes_see_check_or_fold() -> None:
    safe, passive = replace(GOOD, mode=PermitMode.SAFE), replace(CLAIM, passive=True)
    assert "the eyes see neither" in refusal(safe, NOW, replace(passive, point=BESIDE_IT), 4)
    assert "the eyes see neither" in refusal(replace(safe, passive=()), NOW, passive, 4)
    assert refusal(replace(safe, passive=((0, 0, 9, 9), BUTTON)), NOW, passive, 4) == ""


def test_what_was_asked_for_before_the_mode_changed_is_void() -> None:
    """Into HOLD and back to LIVE: an intent of before is not carried out after."""
    again = replace(GOOD, mode_since=NOW - 10)
    assert "mode has changed" in refusal(again, NOW, replace(CLAIM, asked_at=NOW - 11), 4)
    assert refusal(again, NOW, replace(CLAIM, asked_at=NOW - 10), 4) == ""


def test_a_request_that_is_old_or_of_the_future_is_refused() -> None:
    for asked_at in (0, NOW + 1, NOW - REQUEST_LIMIT - 1):
        assert refusal(replace(GOOD, mode_since=0), NOW, replace(CLAIM, asked_at=asked_at), 4)
    assert lateness(NOW, replace(CLAIM, asked_at=NOW - QUEUE_LIMIT)) == ""
    assert "limit is 250 ms" in lateness(NOW, replace(CLAIM, asked_at=NOW - QUEUE_LIMIT - 1))
    assert lateness(NOW, replace(CLAIM, asked_at=NOW + 1))


def test_the_reason_names_who_stopped_and_why() -> None:
    stopped = replace(GOOD, stops=(Stop("watchdog", StopCode.HOTKEY), Stop("console", 99)))
    assert refusal(stopped, NOW, CLAIM, 4) == "stopped by watchdog: HOTKEY, console: code 99"


def test_an_intent_is_used_once_and_never_out_of_order() -> None:
    assert "was used" in refusal(GOOD, NOW, CLAIM, 5)
    assert "was used" in refusal(GOOD, NOW, CLAIM, 6)
