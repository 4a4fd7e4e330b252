"""The watchdog's share that needs no screen: what counts as a stall, and that it counts as one only while it should."""

from engine.permit.clock import MILLISECOND, SECOND
from engine.permit.watchdog import STALL_LIMIT, Stall

STEP = 5 * MILLISECOND


def stall_after(stall: Stall, start: int, limit: int, expected: bool = True) -> int | None:
    """How long the counter stood until it was called a stall, None when it was not within ``limit``."""
    now = start
    while now - start <= limit:
        if stall.stalled(7, now, expected):
            return now - start
        now += STEP
    return None


def test_a_counter_that_stands_for_three_seconds_is_a_stall() -> None:
    assert stall_after(Stall(), SECOND, 4 * SECOND) == STALL_LIMIT


def test_a_counter_that_moves_is_none() -> None:
    stall = Stall()
    assert not any(stall.stalled(step // 500, step * STEP, True) for step in range(5_000))


def test_where_no_progress_is_expected_there_is_no_stall() -> None:
    stall = Stall()
    assert stall_after(stall, SECOND, 10 * SECOND, expected=False) is None
    assert stall_after(stall, 11 * SECOND, 4 * SECOND) == STALL_LIMIT, "arming starts the count"


def test_a_machine_that_slept_has_not_stalled() -> None:
    stall = Stall()
    assert not stall.stalled(7, SECOND, True)
    assert not stall.stalled(7, 3_600 * SECOND, True)
    waited = stall_after(stall, 3_600 * SECOND, 4 * SECOND)
    assert waited is not None
    assert waited > 2 * SECOND
