"""The table's rules: chips conserved, blinds and turns right, pots as PokerKit and plain arithmetic have them."""

import random
from collections.abc import Iterator

import pytest
from pokerkit import Automation, Mode, NoLimitTexasHoldem, StandardHighHand

from engine.game.actions import Action, ActionKind, IllegalActionError
from engine.game.opponents import STYLES
from engine.game.rules import Hand, Stage, StageError
from engine.game.state import Street

FOLD, CHECK = Action(ActionKind.FOLD), Action(ActionKind.CHECK)


def random_hands(count: int, seed: int) -> Iterator[tuple[Hand, dict[int, int]]]:
    """Finished hands of two to six players with random stacks, seats and styles; chips are counted at each step."""
    generator = random.Random(seed)
    for number in range(count):
        seats = sorted(generator.sample(range(6), generator.randint(2, 6)))
        stacks = {seat: generator.randint(1, 2000) for seat in seats}
        hand = Hand(stacks, generator.choice(seats), 10, 20, generator, str(number))
        finish(hand, generator)
        yield hand, stacks


def finish(hand: Hand, generator: random.Random) -> None:
    total = chips(hand)
    styles = list(STYLES.values())
    while hand.stage is not Stage.OVER:
        if (seat := hand.to_act) is not None:
            hand.act(generator.choice(styles)(hand.table_state(seat), generator))
        elif hand.stage is Stage.STREET:
            hand.deal_street()
        else:
            hand.settle()
        assert chips(hand) == total


def chips(hand: Hand) -> int:
    return sum(hand.stack(seat) for seat in hand.seats) + hand.pot


def test_300_random_hands_conserve_chips_and_match_pokerkit_run_by_itself() -> None:
    for hand, stacks in random_hands(300, seed=11):
        assert {seat: hand.stack(seat) for seat in hand.seats} == replayed(hand, stacks)


def replayed(hand: Hand, stacks: dict[int, int]) -> dict[int, int]:
    """The final stacks of the same cards and actions when PokerKit runs the hand with nothing of ours between."""
    order = sorted(stacks, key=lambda seat: (seat <= hand.button, seat))
    automatic = tuple(step for step in Automation if step not in {Automation.HOLE_DEALING, Automation.BOARD_DEALING})
    state = NoLimitTexasHoldem.create_state(
        tuple(step for step in automatic if step is not Automation.CARD_BURNING),
        False,
        0,
        (10, 20),
        20,
        tuple(stacks[seat] for seat in order),
        len(order),
        mode=Mode.TOURNAMENT,
    )
    for seat in order:
        state.deal_hole("".join(hand.hole(seat)))
    board = list(hand.board)
    actions = [record.action for record in hand.history]
    while state.status:
        if state.can_burn_card("??"):
            state.burn_card("??")
        elif state.can_deal_board():
            count = 1 if state.board_cards else 3
            state.deal_board("".join(board[:count]))
            del board[:count]
        elif (action := actions.pop(0)).kind is ActionKind.FOLD:
            state.fold()
        elif action.kind in {ActionKind.CHECK, ActionKind.CALL}:
            state.check_or_call()
        else:
            state.complete_bet_or_raise_to(action.amount)
    return {seat: int(state.stacks[index]) for index, seat in enumerate(order)}


def test_side_pots_go_to_the_best_hand_of_those_who_paid_for_them() -> None:
    seen_side_pots = 0
    for hand, stacks in random_hands(250, seed=23):
        live = [seat for seat in hand.seats if not hand.folded(seat)]
        if len(hand.board) < 5 or len(live) < 2:
            continue
        paid = contributions(hand, stacks)
        seen_side_pots += len({paid[seat] for seat in live}) > 1
        expected = shares(hand, live, paid)
        for seat in hand.seats:
            won = hand.stack(seat) - (stacks[seat] - paid[seat])
            assert abs(won - expected[seat]) <= 6, f"hand {hand.hand_id} seat {seat}"
    assert seen_side_pots > 20


def contributions(hand: Hand, stacks: dict[int, int]) -> dict[int, int]:
    """Chips that each seat put in over the hand, from blinds and history alone."""
    order = sorted(stacks, key=lambda seat: (seat <= hand.button, seat))
    small, big = (order[1], order[0]) if len(order) == 2 else (order[0], order[1])
    street_bets = {small: min(10, stacks[small]), big: min(20, stacks[big])}
    paid = dict.fromkeys(order, 0)
    street = Street.PREFLOP
    for record in hand.history:
        if record.street != street:
            paid = {seat: paid[seat] + street_bets.get(seat, 0) for seat in order}
            street, street_bets = record.street, {}
        before = street_bets.get(record.seat, 0)
        match record.action.kind:
            case ActionKind.CALL:
                street_bets[record.seat] = before + record.action.amount
            case ActionKind.BET | ActionKind.RAISE:
                street_bets[record.seat] = record.action.amount
    return {seat: paid[seat] + street_bets.get(seat, 0) for seat in order}


