"""How the buckets of two players compare on each board: who is ahead, who ties, and who can be there at all.

One scan over all pairs in rising strength keeps, for each bucket of the other player, the weight that was passed so
far, and how much of it holds each card: what shares a card with the pair at hand is taken out (Johanson and others
2011, "Accelerating best response calculation in large extensive games", section 3.3).
"""

import numpy as np
from numpy.typing import NDArray

from engine.game.evaluate import board_strengths
from engine.game.ranges import COMBOS
from engine.solver.kernels.compile import jit
from engine.solver.multiway.buckets import STATES, Buckets
from engine.solver.multiway.form import Floats, Places

Singles = NDArray[np.float32]
DECK = 52


def compare(buckets: Buckets, boards: Places, player: int, other: int) -> tuple[Singles, Singles, Singles]:
    """A player's buckets against another's, on ``boards`` (b, 5).

    Returns ahead and tied, (b, STATES of the other, STATES of the player), and there (the same without b, its mean):
    for a hand drawn from the player's bucket, how much of the other's range lies in each of his buckets and is
    beaten, or tied, or possible at all. A bucket without hands has zeros.
    """
    strengths = board_strengths(boards, COMBOS)
    order = np.argsort(strengths, axis=1, kind="stable")
    own = _within(buckets, player)
    shape = (len(boards), STATES, STATES)
    ahead, tied, there = (np.zeros(shape, dtype=np.float32) for _ in range(3))
    rival = buckets.weights[other]
    for board in range(len(boards)):
        _scan(
            strengths[board],
            order[board],
            COMBOS,
            buckets.place[player],
            own,
            buckets.place[other],
            rival,
            ahead[board],
            tied[board],
            there[board],
        )
    return ahead, tied, there.mean(axis=0)


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
    own: Floats,
    rival_place: Places,
    rival: Floats,
    ahead: Singles,
    tied: Singles,
    there: Singles,
) -> None:
    """Fill the tables of one board; ``order`` sorts the pairs by ``strength``, impossible ones (-1) first."""
    passed = np.zeros(STATES)
    holding = np.zeros((DECK, STATES))
    everybody = np.zeros(STATES)
    holders = np.zeros((DECK, STATES))
    begin = 0
    while begin < len(order) and strength[order[begin]] < 0:
        begin += 1
    for at in range(begin, len(order)):
        pair = order[at]
        if rival_place[pair] >= 0:
            everybody[rival_place[pair]] += rival[pair]
            holders[cards[pair, 0], rival_place[pair]] += rival[pair]
            holders[cards[pair, 1], rival_place[pair]] += rival[pair]
    while begin < len(order):
        end = begin
        while end < len(order) and strength[order[end]] == strength[order[begin]]:
            end += 1
        for at in range(begin, end):
            pair = order[at]
            if own[pair] > 0.0:
                mine, first, second, weight = place[pair], cards[pair, 0], cards[pair, 1], own[pair]
                for state in range(STATES):
                    ahead[state, mine] += weight * (passed[state] - holding[first, state] - holding[second, state])
                    there[state, mine] += weight * (everybody[state] - holders[first, state] - holders[second, state])
                if rival_place[pair] >= 0:  # the pair itself was taken out once for each card
                    there[rival_place[pair], mine] += weight * rival[pair]
                for against in range(begin, end):
                    he = order[against]
                    if rival_place[he] >= 0 and (
                        cards[he, 0] != first
                        and cards[he, 0] != second
                        and cards[he, 1] != first
                        and cards[he, 1] != second
                    ):
                        tied[rival_place[he], mine] += weight * rival[he]
        for at in range(begin, end):
            pair = order[at]
            if rival_place[pair] >= 0:
                passed[rival_place[pair]] += rival[pair]
                holding[cards[pair, 0], rival_place[pair]] += rival[pair]
                holding[cards[pair, 1], rival_place[pair]] += rival[pair]
        begin = end
