"""Takes the README's picture: console and practice table in the middle of a hand, on a virtual screen.

Run it in the private environment from the repository: ``.venv/bin/python packaging/pictures/take_desk.py``.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2
import mss
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app.desk.virtual_screen import virtual_screen  # noqa: E402  (needs the path above)

PLAY = ("play", "--hands", "1000", "--seed", "11", "--players", "6", "--pace", "0.6")


def main() -> int:
    """Play for a while, take the picture, end the run in order."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--after", type=float, default=12.0, help="seconds of play (default: %(default)s)")
    parser.add_argument("--into", type=Path, default=ROOT / "docs" / "images" / "console.png")
    options = parser.parse_args()
    with virtual_screen(1600, 900), tempfile.TemporaryDirectory() as home:
        play = subprocess.Popen([sys.executable, "-m", "app", *PLAY], cwd=ROOT, env=os.environ | {"PITBOSS_HOME": home})
        time.sleep(options.after)
        with mss.MSS() as screen:
            pixels = np.asarray(screen.grab(screen.monitors[0]))
        play.terminate()
        play.wait(60)
    cv2.imwrite(str(options.into), pixels[:, :, :3], [cv2.IMWRITE_PNG_COMPRESSION, 9])
    return 0


if __name__ == "__main__":
    sys.exit(main())
