"""Where the table's design lies in a frame: scale and offset from four ArUco corner markers.

Markers: S. Garrido-Jurado et al., "Automatic generation and detection of highly reliable fiducial markers under
occlusion", Pattern Recognition 47 (2014). Corners come back in pixel centres, so an edge at x is the corner x - 0.5.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.words import Box

MAXIMUM_RESIDUAL = 0.6
"""Pixels a marker corner may lie from where scale and offset put it."""
MINIMUM_SHARE = 0.7
"""Share of the sixteen corners that must lie within that."""
ROUGH_RESIDUAL = 2.0
"""The same for the first search over the whole frame."""
ENLARGED = 120
"""Pixels a side to which a marker's surroundings are enlarged."""
MARGIN = 2
"""Pixels around an area that its resampling may touch."""
MINIMUM_CUT = 12
"""Pixels a side below which a cut-out cannot hold a marker."""


class RegistrationError(ValueError):
    """The markers do not place the table: which are missing, or how far they are off."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle in design units."""

    x: float
    y: float
    width: float
    height: float

    def grown(self, margin: float) -> "Area":
        return Area(self.x - margin, self.y - margin, self.width + 2 * margin, self.height + 2 * margin)


@dataclass(frozen=True, slots=True)
class Placement:
    """A design point u lies at the pixel ``offset + scale * u``, measured from the pixel's edge."""

    scale: float
    left: float
    top: float

    def box(self, area: Area) -> Box:
        """The pixels that an area touches."""
        x, y = self.left + self.scale * area.x, self.top + self.scale * area.y
        right, bottom = x + self.scale * area.width, y + self.scale * area.height
        return Box(int(x), int(y), int(np.ceil(right)) - int(x), int(np.ceil(bottom)) - int(y))

    def rectify(self, pixels: NDArray[np.uint8], area: Area, width: int, height: int) -> NDArray[np.uint8]:
        """The area resampled to ``height`` x ``width``, whatever the table's scale: (height, width, 3) uint8."""
        over = 2 if self.scale * area.width > 1.2 * width else 1
        cut, left, top = self._surroundings(pixels, area)
        step_x, step_y = area.width / (width * over), area.height / (height * over)
        to_pixels = np.array(
            [
                [self.scale * step_x, 0, self.left - left + self.scale * (area.x + step_x / 2) - 0.5],
                [0, self.scale * step_y, self.top - top + self.scale * (area.y + step_y / 2) - 0.5],
            ]
        )
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        patch = cv2.warpAffine(
            cut, to_pixels, (width * over, height * over), flags=flags, borderMode=cv2.BORDER_REPLICATE
        )
        if over > 1:
            patch = cv2.resize(patch, (width, height), interpolation=cv2.INTER_AREA)
        return patch.astype(np.uint8, copy=False)

    def _surroundings(self, pixels: NDArray[np.uint8], area: Area) -> tuple[NDArray[np.uint8], int, int]:
        """The pixels that an area is resampled from, three channels in one piece, and their left and top.

        OpenCV copies whatever is not in one piece, so a small cut is taken of a large frame.
        """
        box = self.box(area)
        left = min(max(0, box.x - MARGIN), pixels.shape[1] - 1)
        top = min(max(0, box.y - MARGIN), pixels.shape[0] - 1)
        cut = pixels[top : max(top + 1, box.y + box.height + MARGIN), left : max(left + 1, box.x + box.width + MARGIN)]
        return np.ascontiguousarray(cut[:, :, :3]), left, top


