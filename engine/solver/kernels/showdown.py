"""Showdowns of two ranges: what each hand of one wins against each hand of the other over every completed board.

Strengths are replaced by their order (there are 7,462 different hands), which fits sixteen bits; a pair of hands then
costs one comparison a board, thirty-two of them at a time. Exact: every run-out is counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import comb
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.game.evaluate import CARD_MASKS
from engine.game.ranges import COMBOS, Weights
from engine.solver.kernels.compile import jit
from engine.solver.kernels.evaluator import Tables, cards_of, fill_board_strengths, tables
from engine.solver.spot import Floats, SpotError

Places = NDArray[np.int64]
Orders = NDArray[np.int16]

BLOCK: Final = 4
NOBODY_BEATS: Final[int] = np.iinfo(np.int16).max
"""Stands for a hand that the board makes impossible, so that it neither loses nor ties."""


@dataclass(frozen=True, slots=True, eq=False)
class Showdown:
    """Hands of OOP (n) against hands of IP (m) on one board of 3 to 5 cards, when nobody bets any more.

    ``hands`` are their places in ``COMBOS``, (n,) and (m,). ``share`` (n, m) float32 is the part of the pot that
    OOP's hand gets on average over all run-outs, ties half; ``possible`` (n, m) float32 is 1 where the two hands do
    not hold the same card. Where they do, both are 0.
    """

    board: tuple[int, ...]
    hands: tuple[Places, Places]
    share: Floats
    possible: Floats

    def opposing(self, player: int, reach: NDArray[np.floating]) -> NDArray[np.floating]:
        """The opponent's reach that each hand of ``player`` can meet. ``reach`` is (..., hands of the opponent), the
        result (..., hands of the player).
        """
        met: NDArray[np.floating] = reach @ (self.possible if player else self.possible.T)
        return met

    def counterfactual(self, player: int, reach: NDArray[np.floating]) -> NDArray[np.floating]:
        """The counterfactual equity of each hand of ``player``: its share of the pot, summed over the opponent's
        hands weighted with their ``reach``, shapes as in ``opposing``. In a pot of P chips to which the player gave
        p of them the counterfactual value in chips is ``P * counterfactual - p * opposing``.
        """
        won: NDArray[np.floating] = reach @ (self.share if player else self.share.T)
        return self.opposing(player, reach) - won if player else won

    def equities(self, player: int, reach: NDArray[np.floating]) -> NDArray[np.floating]:
        """The equity of each hand of ``player`` against the opponent's reach, in [0, 1]; 0 where it meets no hand."""
        met = self.opposing(player, reach)
        shares: NDArray[np.floating] = self.counterfactual(player, reach) / np.where(met > 0, met, 1)
        return shares

    def equity(self, reaches: tuple[NDArray[np.floating], NDArray[np.floating]]) -> tuple[float, float]:
        """Each player's share of the pot with these reaches, (n,) and (m,); they add up to 1. Raises SpotError where
        no hand of one can meet a hand of the other.
        """
        out, against = (reach.astype(np.float64) for reach in reaches)
        met = float(out @ self.possible @ against)
        if met <= 0:
            raise SpotError(
                "no hand of one range can meet a hand of the other: their cards are the same, or none is left"
            )
        won = float(out @ self.share @ against) / met
        return won, 1.0 - won


def showdown(board: Sequence[int], hands: tuple[Places, Places]) -> Showdown:
    """Compare two lists of hands, places in ``COMBOS``, on a board of 3 to 5 card integers.

    Raises SpotError for another board, or for a hand that holds one of its cards.
    """
    shown = _checked(board, hands)
    rest = np.setdiff1d(np.arange(52), shown)
    missing = 5 - len(shown)
    dealt = np.array(list(combinations(rest, missing)), dtype=np.int64).reshape(comb(len(rest), missing), missing)
    boards = cards_of(np.hstack([np.tile(shown, (len(dealt), 1)), dealt]))
    ours, theirs = (_orders(boards, places) for places in hands)
    theirs[theirs < 0] = NOBODY_BEATS
    halves = np.zeros((ours.shape[1], theirs.shape[1]), dtype=np.int16)
    _add_halves(ours, theirs, halves)
    masks = [CARD_MASKS[COMBOS[places]].sum(axis=1) for places in hands]
    possible = ((masks[0][:, None] & masks[1]) == 0).astype(np.float32)
    run_outs = comb(len(rest) - 4, missing)
    share = halves[: len(hands[0]), : len(hands[1])] * (possible / np.float32(2 * run_outs))
    return Showdown(tuple(int(card) for card in shown), hands, share, possible)


def of_ranges(board: Sequence[int], ranges: tuple[Weights, Weights]) -> Showdown:
    """The showdown of the hands that two ranges, (1326,) weights, hold and the board leaves possible."""
    on_board = np.isin(COMBOS, np.asarray(board)).any(axis=1)
    first, second = (np.flatnonzero((weights > 0) & ~on_board) for weights in ranges)
    return showdown(board, (first, second))


def _checked(board: Sequence[int], hands: tuple[Places, Places]) -> Places:
    shown = np.array(board, dtype=np.int64)
    if not 3 <= len(shown) <= 5 or len(set(board)) != len(shown) or np.any((shown < 0) | (shown > 51)):
        raise SpotError(f"the board is {tuple(board)}: give 3 to 5 different cards as integers from 0 to 51")
    for places in hands:
        if np.any((places < 0) | (places >= len(COMBOS))):
            raise SpotError(
                f"hands are places from 0 to {len(COMBOS) - 1}: these go from {places.min()} to {places.max()}"
            )
        if np.isin(COMBOS[places], shown).any():
            raise SpotError("a hand holds a card of the board: leave it out of the range")
    return shown


@cache
def _order_tables() -> Tables:
    """Tables for seven cards that give the order of a hand among all there are, int16, in place of its strength."""
    plain = tables(7)
    different, orders = np.unique(np.concatenate([plain.rank_values, plain.flush_values]), return_inverse=True)
    assert len(different) < NOBODY_BEATS
    ranks, flushes = np.split(orders.astype(np.int16), [len(plain.rank_values)])
    return plain._replace(rank_values=ranks, flush_values=flushes)


def _orders(boards: NDArray[np.uint8], places: Places) -> Orders:
    """The order of each hand on each board, (boards, hands rounded up to a whole block); -1 where the board holds a
    card of the hand, and for what is no hand.
    """
    orders = np.full((len(boards), -(-len(places) // BLOCK) * BLOCK), -1, dtype=np.int16)
    fill_board_strengths(_order_tables(), boards, cards_of(COMBOS[places]), orders)
    return orders


@jit
def _add_halves(oop: Orders, ip: Orders, halves: Orders) -> None:
    """Add, for every board, two to ``halves`` (n, m) where OOP's hand wins and one where the hands tie; at most 990
    boards are possible for a pair, so sixteen bits do. OOP's hands go in blocks, for each of which the other's are
    read once.
    """
    for first in range(0, halves.shape[0], BLOCK):
        for board in range(oop.shape[0]):
            own, others = oop[board, first : first + BLOCK], ip[board]
            for other in range(halves.shape[1]):
                theirs = others[other]
                for mine in range(BLOCK):
                    halves[first + mine, other] += np.int16(own[mine] > theirs) + np.int16(own[mine] >= theirs)
