"""What hands are worth where the betting ends, for sixteen sequences of one player at once.

For a hand h the sum over the opponent's hands that do not share a card with it is reckoned from three sums: all of
them, less those that hold h's first card, less those that hold its second, plus the one that is the same pair and was
taken off twice. Running over hands in order of strength gives this for all hands in linear time (Johanson, Waugh,
Bowling and Zinkevich 2011, section 3). Here each of the sums is a vector over sixteen sequences (lanes): the
opponent's reach is added up with the payoffs of each lane's terminals, transposed so that the lanes of one hand lie
side by side, and a single run serves them all.

A showdown for half the pot m pays m (weaker - stronger). With the sums L of weaker and E of weaker or equal hands and
A of all, weaker - stronger = L + E - A, so the run begins at -A / 2 and adds what it has reached twice: before a
group of equal hands and after it. What is paid whatever the cards (folds; rake) has no order: it goes into the
beginning too.
"""

from typing import Any, Final

import numpy as np

from engine.solver.kernels.part import part
from engine.solver.kernels.simd import index, load, peek, spread, store, transpose, zeros
from engine.solver.kernels.tables import (
    BATCH_FIELDS,
    BLOCK,
    EVENS,
    FIRST_LANE,
    HAS_EVEN,
    HAS_SHOWDOWN,
    LANE_COUNT,
    LANE_FIELDS,
    ROW,
    SHOWDOWNS,
    TERMS_END,
    Hands,
    Scratch,
    Sequences,
)

OTHER: Final = 16 * BLOCK
"""Where the second kind of terms begins in ``scratch.rows``."""


@part
def value_batch(batch: int, deal: int, own: Sequences, hands: Hands, against: Hands, scratch: Scratch) -> None:
    """Write the values of one batch of lanes into their rows of ``scratch.values``, from ``scratch.reach``."""
    at = batch * BATCH_FIELDS
    first, lanes = index(own.batches, at + FIRST_LANE), index(own.batches, at + LANE_COUNT)
    showdown, even = index(own.batches, at + HAS_SHOWDOWN), index(own.batches, at + HAS_EVEN)
    _add_up(first, lanes, showdown, even, own, against.width, scratch)
    if showdown:
        total = _totals(
            deal, against, scratch.even if even else scratch.showdown, scratch, np.float32(1.0 if even else -0.5)
        )
        _run(deal, hands, against, scratch, total)
        if even:
            _add_same(deal, hands, scratch)
    else:
        total = _totals(deal, against, scratch.even, scratch, np.float32(1.0))
        _sum_up(deal, hands, scratch, total)
    _give_out(first, lanes, deal, own, hands, scratch)


@part
def _give_out(first: int, lanes: int, deal: int, own: Sequences, hands: Hands, scratch: Scratch) -> None:
    """Back from hand by hand to row by row."""
    width, worth, rows = hands.width, scratch.worth, scratch.rows
    for hand in range(index(hands.live, deal) * 16, width * 16, 16):
        store(worth, hand, zeros())
    for begin in range(0, width, BLOCK):
        size = min(BLOCK, width - begin)
        for hand in range(0, size, 16):
            transpose(worth, (begin + hand) * 16, 16, rows, hand, BLOCK)
        for lane in range(lanes):
            row = index(own.lanes, (first + lane) * LANE_FIELDS + ROW) * width + begin
            for hand in range(0, size, 16):
                store(scratch.values, row + hand, load(rows, lane * BLOCK + hand))


@part
def _add_up(first: int, lanes: int, showdown: int, even: int, own: Sequences, width: int, scratch: Scratch) -> None:
    """The opponent's reach times each lane's payoffs, hand by hand with the lanes side by side.

    ``showdown`` gets the terms with a showdown. ``even`` gets the others; in a batch that has both, half of their
    difference to the first, which is what the run over the showdowns begins with. A block of hands at a time, so
    that the rows between adding up and transposing stay in the nearest cache.
    """
    reach, rows = scratch.reach, scratch.rows
    half = spread(np.float32(0.5))
    for begin in range(0, width, BLOCK):
        size = min(BLOCK, width - begin)
        for lane in range(16):
            to = lane * BLOCK
            start = middle = end = 0
            if lane < lanes:
                place = (first + lane) * LANE_FIELDS
                start, middle = index(own.lanes, place + SHOWDOWNS), index(own.lanes, place + EVENS)
                end = index(own.lanes, place + TERMS_END)
            if showdown:
                _add_terms(start, middle, own, width, reach, begin, size, rows, to)
            if even:
                _add_terms(middle, end, own, width, reach, begin, size, rows, OTHER + to)
                if showdown:
                    for hand in range(to, to + size, 16):
                        store(rows, OTHER + hand, (load(rows, OTHER + hand) - load(rows, hand)) * half)
        for hand in range(0, size, 16):
            if showdown:
                transpose(rows, hand, BLOCK, scratch.showdown, (begin + hand) * 16, 16)
            if even:
                transpose(rows, OTHER + hand, BLOCK, scratch.even, (begin + hand) * 16, 16)