def shares(hand: Hand, live: list[int], paid: dict[int, int]) -> dict[int, float]:
    """What each seat is due, level by level of what was paid; odd chips are left as fractions."""
    ranks = {seat: StandardHighHand.from_game("".join(hand.hole(seat)), "".join(hand.board)) for seat in live}
    due = dict.fromkeys(paid, 0.0)
    floor = 0
    for level in sorted(set(paid.values())):
        pot = sum(min(level, amount) - min(floor, amount) for amount in paid.values())
        floor = level
        entitled = [seat for seat in live if paid[seat] >= level]
        if not entitled:
            # Dead money above every live hand joins the pot below it.
            entitled = [seat for seat in live if paid[seat] == max(paid[other] for other in live)]
        best = max(ranks[seat] for seat in entitled)
        winners = [seat for seat in entitled if ranks[seat] == best]
        for seat in winners:
            due[seat] += pot / len(winners)
    return due


def test_heads_up_the_button_posts_the_small_blind_and_acts_first() -> None:
    hand = Hand({0: 500, 3: 500}, 3, 10, 20, random.Random(2))
    assert (hand.bet(3), hand.bet(0), hand.to_act) == (10, 20, 3)
    hand.act(Action(ActionKind.CALL, 10))
    hand.act(CHECK)
    hand.deal_street()
    assert (hand.to_act, hand.street, len(hand.board)) == (0, Street.FLOP, 3)


def test_with_more_players_the_blinds_follow_the_button() -> None:
    hand = Hand(dict.fromkeys((0, 2, 3, 4), 500), 4, 10, 20, random.Random(2))
    assert [hand.bet(seat) for seat in (0, 2, 3, 4)] == [10, 20, 0, 0]
    assert hand.to_act == 3


def test_an_all_in_runs_out_street_by_street_with_open_hands() -> None:
    hand = Hand({0: 300, 3: 300}, 0, 10, 20, random.Random(4))
    hand.act(Action(ActionKind.RAISE, 300))
    seen = [(len(hand.board), hand.revealed)]
    hand.act(Action(ActionKind.CALL, 280))
    while hand.stage is Stage.STREET:
        seen.append((len(hand.board), hand.revealed))
        hand.deal_street()
    seen.append((len(hand.board), hand.revealed))
    assert seen == [(0, False), (0, True), (3, True), (4, True), (5, True)]
    assert (hand.stage, hand.pot) == (Stage.SETTLING, 600)
    hand.settle()
    assert hand.pot == 0


def test_a_hand_won_by_folding_shows_no_cards() -> None:
    hand = Hand({0: 300, 3: 300}, 0, 10, 20, random.Random(4))
    hand.act(FOLD)
    hand.settle()
    assert not hand.revealed
    assert (hand.stack(0), hand.stack(3)) == (290, 310)


def test_what_the_rules_forbid_is_refused_and_changes_nothing() -> None:
    hand = Hand({0: 300, 3: 300}, 0, 10, 20, random.Random(4))
    for wrong in (CHECK, Action(ActionKind.CALL, 11), Action(ActionKind.RAISE, 39), Action(ActionKind.RAISE, 301)):
        with pytest.raises(IllegalActionError):
            hand.act(wrong)
    with pytest.raises(StageError, match="waits for betting"):
        hand.settle()
    hand.act(Action(ActionKind.CALL, 10))
    with pytest.raises(IllegalActionError, match="check"):
        hand.act(FOLD)
    assert hand.history == hand.history[:1]


def test_the_same_generator_deals_the_same_cards_whatever_the_global_one_does() -> None:
    random.seed(1)
    first = Hand({0: 300, 3: 300}, 0, 10, 20, random.Random(9))
    random.seed(2)
    second = Hand({0: 300, 3: 300}, 0, 10, 20, random.Random(9))
    assert [first.hole(seat) for seat in (0, 3)] == [second.hole(seat) for seat in (0, 3)]


@pytest.mark.parametrize(("stacks", "button"), [({0: 100}, 0), ({0: 100, 3: 0}, 0), ({0: 100, 3: 100}, 2)])
def test_a_hand_that_cannot_be_dealt_is_refused(stacks: dict[int, int], button: int) -> None:
    with pytest.raises(ValueError, match="two or more seats"):
        Hand(stacks, button, 10, 20, random.Random(1))
