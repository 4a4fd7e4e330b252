"""A machine that sleeps, and times in the future: the real actuator loop on a clock of its own accepts none of it."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from engine.clock import MILLISECOND, SECOND
from engine.permit.page import PermitMode
from tests.permit.world import World

NIGHT = 8 * 3600 * SECOND
TRIALS = 200


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    made.go_on()
    made.enter(PermitMode.LIVE)
    made.lively = True
    yield made
    made.close()


def everybody(world: World) -> None:
    world.go_on()


def engine_and_watchdog(world: World) -> None:
    world.engine_beats()
    world.watchdog_beats()


def nobody(world: World) -> None:
    return


WAKING: dict[str, Callable[[World], None]] = {
    "everybody is awake at once": everybody,
    "the eyes still sleep": engine_and_watchdog,
    "nobody is awake yet": nobody,
}


def test_without_sleep_every_one_of_these_is_pressed(world: World) -> None:
    for _ in range(TRIALS):
        assert world.ask(world.intent("fold"))["status"] == "pressed"


@pytest.mark.parametrize("waking", WAKING)
def test_what_was_asked_before_a_sleep_is_not_pressed_after_it(world: World, waking: str) -> None:
    for _ in range(TRIALS):
        world.go_on()
        message = world.intent("fold")
        world.asleep(NIGHT)
        WAKING[waking](world)
        assert world.ask(message)["status"] == "refused"
    assert "down" not in world.device.done


@pytest.mark.parametrize("waking", WAKING)
@pytest.mark.parametrize("moment", [0, 5, 25, 45, 49])
def test_a_sleep_between_the_request_and_the_press_prevents_the_press(world: World, waking: str, moment: int) -> None:
    world.events.append((world.now() + moment * MILLISECOND, partial(sleep_through, world, waking)))
    report = world.ask(world.intent("fold"))
    assert (report["status"], report["pressed_at"]) == ("refused", 0)
    assert "down" not in world.device.done


def sleep_through(world: World, waking: str) -> None:
    world.asleep(NIGHT)
    WAKING[waking](world)


@pytest.mark.parametrize("waking", WAKING)
def test_a_sleep_between_two_keys_ends_the_typing(world: World, waking: str) -> None:
    def after_the_click() -> None:
        sleep_through(world, waking)

    world.device.at["select all"] = after_the_click
    report = world.ask(world.intent("amount"))
    assert report["status"] == "refused"
    assert world.device.done == ["move", "down", "up", "select all"]


def test_a_sleep_with_the_button_down_ends_with_the_button_up(world: World) -> None:
    world.events.append((world.now() + 60 * MILLISECOND, partial(world.asleep, NIGHT)))
    world.ask(world.intent("fold"))
    assert world.device.done == ["move", "down", "up"]
    assert not world.device.held


@pytest.mark.parametrize("ahead", [1, MILLISECOND, SECOND, NIGHT])
@pytest.mark.parametrize("early", ["captured_at", "engine_beat", "watchdog_beat", "asked_at"])
def test_a_permit_from_the_future_is_not_accepted(world: World, early: str, ahead: int) -> None:
    """Time stands still for the actuator here, so that what lies ahead stays ahead."""
    world.lively = False
    world.go_on()
    message = world.intent("fold")
    if early == "captured_at":
        world.frame(world.now() + ahead + 50 * MILLISECOND, True, 5)
    elif early == "engine_beat":
        world.engine_beats(ahead + 50 * MILLISECOND)
    elif early == "watchdog_beat":
        world.watchdog_beats(ahead + 50 * MILLISECOND)
    else:
        message["asked_at"] += ahead + 50 * MILLISECOND
    report = world.ask(message)
    assert (report["status"], "future" in report["reason"]) == ("refused", True)
    assert "down" not in world.device.done
