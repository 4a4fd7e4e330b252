"""Which bets and raises a tree considers."""

from dataclasses import dataclass
from enum import StrEnum


class SizeKind(StrEnum):
    """How a size is reckoned."""

    POT = "%"
    """A share of the pot; for a raise of the pot after the call."""
    TIMES = "x"
    """A multiple of the bet that is raised."""
    GEOMETRIC = "e"
    """The same share of the pot on every street that remains, all-in on the last of them."""
    ALL_IN = "a"


@dataclass(frozen=True, slots=True)
class Size:
    """One size: ``value`` is 0.6 for 60%, 2.5 for 2.5x, and 0 for e and a."""

    kind: SizeKind
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class StreetSizes:
    """The sizes of one player on one street. ``donk`` (only out of position, when the other was the last to bet on
    the street before) takes the place of ``bets`` when it is not empty.
    """

    bets: tuple[Size, ...] = ()
    raises: tuple[Size, ...] = ()
    donk: tuple[Size, ...] = ()


@dataclass(frozen=True, slots=True)
class TreeSettings:
    """The sizes of each street, (flop, turn, river) of (OOP, IP), and the thresholds that tidy them.

    ``add_all_in``: all-in is added where it is at most this share of the pot. ``force_all_in``: a size that leaves at
    most this stack-to-pot ratio after a call becomes all-in. ``merge``: of sizes that lie closer than this share of
    each other the larger stays. ``most_raises`` bounds bets and raises on a street (None: unbounded).
    """

    flop: tuple[StreetSizes, StreetSizes] = (StreetSizes(), StreetSizes())
    turn: tuple[StreetSizes, StreetSizes] = (StreetSizes(), StreetSizes())
    river: tuple[StreetSizes, StreetSizes] = (StreetSizes(), StreetSizes())
    add_all_in: float = 1.5
    force_all_in: float = 0.15
    merge: float = 0.1
    most_raises: int | None = None