@part
def _add_terms(
    first: int, end: int, own: Sequences, width: int, reach: Any, begin: int, size: int, rows: Any, to: int
) -> None:
    """Into ``size`` numbers of ``rows``, the opponent's rows from ``begin`` on times what is paid at each term."""
    if first == end:
        for hand in range(0, size, 16):
            store(rows, to + hand, zeros())
        return
    row, pays = index(own.terms, first) * width + begin, spread(peek(own.payoffs, first))
    for hand in range(0, size, 16):
        store(rows, to + hand, load(reach, row + hand) * pays)
    for term in range(first + 1, end):
        row, pays = index(own.terms, term) * width + begin, spread(peek(own.payoffs, term))
        for hand in range(0, size, 16):
            store(rows, to + hand, load(rows, to + hand) + load(reach, row + hand) * pays)


@part
def _totals(deal: int, against: Hands, amounts: Any, scratch: Scratch, factor: Any) -> Any:
    """The sums of ``amounts`` over the hands with each card, into ``cards``, and over all hands; times ``factor``."""
    start, listed = deal * 54, deal * 2 * against.width
    scale, total = spread(factor), zeros()
    for card in range(52):
        held = zeros()
        for entry in range(index(against.card_start, start + card), index(against.card_start, start + card + 1)):
            held = held + load(amounts, index(against.by_card, listed + entry))
        store(scratch.cards, card * 16, held * scale)
        total = total + held
    store(scratch.cards, 52 * 16, zeros())
    return total * (scale * spread(np.float32(0.5)))


@part
def _run(deal: int, hands: Hands, against: Hands, scratch: Scratch, total: Any) -> None:
    """The showdowns of all hands, weakest first; ``total`` and ``cards`` hold what the run begins with."""
    cards, amounts, worth = scratch.cards, scratch.showdown, scratch.worth
    mine, theirs = deal * hands.width, deal * against.width
    hand = reached = 0
    for group in range(index(hands.groups, deal)):
        weaker, equal = index(hands.weaker_end, mine + group), index(hands.equal_end, mine + group)
        group_end = index(hands.group_end, mine + group)
        while reached < weaker:
            amount = load(amounts, reached * 16)
            first, second = index(against.first, theirs + reached), index(against.second, theirs + reached)
            total = total + amount
            store(cards, first, load(cards, first) + amount)
            store(cards, second, load(cards, second) + amount)
            reached += 1
        if weaker == equal:
            while hand < group_end:
                beaten = _not_blocked(hands, mine + hand, cards, total)
                store(worth, hand * 16, beaten + beaten)
                hand += 1
            continue
        for member in range(hand, group_end):
            store(worth, member * 16, _not_blocked(hands, mine + member, cards, total))
        while reached < equal:
            amount = load(amounts, reached * 16)
            first, second = index(against.first, theirs + reached), index(against.second, theirs + reached)
            total = total + amount
            store(cards, first, load(cards, first) + amount)
            store(cards, second, load(cards, second) + amount)
            reached += 1
        while hand < group_end:
            store(worth, hand * 16, load(worth, hand * 16) + _not_blocked(hands, mine + hand, cards, total))
            hand += 1


@part
def _not_blocked(hands: Hands, place: int, cards: Any, total: Any) -> Any:
    return total - load(cards, index(hands.first, place)) - load(cards, index(hands.second, place))


@part
def _add_same(deal: int, hands: Hands, scratch: Scratch) -> None:
    """Put back the pair that both hold, taken off with each of its cards, in a batch that has both kinds of terms.

    It is beside the point at a showdown (a hand ties with itself), so only what is paid whatever the cards counts:
    twice ``even`` and once ``showdown``.
    """
    for hand in range(index(hands.live, deal)):
        same = index(hands.same, deal * hands.width + hand)
        even = load(scratch.even, same)
        store(scratch.worth, hand * 16, load(scratch.worth, hand * 16) + (even + even + load(scratch.showdown, same)))


@part
def _sum_up(deal: int, hands: Hands, scratch: Scratch, total: Any) -> None:
    """What is paid whatever the cards, summed over the hands that are not blocked."""
    for hand in range(index(hands.live, deal)):
        place = deal * hands.width + hand
        value = _not_blocked(hands, place, scratch.cards, total) + load(scratch.even, index(hands.same, place))
        store(scratch.worth, hand * 16, value)
