"""The compiled heart of a street's leaves: what each is worth to the buckets of one player.

``ahead`` and ``tied`` are (players, sequences, boards, states): how much of a rival's range, in which he follows a
sequence, a bucket beats or ties on a board; ``there`` (players, sequences, states) how much of it is possible at all.
"""

import numpy as np
from numpy.typing import NDArray

from engine.solver.kernels.compile import jit
from engine.solver.multiway.form import Floats, Places

Singles = NDArray[np.float32]


UNSIGNED, ZERO = np.uint64, np.float32(0)
"""Unsigned indices and single-precision constants: with others the inner loops are several times as slow."""


@jit
def spread(reach: Singles, table: Singles, wanted: NDArray[np.bool_], out: Singles) -> None:
    """Bring a rival's reach (sequences, states) through a table (boards, states, own states) of comparisons.

    Only the ``wanted`` sequences are made: out (sequences, boards, own states).
    """
    boards, states, own = UNSIGNED(table.shape[0]), UNSIGNED(table.shape[1]), UNSIGNED(table.shape[2])
    for sequence in range(UNSIGNED(reach.shape[0])):
        if wanted[sequence]:
            for board in range(boards):
                for state in range(own):
                    out[sequence, board, state] = ZERO
                for rival in range(states):
                    share = reach[sequence, rival]
                    if share > ZERO:
                        for state in range(own):
                            out[sequence, board, state] += share * table[board, rival, state]


@jit
def settle(
    player: int,
    sequences: Places,
    costs: Floats,
    first_pot: Places,
    amounts: Floats,
    inside: NDArray[np.bool_],
    ahead: Singles,
    tied: Singles,
    there: Singles,
    out: Floats,
) -> None:
    """Add what each leaf is worth to a player's buckets at the sequence that leads him there: out (sequences, states).

    ``sequences`` and ``costs`` are (leaves, players); leaf l has the pots ``first_pot[l]`` to ``first_pot[l + 1]`` of
    ``amounts`` (pots,), for which the players of ``inside`` (pots, players) are in.
    """
    states = UNSIGNED(ahead.shape[3])
    outside, shares = np.empty(ahead.shape[3]), np.empty(ahead.shape[3], dtype=np.float32)
    ties = np.empty((sequences.shape[1] + 1, ahead.shape[3]), dtype=np.float32)
    rivals = np.empty(sequences.shape[1], dtype=np.int64)
    for leaf in range(sequences.shape[0]):
        mine, at = UNSIGNED(sequences[leaf, player]), sequences[leaf]
        _possible(player, at, inside[0], 0, there, outside)
        for state in range(states):
            out[mine, state] -= costs[leaf, player] * outside[state]
        for pot in range(first_pot[leaf], first_pot[leaf + 1]):
            if not inside[pot, player]:
                continue
            count = _possible(player, at, inside[pot], 1, there, outside)
            if count == 0:
                for state in range(states):
                    out[mine, state] += amounts[pot] * outside[state]
                continue
            _rivals(player, inside[pot], rivals)
            _shares(rivals, count, at, ahead, tied, ties, shares)
            for state in range(states):
                out[mine, state] += amounts[pot] * outside[state] * shares[state]


@jit
def _possible(player: int, at: Places, inside: NDArray[np.bool_], apart: int, there: Singles, out: Floats) -> int:
    """How much of the others' reach is possible at a leaf, all of them or (``apart`` 1) those who are not in for a
    pot; the number of those who are."""
    count, states = 0, UNSIGNED(there.shape[2])
    for state in range(states):
        out[state] = 1.0
    for other in range(UNSIGNED(len(at))):
        if other != UNSIGNED(player):
            if apart and inside[other]:
                count += 1
            else:
                sequence = UNSIGNED(at[other])
                for state in range(states):
                    out[state] *= there[other, sequence, state]
    return count


@jit
def _rivals(player: int, inside: NDArray[np.bool_], out: Places) -> None:
    count = 0
    for other in range(len(inside)):
        if other != player and inside[other]:
            out[count] = other
            count += 1


@jit
def _shares(rivals: Places, count: int, at: Places, ahead: Singles, tied: Singles, ties: Singles, out: Singles) -> None:
    """The expected share of a pot against these rivals, the mean over the boards.

    The product of (ahead + tied x) over the rivals counts at x^k, row k of ``ties``, the chance to tie with k of
    them; that is worth 1 / (k + 1) of the pot.
    """
    states, boards = UNSIGNED(ahead.shape[3]), UNSIGNED(ahead.shape[2])
    part = np.float32(1.0 / ahead.shape[2])
    for state in range(states):
        out[state] = ZERO
    for board in range(boards):
        one = UNSIGNED(rivals[0])
        sequence = UNSIGNED(at[one])
        for state in range(states):
            ties[UNSIGNED(0), state] = ahead[one, sequence, board, state]
            ties[UNSIGNED(1), state] = tied[one, sequence, board, state]
        for number in range(1, count):
            other = UNSIGNED(rivals[number])
            sequence, top = UNSIGNED(at[other]), UNSIGNED(number)
            for state in range(states):
                ties[top + UNSIGNED(1), state] = ties[top, state] * tied[other, sequence, board, state]
            for degree in range(number, 0, -1):
                here, below = UNSIGNED(degree), UNSIGNED(degree - 1)
                for state in range(states):
                    ties[here, state] = (
                        ties[here, state] * ahead[other, sequence, board, state]
                        + ties[below, state] * tied[other, sequence, board, state]
                    )
            for state in range(states):
                ties[UNSIGNED(0), state] *= ahead[other, sequence, board, state]
        for degree in range(count + 1):
            worth, here = part / np.float32(degree + 1), UNSIGNED(degree)
            for state in range(states):
                out[state] += worth * ties[here, state]
