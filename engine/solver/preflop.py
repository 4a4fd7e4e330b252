"""The pre-flop chart: which share of hands a player raises, by position, by what he faces and by stack depth.

Shares are of the 1,326 pairs in the order of ``engine.game.ranges``. They are plain poker practice (tight early, wide
late, wider heads-up), not a solution. Opponents are read by the same chart: a raise is taken for the share of hands
that the chart would raise there.
"""

from dataclasses import dataclass
from enum import StrEnum

from engine.game.state import SeatState, Street, TableState
from engine.solver.line import Step, players_behind, raises_now, steps

HEADS_UP_OPENING = 0.80
OPENING = (0.20, 0.45, 0.45, 0.28, 0.20, 0.16)
"""First raise by the number of players behind (0: the big blind, raising limpers; 2: the button; 3: the cut-off)."""
EARLY_OPENING = 0.13
OVER_LIMPERS = 0.6
RERAISE = 0.25
SHORT_RERAISE = 0.5
LEAST = (0.05, 0.035, 0.02)
"""The smallest share taken for a first raise, a second, and any later one."""
LIMP_ALONG = 0.55
SHORT_STACK = 12.0
SHOVE = 0.7
USUAL_RAISE = 4.0


class Facing(StrEnum):
    UNOPENED = "unopened"
    LIMPED = "limped"
    RAISED = "raised"
    RERAISED = "re-raised"


@dataclass(frozen=True, slots=True)
class Spot:
    """The hero's pre-flop spot: what he faces, who is behind, and stack depth in big blinds.

    ``last_share`` is the share of hands that the last raiser is taken to raise (1.0 when nobody has).
    """

    facing: Facing
    behind: int
    players: int
    limpers: int
    raises: int
    last_share: float
    depth: float

    @property
    def short(self) -> bool:
        return self.depth <= SHORT_STACK


def raise_share(raises: int, behind: int, players: int, limpers: int, last_share: float, short: bool) -> float:
    """The share of hands to raise here."""
    if raises:
        share = last_share * (SHORT_RERAISE if short else RERAISE)
    else:
        share = _opening(behind, players) * (OVER_LIMPERS if limpers else 1.0) * (SHOVE if short else 1.0)
    return max(share, LEAST[min(raises, len(LEAST) - 1)])


def _opening(behind: int, players: int) -> float:
    if players == 2:
        return HEADS_UP_OPENING
    return OPENING[behind] if behind < len(OPENING) else EARLY_OPENING


def effective_depth(state: TableState) -> float:
    """The chips that can go in between the hero and the deepest opponent still in, in big blinds."""
    mine = _chips(state.seat(state.hero))
    deepest = max((_chips(seat) for seat in state.live_opponents), default=0)
    return min(mine, deepest) / state.big_blind


def _chips(seat: SeatState) -> int:
    return seat.bet + seat.stack


def spot_of(state: TableState) -> Spot:
    """The spot in which the hero acts before the flop."""
    line = steps(state)
    raises, callers = raises_now(line, Street.PREFLOP)
    facing = (Facing.LIMPED if callers else Facing.UNOPENED, Facing.RAISED, Facing.RERAISED)[min(raises, 2)]
    shares = raise_shares(state, line)
    last = next((shares[step] for step in reversed(line) if step in shares), 1.0)
    behind = players_behind(state, state.hero)
    return Spot(facing, behind, len(state.seats), 0 if raises else callers, raises, last, effective_depth(state))


def raise_shares(state: TableState, line: tuple[Step, ...]) -> dict[Step, float]:
    """For each pre-flop raise of a line the share of hands it is taken for; large raises for fewer hands."""
    short = effective_depth(state) <= SHORT_STACK
    shares: dict[Step, float] = {}
    last = 1.0
    for step in line:
        if step.street is Street.PREFLOP and step.aggressive:
            behind = players_behind(state, step.seat)
            usual = raise_share(step.raises, behind, len(state.seats), step.callers, last, short)
            large = min(1.0, (USUAL_RAISE * max(step.bet, state.big_blind) / step.to) ** 0.5)
            last = shares[step] = max(usual * large, LEAST[-1])
    return shares


def my_raise_share(spot: Spot) -> float:
    """The share of hands that the hero raises in this spot."""
    return raise_share(spot.raises, spot.behind, spot.players, spot.limpers, spot.last_share, spot.short)


def raise_target(state: TableState, spot: Spot) -> int:
    """How much to raise to, in chips, before the bounds of the rules: all-in when that takes much of the stack."""
    seat = state.seat(state.hero)
    everything = seat.bet + seat.stack
    current = max(other.bet for other in state.seats)
    if spot.raises:
        target = round(3.2 * current) if spot.raises == 1 else round(2.3 * current)
    else:
        target = round((2.5 + spot.limpers + (0.5 if spot.behind == 1 and spot.players > 2 else 0)) * state.big_blind)
    committed = target >= 0.4 * min(everything, spot.depth * state.big_blind)
    return everything if committed or (spot.short and not spot.limpers) else target
