"""Ranges of hole cards: the 1,326 pairs, their 169 classes, and weights over them, best hands first.

A range is an array of 1,326 float64 weights in [0, 1] in the order of ``COMBOS``. Classes are ordered by their
heads-up pre-flop all-in equity against a random hand: a plain, exact and documented order that values high cards
above suited connectors, which suits all-in play and is a little off for deep stacks.
"""

import json
from collections.abc import Iterable
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.game.cards import RANKS, CardError, card_index

Weights = NDArray[np.float64]

COMBO_COUNT = 1326
CLASS_COUNT = 169
EQUITY_FILE = Path(__file__).resolve().parents[2] / "resources" / "preflop" / "equity169.json"

COMBOS: Final[NDArray[np.int64]] = np.array(list(combinations(range(52), 2)), dtype=np.int64)
COMBOS.setflags(write=False)


class RangeError(ValueError):
    """A class name or fraction that means nothing."""


class EquityTableError(RuntimeError):
    """The table of pre-flop equities is missing or damaged."""


def _grid_name(row: int, column: int) -> str:
    """The class at a place of the 13 x 13 grid: aces first, suited above the diagonal."""
    high, low = RANKS[12 - min(row, column)], RANKS[12 - max(row, column)]
    return high + low + ("" if row == column else "s" if row < column else "o")


CLASS_NAMES: Final[tuple[str, ...]] = tuple(_grid_name(row, column) for row in range(13) for column in range(13))
_CLASS_NUMBER: Final = {name: number for number, name in enumerate(CLASS_NAMES)}


def hand_class(first: str, second: str) -> str:
    """The class of two cards: ``77``, ``AKs``, ``T9o``."""
    low, high = sorted((card_index(first), card_index(second)))
    if low == high:
        raise CardError(f"{first} is given twice: hole cards are two different cards")
    if low // 4 == high // 4:
        return RANKS[high // 4] + RANKS[low // 4]
    return RANKS[high // 4] + RANKS[low // 4] + ("s" if low % 4 == high % 4 else "o")


def _class_numbers() -> NDArray[np.int64]:
    low, high = COMBOS.T
    below, across = 12 - low // 4, 12 - high // 4  # the lower card's row from the top, the higher card's
    suited = low % 4 == high % 4
    numbers: NDArray[np.int64] = np.where(suited, 13 * across + below, 13 * below + across)
    return numbers


CLASS_OF: Final = _class_numbers()
CLASS_OF.setflags(write=False)


def combo_index(first: str, second: str) -> int:
    """The place of two cards in ``COMBOS``."""
    low, high = sorted((card_index(first), card_index(second)))
    if low == high:
        raise CardError(f"{first} is given twice: hole cards are two different cards")
    return low * (103 - low) // 2 + high - low - 1


def class_combos(name: str) -> NDArray[np.int64]:
    """The places in ``COMBOS`` of a class: 6 of a pair, 4 suited, 12 offsuit."""
    if name not in _CLASS_NUMBER:
        raise RangeError(f"{name!r} is not a class of hands: write the higher card first, like 77, AKs or T9o")
    return np.flatnonzero(np.isin(CLASS_OF, _CLASS_NUMBER[name]))


@cache
def class_equities() -> Weights:
    """Heads-up all-in equity of each class against a random hand, shape (169,), in the order of ``CLASS_NAMES``."""
    try:
        table = json.loads(EQUITY_FILE.read_text(encoding="utf-8"))["equity"]
        equities = np.array([table[name] for name in CLASS_NAMES], dtype=np.float64)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        advice = "restore it, or make it anew with `python -m engine.game.preflop_equity`"
        raise EquityTableError(f"{EQUITY_FILE} cannot be read ({problem!r}): {advice}") from problem
    equities.setflags(write=False)
    return equities


@cache
def _class_shares() -> tuple[Weights, Weights]:
    """For each class: the share of all pairs in better classes, and the class's own share of them."""
    sizes = np.bincount(CLASS_OF, minlength=CLASS_COUNT) / COMBO_COUNT
    order = np.argsort(-class_equities(), kind="stable")
    better = np.empty(CLASS_COUNT)
    better[order] = np.cumsum(sizes[order]) - sizes[order]
    return better, sizes


def standing(first: str, second: str) -> float:
    """Where two cards stand among all: the share of pairs in better classes plus half of the class's own.

    0 is the best end; aces stand at 0.002, seven-deuce offsuit near 0.97.
    """
    better, sizes = _class_shares()
    number = _CLASS_NUMBER[hand_class(first, second)]
    return float(better[number] + sizes[number] / 2)


def top_fraction(fraction: float) -> Weights:
    """The best ``fraction`` of all pairs; the class on the border has a weight between 0 and 1."""
    if not 0 <= fraction <= 1:
        raise RangeError(f"{fraction} is not a fraction of all hands: give 0 to 1")
    better, sizes = _class_shares()
    weights: Weights = np.clip((fraction - better) / sizes, 0.0, 1.0)[CLASS_OF]
    return weights


def without(weights: Weights, dead: Iterable[str]) -> Weights:
    """The range without the pairs that hold one of the ``dead`` cards."""
    cards = [card_index(card) for card in dead]
    return np.where(np.isin(COMBOS, cards).any(axis=1), 0.0, weights)
