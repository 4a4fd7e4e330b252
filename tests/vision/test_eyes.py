"""The eyes before the real table on a real screen: what they read, when they read, and when they say they cannot."""

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from app.desk.practice_process import PracticeTable
from app.desk.virtual_screen import environment, virtual_screen
from engine.clock import MILLISECOND, SECOND, SystemClock
from engine.config import load
from engine.config.places import root
from engine.vision.eyes import Rules, ScreenEyes
from engine.vision.pack import load as load_pack
from engine.vision.windows import X11Windows, open_windows
from engine.words import Blindness, Box, Look, Observation
from tests.x11 import Window

pytestmark = pytest.mark.xvfb

PLACE = Box(40, 40, 800, 500)
RULES = Rules(stale_after=SECOND)
PATIENCE_S = 10.0
FRAME_S = 0.03


class Watched:
    """A table whose hero's turn stays open, and the eyes that look at it."""

    def __init__(self, table: PracticeTable, windows: X11Windows) -> None:
        self.table = table
        layout = root() / "resources" / "layouts" / "practice" / "felt"
        self.eyes = ScreenEyes(load_pack(layout), windows, SystemClock(), RULES)

    def until(self, condition: Callable[[Look], bool], what: str) -> list[Look]:
        """The looks at frame rate up to the first that fulfils a condition."""
        looks: list[Look] = []
        deadline = time.monotonic() + PATIENCE_S
        while not looks or not condition(looks[-1]):
            assert time.monotonic() < deadline, f"never seen: {what}; last {looks[-1] if looks else None}"
            time.sleep(FRAME_S)
            looks.append(self.eyes.look())
        return looks

    def during(self, seconds: float) -> list[Look]:
        """The looks of a while."""
        end = time.monotonic() + seconds
        return self.until(lambda look: time.monotonic() > end, "the end of the while")

    def read(self) -> Observation:
        """The first confident, settled picture of our turn."""
        look = self.until(_is_read, "a table that is read")[-1]
        assert look.observation is not None
        return look.observation

    def pixels(self) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        frame = self.eyes.frame
        assert frame is not None
        return frame.pixels


def _is_good(look: Look) -> bool:
    return look.observation is not None and look.observation.confidence >= RULES.confidence


def _is_read(look: Look) -> bool:
    return _is_good(look) and look.settled and look.observation is not None and look.observation.turn.value == 0


@pytest.fixture(scope="module")
def screen() -> Iterator[str]:
    with virtual_screen(1280, 800) as name, environment({"QT_QPA_PLATFORM": "xcb"}):
        yield name


@pytest.fixture
def watched(screen: str, tmp_path: Path) -> Iterator[Watched]:
    config = load(None, "dev")
    table = config.table.model_copy(update={"pace": 0.0, "seed": 5, "players": 3, "theme": "felt"})
    process = PracticeTable(
        config.model_copy(update={"table": table}), tmp_path / "truth.jsonl", None, _as_tuple(PLACE)
    )
    windows = open_windows()
    made = Watched(process, windows)
    try:
        made.read()
        process.send(cmd="hold", on=True)
        yield made
    finally:
        made.eyes.close()
        windows.close()
        process.close()


def _as_tuple(box: Box) -> tuple[int, int, int, int]:
    return box.x, box.y, box.width, box.height


def _move_pointer(x: int, y: int, click: bool = False) -> None:
    subprocess.run(["xdotool", "mousemove", str(x), str(y), *(["click", "1"] if click else [])], check=True)


def test_the_same_pixels_are_not_read_again(watched: Watched) -> None:
    seen = watched.read()

    def passed_the_gate(look: Look) -> bool:
        return look.recognise_ns == 0 and look.observation is not None and look.observation.captured_at == look.at

    again = watched.until(passed_the_gate, "a picture that passes the gate")[-1]
    assert again.observation is not None
    assert not again.changed
    assert again.settled
    assert again.observation.view_id == seen.view_id
    assert again.observation.captured_at > seen.captured_at


