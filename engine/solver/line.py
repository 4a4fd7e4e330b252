"""The line of a hand: each action with the pot and the price its player faced, worked out from the history."""

from dataclasses import dataclass

from engine.game.actions import ActionKind
from engine.game.state import Street, TableState


@dataclass(frozen=True, slots=True)
class Step:
    """One action as its player met it, amounts in chips.

    ``pot`` before the action with all bets in it, ``price`` the chips to call, ``bet`` the highest bet on the street,
    ``to`` what the player has before him afterwards. ``raises`` and ``callers`` count those before on this street
    (blinds are no raise; callers since the last raise).
    """

    seat: int
    street: Street
    kind: ActionKind
    pot: int
    price: int
    bet: int
    to: int
    raises: int
    callers: int

    @property
    def aggressive(self) -> bool:
        return self.kind in (ActionKind.BET, ActionKind.RAISE)


def clockwise(state: TableState) -> tuple[int, ...]:
    """The seats in the hand, the first after the button first and the button last."""
    seats = sorted(seat.seat for seat in state.seats)
    return tuple(seat for seat in seats if seat > state.button) + tuple(seat for seat in seats if seat <= state.button)


def preflop_order(state: TableState) -> tuple[int, ...]:
    """The seats in the order in which they act before the flop; the big blind is last."""
    order = clockwise(state)
    return (order[1], order[0]) if len(order) == 2 else order[2:] + order[:2]


def players_behind(state: TableState, seat: int) -> int:
    """How many act after a seat in the first round before the flop: 0 for the big blind."""
    order = preflop_order(state)
    return len(order) - 1 - order.index(seat)


def in_position(state: TableState) -> bool:
    """Whether the hero acts last after the flop among those still in."""
    live = {seat.seat for seat in state.seats if not seat.folded}
    return [seat for seat in clockwise(state) if seat in live][-1] == state.hero


def steps(state: TableState) -> tuple[Step, ...]:
    """The history as steps, oldest first."""
    small, big = preflop_order(state)[-2:]
    stacks = {seat.seat: seat.start_stack for seat in state.seats}
    bets = {small: min(state.small_blind, stacks[small]), big: min(state.big_blind, stacks[big])}
    line: list[Step] = []
    street, gathered, raises, callers = Street.PREFLOP, 0, 0, 0
    for record in state.history:
        if record.street is not street:
            street, gathered, raises, callers, bets = record.street, gathered + sum(bets.values()), 0, 0, {}
        before, highest = bets.get(record.seat, 0), max(bets.values(), default=0)
        kind, amount = record.action.kind, record.action.amount
        to = before + amount if kind is ActionKind.CALL else max(before, amount)
        pot = gathered + sum(bets.values())
        step = Step(record.seat, street, kind, pot, max(highest - before, 0), highest, to, raises, callers)
        line.append(step)
        bets[record.seat] = to
        raises, callers = (raises + 1, 0) if step.aggressive else (raises, callers + (kind is ActionKind.CALL))
    return tuple(line)


def raises_now(line: tuple[Step, ...], street: Street) -> tuple[int, int]:
    """Raises on a street so far, and callers since the last one."""
    raises = callers = 0
    for step in line:
        if step.street is street:
            raises, callers = (raises + 1, 0) if step.aggressive else (raises, callers + (step.kind is ActionKind.CALL))
    return raises, callers
