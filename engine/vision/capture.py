"""Captures the client area of one window from the screen with mss; one grabber belongs to one thread."""

import mss
import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from engine.words import Box


class CaptureError(RuntimeError):
    """The screen could not be captured."""


class Grabber:
    """Holds the connection to the screen. Create, use and close it in one thread."""

    def __init__(self) -> None:
        try:
            self._screen = mss.MSS()
        except mss.ScreenShotError as error:
            advice = "is DISPLAY set and an X server running?"
            raise CaptureError(f"the screen cannot be captured: {error}; {advice}") from error

    def grab(self, box: Box) -> tuple[NDArray[np.uint8], int]:
        """Pixels (height, width, 4) uint8 in BGRA order and their 64-bit digest, the change gate's key."""
        area = {"left": box.x, "top": box.y, "width": box.width, "height": box.height}
        try:
            raw = self._screen.grab(area).raw
        except mss.ScreenShotError as error:
            raise CaptureError(f"the window could not be captured: {error}") from error
        pixels = np.frombuffer(raw, np.uint8).reshape(box.height, box.width, 4)
        return pixels, xxh3_64_intdigest(raw)

    def close(self) -> None:
        """Give the connection back."""
        self._screen.close()
