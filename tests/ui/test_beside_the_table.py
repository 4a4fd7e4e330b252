"""On a real screen with a window manager: console and table beside each other, and the stop whole within reach."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.desk.practice_process import PracticeTable
from app.desk.tiles import screen_size, tiles
from app.desk.virtual_screen import virtual_screen
from engine import x11
from engine.config import load
from engine.words import Box

pytestmark = [
    pytest.mark.xvfb,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Xvfb is for Linux"),
]
ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def console(place: tuple[int, int, int, int], directory: Path) -> Iterator[subprocess.Popen[str]]:
    """A console on the stand-in engine in a process of its own; it tells of itself in lines of JSON."""
    command = [sys.executable, "-m", "tests.ui.console_program", str(directory / "layout.ini"), *map(str, place)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        try:
            yield program
        finally:
            program.terminate()
            program.wait(20)


def told(program: subprocess.Popen[str], name: str) -> Any:
    """What the console says of ``name`` next, other words skipped."""
    assert program.stdout is not None
    for line in program.stdout:
        words = json.loads(line)
        if name in words:
            return words[name]
    raise AssertionError(f"the console ended without a word of its {name}")


def frame_of(title: str) -> Box:
    """The place of a window with the frame that the window manager drew round it."""
    display = x11.connect()
    try:
        root = display.screen().root.id
        for handle in x11.property_value(display, root, "_NET_CLIENT_LIST") or ():
            top = x11.top_level(display, handle)
            place = None if top is None else x11.area(display, top)
            if place is not None and x11.title(display, handle).startswith(title):
                return Box(*place)
    finally:
        x11.disconnect(display)
    raise AssertionError(f"no window is called {title}")


def within(inner: Box, outer: Box) -> bool:
    return (
        inner.x >= outer.x
        and inner.y >= outer.y
        and inner.x + inner.width <= outer.x + outer.width
        and inner.y + inner.height <= outer.y + outer.height
    )


def press(x: int, y: int) -> None:
    subprocess.run(["xdotool", "mousemove", "--sync", str(x), str(y), "click", "1"], check=True)


@pytest.mark.parametrize("size", [(1366, 768), (1600, 900)])
def test_both_windows_are_whole_and_the_stop_answers_at_its_corners(
    size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    screen = Box(0, 0, *size)
    with virtual_screen(*size):
        place = tiles(*screen_size())
        table = PracticeTable(load(None, "dev"), None, None, place.table)
        try:
            with console(place.console, tmp_path) as program:
                stop = Box(*told(program, "stop_button"))
                console_frame, table_frame = frame_of("Pitboss console"), frame_of("Pitboss Practice Table")
                assert within(console_frame, screen)
                assert within(table_frame, screen)
                assert table_frame.x + table_frame.width <= console_frame.x
                assert within(stop, console_frame)
                right, bottom = stop.x + stop.width - 1, stop.y + stop.height - 1
                corners = [(stop.x, stop.y), (right, stop.y), (stop.x, bottom), (right, bottom)]
                for number, corner in enumerate(corners, 1):
                    press(*corner)
                    assert told(program, "stops") == number
        finally:
            table.close()
