"""What each hand wins from each other hand when nobody bets any more, a matrix for each deal of a street."""

from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from engine.solver.kernels.showdown import showdown
from engine.solver.kernels.tables import Floats
from engine.solver.subgame.hands import StreetHands


@dataclass(frozen=True, slots=True, eq=False)
class Equities:
    """``won`` for each player: [deal][hand of the opponent][own hand] float32, what the own hand wins on average over
    all run-outs, -1 to 1; 0 where the two share a card or one is none.
    """

    won: tuple[Floats, Floats]


def equities(hands: StreetHands, pool: Executor | None = None) -> Equities:
    """The matrices of a street's deals, in the order of its hands; several deals at once where there is a pool."""
    deals, oop, ip = hands.deals.count, hands.tables[0].width, hands.tables[1].width
    of_oop = np.zeros((deals, ip, oop), dtype=np.float32)
    of_ip = np.zeros((deals, oop, ip), dtype=np.float32)

    def fill(deal: int) -> None:
        first, second = (combos[deal][combos[deal] >= 0] for combos in hands.combos)
        met = showdown([int(card) for card in hands.deals.boards[deal]], (first, second))
        lost = met.possible - 2 * met.share
        of_ip[deal, : len(first), : len(second)] = lost
        of_oop[deal, : len(second), : len(first)] = -lost.T

    for _ in pool.map(fill, range(deals)) if pool is not None else map(fill, range(deals)):
        pass
    return Equities((of_oop.ravel(), of_ip.ravel()))
