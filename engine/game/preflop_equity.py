"""Makes ``resources/preflop/equity169.json``: every hand class's all-in equity against a random hand, exactly.

Run ``python -m engine.game.preflop_equity`` (about two minutes). A class's equity does not change when suits are
renamed, so the 2,598,960 boards shrink to 134,459 that differ, each counted as often as it occurs. On a board, the
number of opponents that a pair beats without sharing a card with it comes from inclusion and exclusion: those it
beats among all, less those that hold its first card, less those that hold its second.
"""

import json
from collections.abc import Iterator
from itertools import combinations, permutations

import numpy as np
from numpy.typing import NDArray

from engine.game.evaluate import board_strengths
from engine.game.ranges import CLASS_COUNT, CLASS_NAMES, CLASS_OF, COMBOS, EQUITY_FILE

Integers = NDArray[np.int64]

OPPONENTS = 45 * 44 // 2  # pairs left when seven cards are known
DEAD_COMBOS = 1326 - 47 * 46 // 2
DEAD_WITH_A_CARD = 5
BATCH = 64
WITH_CARD: Integers = np.array([np.flatnonzero(np.isin(COMBOS, card).any(axis=1)) for card in range(52)])


def distinct_boards() -> tuple[Integers, Integers]:
    """The boards (134459, 5) that differ when suits may be renamed, and how many boards each stands for."""
    flat = (card for board in combinations(range(52), 5) for card in board)
    boards = np.fromiter(flat, dtype=np.int64).reshape(-1, 5)
    smallest = np.full(len(boards), np.iinfo(np.int64).max)
    for suits in permutations(range(4)):
        bits = np.array([1 << (4 * (card // 4) + suits[card % 4]) for card in range(52)])
        np.minimum(smallest, bits[boards].sum(axis=1), out=smallest)
    _, first, counts = np.unique(smallest, return_index=True, return_counts=True)
    return boards[first], counts


def half_wins(strengths: Integers) -> Integers:
    """Opponents beaten twice over plus ties, by each of the 1,326 pairs on one board, none sharing its cards."""
    ranked = np.sort(strengths)
    total = np.searchsorted(ranked, strengths, "left") + np.searchsorted(ranked, strengths, "right")
    rows = strengths[WITH_CARD]
    within = np.array(
        [np.searchsorted(np.sort(row), row, "left") + np.searchsorted(np.sort(row), row, "right") for row in rows]
    )
    with_cards = np.zeros(len(strengths), dtype=np.int64)
    np.add.at(with_cards, WITH_CARD, within - 2 * DEAD_WITH_A_CARD - 1)  # a pair ties with itself, and dead ones lose
    return total - 2 * DEAD_COMBOS - 1 - with_cards


def class_totals(boards: Integers, counts: Integers) -> Iterator[tuple[Integers, Integers]]:
    """For each batch of boards: half wins by class, and the opponents they were won against."""
    for start in range(0, len(boards), BATCH):
        batch = boards[start : start + BATCH]
        for strengths, count in zip(board_strengths(batch, COMBOS), counts[start : start + BATCH], strict=True):
            live = strengths >= 0
            classes = CLASS_OF[live]
            won = np.bincount(classes, weights=half_wins(strengths)[live], minlength=CLASS_COUNT)
            met = np.bincount(classes, minlength=CLASS_COUNT) * OPPONENTS
            yield won.astype(np.int64) * count, met * count


def exact_equities() -> dict[str, float]:
    """The equity of each class against a random hand, rounded to six places."""
    won, met = np.zeros(CLASS_COUNT, dtype=np.int64), np.zeros(CLASS_COUNT, dtype=np.int64)
    for batch_won, batch_met in class_totals(*distinct_boards()):
        won += batch_won
        met += batch_met
    return {name: round(float(equity), 6) for name, equity in zip(CLASS_NAMES, won / (2 * met), strict=True)}


def main() -> None:
    """Write the table."""
    table = {
        "version": 1,
        "what": "heads-up pre-flop all-in equity of each hand class against a random hand; a tie counts half",
        "how": "exact, over all boards and opponents: python -m engine.game.preflop_equity",
        "equity": exact_equities(),
    }
    EQUITY_FILE.parent.mkdir(parents=True, exist_ok=True)
    EQUITY_FILE.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
