"""kill -9 of every process of a game at random moments: nothing is pressed or held afterwards, and the stop is kept.

Each is killed at any moment and with the button down; both guards are killed at once too, since neither can then
release what the other held.
"""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.permit.clock import MILLISECOND, now
from engine.words import Box
from tests.faults.product import ON_THE_WAY, Pointer, Product, pitboss, presses
from tests.x11 import Window, wait_until

pytestmark = pytest.mark.xvfb

RELEASED_WITHIN_S = 0.5
STOOD_IN_WITHIN_S = 5.0
"""The console finds both guards gone, and a program started in their place releases what they held."""
LONGEST_GAME_S = 1.5
HOST = ""
BOTH_GUARDS = "_actuator _watchdog"
LATCHED: dict[str, tuple[str, ...]] = {
    HOST: ("unclean-end",),
    "_actuator": ("actuator-lost",),
    "_watchdog": ("watchdog-lost",),
    BOTH_GUARDS: ("actuator-lost", "watchdog-lost"),
    "table": ("hold-limit", "misfire", "table-guard"),
}
"""The cause that the next start finds; a table that goes in the middle of a verified press is a misfire,
and one that goes while the guard asks for its process is not proved local."""


@pytest.fixture
def beneath(display: str) -> Iterator[Window]:
    """A window under the whole table, which must never be pressed."""
    window = Window("Beneath", Box(0, 0, 1200, 760), "Editor")
    yield window
    window.close()


def play_on_for(seconds: float) -> None:
    until = now() + round(seconds * 1000) * MILLISECOND
    wait_until(lambda: now() >= until, "the moment of the kill")


def assert_harmless(game: Product, role: str, killed_at: int, beneath: Window) -> None:
    """All gone, nothing held, nothing pressed on the table or on what lay under it."""
    with Pointer() as pointer:
        patience = STOOD_IN_WITHIN_S if role == BOTH_GUARDS else RELEASED_WITHIN_S
        wait_until(lambda: not pointer.held(), "the button up", patience)
        game.await_all_gone()
        assert not pointer.held()
    assert presses(game.home, killed_at + ON_THE_WAY) == []
    assert beneath.presses() == []


def assert_latched(home: Path, causes: tuple[str, ...]) -> None:
    """The next start refuses with its reason and presses nothing; `pitboss reset` clears it."""
    count = len(presses(home))
    again = pitboss(home, "play", "--headless", "--hands", "1")
    assert again.returncode == 1, again.stderr
    assert any(f"a stop is latched ({cause}:" in again.stderr for cause in causes), again.stderr
    assert "To reset: pitboss reset" in again.stderr
    assert "Traceback" not in again.stderr
    assert len(presses(home)) == count
    reset = pitboss(home, "reset")
    assert (reset.returncode, reset.stderr) == (0, "")
    assert "reset to STANDBY" in reset.stdout
    assert pitboss(home, "reset").stdout == "no stop is latched\n"


def kill_once(home: Path, role: str, beneath: Window, mid_click: bool) -> None:
    with Product(home, random.randrange(10**6)) as game, Pointer() as pointer:
        game.await_presses()
        if mid_click:
            wait_until(pointer.held, "a button down")
        else:
            play_on_for(random.uniform(0.0, LONGEST_GAME_S))
        killed_at = game.kill(*role.split(" "))
        assert_harmless(game, role, killed_at, beneath)
        if role != HOST:
            assert game.await_end() == 1
            assert "STOPPED: " in game.said
            assert "Traceback" not in game.said
    assert_latched(home, LATCHED[role])


@pytest.mark.parametrize("mid_click", [False, True], ids=["at any moment", "with the button down"])
@pytest.mark.parametrize("role", LATCHED)
def test_a_killed_process_leaves_nothing_that_presses(
    beneath: Window, tmp_path: Path, role: str, mid_click: bool
) -> None:
    kill_once(tmp_path / "home", role, beneath, mid_click)


@pytest.mark.e2e
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("role", LATCHED)
def test_twenty_five_kills_of_each_leave_nothing_that_presses(beneath: Window, tmp_path: Path, role: str) -> None:
    for number in range(25):
        kill_once(tmp_path / f"home-{number}", role, beneath, mid_click=number % 2 == 1)
