"""The betting of one no-limit hold'em hand as an immutable value: who acts, what is legal, what each action leads to.

Rules follow the Poker TDA rules (2024) 41 to 47 on raises: the minimum raise is the last full raise, and a player
who has acted may raise again only when the bets since then add up to a full raise. Three points follow PokerKit, which
deals the practice table: the amount to call is the highest bet that really lies on the table (a big blind all-in for
less lowers it), betting is closed for a player whom nobody could call more, and who is asked with nothing to call is
settled at the start of the round (the big blind is asked although all others have folded or are all-in by then).
"""

from dataclasses import dataclass, replace

from engine.game.actions import Action, ActionKind, LegalActions
from engine.game.state import ActionRecord, SeatState, Street


class BettingError(ValueError):
    """An action that cannot have happened in this hand."""


@dataclass(frozen=True, slots=True)
class Betting:
    """A hand's betting so far. ``seats`` in seat order, only players dealt in; amounts in chips.

    ``faced`` holds, for each player who has acted on this street, the bet he acted upon; ``asked`` the players who
    act on this street even with nothing to call; ``full_raise`` is the size of the last full bet or raise.
    """

    seats: tuple[SeatState, ...]
    button: int
    big_blind: int
    street: Street
    full_raise: int
    faced: tuple[tuple[int, int], ...]
    asked: tuple[int, ...]
    to_act: int | None
    history: tuple[ActionRecord, ...]

    @property
    def current_bet(self) -> int:
        return max(seat.bet for seat in self.seats)

    @property
    def pot(self) -> int:
        return sum(seat.contributed for seat in self.seats)

    @property
    def live(self) -> tuple[SeatState, ...]:
        return tuple(seat for seat in self.seats if not seat.folded)

    @property
    def over(self) -> bool:
        """Whether no betting can follow: one player left, or the river's round is closed."""
        return len(self.live) == 1 or (self.to_act is None and self.street is Street.RIVER)

    def seat(self, number: int) -> SeatState:
        return next(seat for seat in self.seats if seat.seat == number)

    def legal(self) -> LegalActions | None:
        """What the player to act may do; None when nobody is to act."""
        if self.to_act is None:
            return None
        seat = self.seat(self.to_act)
        call = min(self.current_bet - seat.bet, seat.stack)
        if not self._may_raise(seat):
            return LegalActions(call)
        maximum = seat.bet + seat.stack
        minimum = min(self.current_bet + self.full_raise, maximum)
        return LegalActions(call, minimum, maximum, opening=self.current_bet == 0)

    def _may_raise(self, seat: SeatState) -> bool:
        others = [other for other in self.live if other.seat != seat.seat]
        if not any(other.bet + other.stack > self.current_bet for other in others):
            return False
        if seat.stack <= self.current_bet - seat.bet:
            return False
        faced = dict(self.faced)
        return seat.seat not in faced or self.current_bet - faced[seat.seat] >= self.full_raise

    def after(self, action: Action) -> "Betting":
        """The hand after the player to act has done ``action``.

        Only what is impossible is refused (BettingError): what another player did may follow house rules that
        differ from ours in the size of a raise. Our own actions are checked with ``legal().check``.
        """
        if self.to_act is None:
            raise BettingError(f"nobody is to act, yet there is {action}")
        seat = self.seat(self.to_act)
        moved = _moved(seat, action, self.current_bet)
        raised_by = moved.bet - self.current_bet
        record = ActionRecord(seat.seat, self.street, action)
        upon = (seat.seat, max(moved.bet, self.current_bet))
        faced = (*(entry for entry in self.faced if entry[0] != seat.seat), upon)
        changed = replace(
            self,
            seats=tuple(moved if other.seat == seat.seat else other for other in self.seats),
            full_raise=max(self.full_raise, raised_by),
            faced=faced,
            history=(*self.history, record),
        )
        return replace(changed, to_act=changed._next_after(seat.seat))

    def _next_after(self, number: int) -> int | None:
        if len(self.live) == 1:
            return None
        faced = dict(self.faced)
        for seat in _clockwise(self.seats, number):
            if seat.folded or seat.stack == 0:
                continue
            if seat.bet < self.current_bet or (seat.seat in self.asked and seat.seat not in faced):
                return seat.seat
        return None

    def _begun(self, after: int) -> "Betting":
        """The round at its start: who is asked, and who acts first clockwise from ``after``."""
        begun = replace(self, faced=(), asked=tuple(seat.seat for seat in self.live if self._has_rival(seat)))
        return replace(begun, to_act=begun._next_after(after))

    def _has_rival(self, seat: SeatState) -> bool:
        return any(other.bet + other.stack > seat.bet for other in self.live if other.seat != seat.seat)

    def collected(self) -> "Betting":
        """The same hand with the bet that nobody called given back, as it is when a round is closed."""
        highest, second = sorted((seat.bet for seat in self.seats), reverse=True)[:2]
        if highest == second:
            return self
        seats = tuple(
            replace(seat, bet=second, stack=seat.stack + highest - second) if seat.bet == highest else seat
            for seat in self.seats
        )
        return replace(self, seats=seats)

    def next_street(self) -> "Betting":
        """The next street; BettingError while somebody is still to act."""
        if self.to_act is not None or self.over:
            raise BettingError(f"the {self.street.name.lower()} is not closed")
        settled = self.collected()
        fresh = replace(
            settled,
            seats=tuple(replace(seat, bet=0) for seat in settled.seats),
            street=Street(self.street + 1),
            full_raise=self.big_blind,
        )
        return fresh._begun(self.button)


