"""Reads text on a flat background: ink coverage instead of colours, then glyphs at the pen's exact positions.

Coverage is the projection of a pixel on the line from background to ink, 0 to 1, so one set of glyph templates serves
every colour. Figures have one advance width, so the pen's path is known and touching glyphs need no segmentation.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
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
    border = np.concatenate([patch[0], patch[-1], patch[1:-1, 0], patch[1:-1, -1]])
    ranked = np.sort(np.ascontiguousarray(border.T), axis=1).astype(np.float32)
    count = ranked.shape[1]
    middle = (ranked[:, (count - 1) // 2] + ranked[:, count // 2]) * np.float32(0.5)
    return middle, float(np.abs(ranked[:, (0, -1)] - middle[:, None]).max())


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


class _Cells:
    """The templates of one advance width, those of a character side by side."""

    def __init__(self, width: int, names: str, cells: NDArray[np.float32]) -> None:
        order = np.argsort(list(names), kind="stable")
        self.width = width
        self.characters, self._firsts = np.unique(np.array(list(names))[order], return_index=True)
        flat = cells.reshape(len(names), -1)[order]
        self._flat, self._energy = np.ascontiguousarray(flat.T), (flat**2).sum(axis=1)

    def gaps(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Distance of each window (n, values) to each character's nearest template: (n, characters)."""
        squares = np.einsum("ij,ij->i", windows, windows)[:, None] - 2.0 * (windows @ self._flat) + self._energy
        nearest: NDArray[np.float32] = np.minimum.reduceat(squares / windows.shape[1], self._firsts, axis=1)
        return nearest


class GlyphReader:
    """Reads a line of glyphs. Distances are mean squared differences of coverage over a cell."""

    def __init__(self, glyphs: Glyphs) -> None:
        self._glyphs = glyphs
        self._cells = [_Cells(width, names, cells) for width, (names, cells) in glyphs.cells.items()]
        self._characters = [str(name) for cells in self._cells for name in cells.characters]
        self._advances = [cells.width for cells in self._cells for _ in cells.characters]
        self._widest = max(glyphs.cells)

    def read(self, cover: Coverage) -> tuple[str, float, float]:
        """The text, its worst distance and the smallest lead's runner-up distance; ("", 0, 1) for an empty box."""
        span = inked(cover)
        if span is None:
            return "", float((cover**2).mean()), 1.0
        offset = 2 * self._widest
        return self._line(self._framed(cover, offset), span[0] + offset, span[1] + offset)

    def _framed(self, cover: Coverage, side: int) -> Coverage:
        """The coverage with a margin for the search, filled to the canonical height plus one row a side."""
        rows = max((self._glyphs.height + 2 - cover.shape[0] + 1) // 2, 0)
        framed = np.zeros((cover.shape[0] + 2 * rows, cover.shape[1] + 2 * side), np.float32)
        framed[rows : rows + cover.shape[0], side : side + cover.shape[1]] = cover
        return framed

    def _line(self, cover: Coverage, first: int, end: int) -> tuple[str, float, float]:
        """The best reading over the places where the first pen can be: where ink begins less a known bearing."""
        starts = sorted({first - bearing for bearing in self._glyphs.bearings.values()})
        gaps = self._gaps(cover, starts[0] - 1, starts[-1] - starts[0] + 3)
        begun = [self._best(gaps[start - starts[0] : start - starts[0] + 3], start) for start in starts]
        lines = []
        for match in sorted(begun, key=lambda match: match.distance):
            lines.append(self._from(cover, match, end))
            if lines[-1][1] < CERTAIN:
                break
        return min(lines, key=lambda line: line[1])

    def _from(self, cover: Coverage, match: _Match, end: int) -> tuple[str, float, float]:
        text, worst, lead = match.character, match.distance, match.runner_up - match.distance
        while match.pen + match.advance < end - 2 and len(text) < MAXIMUM_LENGTH:
            pen = match.pen + match.advance
            match = self._best(self._gaps(cover, pen - 1, 3), pen)
            text += match.character
            worst = max(worst, match.distance)
            lead = min(lead, match.runner_up - match.distance)
        return text, worst, worst + lead

    def _gaps(self, cover: Coverage, first: int, count: int) -> NDArray[np.float32]:
        """Every character's distance at ``count`` pen columns from ``first``, one row either way allowed."""
        return np.concatenate([self._cell_gaps(cover, cells, first, count) for cells in self._cells], axis=1)

    def _cell_gaps(self, cover: Coverage, cells: _Cells, first: int, count: int) -> NDArray[np.float32]:
        height = self._glyphs.height
        top = (cover.shape[0] - height) // 2
        part = cover[top - 1 : top + height + 1, first : first + count + cells.width - 1]
        windows = sliding_window_view(part, (height, cells.width)).reshape(3 * count, -1)
        nearest: NDArray[np.float32] = cells.gaps(windows).reshape(3, count, -1).min(axis=0)
        return nearest

    def _best(self, gaps: NDArray[np.float32], pen: int) -> _Match:
        """The best character at a pen position, from its distances one column before, at and after it."""
        nearest = gaps.min(axis=0)
        found = int(nearest.argmin())
        distance = float(nearest[found])
        nearest[found] = np.inf
        at = pen + int(gaps[:, found].argmin()) - 1
        return _Match(self._characters[found], distance, float(nearest.min()), at, self._advances[found])
