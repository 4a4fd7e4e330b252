"""One hand of no-limit hold'em for a table: a thin, typed layer over PokerKit, in seat numbers.

PokerKit numbers players from the small blind on (heads-up: from the big blind on), the button last; here they are
the table's seats, clockwise. It plays by its tournament rules: one run-out, no fold when checking is free.
"""

import random
from collections.abc import Mapping
from enum import StrEnum

from pokerkit import Automation, NoLimitTexasHoldem, State

from engine.game.actions import Action, ActionKind, IllegalActionError, LegalActions
from engine.game.state import ActionRecord, SeatState, Street, TableState

_AUTOMATIC = (
    Automation.ANTE_POSTING,
    Automation.BET_COLLECTION,
    Automation.BLIND_OR_STRADDLE_POSTING,
    Automation.CARD_BURNING,
    Automation.HOLE_CARDS_SHOWING_OR_MUCKING,
    Automation.HAND_KILLING,
    Automation.CHIPS_PULLING,
)


class Stage(StrEnum):
    """What the hand waits for: an action, the next street's cards, the pot being pushed, or nothing more."""

    BETTING = "betting"
    STREET = "street"
    SETTLING = "settling"
    OVER = "over"


class StageError(RuntimeError):
    """Something was asked of the hand at a moment when it waits for something else."""


class Hand:
    """A hand from the blinds to the pushed pot.

    ``stacks`` maps each seat dealt in to its chips (2 or more seats, all above 0), ``button`` is one of them. The
    deck is shuffled by ``generator`` alone. Raises ValueError for fewer than two seats or an empty stack.
    """

    def __init__(
        self,
        stacks: Mapping[int, int],
        button: int,
        small_blind: int,
        big_blind: int,
        generator: random.Random,
        hand_id: str = "",
    ) -> None:
        if button not in stacks or len(stacks) < 2 or min(stacks.values()) <= 0:
            raise ValueError("a hand needs two or more seats with chips, the button among them")
        self.hand_id = hand_id
        self.button = button
        self.small_blind, self.big_blind = small_blind, big_blind
        self._start = dict(stacks)
        self._order = sorted(stacks, key=lambda seat: (seat <= button, seat))
        self._state = self._create(generator)
        self._holes = {seat: self._hole_of(seat) for seat in self._order}
        self._folded: set[int] = set()
        self._history: list[ActionRecord] = []
        self._street = Street.PREFLOP

    def _create(self, generator: random.Random) -> State:
        state = NoLimitTexasHoldem.create_state(
            _AUTOMATIC,
            False,
            0,
            (self.small_blind, self.big_blind),
            self.big_blind,
            tuple(self._start[seat] for seat in self._order),
            len(self._order),
        )
        # PokerKit shuffles by the global generator; the order that counts is ours.
        deck = sorted(state.deck_cards, key=repr)
        generator.shuffle(deck)
        state.deck_cards.clear()
        state.deck_cards.extend(deck)
        while state.can_deal_hole():
            state.deal_hole()
        return state

    def _hole_of(self, seat: int) -> tuple[str, ...]:
        return tuple(map(repr, self._state.hole_cards[self._order.index(seat)]))

    @property
    def seats(self) -> tuple[int, ...]:
        """The seats dealt in, in ascending order."""
        return tuple(sorted(self._order))

    @property
    def stage(self) -> Stage:
        if self._state.actor_index is not None:
            return Stage.BETTING
        if self._state.can_deal_board():
            return Stage.STREET
        return Stage.SETTLING if self._state.can_push_chips() else Stage.OVER

    @property
    def to_act(self) -> int | None:
        """The seat to act, or None."""
        index = self._state.actor_index
        return None if index is None else self._order[index]

    @property
    def legal(self) -> LegalActions | None:
        """What the seat to act may do, in chips; None when nobody is to act."""
        state = self._state
        if state.actor_index is None:
            return None
        call = int(state.checking_or_calling_amount or 0)
        if not state.can_complete_bet_or_raise_to():
            return LegalActions(call)
        return LegalActions(
            call,
            int(state.min_completion_betting_or_raising_to_amount or 0),
            int(state.max_completion_betting_or_raising_to_amount or 0),
            opening=max(state.bets) == 0,
        )

    def act(self, action: Action) -> None:
        """Apply the action of the seat to act; IllegalActionError when the rules forbid it."""
        seat, legal = self.to_act, self.legal
        if seat is None or legal is None:
            raise StageError(f"nobody is to act in hand {self.hand_id}: it waits for {self.stage}")
        legal.check(action)
        if action.kind is ActionKind.FOLD and legal.can_check:
            raise IllegalActionError("this table takes no fold where checking is free: check")
        self._history.append(ActionRecord(seat, self._street, action))
        self._apply(seat, action)

    def _apply(self, seat: int, action: Action) -> None:
        match action.kind:
            case ActionKind.FOLD:
                self._folded.add(seat)
                self._state.fold()
            case ActionKind.CHECK | ActionKind.CALL:
                self._state.check_or_call()
            case ActionKind.BET | ActionKind.RAISE:
                self._state.complete_bet_or_raise_to(action.amount)

    def deal_street(self) -> None:
        """Deal the next street's board cards; StageError when it is not time for them."""
        if self.stage is not Stage.STREET:
            raise StageError(f"no cards are to be dealt in hand {self.hand_id}: it waits for {self.stage}")
        self._street = Street(self._street + 1)
        self._state.deal_board()

    def settle(self) -> None:
        """Push every pot to its winners; StageError before the hand is decided."""
        if self.stage is not Stage.SETTLING:
            raise StageError(f"hand {self.hand_id} cannot be settled: it waits for {self.stage}")
        while self._state.can_push_chips():
            self._state.push_chips()

    @property
    def street(self) -> Street:
        return self._street

    @property
    def board(self) -> tuple[str, ...]:
        return tuple(repr(card) for cards in self._state.board_cards for card in cards)

    @property
    def pot(self) -> int:
        """All chips in the middle, this street's bets included; 0 once the pots are pushed."""
        return 0 if self.stage is Stage.OVER else int(self._state.total_pot_amount)

    @property
    def history(self) -> tuple[ActionRecord, ...]:
        return tuple(self._history)

    @property
    def revealed(self) -> bool:
        """Whether the live hands lie open: at the showdown, and as soon as no more betting is possible."""
        if len(self._order) - len(self._folded) < 2 or self.to_act is not None:
            return False
        return self.stage is not Stage.STREET or bool(self._state.all_in_status)

    def hole(self, seat: int) -> tuple[str, ...]:
        """The two cards a seat was dealt, face up or not."""
        return self._holes[seat]

    def stack(self, seat: int) -> int:
        return int(self._state.stacks[self._order.index(seat)])

    def bet(self, seat: int) -> int:
        """Chips before the seat on this street."""
        return int(self._state.bets[self._order.index(seat)])

    def folded(self, seat: int) -> bool:
        return seat in self._folded

    def table_state(self, hero: int) -> TableState:
        """The hand as the player at ``hero`` knows it."""
        seats = (
            SeatState(seat, self._start[seat], self.stack(seat), self.bet(seat), self.folded(seat))
            for seat in self.seats
        )
        return TableState(
            hand_id=self.hand_id,
            hero=hero,
            button=self.button,
            small_blind=self.small_blind,
            big_blind=self.big_blind,
            seats=tuple(seats),
            hole=self.hole(hero),
            board=self.board,
            street=self.street,
            pot=self.pot,
            history=self.history,
            to_act=self.to_act,
            legal=self.legal,
        )
