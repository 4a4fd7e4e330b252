"""Changes of the desk are told once: a sleep, another screen size, a screen saver, a screen that has gone."""

import threading

import pytest

from engine.clock import SECOND
from engine.runtime import surroundings
from engine.runtime.surroundings import DeskChanges, ScreenFacts, Surroundings, XScreen, sleep_offset
from engine.x11 import ScreenError
from tests.x11 import display

__all__ = ["display"]

LIMIT_S = 5.0
SCREEN = ScreenFacts(1366, 768, False)


def test_a_sleep_is_told_and_jitter_is_not() -> None:
    changes = DeskChanges()
    assert changes.slept(5 * SECOND) == ""
    assert changes.slept(5 * SECOND + 900) == ""
    assert changes.slept(65 * SECOND) == "the machine slept for 60.0 s"
    assert changes.slept(65 * SECOND) == ""


def test_size_and_saver_of_the_screen_are_told() -> None:
    changes = DeskChanges()
    assert changes.screen(SCREEN) == ""
    assert changes.screen(ScreenFacts(1920, 1080, False)) == "the screen is 1920 x 1080 now, it was 1366 x 768"
    assert changes.screen(ScreenFacts(1920, 1080, True)) == "the screen was locked or saved"
    assert changes.screen(ScreenFacts(1920, 1080, True)) == ""
    assert changes.screen(ScreenFacts(1920, 1080, False)) == ""


def test_a_screen_that_is_saved_from_the_start_is_told() -> None:
    assert DeskChanges().screen(ScreenFacts(800, 600, True)) == "the screen is locked or saved"


class Screen:
    """A screen that changes its size, then goes; ``answers`` may be given anew."""

    def __init__(self) -> None:
        self.asked = threading.Semaphore(0)
        self.answers = [SCREEN, ScreenFacts(800, 600, False)]
        self.error: Exception = ScreenError("the screen has gone")
        self.opened = 0

    def open(self) -> "Screen":
        self.opened += 1
        return self

    def facts(self) -> ScreenFacts:
        self.asked.release()
        if not self.answers:
            raise self.error
        return self.answers.pop(0)

    def close(self) -> None:
        self.answers = []

    def wait(self, times: int) -> None:
        for _ in range(times):
            assert self.asked.acquire(timeout=LIMIT_S)


def test_what_changed_is_handed_over_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "PERIOD_S", 0.02)
    screen = Screen()
    screen.answers += [ScreenFacts(800, 600, False)] * 1000
    watch = Surroundings(screen.open)
    watch.start()
    screen.wait(3)
    watch.close()
    assert watch.changed() == "the screen is 800 x 600 now, it was 1366 x 768"
    assert watch.changed() == ""
    assert 0 < watch.memory <= 1


@pytest.mark.parametrize("error", [ScreenError("the screen has gone"), RuntimeError("nonsense came back")])
def test_a_desk_that_cannot_be_watched_is_said_for_as_long_as_that_lasts(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(surroundings, "PERIOD_S", 0.02)
    screen = Screen()
    screen.answers, screen.error = [], error
    watch = Surroundings(screen.open)
    watch.start()
    assert watch.changed() != "", "before the first look nothing is known of the desk"
    screen.wait(3)
    assert watch.changed() == watch.changed() == f"the desk cannot be watched: {error}"
    assert screen.opened >= 2
    screen.answers = [SCREEN] * 1000
    screen.wait(3)
    watch.close()
    assert watch.changed() == ""


def test_a_sleep_is_seen_by_the_very_next_question(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Surroundings(Screen)
    assert watch.changed() == ""
    slept = sleep_offset() + 7 * SECOND
    monkeypatch.setattr(surroundings, "sleep_offset", lambda: slept)
    assert watch.changed() == "the machine slept for 7.0 s"
    assert watch.changed() == ""


@pytest.mark.xvfb
def test_the_real_screen_tells_its_size(display: str) -> None:
    screen = XScreen()
    facts = screen.facts()
    screen.close()
    assert facts.width >= 640
    assert facts.height >= 480