@pytest.mark.parametrize("kind", ["fold", "amount"])
def test_hover_focus_and_caret_are_not_other_content(watched: Watched, kind: str) -> None:
    seen = watched.read()
    control = seen.control(kind)
    assert control is not None
    box = control.box
    cut = np.s_[box.y : box.y + box.height, box.x : box.x + box.width]
    before = watched.pixels()[cut].copy()
    _move_pointer(PLACE.x + box.x + box.width // 2, PLACE.y + box.y + box.height // 2, click=kind == "amount")
    looks = watched.during(1.2)
    assert not np.array_equal(watched.pixels()[cut], before), "the control looks otherwise now"
    assert {look.observation.view_id for look in looks if look.observation is not None} == {seen.view_id}
    assert all(map(_is_good, looks))


def test_a_window_over_the_table_is_blindness_that_ends_with_it(watched: Watched) -> None:
    watched.read()
    cover = Window("A note", Box(PLACE.x + 300, PLACE.y + 200, 120, 90))
    try:
        blind = watched.until(lambda look: look.blindness is not None, "the cover")[-1]
        assert blind.blindness is Blindness.COVERED
        assert "A note" in blind.detail
        assert blind.observation is None
    finally:
        cover.destroy()
        cover.close()
    watched.read()


def test_a_moved_table_is_blindness_once_and_read_at_its_new_place(watched: Watched) -> None:
    before = watched.read()
    watched.table.send(cmd="move", x=200, y=150)
    looks = watched.until(lambda look: _is_read(look) and look.blindness is None and _left(look) != PLACE.x, "the move")
    moved = [look for look in looks if look.blindness is not None]
    assert [look.blindness for look in moved] == [Blindness.MOVED]
    after = looks[-1].observation
    assert after is not None
    assert (after.window.box.x, after.window.box.y) == (200, 150)
    assert after.view_id == before.view_id


def _left(look: Look) -> int:
    return look.observation.window.box.x if look.observation is not None else PLACE.x


def test_a_minimised_table_is_blindness_that_ends_with_it(watched: Watched) -> None:
    watched.read()
    watched.table.send(cmd="minimise")
    watched.until(lambda look: look.blindness is Blindness.MINIMISED, "the table minimised")
    watched.table.send(cmd="restore")
    watched.read()


def test_a_frozen_picture_is_stale_though_it_can_be_read(watched: Watched) -> None:
    watched.read()
    watched.table.send(cmd="disturb", what="freeze")
    began = time.monotonic()
    looks = watched.until(lambda look: look.blindness is Blindness.STALE, "the stale picture")
    assert time.monotonic() - began >= RULES.stale_after / SECOND - 0.2
    assert looks[-1].observation is None
    watched.table.send(cmd="disturb", what="none")
    watched.read()


def test_noise_that_never_rests_is_never_good_and_counts_in_the_end(watched: Watched) -> None:
    watched.read()
    watched.table.send(cmd="disturb", what="live-noise")
    watched.until(lambda look: not _is_good(look), "the noise")
    looks = watched.during(RULES.unsettled_limit / SECOND + 0.5)
    assert not any(map(_is_good, looks))
    assert sum(look.evaluate for look in looks) >= 3


def test_another_look_of_the_table_is_not_confident(watched: Watched) -> None:
    watched.read()
    watched.table.send(cmd="theme", name="slate")
    watched.until(lambda look: not _is_good(look), "the other theme")
    looks = watched.during(0.5)
    assert not any(map(_is_good, looks))
    assert any(look.evaluate for look in looks), "a steady picture that is not known counts at once"


def test_a_resized_table_is_read_at_its_new_scale(watched: Watched) -> None:
    before = watched.read()
    watched.table.send(cmd="resize", width=1000, height=625)
    looks = watched.until(lambda look: _is_read(look) and _scale(look) > 0.7, "the table at another scale")
    after = looks[-1].observation
    assert after is not None
    assert before.scale == pytest.approx(800 / 1280, abs=0.003)
    assert after.scale == pytest.approx(1000 / 1280, abs=0.003)
    assert after.view_id == before.view_id


def _scale(look: Look) -> float:
    return look.observation.scale if look.observation is not None else 0.0


def test_what_is_read_comes_at_its_cadence(watched: Watched) -> None:
    """On our turn every frame counts, on others' turns ten a second do."""
    watched.read()
    looks = watched.during(1.0)
    counted = [look.at for look in looks if look.evaluate]
    gaps = np.diff(counted) / MILLISECOND
    assert len(counted) >= 10
    assert gaps.min() >= RULES.turn_every / MILLISECOND - 5
