"""State tracking: turns confident observations, one after another, into a consistent hand in progress.

What a player has put in so far is his stack at the start less his stack now. That holds across streets, so the
actions between two observations follow from the stacks, the folded seats and the turn. What cannot have happened is
refused with its reason, and nothing is guessed.
"""

from dataclasses import dataclass

from engine.game.actions import Action, ActionKind
from engine.game.betting import Betting, BettingError, deal
from engine.game.state import ActionRecord, SeatState, Street, TableState
from engine.words import Observation, SeatReading

STREET_OF_BOARD = {0: Street.PREFLOP, 3: Street.FLOP, 4: Street.TURN, 5: Street.RIVER}
DEALT_IN = ("in", "folded", "all-in")


class InconsistentError(ValueError):
    """An observation that does not follow from the hand so far."""


class NotYetError(ValueError):
    """There is nothing to follow at this moment: nothing is wrong, a hand or a street only has to begin."""


@dataclass(frozen=True, slots=True)
class FinishedHand:
    """A hand that is over: its last state and, when the pot was seen to be paid out, the stacks at the end."""

    state: TableState
    end_stacks: dict[int, int] | None


@dataclass(frozen=True, slots=True)
class Tracked:
    """What an observation led to: a state, or the problem that there is none, and a hand that ended with it.

    ``waiting`` says that the problem is only that a hand or street has not begun.
    """

    state: TableState | None
    problem: str
    finished: FinishedHand | None
    waiting: bool = False


@dataclass(slots=True)
class _Hand:
    name: str
    number: int
    betting: Betting
    small_blind: int
    hole: tuple[str, ...] = ()
    board: tuple[str, ...] = ()
    end_stacks: dict[int, int] | None = None
    told: bool = False
    certain: bool = True


