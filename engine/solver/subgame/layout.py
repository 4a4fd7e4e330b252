"""Lays a betting tree out for the kernels: streets, the segments between two deals, sequences, lanes and batches."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from engine.solver.kernels.simd import LANES
from engine.solver.kernels.tables import BATCH_FIELDS, DECISION_FIELDS, LANE_FIELDS, Floats, Sequences, Whole
from engine.solver.spot import Rake
from engine.solver.tree.nodes import BettingTree, NodeKind

RIVER: Final = 5
GROUP_NUMBERS: Final = 48_000
"""About how many numbers one player's rows of a group may hold, so that a group stays in a core's cache."""

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision of one player: its node, number of actions, his row before it and the first row after it."""

    node: int
    actions: int
    parent: int
    base: int


@dataclass(slots=True)
class Segment:
    """What is bet between two deals, from ``node`` on, rows counted from 0.

    ``above`` is the segment of the street before and both players' rows at its leaf. ``ends`` are terminal nodes and
    ``deals`` nodes after which a card comes, each with both players' rows there.
    """

    node: int
    above: tuple[int, Pair]
    rows: list[int] = field(default_factory=lambda: [1, 1])
    decisions: tuple[list[Decision], list[Decision]] = field(default_factory=lambda: ([], []))
    ends: list[tuple[int, Pair]] = field(default_factory=list)
    deals: list[tuple[int, Pair]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class StreetLayout:
    """One street: its segments' nodes, where each group of segments begins, and both players' sequences."""

    segments: tuple[int, ...]
    segments_of: Whole
    sequences: tuple[Sequences, Sequences]


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """All streets, first to last. ``stored`` (nodes,) is the row of a decision's first action in what is stored for
    its player and street (-1 elsewhere), ``segment`` (streets, nodes) the number on the following street of the
    segment that begins after a deal or run-out at that node (-1 elsewhere).
    """

    streets: tuple[StreetLayout, ...]
    stored: Whole
    segment: Whole


def lay_out(tree: BettingTree, rake: Rake, widths: Sequence[Pair], locked: frozenset[int] = frozenset()) -> Layout:
    """The layout of a tree whose root's street is the first; ``widths`` are the players' hands on each street."""
    first = int(tree.street[0])
    stored, segment_of = np.full(tree.size, -1, dtype=np.int32), np.full((len(widths), tree.size), -1, dtype=np.int32)
    starts: list[tuple[int, tuple[int, Pair]]] = [(0, (0, (0, 0)))]
    streets = []
    for place, width in enumerate(widths):
        last = first + place == RIVER
        segments = [_segment(tree, node, above, first + place) for node, above in starts]
        groups = _groups(segments, width) if last else [len(segments)]
        streets.append(_street(tree, rake, segments, groups, stored, locked))
        starts = []
        for number, segment in enumerate(segments):
            for node, rows in segment.deals:
                segment_of[place, node] = len(starts)
                starts.append((node, (number, rows)))
        if not last:
            starts = _with_rows(starts, segments)
    return Layout(tuple(streets), stored, segment_of)


def _with_rows(
    starts: list[tuple[int, tuple[int, Pair]]], segments: list[Segment]
) -> list[tuple[int, tuple[int, Pair]]]:
    """The leaves' rows counted over all segments of their street, which is one group."""
    oop = np.cumsum([0, *(segment.rows[0] for segment in segments)])
    ip = np.cumsum([0, *(segment.rows[1] for segment in segments)])
    return [
        (node, (number, (rows[0] + int(oop[number]), rows[1] + int(ip[number])))) for node, (number, rows) in starts
    ]


def _segment(tree: BettingTree, node: int, above: tuple[int, Pair], street: int) -> Segment:
    """The segment that begins at ``node``: the root, a chance node, or a showdown before the river."""
    segment = Segment(node, above)
    begin = int(tree.first_child[node]) if tree.kind[node] == NodeKind.CHANCE else node
    ahead: list[tuple[int, Pair]] = [(begin, (0, 0))]
    while ahead:
        at, rows = ahead.pop()
        kind = NodeKind(int(tree.kind[at]))
        if kind == NodeKind.FOLD or (kind == NodeKind.SHOWDOWN and street == RIVER):
            segment.ends.append((at, rows))
        elif kind in (NodeKind.CHANCE, NodeKind.SHOWDOWN):
            segment.deals.append((at, rows))
        else:
            children = tree.children_of(at)
            player, base = int(kind), segment.rows[int(kind)]
            segment.decisions[player].append(Decision(at, len(children), rows[player], base))
            segment.rows[player] += len(children)
            for action in range(len(children) - 1, -1, -1):
                after = (base + action, rows[1]) if player == 0 else (rows[0], base + action)
                ahead.append((children[action], after))
    return segment


def _groups(segments: list[Segment], width: Pair) -> list[int]:
    """How many segments in a row make up each group."""
    groups: list[int] = []
    used = [0, 0]
    for segment in segments:
        more = [segment.rows[player] * width[player] for player in (0, 1)]
        fits = all(used[player] + more[player] <= GROUP_NUMBERS for player in (0, 1))
        if groups and fits:
            groups[-1] += 1
            used = [used[player] + more[player] for player in (0, 1)]
        else:
            groups.append(1)
            used = more
    return groups


def _street(
    tree: BettingTree,
    rake: Rake,
    segments: list[Segment],
    groups: list[int],
    stored: Whole,
    locked: frozenset[int],
) -> StreetLayout:
    bounds = np.cumsum([0, *groups])
    members = [segments[begin:end] for begin, end in pairwise(bounds.tolist())]
    both = tuple(_sequences(tree, rake, members, player, stored, locked) for player in (0, 1))
    return StreetLayout(tuple(segment.node for segment in segments), _whole(bounds), (both[0], both[1]))


@dataclass(slots=True)
class _Tables:
    """One player's tables while they grow."""

    decisions: list[tuple[int, ...]] = field(default_factory=list)
    lanes: list[tuple[int, ...]] = field(default_factory=list)
    terms: list[int] = field(default_factory=list)
    payoffs: list[float] = field(default_factory=list)
    batches: list[tuple[int, ...]] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)
    roots: list[int] = field(default_factory=list)


