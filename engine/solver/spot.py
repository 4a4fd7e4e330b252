"""A heads-up subgame to be solved, and what a solve tells: while it goes on, and at its end."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.game.ranges import Weights
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
    acts there, ``raises`` how many bets and raises made ``bets``.
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
