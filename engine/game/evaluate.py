"""The hand evaluator: the strength of 5 to 7 cards as one integer, for whole arrays of hands at once.

The method is a perfect hash. A card adds 5^rank to a number that counts ranks in base 5, split in a low part (ranks
2 to 8) and a high part (9 to A) so that the tables stay small enough for a processor's cache; the same integer
counts suits in four-bit fields. Hands are therefore sums of cards: a board is added up once and then to every pair
of hole cards.
"""

from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]

LOW_RANKS, HIGH_RANKS = 7, 6
HIGH_SHIFT = 17  # 5^7 < 2^17
SUIT_SHIFT = 31  # 5^6 < 2^14
LOW_FIELD, HIGH_FIELD = (1 << HIGH_SHIFT) - 1, (1 << (SUIT_SHIFT - HIGH_SHIFT)) - 1
FIVE_OF_A_SUIT = 0x8888 << SUIT_SHIFT  # a field that began at 3 and counted to 5 or more
SUITS_START = 0x3333 << SUIT_SHIFT
RANK_BITS = (1 << 13) - 1
CATEGORY_SHIFT = 20
MIN_CARDS, MAX_CARDS = 5, 7


class Category(IntEnum):
    """The nine kinds of poker hand in rising order."""

    HIGH_CARD = 0
    PAIR = 1
    TWO_PAIR = 2
    THREE_OF_A_KIND = 3
    STRAIGHT = 4
    FLUSH = 5
    FULL_HOUSE = 6
    FOUR_OF_A_KIND = 7
    STRAIGHT_FLUSH = 8


class HandShapeError(ValueError):
    """Cards that are not an array of hands of 5 to 7 cards."""


def strength(cards: NDArray[np.integer]) -> Integers:
    """The strength of each hand: larger is better, equal is a tie.

    ``cards`` has shape (n, k) with k in 5..7 and holds card integers 0..51, no card twice in a hand (not checked).
    Returns (n,) int64; ``categories`` reads the kind of hand from it. Raises HandShapeError for another shape.
    """
    if cards.ndim != 2 or not MIN_CARDS <= cards.shape[1] <= MAX_CARDS:
        raise HandShapeError(f"hands have shape {cards.shape}: give (n, k) card integers with k from 5 to 7")
    columns = [CARD_KEYS[cards[:, place]] for place in range(cards.shape[1])]
    keys = np.sum(columns, axis=0) + SUITS_START
    values = _rank_values(keys, cards.shape[1])
    flushes = np.flatnonzero(keys & FIVE_OF_A_SUIT)
    values[flushes] = _flush_values(keys[flushes], CARD_MASKS[cards[flushes]].sum(axis=1))
    return values


def board_strengths(boards: NDArray[np.integer], holes: NDArray[np.integer]) -> Integers:
    """The strength of each pair of hole cards on each board.

    ``boards`` (b, 3..5) and ``holes`` (h, 2) are card integers. Returns (b, h) int64, -1 where the hole cards are
    not possible because the board shows one of them.
    """
    count = boards.shape[1] + holes.shape[1]
    if not MIN_CARDS <= count <= MAX_CARDS:
        raise HandShapeError(f"{boards.shape[1]} board cards and {holes.shape[1]} hole cards: give 5 to 7 together")
    board_masks, hole_masks = CARD_MASKS[boards].sum(axis=1), CARD_MASKS[holes].sum(axis=1)
    keys = (CARD_KEYS[boards].sum(axis=1) + SUITS_START)[:, None] + CARD_KEYS[holes].sum(axis=1)
    values = _rank_values(keys, count)
    flush_boards, flush_holes = np.nonzero(keys & FIVE_OF_A_SUIT)
    masks = board_masks[flush_boards] | hole_masks[flush_holes]
    values[flush_boards, flush_holes] = _flush_values(keys[flush_boards, flush_holes], masks)
    values[(board_masks[:, None] & hole_masks) != 0] = -1
    return values


def categories(strengths: Integers) -> Integers:
    """The Category of each strength, as integers of the same shape."""
    return strengths >> CATEGORY_SHIFT


def _rank_values(keys: Integers, count: int) -> Integers:
    """What the ranks alone are worth. The key of an impossible hand (five of a rank) reads some value or other."""
    places = HIGH_OFFSETS[count - MIN_CARDS].take((keys >> HIGH_SHIFT) & HIGH_FIELD, mode="clip")
    places += LOW_PLACES.take(keys & LOW_FIELD, mode="clip")
    values: Integers = RANK_VALUES.take(places, mode="clip")
    return values


def _flush_values(keys: Integers, masks: Integers) -> Integers:
    """What hands with five of a suit are worth; a hand with a flush never holds a full house or better."""
    fields = (keys & FIVE_OF_A_SUIT) >> (SUIT_SHIFT + 3)
    suits = (fields > 1).astype(np.int64) + (fields > 1 << 4) + (fields > 1 << 8)
    values: Integers = FLUSH_VALUES[(masks >> (13 * suits)) & RANK_BITS]
    return values


# --- the tables, built once at import in about 0.1 s -------------------------------------------------------------


def _top_ranks() -> Integers:
    """The highest rank in each 13-bit set of ranks (0 for the empty set, which no caller looks at)."""
    tops = np.zeros(1 << 13, dtype=np.int64)
    for rank in range(13):
        tops[1 << rank : 1 << (rank + 1)] = rank
    return tops


