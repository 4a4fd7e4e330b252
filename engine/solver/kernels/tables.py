"""The tables that the kernels work from, each a named tuple of flat arrays; all whole numbers are int32.

A *street* of a subgame is everything that is bet between two deals. It is played once for each *deal*, the cards that
came before it. Within a street a player's *row* stands for one sequence of his own actions (Koller, Megiddo and von
Stengel 1996), and holds a number for each of his hands: how likely he plays it (reach), or what it is worth. Row r
of a street whose hands take up ``width`` numbers begins at r * width. Widths are multiples of 16 with at least one
place to spare, whose reach is always 0.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Whole = NDArray[np.int32]

# fields of a decision
ACTIONS, PARENT, BASE, STORED, LOCKED, DECISION_FIELDS = 0, 1, 2, 3, 4, 5
# fields of a lane: its row, and where its terms at showdown, its terms without a showdown and its last term end
ROW, SHOWDOWNS, EVENS, TERMS_END, LANE_FIELDS = 0, 1, 2, 3, 4
# fields of a batch: its first lane, how many lanes it has, and which kinds of terms are among them
FIRST_LANE, LANE_COUNT, HAS_SHOWDOWN, HAS_EVEN, BATCH_FIELDS = 0, 1, 2, 3, 4

TRAIN, BEST_RESPONSE, AVERAGE = 0, 1, 2
"""What a pass is for: an iteration, the value of a best response, the value of the average strategy."""

BLOCK = 64
"""How many hands are added up and transposed at a time."""

NO_CARD = 52
CARDS = 53


class Hands(NamedTuple):
    """One player's hands on one street, (deals, width) unless said otherwise, on the river weakest first.

    ``order`` says which hand of the street before it is; ``first`` and ``second`` are its cards and ``same`` the
    opponent's place for the same pair, all three times 16. ``live`` (deals,) is the number of hands that are possible.
    Hands of equal strength are a group: it ends at ``group_end``, and the opponent's hands up to ``weaker_end`` lose
    to it, up to ``equal_end`` lose or tie; ``groups`` (deals,) is their number. ``by_card`` (deals, 2 width) lists
    the places times 16 of the hands that hold each card, from ``card_start`` (deals, 54) on. ``leave`` (outs, width)
    is ``order`` for each card that may come: several may share one deal.
    """

    width: int
    order: Whole
    live: Whole
    first: Whole
    second: Whole
    same: Whole
    group_end: Whole
    weaker_end: Whole
    equal_end: Whole
    groups: Whole
    by_card: Whole
    card_start: Whole
    leave: Whole


class Sequences(NamedTuple):
    """One player's sequences on one street, by group of segments.

    ``decisions`` (n, DECISION_FIELDS), a parent before its children; ``lanes`` (n, LANE_FIELDS) are rows at which
    hands end, with ``terms``, the opponent's rows there, and ``payoffs``; ``batches`` (n, BATCH_FIELDS) are up to 16
    lanes; ``empty`` are rows at which none ends. ``parent_row`` and ``root_row`` (segments,) tie each segment to the
    street before. The ``..._of`` arrays (groups + 1,) say where a group's part begins. ``rows`` is the most that one
    group has, ``stored`` how many rows of regrets each deal has.
    """

    rows: int
    stored: int
    decisions: Whole
    decisions_of: Whole
    lanes: Whole
    terms: Whole
    payoffs: Floats
    batches: Whole
    batches_of: Whole
    empty: Whole
    empty_of: Whole
    parent_row: Whole
    root_row: Whole


class Memory(NamedTuple):
    """One player's regrets and sums of strategies on one street, [deal][stored row][hand], as they are and where the
    next ones go (the same arrays, when nothing may have to be taken back)."""

    regrets: Floats
    average: Floats
    next_regrets: Floats
    next_average: Floats


class Scratch(NamedTuple):
    """Room for one thread's work on one street; contents mean nothing between two calls."""

    reach: Floats
    values: Floats
    rows: Floats
    showdown: Floats
    even: Floats
    worth: Floats
    cards: Floats


class Rule(NamedTuple):
    """What a pass does: its kind, and of an iteration the factors by which regrets and strategies so far count."""

    kind: int
    regret_factor: np.float32
    average_factor: np.float32


def room(rows: int, width: int) -> Scratch:
    """Scratch for a street with that many rows and that width, each the larger of the two players'."""

    def empty(size: int) -> Floats:
        return np.zeros(size, dtype=np.float32)

    return Scratch(
        reach=empty(rows * width),
        values=empty(rows * width),
        rows=empty(32 * max(BLOCK, width)),  # a game of limited depth holds two whole rows for each of 16 lanes
        showdown=empty(16 * width),
        even=empty(16 * width),
        worth=empty(16 * width),
        cards=empty(16 * CARDS),
    )
