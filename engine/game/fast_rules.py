"""One hand of no-limit hold'em in plain integers, for mass play: the interface of ``engine.game.rules.Hand``, faster.

It follows PokerKit, which deals the practice table, except in two points where PokerKit departs from the Poker TDA
rules (2024): an all-in that raises by less than a full raise opens no betting again for those who have acted (rule
47), and chips that a split leaves over go one by one to the winners clockwise from the button (rule 20).
"""

import random
from collections.abc import Mapping, Sequence

import numpy as np

from engine.game.actions import Action, ActionKind, IllegalActionError, LegalActions
from engine.game.cards import DECK, card_index
from engine.game.evaluate import strength
from engine.game.rules import Stage, StageError
from engine.game.state import ActionRecord, SeatState, Street, TableState

NOT_ACTED = -1
BOARD_CARDS = 5


class FastHand:
    """A hand from the blinds to the pushed pot. ``stacks``: seat -> chips, two or more seats, all above 0.

    Cards come from ``generator``, or from ``cards``: two for each seat in ascending order, then the board's five.
    Raises ValueError for fewer than two seats, an empty stack or a button that is not dealt in.
    """

    def __init__(
        self,
        stacks: Mapping[int, int],
        button: int,
        small_blind: int,
        big_blind: int,
        generator: random.Random,
        hand_id: str = "",
        cards: Sequence[str] | None = None,
    ) -> None:
        if button not in stacks or len(stacks) < 2 or min(stacks.values()) <= 0:
            raise ValueError("a hand needs two or more seats with chips, the button among them")
        self.hand_id, self.button = hand_id, button
        self.small_blind, self.big_blind = small_blind, big_blind
        self.seats = tuple(sorted(stacks))
        self._count = count = len(self.seats)
        self._place = {seat: place for place, seat in enumerate(self.seats)}
        self._start = [stacks[seat] for seat in self.seats]
        self._stacks = list(self._start)
        self._bets = [0] * count
        self._live = [True] * count
        drawn = generator.sample(DECK, 2 * count + BOARD_CARDS) if cards is None else list(cards)
        self._holes = [(drawn[2 * place], drawn[2 * place + 1]) for place in range(count)]
        self._all_board = tuple(drawn[2 * count : 2 * count + BOARD_CARDS])
        self._history: list[ActionRecord] = []
        self._settled = False
        self.street = Street.PREFLOP
        self._post(small_blind, big_blind)

    def _post(self, small_blind: int, big_blind: int) -> None:
        dealer, count = self._place[self.button], self._count
        big = (dealer + (1 if count == 2 else 2)) % count
        small = (big - 1) % count
        for place, blind in ((small, small_blind), (big, big_blind)):
            posted = min(blind, self._stacks[place])
            self._bets[place] = posted
            self._stacks[place] -= posted
        self._begin_round(big)

    def _begin_round(self, after: int) -> None:
        """Who is asked is settled now: everybody whom somebody else could put more in against."""
        bets, stacks, live = self._bets, self._stacks, self._live
        self._current = max(bets)
        self._full_raise = self.big_blind
        self._faced = [NOT_ACTED] * self._count
        reach = [bets[place] + stacks[place] if live[place] else 0 for place in range(self._count)]
        highest = max(reach)
        second = sorted(reach)[-2]
        self._asked = [
            live[place] and (second if reach[place] == highest else highest) > bets[place]
            for place in range(self._count)
        ]
        self._next_after(after)

    def _next_after(self, after: int) -> None:
        """Find the place to act; when there is none the round is closed and its bets collected.

        Whom all others have left keeps his bet before him until the pot is pushed, as at the practice table.
        """
        self._actor = self._find_after(after)
        if self._actor is not None:
            return
        if sum(self._live) > 1:
            self._return_uncalled()
            self._bets = [0] * self._count
        else:
            self._bets = [bet if live else 0 for bet, live in zip(self._bets, self._live, strict=True)]

    def _find_after(self, after: int) -> int | None:
        count, live, stacks, bets = self._count, self._live, self._stacks, self._bets
        if sum(live) == 1:
            return None
        for step in range(1, count + 1):
            place = (after + step) % count
            if live[place] and stacks[place] > 0:
                waits = self._asked[place] and self._faced[place] == NOT_ACTED
                if waits or bets[place] < self._current:
                    return place
        return None

    def _return_uncalled(self) -> None:
        highest, second = sorted(self._bets, reverse=True)[:2]
        if highest > second:
            place = self._bets.index(highest)
            self._stacks[place] += highest - second

    # what is asked of it

    @property
    def stage(self) -> Stage:
        if self._settled:
            return Stage.OVER
        if self._actor is not None:
            return Stage.BETTING
        return Stage.SETTLING if self.street is Street.RIVER or sum(self._live) == 1 else Stage.STREET

    @property
    def to_act(self) -> int | None:
        """The seat to act, or None."""
        return None if self._actor is None else self.seats[self._actor]

    @property
    def legal(self) -> LegalActions | None:
        """What the seat to act may do, in chips; None when nobody is to act."""
        place = self._actor
        if place is None:
            return None
        bet, stack, current = self._bets[place], self._stacks[place], self._current
        call = min(current - bet, stack)
        if not self._may_raise(place):
            return LegalActions(call)
        return LegalActions(call, min(current + self._full_raise, bet + stack), bet + stack, current == 0)

    def _may_raise(self, place: int) -> bool:
        current, faced = self._current, self._faced[place]
        if self._stacks[place] <= current - self._bets[place]:
            return False
        if faced != NOT_ACTED and current - faced < self._full_raise:
            return False
        return any(
            other != place and self._live[other] and self._bets[other] + self._stacks[other] > current
            for other in range(self._count)
        )

    def act(self, action: Action) -> None:
        """Apply the action of the seat to act; IllegalActionError when the rules forbid it."""
        place, legal = self._actor, self.legal
        if place is None or legal is None:
            raise StageError(f"nobody is to act in hand {self.hand_id}: it waits for {self.stage}")
        legal.check(action)
        if action.kind is ActionKind.FOLD and legal.can_check:
            raise IllegalActionError("this table takes no fold where checking is free: check")
        self._history.append(ActionRecord(self.seats[place], self.street, action))
        self._apply(place, action)
        self._next_after(place)

    def _apply(self, place: int, action: Action) -> None:
        before = self._current
        if action.kind is ActionKind.FOLD:
            self._live[place] = False
        elif action.kind is ActionKind.CALL:
            self._put_in(place, action.amount)
        elif action.kind in (ActionKind.BET, ActionKind.RAISE):
            self._put_in(place, action.amount - self._bets[place])
            self._current = action.amount
            self._full_raise = max(self._full_raise, action.amount - before)
        self._faced[place] = max(self._current, before)

    def _put_in(self, place: int, chips: int) -> None:
        self._stacks[place] -= chips
        self._bets[place] += chips

    def deal_street(self) -> None:
        """Deal the next street's board cards; StageError when it is not time for them."""
        if self.stage is not Stage.STREET:
            raise StageError(f"no cards are to be dealt in hand {self.hand_id}: it waits for {self.stage}")
        self.street = Street(self.street + 1)
        self._begin_round(self._place[self.button])

    def settle(self) -> None:
        """Push every pot to its winners; StageError before the hand is decided."""
        if self.stage is not Stage.SETTLING:
            raise StageError(f"hand {self.hand_id} cannot be settled: it waits for {self.stage}")
        for chips, places in self._pots():
            self._share(chips, places)
        self._bets = [0] * self._count
        self._settled = True

    def _pots(self) -> list[tuple[int, list[int]]]:
        """Each pot's chips and the places that play for it, the main pot first."""
        put_in = [start - stack for start, stack in zip(self._start, self._stacks, strict=True)]
        pots: list[tuple[int, list[int]]] = []
        below = 0
        for level in sorted({put_in[place] for place in range(self._count) if self._live[place]}):
            places = [place for place in range(self._count) if self._live[place] and put_in[place] >= level]
            pots.append((sum(min(chips, level) - min(chips, below) for chips in put_in), places))
            below = level
        over = sum(max(0, chips - below) for chips in put_in)  # what folded players had in above the last level
        chips, places = pots[-1]
        pots[-1] = (chips + over, places)
        return pots

    def _share(self, chips: int, places: list[int]) -> None:
        winners = places if len(places) == 1 else self._best(places)
        each, left_over = divmod(chips, len(winners))
        dealer = self._place[self.button]
        for number, place in enumerate(sorted(winners, key=lambda place: (place - dealer - 1) % self._count)):
            self._stacks[place] += each + (number < left_over)

    def _best(self, places: list[int]) -> list[int]:
        hands = [[card_index(card) for card in (*self._holes[place], *self._all_board)] for place in places]
        strengths = strength(np.array(hands)).tolist()
        best = max(strengths)
        return [place for place, value in zip(places, strengths, strict=True) if value == best]

    @property
    def board(self) -> tuple[str, ...]:
        return self._all_board[: self.street.board_cards]

    @property
    def pot(self) -> int:
        """All chips in the middle, this street's bets included; 0 once the pots are pushed."""
        return 0 if self._settled else sum(self._start) - sum(self._stacks)

    @property
    def history(self) -> tuple[ActionRecord, ...]:
        return tuple(self._history)

    @property
    def revealed(self) -> bool:
        """Whether the live hands lie open: at the showdown, and as soon as no more betting is possible."""
        if sum(self._live) < 2 or self._actor is not None:
            return False
        with_chips = sum(1 for place in range(self._count) if self._live[place] and self._stacks[place] > 0)
        return self.stage is not Stage.STREET or with_chips < 2

    def hole(self, seat: int) -> tuple[str, ...]:
        """The two cards a seat was dealt, face up or not."""
        return self._holes[self._place[seat]]

    def stack(self, seat: int) -> int:
        return self._stacks[self._place[seat]]

    def bet(self, seat: int) -> int:
        """Chips before the seat on this street."""
        return self._bets[self._place[seat]]

    def folded(self, seat: int) -> bool:
        return not self._live[self._place[seat]]

    def table_state(self, hero: int) -> TableState:
        """The hand as the player at ``hero`` knows it."""
        seats = tuple(map(SeatState, self.seats, self._start, self._stacks, self._bets, (not on for on in self._live)))
        return TableState(
            hand_id=self.hand_id,
            hero=hero,
            button=self.button,
            small_blind=self.small_blind,
            big_blind=self.big_blind,
            seats=seats,
            hole=self.hole(hero),
            board=self.board,
            street=self.street,
            pot=self.pot,
            history=self.history,
            to_act=self.to_act,
            legal=self.legal,
        )
