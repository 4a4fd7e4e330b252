"""Ranges as players type them: ``66+, A8s+, A5s-A4s, KQo, AhKh`` with weights like ``AKs:0.5`` or ``[50]AKs, QQ[/50]``.

What may stand in a range, separated by commas, semicolons, blanks or line ends:

- a class ``QQ``, ``AKs`` (suited), ``AKo`` (offsuit), ``AK`` (both);
- a class and better: ``66+`` up to the aces, ``A8s+`` with kickers up to one below the higher card;
- classes between two: ``QQ-22``, ``A5s-A4s`` (kickers) and ``JTs-54s`` (both cards step together), either end first;
- two cards ``AhKh``;
- every hand, ``random`` or ``*`` or ``100%``, and the best of them, ``15%``, by all-in equity against a random hand.

``:0.5`` behind an entry is its weight (PioSOLVER); ``[50] ... [/50]`` around entries is theirs in per cent (GTO+).
Entries without either count fully. **A later entry overrides an earlier one**: ``AK, AhKh:0`` is AK without one pair.
Upper and lower case are the same.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import numpy as np

from engine.game.cards import SUITS
from engine.game.range_classes import HandClass, NotAClassError, Places, rank_letter
from engine.game.range_writing import format
from engine.game.ranges import COMBO_COUNT, RangeError, Weights, combo_index, top_fraction

__all__ = ["RangeNotationError", "format", "parse"]

SEPARATORS: Final = re.compile(r"[\s,;]+")
TAG: Final = re.compile(r"\[[^\]\[]*\]?")
ENTRY: Final = re.compile(r"[^\s,;:\[\]-]+(?:\s*-\s*[^\s,;:\[\]-]*)*(?:\s*:\s*[^\s,;\[\]]*)?|[:-][^\s,;\[\]]*")
NUMBER: Final = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:e-?\d{1,3})?", re.ASCII | re.IGNORECASE)
EVERY_HAND: Final = ("random", "*")


class RangeNotationError(RangeError):
    """A range that cannot be read: the ``token`` that is wrong, its ``position`` (from 1), and what would be right."""

    def __init__(self, token: str, position: int, advice: str) -> None:
        super().__init__(f"{token} at {position}: {advice}")
        self.token, self.position, self.advice = token, position, advice


def parse(text: str) -> Weights:
    """The weights of a written range, (1326,) float64 in [0, 1] in the order of ``COMBOS``; an empty text is no hand.

    Raises RangeNotationError.
    """
    weights = np.zeros(COMBO_COUNT)
    share: float | None = None
    opened = ("", 0)
    for token, position in _tokens(text):
        try:
            if not token.startswith("["):
                _set(weights, token, share)
            elif token.startswith("[/"):
                _close(token, share)
                share = None
            elif share is not None:
                raise NotAClassError(f"{opened[0]} at {opened[1]} is still open: close it first with [/{opened[0][1:]}")
            else:
                share, opened = _tag(token[1:]), (token, position)
        except NotAClassError as problem:
            raise RangeNotationError(token, position, str(problem)) from None
    if share is not None:
        raise RangeNotationError(*opened, f"nothing closes it: write [/{opened[0][1:]} behind the last of its hands")
    return weights


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    """Entries and tags with their positions, counted from 1; what is neither is a token of one character."""
    at = 0
    while at < len(text):
        if gap := SEPARATORS.match(text, at):
            at = gap.end()
            continue
        found = TAG.match(text, at) or ENTRY.match(text, at)
        end = found.end() if found else at + 1
        yield text[at:end].rstrip(), at + 1
        at = end


def _tag(inside: str) -> float:
    """What ``50]`` says."""
    if not inside.endswith("]") or (share := _percent(inside[:-1])) is None:
        raise NotAClassError("weights in brackets are per cent from 0 to 100, like [50]AKs, QQ[/50]")
    return share


def _percent(written: str) -> float | None:
    number = written.strip().removesuffix("%").rstrip()
    if not NUMBER.fullmatch(number) or not 0 <= float(number) <= 100:
        return None
    return float(Decimal(number) / 100)


def _close(token: str, share: float | None) -> None:
    if share is None:
        raise NotAClassError(f"nothing is open here: write [{token[2:]} before the first of its hands")
    if _tag(token[2:]) != share:
        raise NotAClassError(f"the bracket that is open is [{100 * share:g}]: close it with [/{100 * share:g}]")


def _set(weights: Weights, token: str, share: float | None) -> None:
    """Give the hands of an entry their weight."""
    name, colon, written = (part.strip() for part in token.partition(":"))
    if colon and share is not None:
        raise NotAClassError(f"it has a weight of its own inside [{100 * share:g}]: leave one of the two away")
    weight = _weight(written) if colon else 1.0 if share is None else share
    places, fractions = _hands(name)
    weights[places] = weight * fractions


def _weight(written: str) -> float:
    if not NUMBER.fullmatch(written) or not 0 <= float(written) <= 1:
        raise NotAClassError("a weight behind a colon goes from 0 to 1, like AKs:0.5")
    return float(written)


def _hands(name: str) -> tuple[Places, Weights | float]:
    """The places of an entry in ``COMBOS``, and how much of each is meant."""
    if name.lower() in EVERY_HAND:
        return np.arange(COMBO_COUNT), 1.0
    if name.endswith("%"):
        if (share := _percent(name)) is None:
            raise NotAClassError("the best hands are a share from 0% to 100% of all, like 15%")
        best = top_fraction(share)
        return np.flatnonzero(best), best[best > 0]
    if (pair := _two_cards(name)) is not None:
        return np.array([pair]), 1.0
    if "-" in name:
        first, last = (HandClass.named(end.strip()) for end in name.split("-", 1))
        return np.concatenate([one.places() for one in first.through(last)]), 1.0
    if name.endswith("+"):
        return np.concatenate([one.places() for one in HandClass.named(name[:-1]).better()]), 1.0
    return HandClass.named(name).places(), 1.0


def _two_cards(name: str) -> int | None:
    """The place of two cards written out, None for what does not look like it."""
    if len(name) != 4 or name[1].lower() not in SUITS or name[3].lower() not in SUITS:
        return None
    first, second = (rank_letter(name[at]) + name[at + 1].lower() for at in (0, 2))
    if first == second:
        raise NotAClassError("a hand is two different cards, like AhKh")
    return combo_index(first, second)
