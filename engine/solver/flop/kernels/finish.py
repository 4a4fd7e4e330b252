"""The last street of a game of limited depth: where its betting ends, hands meet in a matrix of equities.

A leaf of such a street pays hand h against hand o the pot times what h wins from o on average over all run-outs,
-1 to 1. With ``matrices`` [deal][hand of the opponent][own hand] of that, the values of a lane are the opponent's
reach, summed with the lane's payoffs, times the deal's matrix. What is paid whatever the cards (folds, rake) is summed
over the hands that are not blocked, as in ``engine.solver.kernels.leaves``.
"""

from typing import Any

import numpy as np

from engine.solver.kernels.betting import ascend
from engine.solver.kernels.compile import jit
from engine.solver.kernels.part import part
from engine.solver.kernels.simd import index, load, peek, poke, spread, store, zeros
from engine.solver.kernels.streets import open_street
from engine.solver.kernels.tables import (
    BATCH_FIELDS,
    CARDS,
    EVENS,
    FIRST_LANE,
    LANE_COUNT,
    LANE_FIELDS,
    ROW,
    SHOWDOWNS,
    TERMS_END,
    Floats,
    Hands,
    Memory,
    Rule,
    Scratch,
    Sequences,
    Whole,
)


@jit
def finish_by_equity(
    deal_from: int,
    deal_to: int,
    outs_of: Whole,
    segments_of: Whole,
    own: Sequences,
    other: Sequences,
    hands: Hands,
    against: Hands,
    memory: Memory,
    strategy: Floats,
    before: Floats,
    before_width: int,
    chance: float,
    matrices: Floats,
    values: Floats,
    values_width: int,
    first_out: int,
    scratch: Scratch,
    rule: Rule,
) -> None:
    """Play the last street for some of its deals; like ``engine.solver.kernels.streets.finish``, with ``matrices``."""
    width, segments = hands.width, len(own.root_row)
    for deal in range(deal_from, deal_to):
        for group in range(len(segments_of) - 1):
            open_street(deal, segments_of, group, other, against, strategy, before, before_width, chance, scratch)
            for empty in range(index(own.empty_of, group), index(own.empty_of, group + 1)):
                row = index(own.empty, empty) * width
                for hand in range(row, row + width, 16):
                    store(scratch.values, hand, zeros())
            for batch in range(index(own.batches_of, group), index(own.batches_of, group + 1)):
                _value_batch(batch, deal, own, hands, against, matrices, scratch)
            ascend(
                own.decisions,
                index(own.decisions_of, group),
                index(own.decisions_of, group + 1),
                memory,
                deal * own.stored * width,
                width,
                scratch.values,
                rule,
            )
            for segment in range(index(segments_of, group), index(segments_of, group + 1)):
                source = index(own.root_row, segment) * width
                for out in range(index(outs_of, deal), index(outs_of, deal + 1)):
                    target = ((out - first_out) * segments + segment) * values_width
                    for hand in range(index(hands.live, deal)):
                        place = index(hands.leave, out * width + hand)
                        poke(values, target + place, peek(scratch.values, source + hand))


@part
def _value_batch(
    batch: int, deal: int, own: Sequences, hands: Hands, against: Hands, matrices: Floats, scratch: Scratch
) -> None:
    """Write the values of up to sixteen lanes into their rows of ``scratch.values``, from ``scratch.reach``."""
    at = batch * BATCH_FIELDS
    first, lanes = index(own.batches, at + FIRST_LANE), index(own.batches, at + LANE_COUNT)
    width, other = hands.width, against.width
    for lane in range(lanes):
        place = (first + lane) * LANE_FIELDS
        start, middle = index(own.lanes, place + SHOWDOWNS), index(own.lanes, place + EVENS)
        _add_terms(start, middle, own, other, scratch.reach, scratch.rows, lane * other)
        _add_terms(middle, index(own.lanes, place + TERMS_END), own, other, scratch.reach, scratch.rows,
                   (16 + lane) * other)  # fmt: skip
    for hand in range(0, width, 16):
        for lane in range(0, lanes, 4):
            _multiply(first, lane, lanes, deal * other * width + hand, own, width, other, matrices, scratch, hand)
    for lane in range(lanes):
        place = (first + lane) * LANE_FIELDS
        if index(own.lanes, place + EVENS) < index(own.lanes, place + TERMS_END):
            row = index(own.lanes, place + ROW) * width
            _add_even(deal, hands, against, scratch, (16 + lane) * other, row)


@part
def _add_terms(begin: int, end: int, own: Sequences, width: int, reach: Any, rows: Any, to: int) -> None:
    for hand in range(to, to + width, 16):
        store(rows, hand, zeros())
    for term in range(begin, end):
        row, pays = index(own.terms, term) * width, spread(peek(own.payoffs, term))
        for hand in range(0, width, 16):
            store(rows, to + hand, load(rows, to + hand) + load(reach, row + hand) * pays)


@part
def _multiply(
    first: int,
    lane: int,
    lanes: int,
    column: int,
    own: Sequences,
    width: int,
    other: int,
    matrices: Floats,
    scratch: Scratch,
    hand: int,
) -> None:
    """Four lanes by sixteen columns of the matrix; a lane beyond the last is reckoned and thrown away."""
    rows = scratch.rows
    second, third, fourth = other, 2 * other, 3 * other
    begin = lane * other
    one, two, three, four = zeros(), zeros(), zeros(), zeros()
    for theirs in range(begin, begin + other):
        wins = load(matrices, column)
        one = one + spread(peek(rows, theirs)) * wins
        two = two + spread(peek(rows, theirs + second)) * wins
        three = three + spread(peek(rows, theirs + third)) * wins
        four = four + spread(peek(rows, theirs + fourth)) * wins
        column += width
    at = (first + lane) * LANE_FIELDS + ROW
    store(scratch.values, index(own.lanes, at) * width + hand, one)
    if lane + 1 < lanes:
        store(scratch.values, index(own.lanes, at + LANE_FIELDS) * width + hand, two)
    if lane + 2 < lanes:
        store(scratch.values, index(own.lanes, at + 2 * LANE_FIELDS) * width + hand, three)
    if lane + 3 < lanes:
        store(scratch.values, index(own.lanes, at + 3 * LANE_FIELDS) * width + hand, four)


@part
def _add_even(deal: int, hands: Hands, against: Hands, scratch: Scratch, at: int, row: int) -> None:
    """Add to a row what is paid whatever the cards: the sum of ``scratch.rows`` from ``at`` on over the opponent's
    hands that are not blocked. Tables hold cards and places times 16.
    """
    cards, rows, values = scratch.cards, scratch.rows, scratch.values
    for card in range(CARDS):
        poke(cards, card, np.float32(0))
    total = np.float32(0)
    theirs, mine = deal * against.width, deal * hands.width
    for hand in range(index(against.live, deal)):
        amount = peek(rows, at + hand)
        one, two = index(against.first, theirs + hand) >> 4, index(against.second, theirs + hand) >> 4
        total += amount
        poke(cards, one, peek(cards, one) + amount)
        poke(cards, two, peek(cards, two) + amount)
    for hand in range(index(hands.live, deal)):
        one, two = index(hands.first, mine + hand) >> 4, index(hands.second, mine + hand) >> 4
        same = peek(rows, at + (index(hands.same, mine + hand) >> 4))
        poke(values, row + hand, peek(values, row + hand) + (total - peek(cards, one) - peek(cards, two) + same))
