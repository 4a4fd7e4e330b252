"""What the practice table's tests share: a Qt without a display for painting, and real tables on a virtual screen."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from Xlib import X, display
from Xlib.ext import xtest

from app.desk.virtual_screen import virtual_screen
from app.practice.geometry import boxes, placement

LIMIT_S = 20.0
DWELL_S = 0.05
"""Clicks without a rest before and after are lost now and then."""
_PROGRAM = "import sys; from app.practice.program import main; sys.exit(main(sys.argv[1:]))"

Line = dict[str, Any]


def eventually(condition: Callable[[], Any], what: str) -> Any:
    """The first true value of ``condition``, asked until LIMIT_S have passed."""
    end = time.monotonic() + LIMIT_S
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.02)
    raise AssertionError(f"never happened: {what}")


class Screen:
    """The virtual screen as a person has it: windows to look at, a pointer and keys."""

    def __init__(self) -> None:
        self.connection = display.Display()
        self.root = self.connection.screen().root

    def press(self) -> None:
        xtest.fake_input(self.connection, X.ButtonPress, 1)
        self.connection.sync()

    def release(self) -> None:
        xtest.fake_input(self.connection, X.ButtonRelease, 1)
        self.connection.sync()

    def point(self, x: int, y: int, title: str) -> None:
        """Put the pointer on a pixel of the window of that title, and rest there as a hand does."""
        xtest.fake_input(self.connection, X.MotionNotify, x=x, y=y)
        self.connection.sync()
        eventually(lambda: self.under_pointer().get_wm_name() == title, f"the pointer over {title}")
        time.sleep(DWELL_S)

    def under_pointer(self) -> Any:
        """The innermost window under the pointer."""
        window = self.root
        while child := window.query_pointer().child:
            window = child
        return window

    def key(self, keysym: int) -> None:
        code = self.connection.keysym_to_keycode(keysym)
        for event in (X.KeyPress, X.KeyRelease):
            xtest.fake_input(self.connection, event, code)
            self.connection.sync()

    def pixels(self, x: int, y: int, width: int, height: int) -> bytes:
        return bytes(self.root.get_image(x, y, width, height, X.ZPixmap, 0xFFFFFFFF).data)

    def window(self, title: str) -> Any:
        """The window of that title, or None."""
        pending = [self.root]
        while pending:
            window = pending.pop()
            if window.get_wm_name() == title and window.get_wm_class():
                return window
            pending += window.query_tree().children
        return None


class Table:
    """A practice table as a real process, its control lines and its ground truth."""

    def __init__(self, screen: Screen, truth: Path, *options: str, x: int = 100, y: int = 80) -> None:
        self.screen, self.truth = screen, truth
        place = ["--x", str(x), "--y", str(y), "--truth", str(truth), "--child"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("QT_")}
        self.process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, *place, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        self.ready = self.answer()
        self.x, self.y, self.width, self.height = self.geometry()

    def answer(self) -> Line:
        """The next line of the table's standard output."""
        assert self.process.stdout is not None
        line: Line = json.loads(self.process.stdout.readline())
        return line

    def tell(self, **line: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()

    def lines(self, kind: str) -> list[Line]:
        whole = self.truth.read_text(encoding="utf-8").rpartition("\n")[0]
        return [line for line in map(json.loads, whole.splitlines()) if line["kind"] == kind]

    def wait_for(self, kind: str, condition: Callable[[Line], bool], what: str) -> Line:
        """The first line of a kind that fulfils a condition."""

        def search() -> Line | None:
            return next(filter(condition, self.lines(kind)), None)

        found: Line = eventually(search, what)
        return found

    def my_turn(self) -> Line:
        """The state in which the hero is to act and nothing moves; it must be the last one shown."""

        def search() -> Line | None:
            states = self.lines("state")
            return states[-1] if states and states[-1]["turn"] == 0 and not states[-1]["animating"] else None

        found: Line = eventually(search, "the hero's turn")
        return found

    def geometry(self) -> tuple[int, int, int, int]:
        """The client area on the screen: left, top, width, height."""
        window = self.screen.window(self.ready["title"])
        place, size = window.translate_coords(self.screen.root, 0, 0), window.get_geometry()
        return -place.x, -place.y, size.width, size.height

    def spot(self, element: str) -> tuple[int, int]:
        """The screen pixel in the middle of an element."""
        area = placement(self.width, self.height).to_pixels(boxes()[element])
        return int(self.x + area.x + area.width / 2), int(self.y + area.y + area.height / 2)

    def click(self, element: str) -> None:
        self.point(element)
        self.screen.press()
        time.sleep(DWELL_S)
        self.screen.release()

    def point(self, element: str) -> None:
        self.screen.point(*self.spot(element), self.ready["title"])

    def close(self) -> int:
        """End the table by the end of its control lines; its exit code."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        code = self.process.wait(LIMIT_S)
        self.process.stdout.close()
        return code


@pytest.fixture(scope="session")
def screen() -> Iterator[Screen]:
    with virtual_screen():
        screen = Screen()
        yield screen
        screen.connection.close()


StartTable = Callable[..., Table]


@pytest.fixture
def start_table(screen: Screen, tmp_path: Path) -> Iterator[StartTable]:
    """Starts a table in the manner of a child program; what still runs at the end of the test is ended."""
    tables: list[Table] = []

    def start(*options: str) -> Table:
        tables.append(Table(screen, tmp_path / f"truth-{len(tables)}.jsonl", *options))
        return tables[-1]

    yield start
    for table in tables:
        assert table.close() == 0
