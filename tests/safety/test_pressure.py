"""Resources count as short only when they have been for a while, and as sufficient only well below the limit."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.clock import MILLISECOND, SECOND
from engine.safety.pressure import LateSteps, Pressure, PressureLimits, PressureSample, judge

LIMITS = PressureLimits()
CALM = PressureSample(0.0, 0.3)
MEMORY = PressureSample(0.1, 0.93)
LATE = PressureSample(0.85, 0.3)


def after(pressure: Pressure, sample: PressureSample, start: int, seconds: float) -> Pressure:
    """The pressure after the same sample ten times a second."""
    for number in range(round(seconds * 10) + 1):
        pressure = judge(pressure, start + number * SECOND // 10, sample, LIMITS)
    return pressure


@pytest.mark.parametrize(
    ("sample", "text"),
    [
        (MEMORY, "93% of the memory is in use (limit 80%)"),
        (LATE, "85% of the engine's steps come late (limit 80%)"),
        (PressureSample(0.9, 0.9), "90% of the memory is in use and 90% of the engine's steps come late (limit 80%)"),
    ],
)
def test_pressure_that_lasts_is_said_in_words(sample: PressureSample, text: str) -> None:
    assert after(Pressure(), sample, 0, 0.9).text == ""
    assert after(Pressure(), sample, 0, 1.0).text == text


def test_a_peak_is_none() -> None:
    pressure = Pressure()
    for number in range(10):
        pressure = after(pressure, MEMORY, number * 10 * SECOND, 0.8)
        pressure = after(pressure, CALM, number * 10 * SECOND + SECOND, 0.1)
        assert pressure.text == ""


def test_it_ends_when_the_load_has_been_well_below_the_limit_for_a_while() -> None:
    short = after(Pressure(), MEMORY, 0, 2)
    assert after(short, PressureSample(0, 0.75), 3 * SECOND, 60).text == short.text
    assert after(short, CALM, 3 * SECOND, 4.9).text == short.text
    assert after(short, CALM, 3 * SECOND, 5.0) == Pressure("", None, 3 * SECOND)
    interrupted = after(after(short, CALM, 3 * SECOND, 4.9), LATE, 8 * SECOND, 0.1)
    assert after(interrupted, CALM, 9 * SECOND, 4.9).text == short.text


@given(st.sampled_from([PressureSample(math.nan, 0.1), PressureSample(0.1, math.nan), PressureSample(math.inf, 0.0)]))
def test_a_figure_that_is_none_counts_as_high(sample: PressureSample) -> None:
    assert after(Pressure(), sample, 0, 2).text


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=100))
def test_below_the_limit_there_is_never_pressure(samples: list[tuple[float, float]]) -> None:
    pressure = Pressure()
    for number, (late, memory) in enumerate(samples):
        low = PressureSample(min(late, 0.8), min(memory, 0.8))
        pressure = judge(pressure, number * SECOND, low, LIMITS)
        assert pressure.text == ""


def test_late_steps_are_a_share_of_the_last_two_seconds() -> None:
    steps = LateSteps(30 * MILLISECOND)
    assert steps.share == 0
    now = 0
    for _ in range(300):
        steps.step(now)
        now += 10 * MILLISECOND
    assert steps.share == 0
    for _ in range(10):
        now += 40 * MILLISECOND
        steps.step(now)
    assert 0 < steps.share < 0.1
    for _ in range(100):
        now += 40 * MILLISECOND
        steps.step(now)
    assert steps.share == 1


def test_pressure_does_not_end_exactly_at_the_border_of_relief() -> None:
    limits = PressureLimits(share=1.0, after=0, relief_after=0)
    short = Pressure("short", 0, None)
    assert judge(short, SECOND, PressureSample(0.9, 0.0), limits).text == "short"
    assert judge(short, SECOND, PressureSample(0.89, 0.0), limits).text == ""


@pytest.mark.parametrize(
    ("sample", "said"),
    [(PressureSample(0.95, 0.8), "steps come late"), (PressureSample(0.8, 0.95), "memory is in use")],
)
def test_what_stands_exactly_at_the_limit_is_not_called_short(sample: PressureSample, said: str) -> None:
    text = judge(Pressure(), 0, sample, PressureLimits(share=0.8, after=0)).text
    assert said in text
    assert " and " not in text


def test_a_step_exactly_in_time_is_not_late_and_a_late_one_counts_for_two_seconds() -> None:
    steps = LateSteps(50 * MILLISECOND)
    steps.step(0)
    steps.step(50 * MILLISECOND)
    assert steps.share == 0
    late = 50 * MILLISECOND + 51 * MILLISECOND
    steps.step(late)
    assert steps.share == 0.5
    for now in range(late + 50 * MILLISECOND, late + 2 * SECOND + 1, 50 * MILLISECOND):
        steps.step(now)
    assert steps.share > 0, "two seconds after it still counts"
    steps.step(late + 2 * SECOND + MILLISECOND)
    assert steps.share == 0