class Tracker:
    """Follows one table. ``small_blind`` and ``big_blind`` in chips; hands are named ``<session>-<number>``.

    A table that is opened anew counts from the beginning: its hands are named ``<session>-<table>-<number>``, so that
    no two hands of a session share a name.
    """

    def __init__(self, small_blind: int, big_blind: int, session: str) -> None:
        self._small_blind = small_blind
        self._big_blind = big_blind
        self._session = session
        self._hand: _Hand | None = None
        self._waiting_for = -1
        self._table = 1
        self._newest = -1

    def update(self, seen: Observation) -> Tracked:
        """Take in a confident, settled observation."""
        finished = self._left_behind(seen)
        try:
            hand = self._hand_of(seen)
            state = self._follow(hand, seen)
        except NotYetError as reason:
            return Tracked(None, str(reason), finished, waiting=True)
        except (InconsistentError, BettingError) as problem:
            return Tracked(None, str(problem), finished)
        return Tracked(state, "", finished or self._paid_out(hand))

    def _left_behind(self, seen: Observation) -> FinishedHand | None:
        """The hand that another has followed before its pay-out was seen."""
        hand = self._hand
        if hand is None or hand.number == seen.hand_number.value:
            return None
        self._hand = None
        return None if hand.told else FinishedHand(self._state(hand, None), None)

    def _paid_out(self, hand: _Hand) -> FinishedHand | None:
        """The hand when its pot has just been seen to be paid out, once."""
        if hand.told or hand.end_stacks is None:
            return None
        hand.told = True
        return FinishedHand(self._state(hand, None), hand.end_stacks)

    def _hand_of(self, seen: Observation) -> _Hand:
        if self._hand is not None:
            return self._hand
        number = _known(seen.hand_number.value, "hand number")
        if number == self._waiting_for:
            raise NotYetError("joined in the middle of a hand: waiting for the next one")
        try:
            self._hand = self._join(number, seen)
        except (NotYetError, InconsistentError, BettingError):
            if _street(seen) is not Street.PREFLOP:
                self._waiting_for = number
            raise
        return self._hand

    def _join(self, number: int, seen: Observation) -> _Hand:
        if _street(seen) is not Street.PREFLOP:
            raise NotYetError("joined in the middle of a hand: waiting for the next one")
        dealt = [seat for seat in seen.seats if seat.status.value in DEALT_IN]
        bets = sum(_known(seat.bet.value, "bet") for seat in dealt)
        if bets != seen.pot.value or bets == 0:
            raise NotYetError(f"the blinds are not up yet: pot {seen.pot.value}, bets {bets}")
        stacks = {seat.seat: _known(seat.stack.value, "stack") + _known(seat.bet.value, "bet") for seat in dealt}
        button = _known(seen.button.value, "button")
        betting = deal(stacks, button, self._small_blind, self._big_blind)
        if number <= self._newest:
            self._table += 1
        self._newest = number
        return _Hand(self._named(number), number, betting, self._small_blind)

    def _named(self, number: int) -> str:
        return f"{self._session}-{number}" if self._table == 1 else f"{self._session}-{self._table}-{number}"

    def _follow(self, hand: _Hand, seen: Observation) -> TableState:
        betting = hand.betting
        if not (betting.over or (self._run_out(betting) and _street(seen) <= betting.street)):
            betting = _advance(betting, seen)
        self._check_cards(hand, seen)
        made = betting.history[len(hand.betting.history) :]
        hand.betting = betting
        stacks = {seat.seat: _known(seen.seats[seat.seat].stack.value, "stack") for seat in betting.seats}
        total = sum(seat.start_stack for seat in betting.seats)
        if betting.to_act is None and sum(stacks.values()) == total and hand.end_stacks is None:
            hand.end_stacks = stacks
        hand.certain = hand.certain and _is_certain(made, hand.end_stacks is not None)
        return self._state(hand, seen)

    @staticmethod
    def _run_out(betting: Betting) -> bool:
        return betting.to_act is None and sum(seat.stack > 0 for seat in betting.live) <= 1

    @staticmethod
    def _check_cards(hand: _Hand, seen: Observation) -> None:
        hole = tuple(card.value for card in seen.hole if card.value)
        board = tuple(card.value for card in seen.board if card.value)
        if hand.hole and hole and hole != hand.hole:
            raise InconsistentError(f"the hole cards changed from {hand.hole} to {hole}")
        if board[: len(hand.board)] != hand.board:
            raise InconsistentError(f"the board changed from {hand.board} to {board}")
        if len(set(hole + board)) != len(hole + board):
            raise InconsistentError(f"a card is shown twice: {hole + board}")
        hand.hole = hole or hand.hole
        hand.board = board

    def _state(self, hand: _Hand, seen: Observation | None) -> TableState:
        betting = hand.betting
        acting = seen is not None and betting.to_act is not None and seen.turn.value == betting.to_act
        return TableState(
            hand_id=hand.name,
            hero=0,
            button=betting.button,
            small_blind=hand.small_blind,
            big_blind=betting.big_blind,
            seats=betting.seats,
            hole=hand.hole,
            board=hand.board,
            street=betting.street,
            pot=betting.pot,
            history=betting.history,
            to_act=betting.to_act if acting else None,
            legal=betting.legal() if acting else None,
            certain=hand.certain,
        )


def _known(value: int | None, name: str) -> int:
    if value is None:
        raise InconsistentError(f"the {name} is unknown")
    return value


def _street(seen: Observation) -> Street:
    cards = [card.value for card in seen.board]
    count = sum(1 for card in cards if card)
    if any(cards[count:]) or count not in STREET_OF_BOARD:
        raise InconsistentError(f"the board shows {cards}")
    return STREET_OF_BOARD[count]


def _advance(betting: Betting, seen: Observation) -> Betting:
    """Apply the actions that lead from ``betting`` to what was seen."""
    street = _street(seen)
    for _ in range(64):
        if betting.street == street and _matches(betting, seen):
            return _checked_through(betting, seen)
        if betting.to_act is None:
            if betting.over and _only_paid_out(betting, seen):
                return betting
            if betting.over or betting.street >= street:
                break
            betting = betting.next_street()
        elif betting.street == street and betting.to_act == seen.turn.value:
            break
        else:
            betting = betting.after(_inferred(betting, seen, street))
    if _awaits_card(betting, street) and _chips_match(betting.collected(), seen):
        raise NotYetError("the next street begins: waiting for its card")
    raise InconsistentError(_difference(betting, seen))


