"""Solves a flop, or a turn that is too large to be solved whole, within a deadline: as deep as the time allows."""

from dataclasses import dataclass, replace
from typing import Final

from engine.clock import Clock
from engine.solver.anytime import require_an_end, solve_on
from engine.solver.flop.game import FlopGame, predicted_ns
from engine.solver.spot import Cancel, Limits, Listener, Solved, Spot, SpotError, TooBigError
from engine.solver.subgame.room import Room
from engine.solver.tree.settings import StreetSizes

FLOP: Final = 3
TURN: Final = 4
ENOUGH: Final = 60
"""Iterations that bring most spots below one per cent of the pot; a depth that has no time for them is not chosen."""


@dataclass(frozen=True, slots=True, eq=False)
class Depth:
    """A way to solve a spot: bet on up to street ``last``, on the turn with one size alone if ``one_size``."""

    spot: Spot
    last: int
    one_size: bool = False


def depths(spot: Spot) -> tuple[Depth, ...]:
    """The ways to solve a spot, the most thorough first. Raises SpotError for a river, which is solved whole."""
    if len(spot.board) == TURN:
        return (Depth(spot, TURN),)
    if len(spot.board) != FLOP:
        raise SpotError("only a flop or a turn is solved to a limited depth: a river has nothing beyond it")
    oop, ip = (StreetSizes(sizes.bets[:1], sizes.raises[:1]) for sizes in spot.settings.turn)
    fewer = replace(spot, settings=replace(spot.settings, turn=(oop, ip)))
    return Depth(spot, TURN), Depth(fewer, TURN, one_size=True), Depth(spot, FLOP)


def solve_flop(
    spot: Spot,
    limits: Limits,
    *,
    clock: Clock,
    threads: int = 1,
    cancel: Cancel | None = None,
    listener: Listener | None = None,
) -> tuple[Solved, FlopGame]:
    """The best average strategy within the limits, like ``engine.solver.anytime.solve``, of a game of limited depth.

    A flop is solved together with the turn's betting where the deadline leaves time for it, on the turn with all
    sizes or with one, else by itself; a turn by itself. ``FlopGame.limit`` says which it was: exploitability is
    measured in that game, and says nothing about what the limit leaves out. Raises SpotError, TooBigError, and
    ValueError when nothing would end the solve.
    """
    require_an_end(limits, cancel)
    begun = clock.now()
    left = None if limits.deadline is None else max(0, limits.deadline - begun)
    game = deepest(spot, left, threads)
    return solve_on(game, limits, clock=clock, cancel=cancel, listener=listener, begun=begun), game


def deepest(spot: Spot, left: int | None, threads: int = 1, room: Room | None = None) -> FlopGame:
    """The game of the most thorough way that fits the nanoseconds ``left`` and the memory, else of the last one."""
    ways = depths(spot)
    for way in ways[:-1]:
        try:
            if left is None or predicted_ns(way.spot, way.last, ENOUGH, threads) <= left:
                return FlopGame(way.spot, way.last, threads, one_size=way.one_size, room=room)
        except TooBigError:
            continue
    return FlopGame(ways[-1].spot, ways[-1].last, threads, room=room)
