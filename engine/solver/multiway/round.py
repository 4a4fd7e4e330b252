"""One betting round as plain lists, for walking trees of thousands of actions.

The rules are those of ``engine.game.betting.Betting``, from which a round is made; a test walks both side by side.
Only players who are live at the beginning count, in the order of their seats; what others put in is dead money.
"""

from dataclasses import dataclass

from engine.game.actions import Action, ActionKind, LegalActions
from engine.game.betting import Betting


@dataclass(slots=True)
class Round:
    """Where the round stands. Lists are by place among the live players; -1 in ``faced``: has not acted yet.

    ``before`` is what each put in before this street. ``others`` are the chips of all who folded before the walk began,
    one figure each, this street's included.
    """

    seats: tuple[int, ...]
    bets: list[int]
    stacks: list[int]
    folded: list[bool]
    faced: list[int]
    asked: tuple[bool, ...]
    before: tuple[int, ...]
    others: tuple[int, ...]
    full_raise: int
    to_act: int | None

    @classmethod
    def of(cls, hand: Betting) -> "Round":
        """The round of a hand that is under way."""
        live, faced = hand.live, dict(hand.faced)
        seats = tuple(seat.seat for seat in live)
        return cls(
            seats,
            [seat.bet for seat in live],
            [seat.stack for seat in live],
            [False] * len(live),
            [faced.get(seat, -1) for seat in seats],
            tuple(seat in hand.asked for seat in seats),
            tuple(seat.contributed - seat.bet for seat in live),
            tuple(seat.contributed for seat in hand.seats if seat.folded),
            hand.full_raise,
            None if hand.to_act is None else seats.index(hand.to_act),
        )

    @property
    def current_bet(self) -> int:
        """The highest bet on the table."""
        return max(self.bets)

    @property
    def pot(self) -> int:
        """All chips in the middle, this street's bets included."""
        return sum(self.others) + sum(self.before) + sum(self.bets)

    def deepest_beside(self, player: int) -> int:
        """The most that any other live player can have before him on this street."""
        return max(
            bet + stack
            for place, (bet, stack) in enumerate(zip(self.bets, self.stacks, strict=True))
            if place != player and not self.folded[place]
        )

    def legal(self, player: int) -> LegalActions:
        """What a player may do when it is his turn."""
        current, bet, stack = max(self.bets), self.bets[player], self.stacks[player]
        call, faced = min(current - bet, stack), self.faced[player]
        closed = faced >= 0 and current - faced < self.full_raise
        if closed or stack <= current - bet or self.deepest_beside(player) <= current:
            return LegalActions(call)
        return LegalActions(call, min(current + self.full_raise, bet + stack), bet + stack, opening=current == 0)

    def after(self, action: Action) -> "Round":
        """The round after the player to act has done ``action``, which must be legal."""
        player = self.to_act
        assert player is not None
        bets, stacks, folded, faced = self.bets[:], self.stacks[:], self.folded[:], self.faced[:]
        current, full_raise = max(bets), self.full_raise
        if action.kind is ActionKind.FOLD:
            folded[player] = True
        elif action.kind is not ActionKind.CHECK:
            to = bets[player] + action.amount if action.kind is ActionKind.CALL else action.amount
            stacks[player] -= to - bets[player]
            bets[player] = to
            full_raise = max(full_raise, to - current)
        faced[player] = max(bets[player], current)
        moved = Round(self.seats, bets, stacks, folded, faced, self.asked, self.before, self.others, full_raise, None)
        moved.to_act = moved._next_after(player)
        return moved

    def _next_after(self, player: int) -> int | None:
        count, current = len(self.seats), max(self.bets)
        if sum(self.folded) >= count - 1:
            return None
        for step in range(1, count + 1):
            place = (player + step) % count
            if self.folded[place] or self.stacks[place] == 0:
                continue
            if self.bets[place] < current or (self.asked[place] and self.faced[place] < 0):
                return place
        return None

    def contributed(self) -> list[int]:
        """What each live player has in the pot when the round is closed: what nobody called is given back.

        Who folded before the walk began cannot have bet more than the second highest: whoever acted after him had
        matched his bet.
        """
        bets = self.bets[:]
        highest, second = sorted((*bets, 0), reverse=True)[:2]
        if highest > second:
            bets[bets.index(highest)] = second
        return [before + bet for before, bet in zip(self.before, bets, strict=True)]

    def pots(self) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """Main pot and side pots of a closed round: chips, and the places of the players who are in for them."""
        own = self.contributed()
        chips = (*own, *self.others)
        live = [place for place, folded in enumerate(self.folded) if not folded]
        pots, below, top = [], 0, max(own[place] for place in live)
        for level in sorted({own[place] for place in live}):
            amount = sum((chip if level == top else min(chip, level)) - min(chip, below) for chip in chips)
            if amount:
                pots.append((amount, tuple(place for place in live if own[place] >= level)))
            below = level
        return tuple(pots)
