"""Known blindness holds, and stops when it lasts; what cannot be read stops. Nothing is pressed meanwhile."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.permit.clock import MILLISECOND
from engine.words import Box, Cause, Mode
from tests.drills.feeder import Feeder
from tests.drills.panic_stop import await_stop
from tests.drills.stand import PLACE, Stand, drill_config, stand
from tests.x11 import Window, wait_until

pytestmark = pytest.mark.xvfb

HOLD_LIMIT_S = 1.0
ON_THE_WAY = 50 * MILLISECOND
COVER = Box(700, 150, 200, 150)


@pytest.fixture
def drill(display: str, tmp_path: Path) -> Iterator[Stand]:
    with stand(tmp_path) as made:
        made.arm()
        yield made


@pytest.fixture
def impatient(display: str, tmp_path: Path) -> Iterator[Stand]:
    with stand(tmp_path, drill_config(hold_limit_s=HOLD_LIMIT_S)) as made:
        made.arm()
        yield made


def cover(drill: Stand) -> Callable[[], None]:
    """Above the table, which is clicked all the time, and each click would bring it up."""
    window = Window("Cover", COVER, "Editor")
    window.keep_above()
    return window.close


def minimise(drill: Stand) -> Callable[[], None]:
    drill.table.send(cmd="minimise")
    return lambda: drill.table.send(cmd="restore")


def push_off_the_screen(drill: Stand) -> Callable[[], None]:
    drill.table.send(cmd="move", x=-300, y=PLACE[1])
    return lambda: drill.table.send(cmd="move", x=PLACE[0], y=PLACE[1])


BLIND: dict[str, Callable[[Stand], Callable[[], None]]] = {
    "another window covers the table": cover,
    "the table window is minimised": minimise,
    "part of the table is off the screen": push_off_the_screen,
}


def held(drill: Stand, reason: str) -> bool:
    now = drill.runtime.snapshot()
    return now.mode is Mode.HOLD and reason in now.mode_reason


@pytest.mark.parametrize("reason", BLIND)
def test_a_table_out_of_sight_holds_until_it_is_seen_again(drill: Stand, reason: str) -> None:
    with Feeder(drill):
        wait_until(lambda: len(drill.lines("press")) >= 2, "legitimate presses")
        undo = BLIND[reason](drill)
        wait_until(lambda: held(drill, reason), "HOLD")
        since = drill.runtime.snapshot().at
        wait_until(lambda: drill.runtime.snapshot().at - since > 300 * MILLISECOND, "a moment in HOLD")
        assert drill.mode is Mode.HOLD
        assert drill.lines("press", since + ON_THE_WAY) == []
        undo()
        wait_until(lambda: drill.mode is Mode.LIVE, "LIVE again")


def test_a_table_that_is_moved_holds_and_is_followed(drill: Stand) -> None:
    drill.table.send(cmd="move", x=PLACE[0] + 60, y=PLACE[1] + 40)
    wait_until(lambda: held(drill, "the table window is moving"), "HOLD")
    wait_until(lambda: drill.mode is Mode.LIVE, "LIVE again")
    with Feeder(drill):
        wait_until(lambda: drill.lines("press"), "a press at the new place")


def test_blindness_that_lasts_stops(impatient: Stand) -> None:
    undo = cover(impatient)
    await_stop(impatient)
    undo()
    panic = impatient.runtime.snapshot().panic
    assert panic is not None
    assert (panic.cause, impatient.latched()) == (Cause.HOLD_LIMIT, Cause.HOLD_LIMIT)
    assert "another window covers the table" in panic.measured
    assert panic.limit == "1 s"


def test_a_table_that_stands_still_holds_as_stale_and_then_stops(impatient: Stand) -> None:
    impatient.disturb("freeze")
    wait_until(lambda: held(impatient, "the picture does not change"), "HOLD")
    since = impatient.runtime.snapshot().at
    await_stop(impatient)
    assert impatient.lines("press", since) == []
    assert impatient.latched() == Cause.HOLD_LIMIT


def test_a_picture_that_never_settles_stops_without_a_press(drill: Stand) -> None:
    limit = drill.config.vision.unsettled_limit_ms * MILLISECOND
    with Feeder(drill):
        wait_until(lambda: len(drill.lines("press")) >= 2, "legitimate presses")
        drill.disturb("live-noise")
        await_stop(drill)
    panic = drill.runtime.snapshot().panic
    assert panic is not None
    shown_at = next(line["t"] for line in drill.lines("disturb") if line["what"] == "live-noise")
    assert (panic.cause, drill.latched()) == (Cause.CONFIDENCE, Cause.CONFIDENCE)
    assert panic.at - shown_at < limit + 1000 * MILLISECOND
    assert drill.lines("press", shown_at + 250 * MILLISECOND) == []
