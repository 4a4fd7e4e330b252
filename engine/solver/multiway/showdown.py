"""How the buckets of two players compare on each board: who is ahead, who ties, and who can be there at all.

One scan over all pairs in rising strength keeps, for each bucket of the other player, the weight that was passed so
far, and how much of it holds each card: what shares a card with the pair at hand is taken out (Johanson and others
2011, "Accelerating best response calculation in large extensive games", section 3.3).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.game.evaluate import board_strengths
from engine.game.ranges import COMBOS
from engine.solver.kernels.compile import jit
from engine.solver.multiway.buckets import STATES, Buckets
from engine.solver.multiway.form import Floats, Places

Singles = NDArray[np.float32]
DECK = 52
UNSIGNED = np.uint64
WIDTH, ZERO = UNSIGNED(STATES), np.float32(0)
"""Unsigned indices and single-precision constants: with others the inner loops are seven times as slow."""


@dataclass(frozen=True, slots=True, eq=False)
class Strengths:
    """How strong each pair is on some boards, (b, 1326), -1 where the board holds one of its cards; and the pairs in
    rising order of it, (b, 1326).
    """

    values: Places
    order: Places


def strengths_on(boards: Places) -> Strengths:
    """The strengths of all pairs on ``boards`` (b, 5)."""
    values = board_strengths(boards, COMBOS)
    return Strengths(values, np.argsort(values, axis=1, kind="stable"))


def compare(buckets: Buckets, on: Strengths, player: int, other: int) -> tuple[Singles, Singles, Singles]:
    """A player's buckets against another's.

    Returns ahead and tied, (b, STATES of the other, STATES of the player), and there (the same without b, its mean):
    for a hand drawn from the player's bucket, how much of the other's range lies in each of his buckets and is
    beaten, or tied, or possible at all. A bucket without hands has zeros.
    """
    own = _within(buckets, player).astype(np.float32)
    shape = (len(on.values), STATES, STATES)
    ahead, tied, there = (np.zeros(shape, dtype=np.float32) for _ in range(3))
    rival = buckets.weights[other].astype(np.float32)
    for board in range(len(on.values)):
        _scan(
            on.values[board],
            on.order[board],
            COMBOS,
            buckets.place[player],
            own,
            buckets.place[other],
            rival,
            ahead[board],
            tied[board],
            there[board],
        )
    return _turned(ahead), _turned(tied), _turned(there).mean(axis=0)


def _turned(table: Singles) -> Singles:
    return np.ascontiguousarray(table.transpose(0, 2, 1))


def _within(buckets: Buckets, player: int) -> Floats:
    """Each pair's weight as a share of its bucket; 1 for the hero's own pair whatever his range says."""
    place, weights = buckets.place[player], buckets.weights[player]
    alone = np.bincount(place[place >= 0], minlength=STATES) == 1
    totals = buckets.chances[player]
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(alone[place], 1.0, weights / totals[place])
    own: Floats = np.where(place >= 0, shares, 0.0)
    return own


@jit
def _scan(
    strength: Places,
    order: Places,
    cards: Places,
    place: Places,
    own: Singles,
    rival_place: Places,
    rival: Singles,
    ahead: Singles,
    tied: Singles,
    there: Singles,
) -> None:
    """Fill the tables of one board, (own states, the other's states); ``order`` sorts the pairs by ``strength``,
    impossible ones (-1) first."""
    passed, holding = np.zeros(STATES, dtype=np.float32), np.zeros((DECK, STATES), dtype=np.float32)
    total, with_card = np.zeros(STATES, dtype=np.float32), np.zeros((STATES, DECK), dtype=np.float32)
    begin = 0
    while begin < len(order) and strength[order[begin]] < 0:
        begin += 1
    while begin < len(order):
        end = begin
        while end < len(order) and strength[order[end]] == strength[order[begin]]:
            end += 1
        _add_passed(order[begin:end], cards, place, own, passed, holding, ahead)
        for at in range(begin, end):
            pair = order[at]
            if rival_place[pair] >= 0:
                passed[rival_place[pair]] += rival[pair]
                holding[cards[pair, 0], rival_place[pair]] += rival[pair]
                holding[cards[pair, 1], rival_place[pair]] += rival[pair]
        _add_passed(order[begin:end], cards, place, own, passed, holding, tied)  # those beaten and those tied with
        for at in range(begin, end):
            pair = order[at]
            if own[pair] > 0.0:
                mine, weight = place[pair], own[pair]
                total[mine] += weight
                with_card[mine, cards[pair, 0]] += weight
                with_card[mine, cards[pair, 1]] += weight
                if rival_place[pair] >= 0:  # the pair itself is taken out once for each of its two cards
                    tied[mine, rival_place[pair]] += weight * rival[pair]
                    there[mine, rival_place[pair]] += weight * rival[pair]
        begin = end
    for mine in range(WIDTH):
        for state in range(WIDTH):
            tied[mine, state] = max(tied[mine, state] - ahead[mine, state], ZERO)
    for mine in range(WIDTH):
        for state in range(WIDTH):
            there[mine, state] += total[mine] * passed[state]
        for card in range(UNSIGNED(DECK)):
            weight = with_card[mine, card]
            if weight > ZERO:
                for state in range(WIDTH):
                    there[mine, state] -= weight * holding[card, state]


@jit
def _add_passed(
    pairs: Places, cards: Places, place: Places, own: Singles, passed: Singles, holding: Singles, table: Singles
) -> None:
    """Add what was passed so far and shares no card with a pair, for each of these pairs, to its bucket's row."""
    for at in range(len(pairs)):
        weight = own[pairs[at]]
        if weight > ZERO:
            pair = pairs[at]
            mine, first, second = UNSIGNED(place[pair]), UNSIGNED(cards[pair, 0]), UNSIGNED(cards[pair, 1])
            for state in range(WIDTH):
                table[mine, state] += weight * (passed[state] - holding[first, state] - holding[second, state])
