"""Reads text on a flat background: ink coverage instead of colours, then glyphs at the pen's exact positions.

Coverage is the projection of a pixel on the line from background to ink, 0 to 1, so one set of glyph templates serves
every colour. Figures have one advance width, so the pen's path is known and touching glyphs need no segmentation.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Coverage = NDArray[np.float32]
INK = 0.35
"""Coverage from which a column counts as inked."""
MAXIMUM_LENGTH = 16
CERTAIN = 0.01
"""A line all of whose glyphs are nearer than this is not read in another way."""
FLAT = 26.0
"""Greatest difference from the background, in any channel, along the border of a text box."""


@dataclass(frozen=True, slots=True)
class TextLook:
    """One known look of a text box: its name, and the colours (B, G, R) of background and ink."""

    name: str
    background: tuple[float, float, float]
    ink: tuple[float, float, float]


def background(patch: NDArray[np.uint8]) -> tuple[NDArray[np.float32], float]:
    """The median colour of a patch's border (3,) and the border's greatest deviation from it in any channel."""
    border = np.concatenate([patch[0], patch[-1], patch[1:-1, 0], patch[1:-1, -1]]).astype(np.float32)
    middle = np.median(border, axis=0)
    return middle.astype(np.float32), float(np.abs(border - middle).max())


def nearest_look(colour: NDArray[np.float32], looks: Sequence[TextLook]) -> tuple[TextLook, float]:
    """The known look with the nearest background, and how far it is (greatest channel difference)."""
    gaps = [float(np.abs(colour - np.array(look.background, np.float32)).max()) for look in looks]
    best = int(np.argmin(gaps))
    return looks[best], gaps[best]


def coverage(patch: NDArray[np.uint8], look: TextLook) -> Coverage:
    """Ink coverage (height, width) of a patch in a look: 0 background, 1 ink."""
    base = np.array(look.background, np.float32)
    line = np.array(look.ink, np.float32) - base
    return np.clip((patch.astype(np.float32) - base) @ (line / float(line @ line)), 0.0, 1.0)


def inked(cover: Coverage) -> tuple[int, int] | None:
    """First and one past the last inked column, or None for an empty box."""
    columns = np.flatnonzero(cover.max(axis=0) > INK)
    return (int(columns[0]), int(columns[-1]) + 1) if columns.size else None


@dataclass(frozen=True, slots=True, eq=False)
class Glyphs:
    """Templates of one typeface at the canonical size.

    ``cells`` maps an advance width to (characters, templates (n, height, width)); ``bearings`` says where a
    character's ink begins in its cell. Heights are those of a canonical text line.
    """

    cells: dict[int, tuple[str, NDArray[np.float32]]]
    bearings: dict[str, int]
    height: int


@dataclass(frozen=True, slots=True)
class _Match:
    character: str
    distance: float
    runner_up: float
    pen: int
    advance: int


class GlyphReader:
    """Reads a line of glyphs. Distances are mean squared differences of coverage over a cell."""

    def __init__(self, glyphs: Glyphs) -> None:
        self._glyphs = glyphs
        self._flat = {
            width: (names, np.ascontiguousarray(cells.reshape(len(names), -1)), (cells**2).sum(axis=(1, 2)))
            for width, (names, cells) in glyphs.cells.items()
        }
        self._widest = max(glyphs.cells)

    def read(self, cover: Coverage) -> tuple[str, float, float]:
        """The text, its worst distance and the smallest lead's runner-up distance; ("", 0, 1) for an empty box."""
        span = inked(cover)
        if span is None:
            return "", float((cover**2).mean()), 1.0
        framed = self._framed(cover)
        offset = self._widest
        return self._line(framed, span[0] + offset, span[1] + offset)

    def _framed(self, cover: Coverage) -> Coverage:
        """The coverage with a margin for the search, cut or filled to the canonical height plus one row a side."""
        rows = (self._glyphs.height + 2 - cover.shape[0] + 1) // 2
        side = ((max(rows, 0),) * 2, (self._widest,) * 2)
        return np.pad(cover, side)

    def _line(self, cover: Coverage, first: int, end: int) -> tuple[str, float, float]:
        """The best reading over the places where the first pen can be: where ink begins less a known bearing."""
        starts = sorted({first - bearing for bearing in self._glyphs.bearings.values()})
        begun = sorted((self._at(cover, start) for start in starts), key=lambda match: match.distance)
        lines = []
        for match in begun:
            lines.append(self._from(cover, match, end))
            if lines[-1][1] < CERTAIN:
                break
        return min(lines, key=lambda line: line[1])

    def _from(self, cover: Coverage, match: _Match, end: int) -> tuple[str, float, float]:
        text, worst, lead = match.character, match.distance, match.runner_up - match.distance
        while match.pen + match.advance < end - 2 and len(text) < MAXIMUM_LENGTH:
            match = self._at(cover, match.pen + match.advance)
            text += match.character
            worst = max(worst, match.distance)
            lead = min(lead, match.runner_up - match.distance)
        return text, worst, worst + lead

    def _at(self, cover: Coverage, pen: int) -> _Match:
        """The best character at a pen position, one column and row either way."""
        best = _Match("?", 9.0, 9.0, pen, self._widest)
        distances: dict[str, float] = {}
        for width, (names, flat, energy) in self._flat.items():
            found, gaps, where = self._nearest(cover, pen, width, flat, energy)
            for name, gap in zip(names, gaps, strict=True):
                distances[name] = min(float(gap), distances.get(name, 9.0))
            if gaps[found] < best.distance:
                best = _Match(names[found], float(gaps[found]), 9.0, where, width)
        others = [gap for name, gap in distances.items() if name != best.character]
        return _Match(best.character, best.distance, min(others, default=9.0), best.pen, best.advance)

    def _nearest(
        self, cover: Coverage, pen: int, width: int, flat: NDArray[np.float32], energy: NDArray[np.float32]
    ) -> tuple[int, NDArray[np.float32], int]:
        """Index of the nearest template, every template's distance at its best shift, and that shift's pen."""
        height = self._glyphs.height
        top = (cover.shape[0] - height) // 2
        shifts = [(row, column) for row in (-1, 0, 1) for column in (-1, 0, 1)]
        starts = [min(max(pen + column, 0), cover.shape[1] - width) for _, column in shifts]
        windows = np.stack(
            [
                cover[top + row : top + row + height, start : start + width].ravel()
                for (row, _), start in zip(shifts, starts, strict=True)
            ]
        )
        squares = (windows**2).sum(axis=1)[:, None] - 2.0 * windows @ flat.T + energy[None, :]
        gaps = squares / (height * width)
        shift, index = np.unravel_index(int(np.argmin(gaps)), gaps.shape)
        return int(index), gaps.min(axis=0), starts[int(shift)]