class Registrar:
    """Finds the markers of one layout. ``markers`` maps a marker's id to its square; ``design`` is width and height.

    Squares and sizes are in design units.
    """

    def __init__(self, dictionary: str, markers: dict[int, Area], design: tuple[int, int]) -> None:
        parameters = cv2.aruco.DetectorParameters()
        parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
        parameters.cornerRefinementWinSize = 3
        known = cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, dictionary))
        self._detector = cv2.aruco.ArucoDetector(known, parameters)
        self._markers = markers
        self._size = design
        self._design = np.concatenate([_square(area) for area in markers.values()])

    def register(self, pixels: NDArray[np.uint8], near: Placement | None = None) -> Placement:
        """Scale and offset of the table in a frame; RegistrationError when they are not certain.

        ``near`` is where the table was last: then only the corners are searched (a tenth of the whole frame's cost).
        Without it they are first looked for where a table that fills its window has them.
        """
        grey = cv2.cvtColor(pixels, cv2.COLOR_BGRA2GRAY).astype(np.uint8, copy=False)
        if near is not None:
            return self._near(grey, near)
        try:
            return self._near(grey, self._filling(grey))
        except RegistrationError:
            whole = self._corners(grey, 1.0, (0, 0), tuple(self._markers))
            return self._near(grey, _fitted(self._design, whole, ROUGH_RESIDUAL))

    def _filling(self, grey: NDArray[np.uint8]) -> Placement:
        """The whole design as large as the picture allows, in its middle."""
        height, width = grey.shape
        scale = min(width / self._size[0], height / self._size[1])
        return Placement(scale, (width - scale * self._size[0]) / 2, (height - scale * self._size[1]) / 2)

    def _near(self, grey: NDArray[np.uint8], rough: Placement) -> Placement:
        fine = [self._refined(grey, rough, number) for number in self._markers]
        return _fitted(self._design, np.concatenate(fine), MAXIMUM_RESIDUAL)

    def _refined(self, grey: NDArray[np.uint8], rough: Placement, number: int) -> NDArray[np.float64]:
        """One marker's corners from an enlarged cut-out, where the sub-pixel search has room."""
        area = self._markers[number]
        box = rough.box(area.grown(area.width / 7))
        top, left = max(0, box.y), max(0, box.x)
        cut = grey[top : box.y + box.height, left : box.x + box.width]
        if min(cut.shape) < MINIMUM_CUT:
            raise RegistrationError("a corner marker is off the picture")
        zoom = max(1, round(ENLARGED / box.width))
        large = cv2.resize(cut, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_CUBIC)
        return self._corners(large.astype(np.uint8, copy=False), zoom, (left, top), (number,))

    def _corners(
        self, grey: NDArray[np.uint8], zoom: float, origin: tuple[int, int], wanted: tuple[int, ...]
    ) -> NDArray[np.float64]:
        """The corners of the wanted markers in frame pixels, measured from the pixels' edges."""
        corners, found, _ = self._detector.detectMarkers(grey)
        seen = {} if found is None else {int(i): c[0] for i, c in zip(found.ravel(), corners, strict=True)}
        missing = [number for number in wanted if number not in seen]
        if missing:
            raise RegistrationError("the table's corner markers are not to be seen")
        points = np.concatenate([seen[number] for number in wanted]).astype(np.float64)
        return (points + 0.5) / zoom + origin


def _square(area: Area) -> NDArray[np.float64]:
    right, bottom = area.x + area.width, area.y + area.height
    return np.array([[area.x, area.y], [right, area.y], [right, bottom], [area.x, bottom]], np.float64)


def _fitted(design: NDArray[np.float64], pixels: NDArray[np.float64], allowed: float) -> Placement:
    """Least squares of one scale and two offsets, once more without the corners that lie off; most must agree."""
    rough = _least_squares(design, pixels)
    agreeing = _residuals(rough, design, pixels) <= allowed
    if agreeing.mean() < MINIMUM_SHARE:
        worst = float(_residuals(rough, design, pixels).max())
        raise RegistrationError(f"the corner markers are up to {worst:.1f} pixels from where one scale puts them")
    return _least_squares(design[agreeing], pixels[agreeing])


def _least_squares(design: NDArray[np.float64], pixels: NDArray[np.float64]) -> Placement:
    centred = design - design.mean(axis=0)
    scale = float((centred * pixels).sum() / (centred * centred).sum())
    left, top = pixels.mean(axis=0) - scale * design.mean(axis=0)
    return Placement(scale, float(left), float(top))


def _residuals(found: Placement, design: NDArray[np.float64], pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each corner lies from its place, in pixels (the larger of both directions)."""
    residuals: NDArray[np.float64] = np.abs(found.scale * design + (found.left, found.top) - pixels).max(axis=1)
    return residuals