def _straight_tops() -> Integers:
    """The top rank of the best straight in each 13-bit set of ranks, -1 without one; the ace also plays low."""
    sets = np.arange(1 << 13)
    with_low_ace = (sets << 1) | (sets >> 12)
    tops = np.full(1 << 13, -1, dtype=np.int64)
    for top in range(3, 13):
        run = 0b11111 << (top - 3)
        tops[with_low_ace & run == run] = top
    return tops


def _take_tops(sets: Integers, count: int) -> tuple[list[Integers], Integers]:
    """The ``count`` highest ranks of each set, and the sets without them."""
    tops = []
    for _ in range(count):
        top = TOP_RANKS[sets]
        tops.append(top)
        sets = sets & ~(1 << top)
    return tops, sets


def _value(category: Category, *ranks: Integers) -> Integers:
    """A strength: the category, then up to five ranks of four bits in the order in which they break ties."""
    value = np.full(ranks[0].shape, category << CATEGORY_SHIFT, dtype=np.int64)
    for place, rank in enumerate(ranks):
        value |= rank << (16 - 4 * place)
    return value


def _grouped_value(category: Category, sets: Integers, groups: tuple[Integers, ...], kickers: int) -> Integers:
    """A hand of one or two groups of equal ranks, then the highest other ranks."""
    for group in groups:
        sets = sets & ~(1 << group)
    return _value(category, *groups, *_take_tops(sets, kickers)[0])


def _rank_only_values(counts: Integers) -> Integers:
    """The strengths of hands of which only the ranks are known. ``counts`` (n, 13): how often each rank occurs."""
    ones, twos, threes, fours = ((counts >= least) @ (1 << np.arange(13)) for least in (1, 2, 3, 4))
    quad, trip, straight = TOP_RANKS[fours], TOP_RANKS[threes], STRAIGHT_TOPS[ones]
    (pair, second), _ = _take_tops(twos, 2)
    beside_trip = twos & ~(1 << trip)
    return np.select(
        [fours > 0, (threes > 0) & (beside_trip > 0), straight >= 0, threes > 0, twos & (twos - 1) > 0, twos > 0],
        [
            _grouped_value(Category.FOUR_OF_A_KIND, ones, (quad,), 1),
            _value(Category.FULL_HOUSE, trip, TOP_RANKS[beside_trip]),
            _value(Category.STRAIGHT, np.maximum(straight, 0)),
            _grouped_value(Category.THREE_OF_A_KIND, ones, (trip,), 2),
            _grouped_value(Category.TWO_PAIR, ones, (pair, second), 1),
            _grouped_value(Category.PAIR, ones, (pair,), 3),
        ],
        _grouped_value(Category.HIGH_CARD, ones, (), 5),
    )


def _flush_table() -> Integers:
    """The strength of each 13-bit set of ranks in one suit; only sets of five and more are looked at."""
    sets = np.arange(1 << 13)
    straight = STRAIGHT_TOPS[sets]
    straight_flush = _value(Category.STRAIGHT_FLUSH, np.maximum(straight, 0))
    return np.where(straight >= 0, straight_flush, _grouped_value(Category.FLUSH, sets, (), 5))


def _count_vectors(ranks: int) -> Integers:
    """Every way to hold 0 to 4 cards of each of ``ranks`` ranks: row i has the base-5 digits of i, lowest first."""
    digits: Integers = np.arange(5**ranks)[:, None] // 5 ** np.arange(ranks) % 5
    return digits


def _hash_tables() -> tuple[Integers, Integers, Integers]:
    """The perfect hash: place of a low part among those of its size, offset of a high part, and the strengths."""
    low, high = _count_vectors(LOW_RANKS), _count_vectors(HIGH_RANKS)
    low_sizes, high_sizes = low.sum(axis=1), high.sum(axis=1)
    places = np.zeros(len(low), dtype=np.int64)
    for size in range(MAX_CARDS + 1):
        places[low_sizes == size] = np.arange(np.count_nonzero(low_sizes == size))
    offsets = np.zeros((MAX_CARDS - MIN_CARDS + 1, len(high)), dtype=np.int64)
    values: list[Integers] = []
    filled = 0
    for count in range(MIN_CARDS, MAX_CARDS + 1):
        for size in range(count + 1):
            highs, lows = np.flatnonzero(high_sizes == size), low[low_sizes == count - size]
            offsets[count - MIN_CARDS, highs] = filled + len(lows) * np.arange(len(highs))
            values.append(_rank_only_values(_pair_up(lows, high[highs])))
            filled += len(highs) * len(lows)
    return places, offsets, np.concatenate(values)


def _pair_up(lows: Integers, highs: Integers) -> Integers:
    """Every high part with every low part, as (len(highs) * len(lows), 13) counts of ranks."""
    return np.hstack([np.tile(lows, (len(highs), 1)), np.repeat(highs, len(lows), axis=0)])


def _card_keys() -> Integers:
    """What each card adds to a hand's key."""
    ranks, suits = np.divmod(np.arange(52), 4)
    high = np.maximum(ranks - LOW_RANKS, 0)
    rank_part = np.where(ranks < LOW_RANKS, 5 ** np.minimum(ranks, LOW_RANKS), (5**high) << HIGH_SHIFT)
    keys: Integers = rank_part + (1 << (SUIT_SHIFT + 4 * suits))
    return keys


TOP_RANKS: Final = _top_ranks()
STRAIGHT_TOPS: Final = _straight_tops()
FLUSH_VALUES: Final = _flush_table()
LOW_PLACES, HIGH_OFFSETS, RANK_VALUES = _hash_tables()
CARD_KEYS: Final = _card_keys()
CARD_MASKS: Final[Integers] = np.int64(1) << (13 * (np.arange(52) % 4) + np.arange(52) // 4)
