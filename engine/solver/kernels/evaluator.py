"""The hand evaluator compiled: the perfect hash of ``engine.game.evaluate`` with its own tables, one hand at a time.

A kernel adds up the keys of the cards it deals, most of them outside of its inner loop, and asks ``strength_of`` for
the sum. Strengths are those of ``engine.game.evaluate``, as int32.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.game import evaluate
from engine.game.evaluate import (
    FIVE_OF_A_SUIT,
    HIGH_FIELD,
    HIGH_SHIFT,
    LOW_FIELD,
    MAX_CARDS,
    MIN_CARDS,
    RANK_BITS,
    SUIT_SHIFT,
    SUITS_START,
    HandShapeError,
)
from engine.solver.kernels.compile import jit

FIRST_FLAG = SUIT_SHIFT + 3
"""The bit that says five clubs; diamonds, hearts and spades follow in steps of four."""


class Tables(NamedTuple):
    """What a kernel needs to value hands of one size. ``keys`` (52,) int64 and ``masks`` (52,) int64 are what each
    card adds to a hand; the others are the perfect hash of the ranks and the values of flushes, small enough for a
    processor's second cache (0.7 MB).
    """

    keys: NDArray[np.int64]
    masks: NDArray[np.int64]
    low_places: NDArray[np.uint16]
    high_offsets: NDArray[np.uint32]
    rank_values: NDArray[np.signedinteger]
    flush_values: NDArray[np.signedinteger]


@cache
def tables(cards: int) -> Tables:
    """The tables for hands of 5, 6 or 7 cards, read-only. Raises HandShapeError."""
    if not MIN_CARDS <= cards <= MAX_CARDS:
        raise HandShapeError(f"hands of {cards} cards are not valued: give 5 to 7")
    made = Tables(
        evaluate.CARD_KEYS.copy(),
        evaluate.CARD_MASKS.copy(),
        evaluate.LOW_PLACES.astype(np.uint16),
        evaluate.HIGH_OFFSETS[cards - MIN_CARDS].astype(np.uint32),
        evaluate.RANK_VALUES.astype(np.int32),
        evaluate.FLUSH_VALUES.astype(np.int32),
    )
    for array in made:
        array.setflags(write=False)
    return made


@jit
def strength_of(tables: Tables, key: int, mask: int) -> np.signedinteger:
    """The strength of a hand from the sums of its cards' keys (begun at SUITS_START) and masks; larger is better.

    The cards must be different and as many as the tables are for: neither is checked.
    """
    if key & FIVE_OF_A_SUIT:
        return _flush_strength(tables, key, mask)
    place = tables.high_offsets[(key >> HIGH_SHIFT) & HIGH_FIELD] + tables.low_places[key & LOW_FIELD]
    strength: np.signedinteger = tables.rank_values[place]
    return strength


@jit
def _flush_strength(tables: Tables, key: int, mask: int) -> np.signedinteger:
    flags = (key & FIVE_OF_A_SUIT) >> FIRST_FLAG
    suit = (flags > 1) + (flags > 1 << 4) + (flags > 1 << 8)
    strength: np.signedinteger = tables.flush_values[(mask >> (13 * suit)) & RANK_BITS]
    return strength


@jit
def _strengths(tables: Tables, hands: NDArray[np.uint8], values: NDArray[np.signedinteger]) -> None:
    for hand in range(hands.shape[0]):
        key, mask = SUITS_START, 0
        for place in range(hands.shape[1]):
            key += tables.keys[hands[hand, place]]
            mask |= tables.masks[hands[hand, place]]
        values[hand] = strength_of(tables, key, mask)


@jit
def fill_board_strengths(
    tables: Tables, boards: NDArray[np.uint8], holes: NDArray[np.uint8], values: NDArray[np.signedinteger]
) -> None:
    """Write the strength of each pair of hole cards (h, 2) on each board (b, 3 to 5) into ``values`` (b, h), -1 where
    the board shows one of them. The tables are those for two cards more than the board has.
    """
    for board in range(boards.shape[0]):
        board_key, board_mask = SUITS_START, 0
        for place in range(boards.shape[1]):
            board_key += tables.keys[boards[board, place]]
            board_mask |= tables.masks[boards[board, place]]
        for hole in range(holes.shape[0]):
            first, second = holes[hole, 0], holes[hole, 1]
            mask = tables.masks[first] | tables.masks[second]
            if mask & board_mask:
                values[board, hole] = -1
            else:
                key = board_key + tables.keys[first] + tables.keys[second]
                values[board, hole] = strength_of(tables, key, board_mask | mask)


def strengths(hands: NDArray[np.integer]) -> NDArray[np.int32]:
    """The strength of each hand, (n, 5 to 7) card integers -> (n,) int32, as ``evaluate.strength`` gives it.

    Raises HandShapeError for another shape or for numbers that are no cards.
    """
    if hands.ndim != 2:
        raise HandShapeError(f"hands have shape {hands.shape}: give (n, k) card integers with k from 5 to 7")
    values = np.empty(len(hands), dtype=np.int32)
    _strengths(tables(hands.shape[1]), cards_of(hands), values)
    return values


def board_strengths(boards: NDArray[np.integer], holes: NDArray[np.integer]) -> NDArray[np.int32]:
    """The strength of each pair of hole cards (h, 2) on each board (b, 3 to 5), as ``evaluate.board_strengths`` gives
    it: (b, h) int32, -1 where the board shows one of the hole cards. Raises HandShapeError.
    """
    if boards.ndim != 2 or holes.ndim != 2 or holes.shape[1] != 2:
        raise HandShapeError(f"boards {boards.shape} and hole cards {holes.shape}: give (b, 3 to 5) and (h, 2)")
    values = np.empty((len(boards), len(holes)), dtype=np.int32)
    fill_board_strengths(tables(boards.shape[1] + 2), cards_of(boards), cards_of(holes), values)
    return values


def cards_of(cards: NDArray[np.integer]) -> NDArray[np.uint8]:
    """Card integers as the kernels take them. Raises HandShapeError for numbers outside 0 to 51, which would make a
    kernel read foreign memory.
    """
    if cards.size and not 0 <= cards.min() <= cards.max() <= 51:
        raise HandShapeError(f"cards from {cards.min()} to {cards.max()}: they are integers from 0 to 51")
    return np.ascontiguousarray(cards, dtype=np.uint8)
