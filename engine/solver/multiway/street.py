"""The street that the hero plays on: what has happened on it so far, and the sizes considered for the rest of it."""

from dataclasses import dataclass, replace
from typing import Final

from engine.game.actions import Action, ActionKind
from engine.game.betting import Betting, BettingError
from engine.game.state import Street, TableState
from engine.solver.multiway.round import Round

COMMITTED: Final = 0.7
"""A size that takes this share of what can go in becomes all-in."""
DEEPEST: Final = 4.0
"""All-in is considered when it is at most this many pots, and wherever it is the only bet or raise."""


class StreetError(ValueError):
    """A state whose street cannot be played on from: not after the flop, not the hero's turn, or a wrong history."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bets and raises as shares of the pot after a call; ``raises`` counts those that may still come on the street."""

    opens: tuple[float, ...]
    over: tuple[float, ...]
    raises: int


RUNGS: Final = (
    Sizes((0.33, 0.75), (0.75,), 3),
    Sizes((0.33, 0.75), (0.75,), 2),
    Sizes((0.33, 0.75), (), 2),
    Sizes((0.66,), (), 2),
    Sizes((0.66,), (), 1),
    Sizes((), (), 1),
)
"""From rich to poor. All-in is considered on every rung."""


def street_so_far(state: TableState) -> Betting:
    """The betting of the current street as the history tells it; StreetError when it does not lead to the hero."""
    if state.street is Street.PREFLOP or not state.hero_to_act:
        raise StreetError(f"hand {state.hand_id}: a street is solved after the flop, when the hero is to act")
    records = [record for record in state.history if record.street is state.street]
    gone = {record.seat for record in records if record.action.kind is ActionKind.FOLD}
    seats = tuple(
        replace(seat, stack=seat.stack + seat.bet, bet=0, folded=seat.folded and seat.seat not in gone)
        for seat in state.seats
    )
    blind = state.big_blind
    before = Betting(seats, state.button, blind, Street(state.street - 1), blind, (), (), None, ())
    try:
        hand = before.next_street()
        for record in records:
            if hand.to_act != record.seat:
                raise BettingError(f"seat {record.seat} acted out of turn")
            hand = hand.after(record.action)
    except BettingError as error:
        raise StreetError(f"hand {state.hand_id}: the street's history does not fit the table: {error}") from error
    if hand.to_act != state.hero or hand.seats != state.seats:
        raise StreetError(f"hand {state.hand_id}: the street's history leads to another table than the one seen")
    return hand


def choices(round_: Round, player: int, sizes: Sizes, raises: int) -> tuple[Action, ...]:
    """What a player considers, all legal: check, or fold and call; then bets or raises while any are left."""
    legal = round_.legal(player)
    quiet = (
        (Action(ActionKind.CHECK),)
        if legal.can_check
        else (Action(ActionKind.FOLD), Action(ActionKind.CALL, legal.call_amount))
    )
    if not legal.can_raise or raises <= 0:
        return quiet
    kind = ActionKind.BET if legal.opening else ActionKind.RAISE
    reach = max(min(legal.max_to, round_.deepest_beside(player)), legal.min_to)  # more is not matched by anybody
    pot, current = round_.pot + legal.call_amount, round_.current_bet
    shares = sizes.opens if legal.opening else sizes.over
    wanted = {max(current + round(share * pot), legal.min_to) for share in shares}
    targets = sorted(to for to in wanted if to < COMMITTED * reach)
    if len(targets) < len(wanted) or not targets or reach - current <= DEEPEST * pot:
        targets.append(reach)
    return quiet + tuple(Action(kind, to) for to in targets)
