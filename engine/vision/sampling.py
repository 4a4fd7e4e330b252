"""Cuts the regions of a layout pack out of a frame, resampled to the pack's canonical sizes."""

import numpy as np
from numpy.typing import NDArray

from engine.vision.pack import CANONICAL_FONT, LINE_HEIGHT, Templates
from engine.vision.registration import Area, Placement

QUIET = 3.0
"""Design units added left and right of a text box: background by the layout's rule."""


def line_patch(pixels: NDArray[np.uint8], placement: Placement, area: Area, font_size: int) -> NDArray[np.uint8]:
    """A text box as one canonical line (LINE_HEIGHT + 2, width, 3): the same glyphs at every scale and font size."""
    factor = CANONICAL_FONT / font_size
    rows = LINE_HEIGHT + 2
    tall = rows / factor
    line = Area(area.x - QUIET, area.y + area.height / 2 - tall / 2, area.width + 2 * QUIET, tall)
    return placement.rectify(pixels, line, round(line.width * factor), rows)


def picture(pixels: NDArray[np.uint8], placement: Placement, area: Area, width: int, height: int) -> NDArray[np.uint8]:
    """A picture region at its templates' size (height, width, 3)."""
    return placement.rectify(pixels, area, width, height)


def distances(values: NDArray[np.float32], known: Templates) -> dict[str, float]:
    """Mean squared difference of a flattened picture in [0, 1] to each named template (the nearest of a name)."""
    gaps = (known.energy - 2.0 * (known.rows @ values) + float(values @ values)) / values.size
    nearest = np.minimum.reduceat(gaps[known.order], known.firsts)
    return dict(zip(known.kinds, nearest.tolist(), strict=True))


def best_two(gaps: dict[str, float]) -> tuple[str, float, float]:
    """The nearest name, its distance and the runner-up's."""
    ranked = sorted(gaps.items(), key=lambda item: item[1])
    runner_up = ranked[1][1] if len(ranked) > 1 else np.inf
    return ranked[0][0], max(ranked[0][1], 0.0), runner_up
