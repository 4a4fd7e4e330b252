"""The rest of the board, in batches that show every card about equally often.

On the flop a batch is one shuffle of the deck dealt out in pairs; on the turn two batches share the river cards; the
river is one board as it is.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from engine.game.cards import card_index
from engine.solver.multiway.form import Places

FLOP_BATCHES: Final = 8
TURN_BATCHES: Final = 2


def boards_to_come(board: Sequence[str], hole: Sequence[str], generator: np.random.Generator) -> Places:
    """Completed boards, (batches, boards, 5) card integers, with cards that neither ``board`` nor ``hole`` holds."""
    shown = [card_index(card) for card in board]
    deck = np.setdiff1d(np.arange(52), [*shown, *(card_index(card) for card in hole)])
    missing = 5 - len(shown)
    if missing == 0:
        rest = np.zeros((1, 1, 0), dtype=np.int64)
    elif missing == 1:
        rest = generator.permutation(deck).reshape(TURN_BATCHES, -1, 1)
    else:
        pairs = len(deck) // 2
        rest = np.array([generator.permutation(deck)[: 2 * pairs].reshape(pairs, 2) for _ in range(FLOP_BATCHES)])
    ends = np.broadcast_to(np.array(shown, dtype=np.int64), (*rest.shape[:2], len(shown)))
    return np.concatenate([ends, rest], axis=2)
