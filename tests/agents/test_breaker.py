"""The breaker opens after failures in a row, tries once after a while, and closes with a success."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.agents.breaker import BreakerState, CircuitBreaker
from engine.clock import SECOND, VirtualClock


def opened(clock: VirtualClock) -> CircuitBreaker:
    breaker = CircuitBreaker(clock, failures=3, open_for=30 * SECOND)
    for _ in range(3):
        assert breaker.state is BreakerState.CLOSED
        breaker.failed()
    assert breaker.state is BreakerState.OPEN
    return breaker


def test_failures_in_a_row_open_it_and_a_success_between_begins_the_count_anew() -> None:
    clock = VirtualClock()
    opened(clock)
    breaker = CircuitBreaker(clock, failures=3)
    for _ in range(20):
        breaker.failed()
        breaker.failed()
        breaker.succeeded()
    assert breaker.state is BreakerState.CLOSED


def test_after_a_while_one_trial_decides() -> None:
    clock = VirtualClock()
    breaker = opened(clock)
    seen = [breaker.state]
    for pause in (30 * SECOND - 1, 1):
        clock.sleep(pause)
        seen.append(breaker.state)
    breaker.failed()
    seen.append(breaker.state)
    clock.sleep(30 * SECOND)
    breaker.succeeded()
    seen.append(breaker.state)
    assert seen == ["open", "open", "half-open", "open", "closed"]
    assert breaker.failures == 0


def test_a_late_success_does_not_close_it() -> None:
    clock = VirtualClock()
    breaker = opened(clock)
    breaker.succeeded()
    assert breaker.state is BreakerState.OPEN


def test_failures_while_it_is_open_do_not_keep_it_open() -> None:
    clock = VirtualClock()
    breaker = opened(clock)
    clock.sleep(29 * SECOND)
    breaker.failed()
    clock.sleep(SECOND)
    assert breaker.state is BreakerState.HALF_OPEN


def test_it_needs_at_least_one_failure() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        CircuitBreaker(VirtualClock(), failures=0)


@given(st.lists(st.sampled_from(["failed", "succeeded", "wait"])), st.integers(1, 5))
def test_closed_means_fewer_failures_in_a_row_than_the_limit(happenings: list[str], limit: int) -> None:
    clock = VirtualClock()
    breaker = CircuitBreaker(clock, limit, SECOND)
    for happening in happenings:
        if happening == "wait":
            clock.sleep(SECOND // 2)
        else:
            getattr(breaker, happening)()
        assert (breaker.state is BreakerState.CLOSED) == (breaker.failures < limit)
