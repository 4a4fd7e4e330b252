"""The fast rules against PokerKit, action by action in random hands, and each known difference by its name."""

import random
from collections.abc import MutableSequence, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from engine.game.actions import Action, ActionKind, IllegalActionError, LegalActions
from engine.game.betting import deal
from engine.game.fast_rules import FastHand
from engine.game.opponents import STYLES
from engine.game.rules import Hand, Stage, StageError
from engine.game.state import Street

FOLD, CHECK = Action(ActionKind.FOLD), Action(ActionKind.CHECK)


def cards_of(hand: Hand) -> list[str]:
    """The cards PokerKit will have dealt by the end: the holes in seat order, and the board without the burns."""
    rest = [repr(card) for card in (*hand._state.burn_cards, *hand._state.deck_cards)]
    return [card for seat in hand.seats for card in hand.hole(seat)] + [*rest[1:4], rest[5], rest[7]]


def any_action(legal: LegalActions, chance: random.Random) -> Action:
    roll = chance.random()
    if legal.can_raise and roll < 0.35:
        amount = chance.choice([legal.min_to, legal.max_to, chance.randint(legal.min_to, legal.max_to)])
        return Action(ActionKind.BET if legal.opening else ActionKind.RAISE, amount)
    if legal.can_check:
        return CHECK
    return FOLD if roll < 0.5 else Action(ActionKind.CALL, legal.call_amount)


@dataclass(slots=True)
class Pair:
    """The same cards and actions twice."""

    fast: FastHand
    slow: Hand
    reopened: int = 0

    def play(self, chance: random.Random) -> None:
        while self.slow.stage is not Stage.OVER:
            self.compare()
            match self.slow.stage:
                case Stage.BETTING:
                    assert self.fast.legal is not None
                    action = any_action(self.fast.legal, chance)
                    self.fast.act(action)
                    self.slow.act(action)
                case Stage.STREET:
                    self.fast.deal_street()
                    self.slow.deal_street()
                case _:
                    self.fast.settle()
                    self.slow.settle()
        assert self.fast.stage is Stage.OVER

    def compare(self) -> None:
        fast, slow = self.fast, self.slow
        assert (fast.stage, fast.to_act, fast.street, fast.board) == (slow.stage, slow.to_act, slow.street, slow.board)
        assert (fast.pot, fast.history) == (slow.pot, slow.history)
        if fast.history:  # PokerKit turns hands up late when the blinds alone put everybody all-in
            assert fast.revealed == slow.revealed
        for seat in slow.seats:
            ours = (fast.stack(seat), fast.bet(seat), fast.folded(seat), fast.hole(seat))
            assert ours == (slow.stack(seat), slow.bet(seat), slow.folded(seat), slow.hole(seat))
        if fast.legal != slow.legal:
            self.reopened += 1
            self.is_a_short_all_in_faced_again(fast, slow)

    @staticmethod
    def is_a_short_all_in_faced_again(fast: FastHand, slow: Hand) -> None:
        """The one difference in what is legal: PokerKit lets a player raise again who has acted already."""
        assert fast.legal is not None
        assert slow.legal is not None
        assert fast.legal.call_amount == slow.legal.call_amount
        assert slow.legal.can_raise
        assert not fast.legal.can_raise
        assert any(made.seat == fast.to_act and made.street is fast.street for made in fast.history)

    def odd_chips(self) -> int:
        """Chips that lie elsewhere at the end."""
        differences = [self.fast.stack(seat) - self.slow.stack(seat) for seat in self.slow.seats]
        assert sum(differences) == 0
        assert all(abs(difference) < len(differences) for difference in differences)
        return sum(map(abs, differences)) // 2


def random_pair(number: int, chance: random.Random) -> Pair:
    seats = sorted(chance.sample(range(6), chance.randint(2, 6)))
    deepest = chance.choice([60, 300, 2000])
    stacks = {seat: chance.randint(1, deepest) for seat in seats}
    slow = Hand(stacks, chance.choice(seats), 10, 20, random.Random(number), str(number))
    return Pair(FastHand(stacks, slow.button, 10, 20, chance, str(number), cards_of(slow)), slow)


def test_1200_random_hands_of_two_to_six_players_are_pokerkits_action_by_action() -> None:
    chance = random.Random(23)
    reopened = odd = 0
    for number in range(1200):
        pair = random_pair(number, chance)
        pair.play(chance)
        reopened += pair.reopened
        odd += pair.odd_chips()
    assert reopened > 0, "the known difference in reopening did not come up: the comparison looks at too little"
    assert odd < 12, "chips lie elsewhere in a few split pots among three or more alone"


def test_4000_random_hands_follow_the_same_betting_as_the_engine_tracks() -> None:
    chance = random.Random(29)
    for number in range(4000):
        seats = sorted(chance.sample(range(6), chance.randint(2, 6)))
        stacks = {seat: chance.randint(1, chance.choice([60, 300, 2000])) for seat in seats}
        hand = FastHand(stacks, chance.choice(seats), 10, 20, chance, str(number))
        betting = deal(stacks, hand.button, 10, 20)
        while not betting.over:
            if hand.to_act is None:
                hand.deal_street()
                betting = betting.next_street()
                continue
            assert (hand.to_act, hand.legal) == (betting.to_act, betting.legal())
            assert hand.legal is not None
            action = any_action(hand.legal, chance)
            hand.act(action)
            betting = betting.after(action)
        hand.settle()
        assert sum(hand.stack(seat) for seat in seats) == sum(stacks.values())


