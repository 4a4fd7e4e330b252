"""The hands of a subgame: which are possible after each deal, in which order, and what the kernels need of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.game.evaluate import board_strengths
from engine.game.ranges import COMBO_COUNT, COMBOS, Weights
from engine.solver.kernels.tables import NO_CARD, Floats, Hands, Whole

RIVER: Final = 5
STRONGER_THAN_ALL: Final = 1 << 25
TIE_STEP, TIE_PLACES = 1597, 4096
"""Hands of one strength are put in an order in which neighbours seldom share a card: a core adds faster so."""

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Range:
    """One player's live pairs at the root: places in COMBOS (n,), weights (width,) float32, 0 beyond n."""

    combos: Integers
    weights: Floats

    @property
    def size(self) -> int:
        return len(self.combos)


def live(weights: Weights, board: Sequence[int]) -> Range:
    """The pairs in a range that the board leaves possible."""
    possible = ~np.isin(COMBOS, np.array(board)).any(axis=1)
    combos = np.flatnonzero(possible & (weights > 0))
    padded = np.zeros(padded_width(len(combos)), dtype=np.float32)
    padded[: len(combos)] = weights[combos]
    return Range(combos, padded)


def padded_width(count: int) -> int:
    """The next multiple of 16 that leaves at least one place to spare."""
    return (count + 16) // 16 * 16


@dataclass(frozen=True, eq=False)
class Deals:
    """The deals of one street: ``boards`` (deals, cards), and which deal of the street before each comes from.

    An *out* is a card that may really come. Outs that differ by a relabelling of suits alone are played once:
    ``outs_of`` (deals + 1,) says which outs each deal stands for, ``out_boards`` (outs, cards) what they are, and
    ``suits`` (outs, 4) where each suit of the deal goes in the out.
    """

    boards: Integers
    parent: Integers
    outs_of: Whole
    out_boards: Integers
    suits: Integers

    @cached_property
    def children_of(self) -> Integers:
        """Where the deals that follow each deal of the street before begin; they stand in its order."""
        return np.concatenate([[0], np.cumsum(np.bincount(self.parent))]).astype(np.int64)

    @property
    def count(self) -> int:
        return len(self.boards)

    @property
    def outs(self) -> int:
        return len(self.out_boards)


@dataclass(frozen=True, slots=True, eq=False)
class StreetHands:
    """Both players' hands on one street: the kernels' tables, and which pair each place holds (deals, width), -1 for
    none."""

    deals: Deals
    tables: tuple[Hands, Hands]
    combos: tuple[Integers, Integers]


def first_deal(board: Sequence[int]) -> Deals:
    """The board as it is."""
    boards = np.array([board], dtype=np.int64)
    return Deals(boards, np.zeros(1, np.int64), np.array([0, 1], np.int32), boards, np.arange(4)[None])


def street_hands(deals: Deals, before: StreetHands | None, ranges: tuple[Range, Range]) -> StreetHands:
    """The hands of a street whose deals follow those of ``before`` (None: the first street)."""
    chosen = [_in_order(deals, held) for held in ranges]
    places = [_places(order, held.size) for (order, _), held in zip(chosen, ranges, strict=True)]
    tables = []
    for player in (0, 1):
        own, order = ranges[player], chosen[player][0]
        source = _places_before(before, player, own)
        other = ranges[1 - player]
        tables.append(
            _tables(deals, own, order, chosen[player][1], source, _same(own, other, order, places[1 - player]))
        )
    strengths = [strength for _, strength in chosen]
    if deals.boards.shape[1] == RIVER:
        counts = [table.live for table in tables]
        tables = [
            _with_groups(tables[player], strengths[player], strengths[1 - player], counts[player]) for player in (0, 1)
        ]
    combos = [_combos(held, order) for (order, _), held in zip(chosen, ranges, strict=True)]
    return StreetHands(deals, (tables[0], tables[1]), (combos[0], combos[1]))


def _in_order(deals: Deals, held: Range) -> tuple[Integers, Integers]:
    """For each deal the range's hands that are possible, (deals, width), weakest first on the river; ``held.size``
    stands for no hand. And their strengths, STRONGER_THAN_ALL where there is none."""
    cards = COMBOS[held.combos]
    if deals.boards.shape[1] == RIVER:
        strengths = board_strengths(deals.boards, cards)
    else:
        dead = (deals.boards[:, :, None, None] == cards).any(axis=(1, 3))
        strengths = np.where(dead, -1, 0)
    strengths = np.where(strengths < 0, STRONGER_THAN_ALL, strengths)
    if deals.boards.shape[1] == RIVER:
        keys = strengths * TIE_PLACES + np.arange(held.size) * TIE_STEP % TIE_PLACES
    else:
        keys = strengths * TIE_PLACES + np.arange(held.size)
    order = np.argsort(keys, axis=1)
    most = int((strengths < STRONGER_THAN_ALL).sum(axis=1).max(initial=0))
    width = padded_width(most)
    sorted_strengths = np.take_along_axis(strengths, order, axis=1)
    order = np.where(sorted_strengths < STRONGER_THAN_ALL, order, held.size)
    spare = max(0, width - held.size)
    order = np.pad(order, ((0, 0), (0, spare)), constant_values=held.size)[:, :width]
    sorted_strengths = np.pad(sorted_strengths, ((0, 0), (0, spare)), constant_values=STRONGER_THAN_ALL)[:, :width]
    return np.ascontiguousarray(order), np.ascontiguousarray(sorted_strengths)


