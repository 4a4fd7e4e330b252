"""At most four players in a betting tree: where more are live, those whose part is passive stand together as one.

The hero and the last to bet or raise stand for themselves. The others who have acted on this street are one group,
those who are still to act another, and the larger is halved while there is room. A group is played by its deepest
member, who holds the best of the group's hands; what the rest of it has put in lies in the pot as dead money. Hence a
group folds, calls or raises as one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from engine.game.actions import ActionKind
from engine.game.betting import Betting
from engine.game.ranges import Weights
from engine.solver.multiway.buckets import best_of

MOST_PLAYERS: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """The betting with at most four live players, their ranges by seat, and the groups that were made of seats."""

    hand: Betting
    ranges: Mapping[int, Weights]
    groups: tuple[tuple[int, ...], ...] = ()


def gathered(hand: Betting, ranges: Mapping[int, Weights], standings: Weights) -> Field:
    """The hand as it is with up to four live players; with more, the passive ones in groups.

    ``standings`` (1326,) says how good each pair is on this board.
    """
    if len(hand.live) <= MOST_PLAYERS:
        return Field(hand, ranges)
    apart = {hand.to_act, _aggressor(hand)}
    rest = [seat.seat for seat in hand.live if seat.seat not in apart]
    groups = _groups(hand, rest, MOST_PLAYERS - len(apart - {None}))
    kept, merged = dict(ranges), hand
    for group in groups:
        if len(group) > 1:
            speaker = max(group, key=lambda seat: (hand.seat(seat).bet + hand.seat(seat).stack, seat))
            kept[speaker] = best_of([ranges[seat] for seat in group], standings)
            merged = _without(merged, [seat for seat in group if seat != speaker])
    return Field(merged, kept, tuple(tuple(group) for group in groups if len(group) > 1))


def _groups(hand: Betting, rest: Sequence[int], most: int) -> list[list[int]]:
    """Seats in at most ``most`` groups, each of neighbours who have all acted or are all to act."""
    acted = {seat for seat, _ in hand.faced}
    parts = [[seat for seat in rest if (seat in acted) is done] for done in (True, False)]
    groups = [part for part in parts if part]
    while len(groups) < most and max(map(len, groups)) > 1:
        largest = max(groups, key=len)
        place, half = groups.index(largest), (len(largest) + 1) // 2
        groups[place : place + 1] = [largest[:half], largest[half:]]
    return groups


def _aggressor(hand: Betting) -> int | None:
    """The live player who made the street's last bet or raise; None before one."""
    live = {seat.seat for seat in hand.live}
    made = [
        record.seat
        for record in hand.history
        if record.street is hand.street and record.action.kind in (ActionKind.BET, ActionKind.RAISE)
    ]
    return made[-1] if made and made[-1] in live else None


def _without(hand: Betting, gone: Sequence[int]) -> Betting:
    """The hand as if these seats had folded."""
    return replace(hand, seats=tuple(replace(seat, folded=True) if seat.seat in gone else seat for seat in hand.seats))
