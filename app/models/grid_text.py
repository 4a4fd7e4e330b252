"""What is said of one cell of a strategy grid: the class, its pairs with frequencies and values."""

from dataclasses import dataclass

import numpy as np

from app.models.grid_model import Doubles, Grid, class_name, pairs_of
from engine.game.cards import DECK
from engine.game.ranges import COMBOS

_SIGNS = {
    "c": "\N{BLACK CLUB SUIT}",
    "d": "\N{BLACK DIAMOND SUIT}",
    "h": "\N{BLACK HEART SUIT}",
    "s": "\N{BLACK SPADE SUIT}",
}
_GAP = "\N{NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"
_LEAST_SHARE = 0.005
_HELD_WHOLE = 0.995


@dataclass(frozen=True, slots=True)
class CellText:
    """A cell in words: ``title`` names the class, ``lines`` its actions as a whole, then pair by pair."""

    title: str
    lines: tuple[str, ...]

    @property
    def spoken(self) -> str:
        """All of it as one text for a screen reader or a tooltip."""
        return "\n".join((self.title, *self.lines))


def cell_text(grid: Grid, place: int, hero_class: int | None = None) -> CellText:
    """The words for one class of a grid."""
    name = class_name(place) + (" (your hand)" if place == hero_class else "")
    pairs = [int(pair) for pair in pairs_of(place) if grid.possible[pair]]
    if not pairs:
        return CellText(f"{name}: not possible on this board", ())
    if not grid.held(place):
        return CellText(f"{name}: not in the range", ())
    held = [pair for pair in pairs if grid.reach[pair] > 0]
    title = f"{name}: {_number(float(grid.reach[pairs].sum()))} of {len(pairs)} pairs"
    if not grid.columns:
        return CellText(title, tuple(f"{pair_name(pair)} held {grid.reach[pair]:.0%}" for pair in held))
    return CellText(title, (_class_line(grid, place, held), *(_pair_line(grid, pair) for pair in held)))


def pair_name(pair: int) -> str:
    """Two cards with the signs of their suits, the higher first."""
    low, high = COMBOS[pair]
    return "".join(card_sign(DECK[card]) for card in (high, low))


def card_sign(card: str) -> str:
    """A card as its rank and the sign of its suit."""
    return card[0] + _SIGNS[card[1]]


def big_blinds_text(value: float) -> str:
    """A value in big blinds, signed."""
    return f"{round(value, 2) + 0.0:+.2f}{_GAP}bb".replace("-", _MINUS)


def _class_line(grid: Grid, place: int, held: list[int]) -> str:
    weights = grid.reach[held]
    values = (grid.frequencies[:, held] * np.where(grid.frequencies[:, held] > 0, grid.evs[:, held], 0.0)).sum(axis=0)
    worth = float(values @ weights / weights.sum())
    value = f"; EV {big_blinds_text(worth)}" if np.isfinite(worth) else ""
    return f"All: {_shares(grid, grid.shares[:, place])}{value}"


def _pair_line(grid: Grid, pair: int) -> str:
    weight = "" if grid.reach[pair] >= _HELD_WHOLE else f" (held {grid.reach[pair]:.0%})"
    played = grid.frequencies[:, pair]
    parts = [
        f"{column.text} {share:.0%}" + (f" at {big_blinds_text(float(value))}" if np.isfinite(value) else "")
        for column, share, value in zip(grid.columns, played, grid.evs[:, pair], strict=True)
        if share >= _LEAST_SHARE
    ]
    return f"{pair_name(pair)}{weight}: {', '.join(parts)}"


def _shares(grid: Grid, shares: Doubles) -> str:
    return ", ".join(
        f"{column.text} {share:.0%}"
        for column, share in zip(grid.columns, shares, strict=True)
        if share >= _LEAST_SHARE
    )


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value - round(value)) < 0.05 else f"{value:.1f}"