def deal(stacks: dict[int, int], button: int, small_blind: int, big_blind: int) -> Betting:
    """A hand after the blinds. ``stacks``: seat -> chips before the blinds, in seat order, at least two."""
    if len(stacks) < 2 or button not in stacks:
        raise BettingError(f"a hand needs two players and a button among them: seats {list(stacks)}, button {button}")
    seats = tuple(SeatState(number, stack, stack, 0, False) for number, stack in sorted(stacks.items()))
    order = _clockwise(seats, button)
    small, big = (order[-1], order[0]) if len(seats) == 2 else (order[0], order[1])
    posts = {small.seat: small_blind, big.seat: big_blind}
    posted = tuple(_put_in(seat, min(posts.get(seat.seat, 0), seat.stack)) for seat in seats)
    hand = Betting(posted, button, big_blind, Street.PREFLOP, big_blind, (), (), None, ())
    return hand._begun(big.seat)


def _clockwise(seats: tuple[SeatState, ...], after: int) -> tuple[SeatState, ...]:
    later = tuple(seat for seat in seats if seat.seat > after)
    return later + tuple(seat for seat in seats if seat.seat <= after)


def _put_in(seat: SeatState, chips: int) -> SeatState:
    if not 0 <= chips <= seat.stack:
        raise BettingError(f"seat {seat.seat} cannot put in {chips} of {seat.stack}")
    return replace(seat, bet=seat.bet + chips, stack=seat.stack - chips)


def _moved(seat: SeatState, action: Action, current_bet: int) -> SeatState:
    owed = current_bet - seat.bet
    match action.kind:
        case ActionKind.FOLD:
            return replace(seat, folded=True)
        case ActionKind.CHECK:
            if owed:
                raise BettingError(f"seat {seat.seat} cannot check: {owed} to call")
            return seat
        case ActionKind.CALL:
            if action.amount != min(owed, seat.stack) or action.amount == 0:
                raise BettingError(f"seat {seat.seat} cannot call {action.amount}: {owed} to call")
            return _put_in(seat, action.amount)
        case _:
            if action.amount <= current_bet:
                raise BettingError(f"seat {seat.seat} cannot {action}: the bet is {current_bet}")
            return _put_in(seat, action.amount - seat.bet)
