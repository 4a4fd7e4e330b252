"""A heads-up subgame to be solved, and what a solve tells: while it goes on, and at its end."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.game.ranges import COMBO_COUNT, COMBOS, Weights
from engine.solver.tree.settings import TreeSettings

Floats = NDArray[np.float32]


class SpotError(ValueError):
    """A spot that cannot be solved: cards given twice, an empty range, chips that do not fit."""


class TooBigError(SpotError):
    """A spot whose tree needs more memory than is allowed; nothing has been allocated."""


@dataclass(frozen=True, slots=True)
class Rake:
    """What the house takes of a pot: ``share`` of it, at most ``cap`` chips (0: no rake)."""

    share: float = 0.0
    cap: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """One heads-up spot on the flop, turn or river. Amounts in chips; players are 0 (OOP) and 1 (IP).

    ``board`` holds 3, 4 or 5 card integers. ``ranges`` are two (1326,) arrays of weights in [0, 1] in the order of
    ``engine.game.ranges.COMBOS``, as they are at the root. ``pot`` is what lies in the middle from earlier streets
    (dead money included), ``stack`` what each may still put in from the beginning of this street (the smaller
    stack: more can never go in). ``bets`` is what each has put in on this street before the root, ``to_act`` who
    acts there, ``raises`` how many bets and raises made ``bets``. ``made`` are actions known to follow the root, each
    told by what its player has in front of him on the root's street afterwards (0 for a check): the tree holds them
    whatever its sizes.
    """

    board: tuple[int, ...]
    ranges: tuple[Weights, Weights]
    pot: int
    stack: int
    settings: TreeSettings
    rake: Rake = Rake()
    bets: tuple[int, int] = (0, 0)
    to_act: int = 0
    raises: int = 0
    made: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be a spot, with SpotError."""
        _check_cards(self)
        _check_chips(self)
        if not (0 <= self.rake.share < 1 and 0 <= self.rake.cap < float("inf")):
            raise SpotError(f"a rake of {self.rake.share} with cap {self.rake.cap}: give a share from 0 to below 1")


@dataclass(frozen=True, slots=True)
class Lock:
    """A node whose strategy is held fixed: ``frequencies`` (actions, 1326) float32, columns adding up to 1."""

    node: int
    frequencies: Floats


@dataclass(frozen=True, slots=True)
class Limits:
    """When a solve ends, whichever comes first. ``deadline`` is a time of the clock in nanoseconds; ``target`` the
    exploitability in per cent of the starting pot; ``iterations`` whole iterations.
    """

    deadline: int | None = None
    target: float | None = None
    iterations: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Progress:
    """How far a solve is. ``exploitability`` in per cent of the starting pot (None: not measured yet); ``ev`` of the
    two players in chips, their share of the starting pot included; ``root`` is the root's average strategy,
    (actions, 1326) float32, 0 where the player cannot hold the pair.
    """

    iteration: int
    exploitability: float | None
    ev: tuple[float, float] | None
    root: Floats
    took_ns: int


@dataclass(frozen=True, slots=True, eq=False)
class Solved(Progress):
    """The end of a solve: how large it was, and what it cost. ``cut`` says that the deadline or a cancel ended it.

    ``equity`` is each player's share of the pot at showdown with the root's ranges; ``hands`` the number of pairs.
    """

    hands: tuple[int, int] = (0, 0)
    equity: tuple[float, float] = (0.0, 0.0)
    build_ns: int = 0
    memory_bytes: int = 0
    cut: bool = False
    actions: tuple[str, ...] = field(default=())


Listener = Callable[[Progress], None]
Cancel = Callable[[], bool]


def _check_cards(spot: Spot) -> None:
    if len(spot.board) not in (3, 4, 5):
        raise SpotError(f"the board has {len(spot.board)} cards: a spot to be solved has 3, 4 or 5")
    if len(set(spot.board)) < len(spot.board) or not all(0 <= card < 52 for card in spot.board):
        raise SpotError("the board names a card twice, or one that does not exist")
    free = ~np.isin(COMBOS, spot.board).any(axis=1)
    for name, weights in zip(("OOP", "IP"), spot.ranges, strict=True):
        if weights.shape != (COMBO_COUNT,) or not np.all((weights >= 0) & (weights <= 1)):
            raise SpotError(f"the range of {name} is not {COMBO_COUNT} weights from 0 to 1")
        if not weights[free].any():
            raise SpotError(f"the range of {name} is empty on this board: no hand of it can be held")


def _check_chips(spot: Spot) -> None:
    if spot.pot <= 0 or spot.stack <= 0:
        raise SpotError(f"pot {spot.pot} and stack {spot.stack}: both are one chip or more")
    if spot.to_act not in (0, 1) or spot.raises < 0 or min(spot.bets) < 0:
        raise SpotError("the player to act is 0 or 1, and bets and raises are not negative")
    if max(spot.bets) > spot.stack:
        raise SpotError(f"bets of {spot.bets[0]} and {spot.bets[1]} are more than the stack of {spot.stack}")
    acting, other = spot.bets[spot.to_act], spot.bets[1 - spot.to_act]
    if acting > other or (acting == other and acting > 0):
        raise SpotError(f"bets of {spot.bets[0]} and {spot.bets[1]}: player {spot.to_act} has nothing to answer")
    if (other > 0) != (spot.raises > 0):
        raise SpotError(f"{spot.raises} bets and raises cannot have made bets of {spot.bets[0]} and {spot.bets[1]}")
