"""Arrays over the 1,326 pairs as text, so that they pass through a line of JSON: base64 of little-endian float16."""

from base64 import b64decode, b64encode

import numpy as np
from numpy.typing import NDArray

from engine.game.ranges import COMBO_COUNT


class PackedError(ValueError):
    """Text that is not such an array."""


def pack(values: NDArray[np.floating]) -> str:
    """(1326,) or (n, 1326) numbers as text; float16 keeps three digits, which is enough to look at."""
    return b64encode(np.ascontiguousarray(values, dtype="<f2").tobytes()).decode("ascii")


def unpack(text: str) -> NDArray[np.float32]:
    """What was packed, as (n, 1326) float32. PackedError when it is not whole rows."""
    try:
        raw = np.frombuffer(b64decode(text, validate=True), dtype="<f2")
    except ValueError as error:
        raise PackedError(f"a packed range that cannot be read: {error}") from None
    if raw.size % COMBO_COUNT:
        raise PackedError(f"{raw.size} packed numbers are no whole rows of {COMBO_COUNT}")
    return raw.reshape(-1, COMBO_COUNT).astype(np.float32)
