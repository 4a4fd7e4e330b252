"""The street that is being played, as a heads-up subgame: where it began for the two who are left, and what they did.

A street that two players began is a subgame from its beginning. Where others took part, it begins with the first
action after the last of them folded: their chips are dead money in the pot, and the two players' bets of this street
are the root's. A bet of more than the other player has counts as all he has: the rest comes back.
"""

from dataclasses import dataclass

from engine.game.actions import ActionKind
from engine.game.cards import card_index
from engine.game.state import Street, TableState
from engine.solver.line import Step, clockwise, steps
from engine.solver.tree.betting import Choice
from engine.solver.tree.nodes import Move

_QUIET = {ActionKind.CHECK: Move.CHECK, ActionKind.FOLD: Move.FOLD, ActionKind.CALL: Move.CALL}


class NotHeadsUpError(ValueError):
    """More or fewer than two players are left."""


@dataclass(frozen=True, slots=True)
class StreetLine:
    """The street's root and the way from there to now. Amounts in chips.

    ``seats`` are the player out of position and the one in position. ``pot``, ``stack``, ``bets``, ``to_act`` and
    ``raises`` are those of ``engine.solver.spot.Spot``; ``made`` are the actions since the root, ``first`` how many
    were made on the street before it.
    """

    seats: tuple[int, int]
    board: tuple[int, ...]
    pot: int
    stack: int
    bets: tuple[int, int]
    to_act: int
    raises: int
    made: tuple[Choice, ...]
    first: int

    @property
    def whole(self) -> bool:
        """Whether the root is the street's own beginning."""
        return self.first == 0


def players(state: TableState) -> tuple[int, int]:
    """The two seats left, the one out of position first. NotHeadsUpError when it is not two."""
    live = {seat.seat for seat in state.seats if not seat.folded}
    order = [seat for seat in clockwise(state) if seat in live]
    if len(order) != 2:
        raise NotHeadsUpError(f"hand {state.hand_id}: {len(order)} players are left, not two")
    return order[0], order[1]


def street_line(state: TableState) -> StreetLine:
    """The post-flop street of ``state`` as a heads-up subgame. NotHeadsUpError when it is none."""
    if state.street is Street.PREFLOP:
        raise NotHeadsUpError(f"hand {state.hand_id}: before the flop there is no subgame of two players")
    seats = players(state)
    acted = [step for step in steps(state) if step.street is state.street]
    others = [number for number, step in enumerate(acted) if step.seat not in seats]
    first = others[-1] + 1 if others else 0
    stack = min(state.seat(seat).stack + state.seat(seat).bet for seat in seats)
    before, after = acted[:first], acted[first:]
    bets = _bets(before, seats, stack)
    live_bets = sum(min(state.seat(seat).bet, stack) for seat in seats)
    over = sum(max(state.seat(seat).bet - stack, 0) for seat in seats)
    return StreetLine(
        seats=seats,
        board=tuple(card_index(card) for card in state.board),
        pot=state.pot - live_bets - over,
        stack=stack,
        bets=bets,
        to_act=_first_to_act(state, seats, after),
        raises=sum(step.aggressive for step in before),
        made=tuple(_choice(step, stack) for step in after),
        first=first,
    )


def made_on(state: TableState, line: StreetLine, street: Street) -> tuple[Choice, ...]:
    """The actions since the root of an earlier street's ``line``, to the end of that street."""
    acted = [step for step in steps(state) if step.street is street]
    return tuple(_choice(step, line.stack) for step in acted[line.first :])


def _bets(before: list[Step], seats: tuple[int, int], stack: int) -> tuple[int, int]:
    """What each of the two had before him when the root was reached."""
    bets = dict.fromkeys(seats, 0)
    for step in before:
        if step.seat in bets:
            bets[step.seat] = min(step.to, stack)
    return bets[seats[0]], bets[seats[1]]


def _first_to_act(state: TableState, seats: tuple[int, int], after: list[Step]) -> int:
    """Who acts at the root: whoever acted first after it, or the player to act now."""
    actor = after[0].seat if after else state.to_act
    return seats.index(actor) if actor in seats else 0


def _choice(step: Step, stack: int) -> Choice:
    to = min(step.to, stack)
    if step.kind in _QUIET:
        return Choice(_QUIET[step.kind], to if step.kind is ActionKind.CALL else 0)
    if to == stack:
        return Choice(Move.ALL_IN, to)
    return Choice(Move.RAISE if step.price or step.bet else Move.BET, to)
