"""Classes of hands as they are written, ``77``, ``AKs``, ``AK``, and runs of them like ``66+`` and ``A5s-A2s``."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from engine.game.cards import RANKS, SUITS
from engine.game.ranges import RangeError, class_combos

Places = NDArray[np.int64]

MARKS: Final = ("s", "o", "")


class NotAClassError(RangeError):
    """A name that is no class of hands, or two that are not the ends of a run; it says what would be right."""


@dataclass(frozen=True, slots=True)
class HandClass:
    """Two ranks (0 is a two), the higher first, and ``s``, ``o``, or nothing for both and for pairs."""

    high: int
    low: int
    mark: str = ""

    @classmethod
    def named(cls, name: str) -> Self:
        """The class of a name in upper or lower case. Raises NotAClassError."""
        if "10" in name:
            raise NotAClassError("write T for ten")
        if "*" in name:
            raise NotAClassError("a star stands alone, for every hand: write classes like A2s+, or two cards like AhKh")
        if len(name) not in (2, 3):
            raise NotAClassError("not a hand: write a class like 77, AKs, AKo or AK, or two cards like AhKh")
        if len(name) == 2 and name[0].upper() in RANKS and name[1].lower() in SUITS:
            raise NotAClassError("that is one card: a hand is two, like AhKh, or a class like AKs")
        high, low = (RANKS.index(rank_letter(letter)) for letter in name[:2])
        mark = name[2:].lower()
        if mark not in MARKS:
            raise NotAClassError(f"{name[2]} means nothing behind two ranks: write s for suited, o for offsuit")
        if high < low:
            raise NotAClassError(f"write the higher card first: {RANKS[low]}{RANKS[high]}{mark}")
        if high == low and mark:
            raise NotAClassError(f"a pair is neither suited nor offsuit: write {RANKS[high] * 2}")
        return cls(high, low, mark)

    def __str__(self) -> str:
        return RANKS[self.high] + RANKS[self.low] + self.mark

    @property
    def is_pair(self) -> bool:
        return self.high == self.low

    def places(self) -> Places:
        """Where its hands stand in ``COMBOS``."""
        return _places(str(self), self.is_pair or bool(self.mark))

    def better(self) -> Iterator["HandClass"]:
        """The class and those that ``+`` adds: higher pairs, or higher kickers beside the same higher card."""
        for rank in range(self.low, 13 if self.is_pair else self.high):
            yield HandClass(rank if self.is_pair else self.high, rank, self.mark)

    def through(self, end: "HandClass") -> Iterator["HandClass"]:
        """The classes between two, both included: pairs, kickers beside one card, or ranks that step together."""
        first, last = sorted((self, end), key=lambda one: one.low)
        gap = first.high - first.low
        if self.is_pair != end.is_pair:
            raise NotAClassError("a pair and a hand that is none have nothing between them: write QQ-22 or A5s-A2s")
        if self.mark != end.mark:
            raise NotAClassError("both ends need the same letter (s suited, o offsuit, none for both), like A5s-A2s")
        if first.high == last.high:
            yield from (HandClass(first.high, low, self.mark) for low in range(first.low, last.low + 1))
        elif gap == last.high - last.low:
            yield from (HandClass(low + gap, low, self.mark) for low in range(first.low, last.low + 1))
        else:
            raise NotAClassError("the ends share neither the higher card nor the gap: write QQ-22, A5s-A2s or JTs-54s")


@cache
def _places(name: str, is_one: bool) -> Places:
    places = np.concatenate([class_combos(name + mark) for mark in (("",) if is_one else ("s", "o"))])
    places.setflags(write=False)
    return places


def rank_letter(letter: str) -> str:
    """The letter of a rank in upper case."""
    if letter.upper() not in RANKS:
        raise NotAClassError(f"{letter} is not a rank: the ranks are {RANKS[::-1]} (T for ten)")
    return letter.upper()