def _is_certain(made: tuple[ActionRecord, ...], paid_out: bool) -> bool:
    """Whether actions inferred at once can have been no others.

    A bet and a call may have been a check, a bet and a call: who put chips in on a street is certain, not in which
    order, as soon as somebody answered a bet or raise before anything was seen. And once the pot is paid out the
    stacks no longer tell who put in what: only folds can still be seen.
    """
    if paid_out:
        return all(record.action.kind is ActionKind.FOLD for record in made)
    raised: Street | None = None
    for record in made:
        if raised is record.street and record.action.kind is not ActionKind.FOLD:
            return False
        if record.action.kind in (ActionKind.BET, ActionKind.RAISE):
            raised = record.street
    return True


def _awaits_card(betting: Betting, street: Street) -> bool:
    """Whether the round is over and the next street's card is all that is missing: it may be just fading in."""
    return betting.street == street and betting.to_act is None and not betting.over


def _checked_through(betting: Betting, seen: Observation) -> Betting:
    """The round with its last checks when nobody is to act any more: they leave no other trace on the screen."""
    checked = betting
    while checked.to_act is not None and seen.turn.value == -1:
        if checked.seat(checked.to_act).bet < checked.current_bet:
            return betting
        checked = checked.after(Action(ActionKind.CHECK))
    return checked


def _inferred(betting: Betting, seen: Observation, street: Street) -> Action:
    assert betting.to_act is not None
    seat = betting.seat(betting.to_act)
    reading = seen.seats[seat.seat]
    owed = betting.current_bet - seat.bet
    put_in = _put_in(betting, seat, reading, seen, street)
    if put_in == 0:
        return _passive(reading, seat, owed)
    if put_in <= owed:
        return Action(ActionKind.CALL, put_in)
    kind = ActionKind.BET if betting.current_bet == 0 else ActionKind.RAISE
    return Action(kind, seat.bet + put_in)


def _passive(reading: SeatReading, seat: SeatState, owed: int) -> Action:
    if owed == 0:
        return Action(ActionKind.CHECK)
    if reading.status.value != "folded":
        raise InconsistentError(f"seat {seat.seat} neither called {owed} nor folded")
    return Action(ActionKind.FOLD)


def _put_in(betting: Betting, seat: SeatState, reading: SeatReading, seen: Observation, street: Street) -> int:
    """Chips the seat has added on the hand's street, from its stack and, on a later street, the bet before it."""
    stack = _known(reading.stack.value, "stack")
    later = _known(reading.bet.value, "bet") if street > betting.street else 0
    added = seat.stack - stack - later
    if added >= 0:
        return added
    return _paid_out_amount(betting, seat, seen)


def _paid_out_amount(betting: Betting, seat: SeatState, seen: Observation) -> int:
    """The chips a seat must have added when its stack has grown: only a call can end a hand in one step."""
    if seen.turn.value != -1:
        raise InconsistentError(f"the stack of seat {seat.seat} grew during the betting")
    return min(betting.current_bet - seat.bet, seat.stack)


def _matches(betting: Betting, seen: Observation) -> bool:
    if seen.turn.value not in (-1, betting.to_act):
        return False
    return _chips_match(betting, seen) or (betting.to_act is None and _chips_match(betting.collected(), seen))


def _chips_match(betting: Betting, seen: Observation) -> bool:
    for seat in betting.seats:
        reading = seen.seats[seat.seat]
        if reading.stack.value != seat.stack or (reading.status.value == "folded") != seat.folded:
            return False
    return seen.pot.value == betting.pot


def _only_paid_out(betting: Betting, seen: Observation) -> bool:
    """Whether the hand is over and the difference is just the pot on its way to the winners."""
    if any((seen.seats[seat.seat].status.value == "folded") != seat.folded for seat in betting.seats):
        return False
    total = sum(seat.start_stack for seat in betting.seats)
    stacks = sum(_known(seen.seats[seat.seat].stack.value, "stack") for seat in betting.seats)
    return seen.turn.value == -1 and stacks + _known(seen.pot.value, "pot") >= total


def _difference(betting: Betting, seen: Observation) -> str:
    expected = {seat.seat: seat.stack for seat in betting.seats}
    shown = {seat.seat: seen.seats[seat.seat].stack.value for seat in betting.seats}
    return (
        f"the screen does not follow from the hand: expected {betting.street.name.lower()}, "
        f"seat {betting.to_act} to act, pot {betting.pot}, stacks {expected}; "
        f"seen seat {seen.turn.value}, pot {seen.pot.value}, stacks {shown}"
    )
