"""The grid of a strategy: cells filled by frequency and weight, in colour where the terminal shows it."""

import io
import re
from typing import TextIO

import numpy as np
import pytest

from app.commands.strategy_grid import (
    CELL,
    EMPTY,
    FOLD,
    PASSIVE,
    coloured,
    knows_exact_colours,
    legend,
    letters,
    palette,
    plain,
    wants_colour,
)
from engine.game.ranges import CLASS_NAMES
from engine.solver.frequencies import ClassFrequencies

ACTIONS = ("Fold", "Call", "Raise(300)", "AllIn(900)")
PIECE = re.compile(r"\x1b\[48;2;(\d+);(\d+);(\d+)m([^\x1b]*)")


def classes(**shares: tuple[float, ...]) -> ClassFrequencies:
    """Classes with a weight and the frequencies of the four actions; every other class is not in range."""
    weight, frequency = np.zeros(169), np.zeros((4, 169))
    for name, (held, *taken) in shares.items():
        weight[CLASS_NAMES.index(name)] = held
        frequency[:, CLASS_NAMES.index(name)] = taken
    return ClassFrequencies(weight, frequency)


def cells(row: str) -> list[tuple[tuple[int, ...], int]]:
    """The pieces of a row: colour and width."""
    return [((int(r), int(g), int(b)), len(text)) for r, g, b, text in PIECE.findall(row)]


def test_a_cell_is_divided_by_how_often_each_action_is_taken() -> None:
    first = coloured(classes(AA=(1, 3 / 7, 2 / 7, 2 / 7, 0)), ACTIONS, exact=True).split("\n")[0]

    assert cells(first) == [(FOLD, 3), (PASSIVE, 2), (palette(ACTIONS)[2], 2)]


def test_a_class_that_is_held_in_part_fills_a_part_of_its_cell() -> None:
    """A part of what the class that is held most fills."""
    first = coloured(classes(AA=(0.3, 0, 1, 0, 0), AKs=(0.7, 1, 0, 0, 0)), ACTIONS, exact=True).split("\n")[0]

    assert cells(first) == [(PASSIVE, 3), (EMPTY, 4), (FOLD, 7)]


def test_a_class_that_is_not_in_range_is_blank() -> None:
    grid = coloured(classes(KK=(1, 0, 1, 0, 0), AKs=(0.004, 0, 1, 0, 0)), ACTIONS, exact=True)

    assert "AKs" not in grid
    assert grid.split("\n")[1].startswith(" " * (CELL + 1) + "\x1b")
    assert grid.count("\n") == 13


def test_suited_classes_stand_above_the_diagonal() -> None:
    rows = plain(classes(AKs=(1, 1, 0, 0, 0), AKo=(1, 0, 0.6, 0.4, 0)), ACTIONS).split("\n")

    assert rows[0].split() == [".", "AKs:F", *["."] * 11]
    assert rows[1].split() == ["AKo:c", *["."] * 12]


def test_letters_tell_what_is_taken_most_and_whether_nearly_always() -> None:
    grid = plain(classes(AA=(0.5, 0, 0, 0.04, 0.96), KK=(0.2, 0, 0.1, 0.9, 0)), ACTIONS)

    assert "AA:A" in grid
    assert "(KK:1)" in grid
    assert letters(("Check", "Bet(50)", "Bet(100)", "AllIn(200)")) == ("x", "1", "2", "a")


def test_larger_bets_are_darker() -> None:
    brightness = [sum(colour) for colour in palette(("Check", "Bet(50)", "Bet(100)", "AllIn(200)"))[1:]]

    assert brightness == sorted(brightness, reverse=True)
    assert len(set(brightness)) == 3


def test_a_terminal_with_256_colours_gets_those() -> None:
    grid = coloured(classes(AA=(1, 0.5, 0.5, 0, 0)), ACTIONS, exact=False)

    assert set(re.findall(r"\x1b\[48;(\d+;\d+)", grid)) == {"5;60", "5;29"}


def test_the_legend_names_every_action() -> None:
    for colour in (True, False):
        assert all(action in legend(ACTIONS, colour=colour, exact=True) for action in ACTIONS)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "wanted"),
    [
        (Terminal(), {"TERM": "xterm"}, True),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (Terminal(), {"TERM": "dumb"}, False),
        (Terminal(), {}, False),
        (io.StringIO(), {"TERM": "xterm"}, False),
    ],
)
def test_colours_are_for_terminals_that_want_them(stream: TextIO, environment: dict[str, str], wanted: bool) -> None:
    assert wants_colour(stream, environment) is wanted


def test_exact_colours_are_for_terminals_that_say_so() -> None:
    assert knows_exact_colours({"COLORTERM": "truecolor"})
    assert not knows_exact_colours({"TERM": "xterm-256color"})
