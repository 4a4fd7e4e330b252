"""Which bets and raises a tree considers."""

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite


class SizeError(ValueError):
    """Sizes or thresholds that mean nothing; the message names what was found and what is allowed."""


class SizeKind(StrEnum):
    """How a size is reckoned."""

    POT = "%"
    """A share of the pot; for a raise of the pot after the call, on top of the bet that is raised."""
    TIMES = "x"
    """A multiple of the bet that is raised (for raises alone)."""
    GEOMETRIC = "e"
    """The same share of the pot on every street that remains, all-in on the last of them."""
    ALL_IN = "a"


@dataclass(frozen=True, slots=True)
class Size:
    """One size: ``value`` is 0.6 for 60%, 2.5 for 2.5x and 0 for a; for e the number of streets, 0 for those that
    remain.
    """

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

    def __post_init__(self) -> None:
        if any(size.kind is SizeKind.TIMES for size in (*self.bets, *self.donk)):
            raise SizeError("a multiple of a bet (like 2.5x) is a size for raises alone: there is no bet to multiply")


@dataclass(frozen=True, slots=True)
class TreeSettings:
    """The sizes of each street, (flop, turn, river) of (OOP, IP), and the thresholds that tidy them.

    ``add_all_in``: all-in is added where it is at most this share of the pot. ``force_all_in``: a size that leaves at
    most this stack-to-pot ratio after a call becomes all-in. ``merge``: of sizes that lie closer than this share of
    each other, reckoned with the pot added, the larger stays. ``most_raises`` bounds bets and raises on a street
    (None: unbounded). ``least_bet`` is the smallest bet in chips (the big blind).
    """

    flop: tuple[StreetSizes, StreetSizes] = (StreetSizes(), StreetSizes())
    turn: tuple[StreetSizes, StreetSizes] = (StreetSizes(), StreetSizes())
    river: tuple[StreetSizes, StreetSizes] = (StreetSizes(), StreetSizes())
    add_all_in: float = 1.5
    force_all_in: float = 0.15
    merge: float = 0.1
    most_raises: int | None = None
    least_bet: int = 1

    def __post_init__(self) -> None:
        for name in ("add_all_in", "force_all_in", "merge"):
            value = getattr(self, name)
            if not (isfinite(value) and value >= 0):
                raise SizeError(f"{name} is {value}: a threshold is 0 or more")
        if self.least_bet < 1:
            raise SizeError(f"the least bet is {self.least_bet}: it is a chip or more")

    def of(self, street: int, player: int) -> StreetSizes:
        """The sizes of a player (0 OOP, 1 IP) on a street (3 flop, 4 turn, 5 river)."""
        return (self.flop, self.turn, self.river)[street - 3][player]
