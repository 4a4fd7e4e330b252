"""A strategy as the 13 x 13 grid of hand classes on a terminal: in colour, or in plain letters.

A cell is filled from the left by how often each action is taken, as wide as the class's weight in the range, compared
with the class that is held most; a class that is not in the range there is blank. Aggressive actions are red (the
darker the larger), check and call green, fold blue grey, as the field's programs paint them.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TextIO

import numpy as np

from engine.game.ranges import CLASS_NAMES
from engine.solver.frequencies import ClassFrequencies, Doubles

Colour = tuple[int, int, int]

CELL = 7
SIDE = 13
FOLD, PASSIVE = (0x4A, 0x6A, 0x8A), (0x2F, 0x7D, 0x4F)
SMALLEST, LARGEST = (0xC8, 0x45, 0x3C), (0x6E, 0x0E, 0x1A)
EMPTY = (0x2A, 0x2F, 0x34)
INK = (0xFF, 0xFF, 0xFF)
RESET = "\x1b[0m"
SURE = 0.95
LEAST_WEIGHT = 0.005
"""A class that is held more rarely is blank: an average strategy keeps traces of what it has given up."""
_CUBE = (0, 95, 135, 175, 215, 255)
"""The steps of red, green and blue in the 6 x 6 x 6 cube of terminals with 256 colours."""
_LETTERS = {"Fold": "f", "Check": "x", "Call": "c"}


def palette(actions: Sequence[str]) -> tuple[Colour, ...]:
    """The colour of each action, by its name."""
    aggressive = [action for action in actions if action not in _LETTERS]
    shades = dict(zip(aggressive, np.linspace(0, 1, len(aggressive)) if len(aggressive) > 1 else [0.5], strict=False))
    return tuple(
        FOLD if action == "Fold" else PASSIVE if action in _LETTERS else _between(SMALLEST, LARGEST, shades[action])
        for action in actions
    )


def letters(actions: Sequence[str]) -> tuple[str, ...]:
    """A letter for each action: f, x, c, and for bets and raises 1, 2, 3 by size, a for all-in."""
    found, number = [], 0
    for action in actions:
        if action in _LETTERS:
            found.append(_LETTERS[action])
        elif action.startswith("AllIn"):
            found.append("a")
        else:
            number += 1
            found.append(str(number))
    return tuple(found)


def coloured(classes: ClassFrequencies, actions: Sequence[str], *, exact: bool) -> str:
    """The grid with backgrounds in colour: 24-bit colours where ``exact``, else the nearest of 256."""
    colours = palette(actions)
    weight = _compared(classes)

    def cell(place: int) -> str:
        name = f" {CLASS_NAMES[place]}".ljust(CELL)
        if weight[place] < LEAST_WEIGHT:
            return " " * (CELL + 1)
        ends = _ends(classes.frequency[:, place], float(weight[place]))
        pieces, begin = [], 0
        for colour, end in zip((*colours, EMPTY), (*ends, CELL), strict=True):
            if end > begin:
                pieces.append(_ground(colour, exact) + name[begin:end])
                begin = end
        return _ink(INK, exact) + "".join(pieces) + RESET + " "

    return _rows(cell)


def plain(classes: ClassFrequencies, actions: Sequence[str]) -> str:
    """The grid in letters: the most frequent action behind the class, a capital where it is taken nearly always; in
    brackets where its weight is less than half of the class that is held most.
    """
    marks = letters(actions)
    weight = _compared(classes)

    def cell(place: int) -> str:
        if weight[place] < LEAST_WEIGHT:
            return "."
        most = int(np.argmax(classes.frequency[:, place]))
        mark = marks[most].upper() if classes.frequency[most, place] >= SURE else marks[most]
        text = f"{CLASS_NAMES[place]}:{mark}"
        return f"({text})" if weight[place] < 0.5 else text

    return _rows(lambda place: cell(place).ljust(CELL + 1))


def legend(actions: Sequence[str], *, colour: bool, exact: bool) -> str:
    """What the colours or letters mean."""
    if not colour:
        named = [f"{mark} {action}" for mark, action in zip(letters(actions), actions, strict=True)]
        return f"{', '.join(named)}; a capital: {SURE:.0%} or more; in brackets: held less than half as much as others"
    return "  ".join(
        f"{_ink(INK, exact)}{_ground(shade, exact)} {action} {RESET}"
        for action, shade in zip(actions, palette(actions), strict=True)
    )


def wants_colour(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether colours belong on a stream: a terminal that knows them, and nobody who asked for none (no-color.org)."""
    return stream.isatty() and not environment.get("NO_COLOR") and environment.get("TERM", "dumb") != "dumb"


def knows_exact_colours(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal says that it shows 24-bit colours."""
    return environment.get("COLORTERM", "") in ("truecolor", "24bit")


def _rows(cell: Callable[[int], str]) -> str:
    rows = ("".join(cell(SIDE * row + column) for column in range(SIDE)) for row in range(SIDE))
    return "".join(f"{row.rstrip()}\n" for row in rows)


def _compared(classes: ClassFrequencies) -> Doubles:
    """Weights as shares of the largest."""
    most = float(classes.weight.max())
    return classes.weight / most if most > 0 else classes.weight


def _ends(frequency: Doubles, weight: float) -> list[int]:
    """Where each action's part of a cell ends, in characters: at least one character of a class that is in range."""
    width = max(1, round(CELL * weight))
    return [round(width * float(share)) for share in np.minimum(np.cumsum(frequency), 1.0)]


def _between(first: Colour, last: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, last, strict=True))
    return red, green, blue


def _ground(colour: Colour, exact: bool) -> str:
    return f"\x1b[48;{_code(colour, exact)}m"


def _ink(colour: Colour, exact: bool) -> str:
    return f"\x1b[38;{_code(colour, exact)}m"


def _code(colour: Colour, exact: bool) -> str:
    if exact:
        return "2;" + ";".join(str(part) for part in colour)
    if max(colour) - min(colour) < 16:
        return f"5;{232 + max(0, min(23, round((colour[1] - 8) / 10)))}"
    red, green, blue = (min(range(6), key=lambda step: abs(_CUBE[step] - part)) for part in colour)
    return f"5;{16 + 36 * red + 6 * green + blue}"
