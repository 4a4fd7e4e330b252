"""From a spot and its tree to streets that can be played: live hands, deals, layout; and how much memory it takes."""

from itertools import pairwise
from typing import Final

import numpy as np

from engine.game.ranges import COMBO_COUNT, COMBOS
from engine.solver.isomorphism import deals
from engine.solver.spot import Lock, Rake, Spot, SpotError
from engine.solver.subgame.hands import Deals, Range, StreetHands, first_deal, live, street_hands
from engine.solver.subgame.layout import Layout, lay_out
from engine.solver.subgame.passes import Street
from engine.solver.tree.nodes import BettingTree, Move, NodeKind

RIVER: Final = 5
HOLE_CARDS: Final = 4


def check(spot: Spot, tree: BettingTree, locks: tuple[Lock, ...]) -> tuple[Range, Range]:
    """The players' live hands; SpotError says what is wrong when tree or locks do not fit the spot."""
    if tree.street[0] != len(spot.board):
        raise SpotError(f"the tree begins with {tree.street[0]} board cards, the spot has {len(spot.board)}")
    ranges = (live(spot.ranges[0], spot.board), live(spot.ranges[1], spot.board))
    if weight_of_pairs(ranges) <= 0:
        raise SpotError(
            "the two ranges cannot be held at the same time: every pair of one shares a card with the other"
        )
    for lock in locks:
        _check_lock(lock, tree)
    return ranges


def _check_lock(lock: Lock, tree: BettingTree) -> None:
    if not 0 <= lock.node < tree.size or tree.kind[lock.node] > 1:
        raise SpotError(f"node {lock.node} cannot be locked: nobody acts there")
    shape = (int(tree.children[lock.node]), COMBO_COUNT)
    if lock.frequencies.shape != shape:
        raise SpotError(f"the lock of node {lock.node} has shape {lock.frequencies.shape}: give {shape}")
    if not np.isfinite(lock.frequencies).all() or lock.frequencies.min() < 0:
        raise SpotError(f"the lock of node {lock.node} holds a frequency below 0")


def weight_of_pairs(ranges: tuple[Range, Range]) -> float:
    """The sum over all two hands that can be held together of the product of their weights."""
    return float(np.dot(ranges[0].weights[: ranges[0].size].astype(np.float64), compatible(ranges, 0)))


def compatible(ranges: tuple[Range, Range], player: int) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """For each hand of a player, the weight of the opponent's hands that share no card with it, (n,) float64."""
    other = np.zeros(COMBO_COUNT)
    held = ranges[1 - player]
    other[held.combos] = held.weights[: held.size]
    return unblocked(other)[ranges[player].combos]


def unblocked(
    weights: "np.ndarray[tuple[int], np.dtype[np.float64]]",
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """For each of the 1,326 pairs, the weight of the pairs that share no card with it."""
    held = np.bincount(COMBOS.ravel(), weights=np.repeat(weights, 2), minlength=52)
    total: np.ndarray[tuple[int], np.dtype[np.float64]] = (
        weights.sum() - held[COMBOS[:, 0]] - held[COMBOS[:, 1]] + weights
    )
    return total


def deals_of(spot: Spot, *, merged: bool) -> list[Deals]:
    """The deals of each street from the board on: every card that is left, after every deal before it.

    ``merged``: on the turn, river cards that neither board nor ranges tell apart but by their suits are one deal.
    """
    streets = [first_deal(spot.board)]
    if merged and len(spot.board) == RIVER - 1:
        return [*streets, _merged(spot)]
    while streets[-1].boards.shape[1] < RIVER:
        before = streets[-1]
        boards = np.concatenate([_with_next_card(each) for each in before.boards])
        count = len(boards)
        parent = np.repeat(np.arange(before.count), count // before.count)
        suits = np.broadcast_to(np.arange(4), (count, 4))
        streets.append(Deals(boards, parent, np.arange(count + 1, dtype=np.int32), boards, suits))
    return streets


def _merged(spot: Spot) -> Deals:
    found = deals(spot.board, spot.ranges)
    return Deals(
        boards=np.array([(*spot.board, deal.card) for deal in found]),
        parent=np.zeros(len(found), dtype=np.int64),
        outs_of=np.cumsum([0, *(deal.count for deal in found)]).astype(np.int32),
        out_boards=np.array([(*spot.board, card) for deal in found for card in deal.cards]),
        suits=np.array([to.suits for deal in found for to in deal.relabellings]),
    )


def _with_next_card(
    board: "np.ndarray[tuple[int], np.dtype[np.int64]]",
) -> "np.ndarray[tuple[int, int], np.dtype[np.int64]]":
    cards = np.setdiff1d(np.arange(52), board)
    return np.hstack([np.broadcast_to(board, (len(cards), len(board))), cards[:, None]])


def hands_of(spot: Spot, ranges: tuple[Range, Range], *, merged: bool) -> list[StreetHands]:
    """The hands of every street of a spot."""
    streets: list[StreetHands] = []
    for dealt in deals_of(spot, merged=merged):
        streets.append(street_hands(dealt, streets[-1] if streets else None, ranges))
    return streets


def streets_of(
    tree: BettingTree, rake: Rake, hands: list[StreetHands], locked: frozenset[int] = frozenset()
) -> tuple[Layout, list[Street]]:
    """The layout of a tree over the hands of its streets, and the streets to be played."""
    widths = [(street.tables[0].width, street.tables[1].width) for street in hands]
    layout = lay_out(tree, rake, widths, locked)
    boards = [street.deals.boards.shape[1] for street in hands]
    chances = [1.0] + [1.0 / (52 - before - HOLE_CARDS) for before, _ in pairwise(boards)]
    streets = [Street(laid, held, chance) for laid, held, chance in zip(layout.streets, hands, chances, strict=True)]
    return layout, streets


def showdown_tree(cards: int) -> BettingTree:
    """The tree in which nobody bets: one showdown for two chips, with ``cards`` board cards shown."""
    return BettingTree(
        kind=np.array([NodeKind.SHOWDOWN], np.int8),
        move=np.array([Move.ROOT], np.int8),
        street=np.array([cards], np.int8),
        to=np.zeros(1, np.int64),
        paid=np.zeros((1, 2), np.int64),
        parent=np.array([-1], np.int32),
        first_child=np.array([-1], np.int32),
        children=np.zeros(1, np.int32),
        end=np.ones(1, np.int32),
        folded=np.array([-1], np.int8),
        pot=2,
    )