def _places(order: Integers, size: int) -> Integers:
    """Where each hand of the range stands after each deal, (deals, size + 1); the last place for one that is dead."""
    deals, width = order.shape
    places = np.full((deals, size + 1), width - 1, dtype=np.int64)
    np.put_along_axis(places, order, np.broadcast_to(np.arange(width), order.shape), axis=1)
    places[:, size] = width - 1
    return places


def _places_before(before: StreetHands | None, player: int, held: Range) -> Integers:
    """Where each hand stood after each deal of the street before, (deals before, size + 1)."""
    if before is None:
        return np.append(np.arange(held.size), len(held.weights) - 1)[None]
    combos = before.combos[player]
    hand_of = np.full(COMBO_COUNT + 1, held.size)
    hand_of[held.combos] = np.arange(held.size)
    return _places(hand_of[combos], held.size)


def _same(own: Range, other: Range, order: Integers, places: Integers) -> Integers:
    """The other's place for the same pair, (deals, width)."""
    hand_of = np.full(COMBO_COUNT, other.size)
    hand_of[other.combos] = np.arange(other.size)
    matching = np.append(hand_of[own.combos], other.size)
    return np.take_along_axis(places, matching[order], axis=1)


def _tables(deals: Deals, own: Range, order: Integers, strengths: Integers, source: Integers, same: Integers) -> Hands:
    count, width = order.shape
    cards = np.vstack([COMBOS[own.combos], [[NO_CARD, NO_CARD]]])
    first, second = cards[order, 0], cards[order, 1]
    by_card = np.argsort(np.hstack([first, second]).astype(np.int8), axis=1, kind="stable") % width
    held = np.zeros((count, NO_CARD + 2), dtype=np.int64)
    rows = np.repeat(np.arange(count), 2 * width)
    np.add.at(held, (rows, np.hstack([first, second]).ravel() + 1), 1)
    nothing = np.zeros((1, 1), dtype=np.int32)
    return Hands(
        width=width,
        order=_whole(np.take_along_axis(source[deals.parent], order, axis=1)),
        live=_whole((strengths < STRONGER_THAN_ALL).sum(axis=1)),
        first=_whole(first * 16),
        second=_whole(second * 16),
        same=_whole(same * 16),
        group_end=nothing,
        weaker_end=nothing,
        equal_end=nothing,
        groups=np.zeros(1, dtype=np.int32),
        by_card=_whole(by_card * 16),
        card_start=_whole(np.cumsum(held, axis=1)),
        leave=_whole(_leave(deals, own, order, source)),
    )


def _leave(deals: Deals, own: Range, order: Integers, source: Integers) -> Integers:
    """For each out, where its deal's hands stood before, under the out's own suits."""
    deal_of = np.repeat(np.arange(deals.count), np.diff(deals.outs_of))
    hand_of = np.full(COMBO_COUNT + 1, own.size)
    hand_of[own.combos] = np.arange(own.size)
    combos = np.append(own.combos, COMBO_COUNT)
    relabelled = np.stack([hand_of[relabelled_combos(suits)] for suits in deals.suits])
    hands = np.take_along_axis(relabelled, combos[order[deal_of]], axis=1)
    return np.take_along_axis(source[deals.parent[deal_of]], hands, axis=1)


def relabelled_combos(suits: Integers) -> Integers:
    """The pair that each pair becomes when suit s is called suits[s], (1327,); the last stands for none."""
    cards = COMBOS // 4 * 4 + suits[COMBOS % 4]
    low, high = cards.min(axis=1), cards.max(axis=1)
    return np.append(low * (103 - low) // 2 + high - low - 1, COMBO_COUNT)


def _with_groups(table: Hands, own: Integers, other: Integers, count: Whole) -> Hands:
    """The table with its groups of equal strength, and how many of the other's hands each beats or ties."""
    deals, width = own.shape
    after = np.pad(own[:, 1:], ((0, 0), (0, 1)), constant_values=-1)
    ends = (own != after) & (np.arange(width) < count[:, None])
    deal, place = np.nonzero(ends)
    group = (np.cumsum(ends, axis=1) - 1)[deal, place]
    apart = 2 * STRONGER_THAN_ALL * np.arange(deals)[:, None]
    theirs, mine = (other + apart).ravel(), (own + apart)[deal, place]

    def by_group(numbers: Integers) -> Whole:
        filled = np.zeros((deals, width), dtype=np.int32)
        filled[deal, group] = numbers
        return filled

    return table._replace(
        group_end=by_group(place + 1),
        weaker_end=by_group(np.searchsorted(theirs, mine, "left") - deal * other.shape[1]),
        equal_end=by_group(np.searchsorted(theirs, mine, "right") - deal * other.shape[1]),
        groups=_whole(ends.sum(axis=1)),
    )


def _combos(held: Range, order: Integers) -> Integers:
    combos: Integers = np.append(held.combos, -1)[order]
    return combos


def _whole(numbers: NDArray[np.integer]) -> Whole:
    return np.ascontiguousarray(numbers, dtype=np.int32)
