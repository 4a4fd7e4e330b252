"""Whole streets: reach comes in from the street before, is carried to the leaves, and values go back.

A pass over a subgame is for one player: ``own`` is what he has, ``other`` what his opponent has. The last street is
played deal by deal in ``finish``; a street before it in two halves, ``open_street`` and ``close_street``, between
which the deals that follow are played.
"""

import numpy as np

from engine.solver.kernels.betting import ascend, descend
from engine.solver.kernels.compile import jit
from engine.solver.kernels.leaves import value_batch
from engine.solver.kernels.part import part
from engine.solver.kernels.simd import index, load, peek, poke, store, zeros
from engine.solver.kernels.tables import Floats, Hands, Memory, Rule, Scratch, Sequences, Whole


@jit
def open_street(
    deal: int,
    segments_of: Whole,
    group: int,
    other: Sequences,
    hands: Hands,
    strategy: Floats,
    before: Floats,
    before_width: int,
    chance: float,
    scratch: Scratch,
) -> None:
    """Carry the opponent's reach ``before`` (his rows of the street before) through a group of segments.

    ``chance`` is how likely the deal is, given both players' hands.
    """
    width, reach, share = hands.width, scratch.reach, np.float32(chance)
    for segment in range(index(segments_of, group), index(segments_of, group + 1)):
        source = index(other.parent_row, segment) * before_width
        target = index(other.root_row, segment) * width
        for hand in range(width):
            poke(reach, target + hand, peek(before, source + index(hands.order, deal * width + hand)) * share)
    descend(
        other.decisions,
        index(other.decisions_of, group),
        index(other.decisions_of, group + 1),
        strategy,
        deal * other.stored * width,
        width,
        reach,
    )


@part
def _begin_values(deal: int, group: int, own: Sequences, hands: Hands, against: Hands, scratch: Scratch) -> None:
    """Every row of the group: what its leaves are worth."""
    for empty in range(index(own.empty_of, group), index(own.empty_of, group + 1)):
        row = index(own.empty, empty) * hands.width
        for hand in range(row, row + hands.width, 16):
            store(scratch.values, hand, zeros())
    for batch in range(index(own.batches_of, group), index(own.batches_of, group + 1)):
        value_batch(batch, deal, own, hands, against, scratch)


@part
def _end_values(
    deal: int,
    out_from: int,
    out_to: int,
    segments_of: Whole,
    group: int,
    own: Sequences,
    hands: Hands,
    memory: Memory,
    values: Floats,
    before_width: int,
    first_out: int,
    scratch: Scratch,
    rule: Rule,
) -> None:
    """Values of the decisions, then of the segments, into ``values`` [out - first_out][segment][hand before]."""
    width = hands.width
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
    segments = len(own.root_row)
    for segment in range(index(segments_of, group), index(segments_of, group + 1)):
        source = index(own.root_row, segment) * width
        for out in range(out_from, out_to):
            target = ((out - first_out) * segments + segment) * before_width
            for hand in range(index(hands.live, deal)):
                place = index(hands.leave, out * width + hand)
                poke(values, target + place, peek(scratch.values, source + hand))


@jit
def close_street(
    deal: int,
    out_from: int,
    out_to: int,
    segments_of: Whole,
    own: Sequences,
    hands: Hands,
    against: Hands,
    memory: Memory,
    after: Floats,
    after_outs: int,
    after_rows: Whole,
    summed: Floats,
    values: Floats,
    before_width: int,
    first_out: int,
    scratch: Scratch,
    rule: Rule,
) -> None:
    """Values of a street that others follow: ``after`` [out][segment that follows][hand] are theirs.

    Their sums over the outs, in order, go into ``summed`` [segment that follows][hand].
    """
    _begin_values(deal, 0, own, hands, against, scratch)
    width, following = hands.width, len(after_rows)
    for segment in range(following):
        row = index(after_rows, segment) * width
        for hand in range(0, width, 16):
            total = load(after, segment * width + hand)
            for out in range(1, after_outs):
                total = total + load(after, (out * following + segment) * width + hand)
            store(summed, segment * width + hand, total)
            store(scratch.values, row + hand, load(scratch.values, row + hand) + total)
    _end_values(
        deal, out_from, out_to, segments_of, 0, own, hands, memory, values, before_width, first_out, scratch, rule
    )


@jit
def finish(
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
    values: Floats,
    values_width: int,
    first_out: int,
    scratch: Scratch,
    rule: Rule,
) -> None:
    """Play the last street for some of its deals.

    ``before`` are the opponent's rows on the street before, ``values`` [out - first_out][segment][hand before] what
    this player's segments are worth.
    """
    for deal in range(deal_from, deal_to):
        for group in range(len(segments_of) - 1):
            open_street(deal, segments_of, group, other, against, strategy, before, before_width, chance, scratch)
            _begin_values(deal, group, own, hands, against, scratch)
            _end_values(
                deal,
                index(outs_of, deal),
                index(outs_of, deal + 1),
                segments_of,
                group,
                own,
                hands,
                memory,
                values,
                values_width,
                first_out,
                scratch,
                rule,
            )


@jit
def iterate(
    outs_of: Whole,
    segments_of: Whole,
    oop: Sequences,
    ip: Sequences,
    oop_hands: Hands,
    ip_hands: Hands,
    oop_memory: Memory,
    ip_memory: Memory,
    oop_range: Floats,
    ip_range: Floats,
    values: Floats,
    scratch: Scratch,
    rule: Rule,
    regret_factors: Floats,
    average_factors: Floats,
) -> None:
    """Whole iterations of a subgame that has one street and one deal, one for each factor."""
    oop_width, ip_width = len(oop_range), len(ip_range)
    end = len(outs_of) - 1
    deal, out = end - 1, index(outs_of, end - 1)
    for iteration in range(len(regret_factors)):
        this = Rule(rule.kind, peek(regret_factors, iteration), peek(average_factors, iteration))
        finish(
            deal, end, outs_of, segments_of, oop, ip, oop_hands, ip_hands, oop_memory, ip_memory.regrets,
            ip_range, ip_width, 1.0, values, oop_width, out, scratch, this,
        )  # fmt: skip
        finish(
            deal, end, outs_of, segments_of, ip, oop, ip_hands, oop_hands, ip_memory, oop_memory.next_regrets,
            oop_range, oop_width, 1.0, values, ip_width, out, scratch, this,
        )  # fmt: skip
