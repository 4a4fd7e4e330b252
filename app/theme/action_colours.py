"""Colours of actions in strategies: hue for the kind, lightness for the size, a pattern for what ends the betting.

They keep 3:1 against the ground (WCAG 1.4.11) and stay apart for readers who see no red or no green: blue, bluish
green, orange and purple after Okabe and Ito (2008), of different lightness.
"""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette

from app.theme.colours import DARK, colours_of


@dataclass(frozen=True, slots=True)
class ActionColours:
    """One theme's colours of actions, ``#rrggbb``; bets and raises go from ``smallest`` to ``largest``."""

    fold: str
    passive: str
    smallest: str
    largest: str
    all_in: str
    range: str


LIGHT_ACTIONS = ActionColours("#5f8fc4", "#0b6b57", "#c07a00", "#a33a0c", "#4a1a52", "#55626f")
DARK_ACTIONS = ActionColours("#4a7fc0", "#4fc3a1", "#f7cf7f", "#d8642f", "#d9a0f5", "#a9b4bf")


def action_colours(palette: QPalette) -> ActionColours:
    """Those of the theme that a widget's palette belongs to."""
    return DARK_ACTIONS if colours_of(palette) is DARK else LIGHT_ACTIONS


def colour_of(role: str, size: float, colours: ActionColours) -> QColor:
    """The colour of an action of a kind; ``size`` places a bet or raise among its sizes, 0 to 1."""
    match role:
        case "fold":
            return QColor(colours.fold)
        case "passive":
            return QColor(colours.passive)
        case "all-in":
            return QColor(colours.all_in)
        case "range":
            return QColor(colours.range)
    first, last = QColor(colours.smallest), QColor(colours.largest)
    return QColor(*(round(a + (b - a) * size) for a, b in zip(_parts(first), _parts(last), strict=True)))


def pattern_of(role: str) -> Qt.BrushStyle:
    """A pattern over the colour, so that not colour alone tells folding and all-in from the rest."""
    patterns = {"fold": Qt.BrushStyle.Dense6Pattern, "all-in": Qt.BrushStyle.BDiagPattern}
    return patterns.get(role, Qt.BrushStyle.NoBrush)


def _parts(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()
