"""The windows of a real desk with a window manager: found, placed, and what keeps the eyes from seeing all of one."""

from collections.abc import Iterator

import pytest
from Xlib import X

from engine import x11
from engine.vision.windows import X11Windows, open_windows
from engine.words import Blindness, Box
from tests.x11 import Window, bare_screen, display, wait_until

__all__ = ["display"]

pytestmark = pytest.mark.xvfb


@pytest.fixture
def windows(display: str) -> Iterator[X11Windows]:
    made = open_windows()
    yield made
    made.close()


@pytest.fixture
def table(display: str) -> Iterator[Window]:
    made = Window("Practice table - hand 3")
    yield made
    made.close()


def why(windows: X11Windows, table: Window) -> str | None:
    """The blindness now, as its name."""
    found = windows.blindness(table.info)
    return None if found is None else found[0]


def test_a_window_is_found_by_the_start_of_its_title_and_its_class(windows: X11Windows, table: Window) -> None:
    found = windows.find("Practice table", "Pitboss")
    assert found == table.info
    assert windows.find("Practice table", "Other") is None
    assert windows.find("table", "Pitboss") is None


def test_the_box_is_the_client_area_without_the_frame(windows: X11Windows, table: Window) -> None:
    found = windows.locate(table.handle)
    assert found is not None
    assert (found.box.width, found.box.height) == (400, 300)
    connection = x11.connect()
    assert x11.top_level(connection, table.handle) != table.handle, "the window manager has framed it"
    x11.disconnect(connection)


def test_a_window_follows_its_place(windows: X11Windows, table: Window) -> None:
    before = windows.locate(table.handle)
    table.move(500, 350)
    after = windows.locate(table.handle)
    assert before is not None
    assert after is not None
    assert after.box != before.box


def test_a_free_window_can_be_seen(windows: X11Windows, table: Window) -> None:
    assert windows.blindness(table.info) is None


def test_a_window_below_it_covers_nothing(windows: X11Windows, table: Window) -> None:
    below = Window("Below", Box(320, 220, 300, 200))
    table.raise_up()
    wait_until(lambda: why(windows, table) is None, "the table on top")
    below.close()


def test_a_window_over_it_is_named(windows: X11Windows, table: Window) -> None:
    over = Window("Chat", Box(600, 400, 300, 200))
    found = windows.blindness(table.info)
    assert found == (Blindness.COVERED.name, "Chat lies over the table: move it away")
    over.close()
    wait_until(lambda: windows.blindness(table.info) is None, "the free table")


def test_a_window_beside_it_covers_nothing(windows: X11Windows, table: Window) -> None:
    beside = Window("Beside", Box(800, 200, 200, 200))
    assert windows.blindness(table.info) is None
    beside.close()


def test_only_pixels_cover(windows: X11Windows, table: Window) -> None:
    """An input-only window and an unmapped one over the table hide nothing."""
    display = x11.connect()
    root = display.screen().root
    box = table.info.box
    unseen = root.create_window(
        box.x, box.y, 50, 50, 0, 0, window_class=X.InputOnly, visual=X.CopyFromParent, override_redirect=True
    )
    unseen.map()
    root.create_window(box.x, box.y, 50, 50, 0, X.CopyFromParent, override_redirect=True)
    display.sync()
    assert windows.blindness(table.info) is None
    popup = root.create_window(
        box.x, box.y, 50, 50, 0, X.CopyFromParent, override_redirect=True, background_pixel=0xFFFFFF
    )
    popup.map()
    display.sync()
    found = windows.blindness(table.info)
    assert found is not None
    assert found[0] == Blindness.COVERED.name
    assert found[1].startswith("window 0x")
    x11.disconnect(display)


def test_a_minimised_window_is_found_and_said_to_be_minimised(windows: X11Windows, table: Window) -> None:
    table.iconify()
    found = windows.find("Practice table", "Pitboss")
    assert found is not None
    assert why(windows, table) == Blindness.MINIMISED.name


@pytest.mark.parametrize(
    ("place", "side"),
    [((-50, 200), "left"), ((1000, 200), "right"), ((300, 600), "bottom")],
)
def test_a_window_that_reaches_beyond_the_screen_says_where(
    windows: X11Windows, table: Window, place: tuple[int, int], side: str
) -> None:
    table.move(*place)
    found = windows.blindness(table.info)
    assert found is not None
    assert found[0] == Blindness.OFF_SCREEN.name
    assert f"beyond the {side}" in found[1]


def test_a_window_that_is_gone_is_no_error(
    windows: X11Windows, table: Window, capfd: pytest.CaptureFixture[str]
) -> None:
    info = table.info
    table.destroy()
    assert windows.blindness(info) == (Blindness.NO_WINDOW.name, "the table window is gone")
    assert windows.locate(info.handle) is None
    assert windows.find("Practice table", "Pitboss") is None
    assert capfd.readouterr().err == ""


def test_windows_that_come_and_go_meanwhile_are_no_error(windows: X11Windows, table: Window) -> None:
    for _ in range(20):
        passing = Window("Passing", Box(900, 600, 100, 100))
        windows.find("Passing", "Pitboss")
        passing.destroy()
        assert why(windows, table) is None
        passing.close()


def test_every_name_is_one_of_the_words() -> None:
    assert {"NO_WINDOW", "MINIMISED", "OFF_SCREEN", "COVERED"} <= set(Blindness.__members__)


def test_it_works_without_a_window_manager() -> None:
    with bare_screen():
        windows, table = open_windows(), Window("Practice table")
        assert windows.find("Practice table", "Pitboss") == table.info
        assert windows.blindness(table.info) is None
        table.close()
        windows.close()


def test_a_screen_that_goes_away_reads_as_no_window() -> None:
    with bare_screen():
        windows, table = open_windows(), Window("Practice table")
        info = table.info
    found = windows.blindness(info)
    assert found == (Blindness.NO_WINDOW.name, "the screen has gone")
    assert windows.find("Practice table", "Pitboss") is None
    windows.close()
    table.close()


def test_without_a_display_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(x11.ScreenError, match="DISPLAY is not set"):
        open_windows()
