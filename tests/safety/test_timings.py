"""The latencies of the stages: last value, percentiles and counts in bounded memory."""

import pytest

from engine.clock import MILLISECOND
from engine.safety.timings import STAGES, Timings
from engine.words import StageTiming


def test_a_stage_without_samples_is_not_shown() -> None:
    timings = Timings()
    assert timings.summary() == ()
    timings.add("act", 7 * MILLISECOND)
    assert timings.summary() == (StageTiming("act", 7.0, 7.0, 7.0, 1),)


def test_percentiles_of_the_last_samples_and_the_count_of_all() -> None:
    timings = Timings(keep=100)
    for value in (9_000, *range(100, 0, -1)):
        timings.add("decide", value * MILLISECOND)
    assert timings.summary() == (StageTiming("decide", 1.0, 51.0, 96.0, 101),)


def test_stages_come_in_the_order_of_a_frames_way() -> None:
    timings = Timings()
    for stage in reversed(STAGES):
        timings.add(stage, MILLISECOND)
    assert tuple(timing.stage for timing in timings.summary()) == STAGES


def test_an_unknown_stage_is_refused() -> None:
    with pytest.raises(KeyError, match="lunch"):
        Timings().add("lunch", 1)