def test_the_practice_tables_opponents_play_by_it() -> None:
    chance = random.Random(31)
    styles = list(STYLES.values())
    for number in range(300):
        hand = FastHand(dict.fromkeys(range(4), 2000), number % 4, 10, 20, chance, str(number))
        while hand.stage is not Stage.OVER:
            if (seat := hand.to_act) is not None:
                hand.act(chance.choice(styles)(hand.table_state(seat), chance))
            elif hand.stage is Stage.STREET:
                hand.deal_street()
            else:
                hand.settle()


# what PokerKit does, and what is done here


def both(stacks: dict[int, int], button: int, actions: Sequence[Action]) -> Pair:
    slow = Hand(stacks, button, 10, 20, random.Random(1))
    pair = Pair(FastHand(stacks, button, 10, 20, random.Random(1), cards=cards_of(slow)), slow)
    for action in actions:
        pair.fast.act(action)
        pair.slow.act(action)
    return pair


def test_divergence_a_short_all_in_over_the_blind_reopens_the_betting_for_limpers_in_pokerkit_and_not_here() -> None:
    """PokerKit: the limper may raise 25 over the blind of 20 to 45. Here he may call or fold: TDA rule 47, and what
    the engine's own tracking (engine.game.betting) expects of its own moves."""
    call = Action(ActionKind.CALL, 20)
    limped = [call, call, Action(ActionKind.CALL, 10), Action(ActionKind.RAISE, 25)]
    pair = both({0: 2000, 1: 2000, 2: 2000, 3: 25}, 1, limped)
    assert pair.slow.legal == LegalActions(5, 45, 2000)
    assert pair.fast.legal == LegalActions(5)


def test_divergence_a_short_opening_all_in_after_the_flop_reopens_the_betting_for_who_checked_in_pokerkit() -> None:
    call, check = Action(ActionKind.CALL, 20), CHECK
    pair = both({0: 2000, 1: 2000, 2: 35}, 2, [call, Action(ActionKind.CALL, 10), check])
    pair.fast.deal_street()
    pair.slow.deal_street()
    for action in (check, check, Action(ActionKind.BET, 15)):
        pair.fast.act(action)
        pair.slow.act(action)
    assert pair.slow.legal == LegalActions(15, 35, 1980)
    assert pair.fast.legal == LegalActions(15)


def test_divergence_a_big_blind_all_in_for_15_of_20_makes_the_call_15_here_as_in_pokerkit() -> None:
    """The TDA would have 20 called. PokerKit deals the practice table and asks for 15, so the engine must follow."""
    pair = both({0: 2000, 1: 2000, 2: 15}, 0, [])
    assert pair.slow.legal == pair.fast.legal == LegalActions(15, 35, 2000)


class RoyalBoard(random.Random):
    """Shuffles so that the board of a hand of four is a royal flush, which everybody plays."""

    ORDER = ["2c", "3c", "4c", "5c", "2d", "3d", "4d", "5d", "6c", "As", "Ks", "Qs", "7c", "Js", "8c", "Ts"]

    def shuffle(self, x: MutableSequence[Any]) -> None:
        x.sort(key=lambda card: self.ORDER.index(repr(card)) if repr(card) in self.ORDER else 99)  # type: ignore[attr-defined]


def test_divergence_odd_chips_all_go_to_one_player_in_pokerkit_and_one_each_from_the_button_here() -> None:
    """Three players share 35 chips, so two are left over. TDA rule 20: the two winners next to the button, clockwise,
    take one each; PokerKit gives both to one of them."""
    stacks = dict.fromkeys(range(4), 200)
    slow = Hand(stacks, 3, 5, 10, RoyalBoard())
    fast = FastHand(stacks, 3, 5, 10, random.Random(1), cards=cards_of(slow))
    call = Action(ActionKind.CALL, 10)
    for hand in (slow, fast):
        for action in (call, call, FOLD, *[CHECK] * 10):
            if hand.stage is Stage.STREET:
                hand.deal_street()
            hand.act(action)
        hand.settle()
    assert slow.board == fast.board == ("As", "Ks", "Qs", "Js", "Ts")
    assert [fast.stack(seat) for seat in range(4)] == [195, 202, 202, 201]
    assert sorted(slow.stack(seat) for seat in range(1, 4)) == [201, 201, 203]


# the interface


def test_an_illegal_action_changes_nothing() -> None:
    hand = FastHand(dict.fromkeys(range(3), 500), 0, 10, 20, random.Random(1))
    for action in (CHECK, Action(ActionKind.CALL, 10), Action(ActionKind.RAISE, 30), Action(ActionKind.RAISE, 501)):
        with pytest.raises(IllegalActionError):
            hand.act(action)
    assert hand.history == ()
    assert hand.to_act == 0


def test_a_fold_where_checking_is_free_is_refused_as_at_the_practice_table() -> None:
    hand = FastHand(dict.fromkeys(range(2), 500), 0, 10, 20, random.Random(1))
    hand.act(Action(ActionKind.CALL, 10))
    with pytest.raises(IllegalActionError, match="check"):
        hand.act(FOLD)


def test_things_out_of_turn_are_refused() -> None:
    hand = FastHand(dict.fromkeys(range(2), 500), 0, 10, 20, random.Random(1))
    with pytest.raises(StageError):
        hand.deal_street()
    with pytest.raises(StageError):
        hand.settle()
    hand.act(FOLD)
    with pytest.raises(StageError):
        hand.act(CHECK)
    hand.settle()
    assert (hand.stage, hand.pot) == (Stage.OVER, 0)
    assert hand.street is Street.PREFLOP


@pytest.mark.parametrize(("stacks", "button"), [({0: 10}, 0), ({0: 10, 1: 0}, 0), ({0: 10, 1: 10}, 2)])
def test_a_hand_needs_two_seats_with_chips_and_a_button(stacks: dict[int, int], button: int) -> None:
    with pytest.raises(ValueError, match="two or more"):
        FastHand(stacks, button, 10, 20, random.Random(1))