def _sequences(
    tree: BettingTree,
    rake: Rake,
    groups: list[list[Segment]],
    player: int,
    stored: Whole,
    locked: frozenset[int],
) -> Sequences:
    tables = _Tables()
    bounds = [[0], [0], [0]]
    most = kept = 0
    for group in groups:
        offset = [0, 0]
        ends: dict[int, tuple[list[tuple[int, float]], list[tuple[int, float]]]] = defaultdict(lambda: ([], []))
        for segment in group:
            tables.roots.append(offset[player])
            for decision in segment.decisions[player]:
                stored[decision.node] = kept
                parent, base = offset[player] + decision.parent, offset[player] + decision.base
                tables.decisions.append((decision.actions, parent, base, kept, int(decision.node in locked)))
                kept += decision.actions
            for node, rows in segment.ends:
                showdown, even = payoffs(tree, rake, node, player)
                terms = ends[offset[player] + rows[player]]
                if showdown:
                    terms[0].append((offset[1 - player] + rows[1 - player], showdown))
                if even:
                    terms[1].append((offset[1 - player] + rows[1 - player], even))
            offset = [offset[0] + segment.rows[0], offset[1] + segment.rows[1]]
        _add_lanes(tables, ends)
        tables.empty += sorted(set(range(offset[player])) - set(ends))
        most = max(most, offset[player])
        sizes = (len(tables.decisions), len(tables.batches), len(tables.empty))
        for bound, size in zip(bounds, sizes, strict=True):
            bound.append(size)
    return Sequences(
        rows=most,
        stored=kept,
        decisions=_table(tables.decisions, DECISION_FIELDS),
        decisions_of=_whole(bounds[0]),
        lanes=_table(tables.lanes, LANE_FIELDS),
        terms=_whole(tables.terms),
        payoffs=_floats(tables.payoffs),
        batches=_table(tables.batches, BATCH_FIELDS),
        batches_of=_whole(bounds[1]),
        empty=_whole(tables.empty),
        empty_of=_whole(bounds[2]),
        parent_row=_whole([segment.above[1][player] for group in groups for segment in group]),
        root_row=_whole(tables.roots),
    )


def _add_lanes(tables: _Tables, ends: dict[int, tuple[list[tuple[int, float]], list[tuple[int, float]]]]) -> None:
    """One lane a row; rows with like terms stand side by side, so that few batches have to reckon both kinds."""
    rows = sorted(ends, key=lambda row: (bool(ends[row][1]) + (not ends[row][0]), row))
    for begin in range(0, len(rows), LANES):
        batch = rows[begin : begin + LANES]
        has = [any(ends[row][kind] for row in batch) for kind in (0, 1)]
        tables.batches.append((len(tables.lanes), len(batch), int(has[0]), int(has[1])))
        for row in batch:
            showdowns, evens = ends[row]
            start = len(tables.terms)
            tables.lanes.append((row, start, start + len(showdowns), start + len(showdowns) + len(evens)))
            tables.terms += [other for other, _ in showdowns + evens]
            tables.payoffs += [amount for _, amount in showdowns + evens]


def payoffs(tree: BettingTree, rake: Rake, node: int, player: int) -> tuple[float, float]:
    """What a player's hands are paid where the betting ends, counted from half of the starting pot.

    The first is for a showdown: so much is won against a weaker hand and lost to a stronger one. The second is paid
    whatever the cards. The rake is taken of the pot that was called: an uncalled bet goes back.
    """
    paid = (int(tree.paid[node, 0]), int(tree.paid[node, 1]))
    taken = min(rake.share * (tree.pot + 2 * min(paid)), rake.cap)
    half = tree.pot / 2
    folded = int(tree.folded[node])
    if folded == player:
        return 0.0, -(half + paid[player])
    if folded >= 0:
        return 0.0, half + paid[1 - player] - taken
    return half + paid[player] - taken / 2, -taken / 2


def _table(rows: list[tuple[int, ...]], fields: int) -> Whole:
    return np.ascontiguousarray(np.array(rows, dtype=np.int32).reshape(-1, fields))


def _whole(numbers: ArrayLike) -> Whole:
    return np.array(numbers, dtype=np.int32)


def _floats(numbers: list[float]) -> Floats:
    return np.array(numbers, dtype=np.float32)
