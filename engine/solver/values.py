"""What each action is worth in chips, against folding now at 0.

The model looks one action ahead. A call or check shows the hands down for the pot as it then is, with a discount for
the streets to come. A bet or raise wins the pot when all fold, and otherwise is called by the opponents who are
all-in already and one more, whose hands are then the best part of his range. Opponents fold a little less than the
share that would make a bluff with any hand break even, so that bluffs must bring some equity. Raises behind the hero
are not foreseen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.game.actions import Action, ActionKind
from engine.game.ranges import Weights, standing
from engine.game.state import SeatState, Street, TableState
from engine.solver.equity import RunOuts, equity
from engine.solver.line import in_position
from engine.solver.reading import keep_best

FOLDS_OF_BREAK_EVEN = 0.8
POSTFLOP_REALISED, PREFLOP_REALISED, PREFLOP_QUALITY = 0.90, 0.68, 0.27
POSITION_BONUS = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """All that the values of the hero's actions depend on.

    ``hero`` is his pair's place in COMBOS, ``ranges`` the opponents' weights by seat, ``standings`` how good each
    pair is now (1326,), ``equity`` the hero's share against all of those ranges.
    """

    state: TableState
    hero: int
    outs: RunOuts
    ranges: Mapping[int, Weights]
    standings: Weights
    equity: float


@dataclass(frozen=True, slots=True)
class _Reply:
    """How an opponent answers a raise: how often he folds, and the chips he adds when he does not."""

    seat: SeatState
    folds: float
    adds: int


def action_value(view: Outlook, action: Action) -> float:
    """The value of an action in chips."""
    match action.kind:
        case ActionKind.FOLD:
            return 0.0
        case ActionKind.CHECK:
            return _realised(view, all_in=False) * view.equity * view.state.pot
        case ActionKind.CALL:
            return _call_value(view, action.amount)
        case _:
            return _raise_value(view, action.amount)


def price_of_call(state: TableState, amount: int) -> float:
    """The equity that a call of ``amount`` chips needs to break even."""
    pot, cost = _showdown_pot(state, amount, {})
    return cost / pot


def contested(state: TableState, amount: int) -> int:
    """The pot that the hero plays for when he adds ``amount`` chips and nobody adds more."""
    return _showdown_pot(state, amount, {})[0]


def _call_value(view: Outlook, amount: int) -> float:
    pot, cost = _showdown_pot(view.state, amount, {})
    all_in = amount == view.state.seat(view.state.hero).stack
    return _realised(view, all_in) * view.equity * pot - cost


def _showdown_pot(state: TableState, amount: int, added: Mapping[int, int]) -> tuple[int, int]:
    """The pot that the hero can win and what it costs him, when he adds ``amount`` and others add ``added``.

    What nobody matches comes back to him, and what he cannot match is not his to win.
    """
    mine = state.seat(state.hero).contributed
    others = {seat.seat: seat.contributed + added.get(seat.seat, 0) for seat in state.seats if seat.seat != state.hero}
    matched = max((others[seat.seat] for seat in state.live_opponents), default=0)
    total = max(min(mine + amount, matched), mine)
    return total + sum(min(chips, total) for chips in others.values()), total - mine


def _raise_value(view: Outlook, to: int) -> float:
    state = view.state
    replies = [_reply(view, opponent, to) for opponent in state.live_opponents]
    all_fold = 1.0
    for reply in replies:
        all_fold *= reply.folds
    callers = _callers(replies)
    pot, cost = _showdown_pot(state, _adds(state, to), {reply.seat.seat: reply.adds for reply in callers})
    all_in = to == state.legal.max_to if state.legal else False
    won = _realised(view, all_in or all(reply.adds == reply.seat.stack for reply in callers))
    return all_fold * state.pot + (1 - all_fold) * (won * _called_equity(view, callers) * pot - cost)


def _adds(state: TableState, to: int) -> int:
    return to - state.seat(state.hero).bet


def _reply(view: Outlook, opponent: SeatState, to: int) -> _Reply:
    """He folds as often as makes a bluff break even, shared among the opponents, and a little less."""
    if opponent.stack == 0:
        return _Reply(opponent, 0.0, 0)
    reach = min(to, opponent.bet + opponent.stack)
    risk = max(reach - view.state.seat(view.state.hero).bet, 0)
    rivals = sum(other.stack > 0 for other in view.state.live_opponents)
    break_even = (risk / (view.state.pot + risk)) ** (1 / rivals)
    return _Reply(opponent, FOLDS_OF_BREAK_EVEN * break_even, max(reach - opponent.bet, 0))


def _callers(replies: Sequence[_Reply]) -> list[_Reply]:
    """Those all-in, and the one who folds least (of equals, the deepest)."""
    able = [reply for reply in replies if reply.seat.stack > 0]
    callers = [reply for reply in replies if reply.seat.stack == 0]
    return [*callers, min(able, key=lambda reply: (reply.folds, -reply.seat.stack))] if able else callers


def _called_equity(view: Outlook, callers: Sequence[_Reply]) -> float:
    ranges = [
        keep_best(view.ranges[reply.seat.seat], view.standings, 1 - reply.folds, outside=0.0) for reply in callers
    ]
    return equity(view.outs, view.hero, ranges)


def _realised(view: Outlook, all_in: bool) -> float:
    """The part of his equity that a player turns into chips: all of it when no betting follows."""
    state = view.state
    if all_in or state.street is Street.RIVER or all(seat.stack == 0 for seat in state.live_opponents):
        return 1.0
    bonus = POSITION_BONUS if in_position(state) else 0.0
    if state.street is Street.PREFLOP:
        return PREFLOP_REALISED + PREFLOP_QUALITY * (1 - standing(*state.hole)) + bonus
    return POSTFLOP_REALISED + bonus
