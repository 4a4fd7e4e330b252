"""A range as a short text: classes of one weight in runs, then what differs from its class."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from engine.game.cards import DECK
from engine.game.range_classes import HandClass
from engine.game.ranges import COMBO_COUNT, COMBOS, RangeError, Weights

ACE: Final = 12
SEPARATOR: Final = ", "
CLASSES: Final = tuple(
    HandClass(high, low, mark)
    for high in range(ACE, -1, -1)
    for low in range(high, -1, -1)
    for mark in (("",) if high == low else ("s", "o"))
)


def format(weights: Weights) -> str:
    """A short text that ``range_notation.parse`` reads back to exactly these weights, (1326,) in [0, 1].

    Classes of one weight are put together in runs (``66+``, ``A5s-A2s``, ``AT+``), the heaviest first; hands that
    differ from their class follow and override it; a range of nearly every hand is ``random`` and what differs.
    Connectors are written one by one, since programs do not agree on ``JTs-54s``. Raises RangeError.
    """
    if weights.shape != (COMBO_COUNT,) or not np.all((weights >= 0) & (weights <= 1)):
        raise RangeError(f"a range is {COMBO_COUNT} weights from 0 to 1: these are not")
    values, counts = np.unique(weights, return_counts=True)
    commonest = float(values[np.argmax(counts)])
    return min((SEPARATOR.join(_entries(weights, background)) for background in (0.0, commonest)), key=len)


def _entries(weights: Weights, background: float) -> list[str]:
    """The entries of a range in which every hand that is not named has the weight of the background."""
    given = {one: _class_weight(weights[one.places()], background) for one in CLASSES}
    entries = ["random" + _suffix(background)] if background else []
    for weight in sorted(set(given.values()) - {background}, reverse=True):
        named = [one for one in CLASSES if given[one] == weight]
        entries += [run + _suffix(weight) for run in _runs(named, len(_suffix(weight)))]
    for one in CLASSES:
        for place in one.places():
            if weights[place] != given[one]:
                low, high = COMBOS[place]
                entries.append(DECK[high] + DECK[low] + _suffix(float(weights[place])))
    return entries


def _class_weight(weights: Weights, background: float) -> float:
    """The weight to give a class so that it and the hands that differ from it take least room."""

    def room(weight: float) -> int:
        own = 0 if weight == background else len("AKs, ") + len(_suffix(weight))
        return own + sum(len("AhKh, ") + len(_suffix(float(other))) for other in weights if other != weight)

    candidates: list[float] = [background, *np.unique(weights)[::-1].tolist()]
    return min(candidates, key=room)


def _suffix(weight: float) -> str:
    """A weight as it stands behind an entry, exactly."""
    return "" if weight == 1 else f":{weight:g}" if float(f"{weight:g}") == weight else f":{weight!r}"


def _runs(named: Iterable[HandClass], suffix: int) -> list[str]:
    """Classes as runs: pairs first, then by the higher card. ``suffix`` is the length of what follows each."""
    lows: dict[tuple[int, str], set[int]] = {}
    for one in named:
        lows.setdefault((-1 if one.is_pair else one.high, one.mark), set()).add(one.low)
    runs = [_text(-1, span, "") for span in _spans(lows.get((-1, ""), set()))]
    for high in range(ACE, 0, -1):
        suited, offsuit = lows.get((high, "s"), set()), lows.get((high, "o"), set())
        both = suited & offsuit
        apart = [_text(high, span, "s") for span in _spans(suited)] + [
            _text(high, span, "o") for span in _spans(offsuit)
        ]
        together = [_text(high, span, "") for span in _spans(both)]
        together += _rest(suited, both, high, "s", suffix) + _rest(offsuit, both, high, "o", suffix)
        runs += min(apart, together, key=lambda texts: _room(texts, suffix))
    return runs


def _rest(lows: set[int], covered: set[int], high: int, mark: str, suffix: int) -> list[str]:
    """Runs for kickers of which some are covered already: without those or with them, whichever is shorter."""
    texts: list[str] = []
    for low, top in _spans(lows):
        if open_ones := set(range(low, top + 1)) - covered:
            whole, parts = [_text(high, (low, top), mark)], [_text(high, span, mark) for span in _spans(open_ones)]
            texts += min(parts, whole, key=lambda some: _room(some, suffix))
    return texts


def _room(texts: Iterable[str], suffix: int) -> int:
    return sum(len(text) + suffix + len(SEPARATOR) for text in texts)


def _spans(ranks: set[int]) -> list[tuple[int, int]]:
    """The longest runs of neighbours, as (lowest, highest), the highest run first."""
    tops = sorted((rank for rank in ranks if rank + 1 not in ranks), reverse=True)
    bottoms = sorted((rank for rank in ranks if rank - 1 not in ranks), reverse=True)
    return list(zip(bottoms, tops, strict=True))


def _text(high: int, span: tuple[int, int], mark: str) -> str:
    """A run of kickers beside a higher card, or of pairs where ``high`` is -1."""
    low, top = (HandClass(rank if high < 0 else high, rank, mark) for rank in span)
    if low == top:
        return str(low)
    return f"{low}+" if top.low == (ACE if high < 0 else high - 1) else f"{top}-{low}"
