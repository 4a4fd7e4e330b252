"""A console on the stand-in engine, run as a program of its own on a real screen; it tells where its stop is."""

import json
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.console.application import run_console
from app.console.stop_button import StopButton
from engine.words import Mode
from tests.ui.scene import a_snapshot
from tests.ui.standin import StandInEngine


class TellingEngine(StandInEngine):
    """Says every stop that reached it."""

    def stop(self) -> None:
        super().stop()
        tell("stops", len(self.stops))


class Teller:
    """Says the stop's rectangle in pixels of the screen once it has been the same for two heartbeats."""

    def __init__(self) -> None:
        self._last: list[int] = []
        self._told = False

    def tick(self) -> bool:
        now = stop_rectangle()
        if now == self._last and not self._told:
            self._told = True
            tell("stop_button", now)
        self._last = now
        return False


def stop_rectangle() -> list[int]:
    """Left, top, width and height of the stop on the screen."""
    button = next(each for each in QApplication.allWidgets() if isinstance(each, StopButton))
    corner = button.mapToGlobal(button.rect().topLeft())
    return [corner.x(), corner.y(), button.width(), button.height()]


def tell(name: str, value: object) -> None:
    print(json.dumps({name: value}), flush=True)


def main() -> int:
    layout_file, *place = sys.argv[1:]
    left, top, width, height = map(int, place)
    return run_console(
        TellingEngine(a_snapshot(Mode.LIVE)),
        profile="dev",
        layout_file=Path(layout_file),
        position=(left, top, width, height),
        on_tick=Teller().tick,
    )


if __name__ == "__main__":
    sys.exit(main())
