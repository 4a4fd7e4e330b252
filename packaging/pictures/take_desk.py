"""Takes the README's picture: console and practice table in the middle of a hand, on a virtual screen.

Run it in the private environment from the repository: ``.venv/bin/python packaging/pictures/take_desk.py``.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import mss
import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app.desk.virtual_screen import virtual_screen  # noqa: E402  (needs the path above)
from engine import x11  # noqa: E402
from engine.clock import SECOND, SystemClock  # noqa: E402
from engine.records.journal_reading import JournalRow, read  # noqa: E402

PLAY = ("play", "--players", "6", "--pace", "0.6")
DESK = 0x30363C
"""Colour of the desk behind the windows, as 0xRRGGBB."""
EVERY_S = 0.5
# A picture this long after a decision shows it; a second later the hand has moved on.
FROM, UNTIL = SECOND // 5, SECOND


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture, (height, width, 3) uint8 BGR, and its time on the engine's clock in ns."""

    at: int
    pixels: NDArray[np.uint8]


def main() -> int:
    """Play for a while, a picture every half second; keep the one that shows the most telling decision."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", default="7", help="seed of deck and opponents (default: %(default)s)")
    parser.add_argument("--after", type=float, default=30.0, help="seconds until the charts have something to show")
    parser.add_argument("--for", dest="seconds", type=float, default=45.0, help="seconds of pictures (default: 45)")
    parser.add_argument("--screen", type=int, nargs=2, default=(1920, 1080), metavar=("WIDTH", "HEIGHT"))
    parser.add_argument("--width", type=int, default=1440, help="pixels of the kept picture (default: %(default)s)")
    parser.add_argument("--into", type=Path, default=ROOT / "docs" / "images" / "console.png")
    options = parser.parse_args()
    with virtual_screen(*options.screen), tempfile.TemporaryDirectory() as home:
        paint_desk()
        environment = os.environ | {"PITBOSS_HOME": home}
        play = subprocess.Popen([sys.executable, "-m", "app", *PLAY, "--seed", options.seed], cwd=ROOT, env=environment)
        time.sleep(options.after)
        shots = list(taken(options.seconds, options.width))
        play.terminate()
        play.wait(60)
        journal = next(Path(home).glob("*/journals/*.sqlite"))
        kept = chosen(shots, list(read(journal, "decision")))
    cv2.imwrite(str(options.into), kept.pixels, [cv2.IMWRITE_PNG_COMPRESSION, 9])
    return 0


def paint_desk() -> None:
    """Give the screen's root window a quiet colour."""
    display = x11.connect()
    root = display.screen().root
    root.change_attributes(background_pixel=DESK)
    root.clear_area()
    display.sync()
    x11.disconnect(display)


def taken(seconds: float, width: int) -> Iterator[Shot]:
    """Pictures of the whole screen, ``width`` pixels wide."""
    clock, end = SystemClock(), time.monotonic() + seconds
    with mss.MSS() as screen:
        while time.monotonic() < end:
            at, pixels = clock.now(), np.asarray(screen.grab(screen.monitors[0]))[:, :, :3]
            size = (width, round(width * pixels.shape[0] / pixels.shape[1]))
            yield Shot(at, np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8))
            time.sleep(EVERY_S)


def chosen(shots: list[Shot], decisions: list[JournalRow]) -> Shot:
    """The picture of the decision with most to show. Raises SystemExit when none was taken in time."""
    ranked = sorted(decisions, key=lambda row: telling(row.data), reverse=True)
    for row in ranked:
        for shot in shots:
            if FROM <= shot.at - row.at <= UNTIL:
                return shot
    raise SystemExit("no picture shows a decision: let it play longer (--for)")


def telling(row: dict[str, Any]) -> tuple[bool, bool, int]:
    """Better decisions to show are greater: a board, no fold, many actions weighed."""
    decision, board = row["decision"], row["state"]["board"]
    played = [value for value in decision["distribution"] if value["frequency"] > 0.02]
    return len(board) >= 3, decision["action"]["kind"] != "fold", len(played)


if __name__ == "__main__":
    sys.exit(main())
