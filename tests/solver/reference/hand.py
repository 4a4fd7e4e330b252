"""A hand's strength by brute force: the best of all its five-card hands, each named by counting its cards.

Written for the tests alone and unlike the product's evaluator, so that the two cannot share a mistake.
"""

from collections import Counter
from functools import cache
from itertools import combinations

RANKS = "23456789TJQKA"
WHEEL = (12, 3, 2, 1, 0)

Strength = tuple[int, ...]


@cache
def best(cards: frozenset[str]) -> Strength:
    """The strength of five to seven cards like ``As``: larger is better, equal is a tie."""
    return max(_five(five) for five in combinations(sorted(cards), 5))


@cache
def _five(cards: tuple[str, ...]) -> Strength:
    """A kind of hand from 0 (high card) to 8 (straight flush), then the ranks that decide between equals."""
    counts = Counter(RANKS.index(card[0]) for card in cards)
    by_size = tuple(rank for rank, _ in sorted(counts.items(), key=lambda item: (item[1], item[0]), reverse=True))
    shape = tuple(sorted(counts.values(), reverse=True))
    flush = len({card[1] for card in cards}) == 1
    wheel = by_size == WHEEL
    straight = wheel or (len(counts) == 5 and by_size[0] - by_size[4] == 4)
    if straight:
        return (8 if flush else 4, 3 if wheel else by_size[0])
    kind = {(4, 1): 7, (3, 2): 6, (3, 1, 1): 3, (2, 2, 1): 2, (2, 1, 1, 1): 1}.get(shape, 5 if flush else 0)
    return (kind, *by_size)
