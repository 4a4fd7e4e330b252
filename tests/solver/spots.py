"""Spots for tests: a hand bet out by the house's own betting rules, seen by the player to act or by another seat."""

import random
from collections.abc import Iterator

from engine.game.actions import Action, ActionKind
from engine.game.betting import Betting, deal
from engine.game.cards import parse_cards
from engine.game.state import TableState
from tests.game.pokerkit_states import new_hand, play_hand

FOLD, CHECK = Action(ActionKind.FOLD), Action(ActionKind.CHECK)


def call(amount: int) -> Action:
    return Action(ActionKind.CALL, amount)


def bet(amount: int) -> Action:
    return Action(ActionKind.BET, amount)


def raise_to(amount: int) -> Action:
    return Action(ActionKind.RAISE, amount)


def spot(
    hole: str, board: str, *rounds: list[Action], players: int = 2, stack: int = 2000, button: int = 0
) -> TableState:
    """The state after ``rounds`` of actions (one list a street, blinds 10 and 20), seen by the player to act."""
    hand = deal(dict.fromkeys(range(players), stack), button, 10, 20)
    for number, actions in enumerate(rounds):
        if number:
            hand = hand.next_street()
        for action in actions:
            hand = hand.after(action)
    return seen(hand, hole, board)


def seen(hand: Betting, hole: str, board: str) -> TableState:
    assert hand.to_act is not None
    return TableState(
        hand_id="spot",
        hero=hand.to_act,
        button=hand.button,
        small_blind=10,
        big_blind=hand.big_blind,
        seats=hand.seats,
        hole=parse_cards(hole),
        board=parse_cards(board),
        street=hand.street,
        pot=hand.pot,
        history=hand.history,
        to_act=hand.to_act,
        legal=hand.legal(),
    )


def any_action(state: TableState, generator: random.Random) -> Action:
    """Any legal action with any legal amount, each kind equally often."""
    legal = state.legal
    assert legal is not None
    choices = [CHECK] if legal.can_check else [FOLD, call(legal.call_amount), call(legal.call_amount)]
    if legal.can_raise:
        to = generator.randint(legal.min_to, legal.max_to)
        small = min(legal.max_to, legal.min_to + generator.randrange(80))
        kind = ActionKind.BET if legal.opening else ActionKind.RAISE
        choices.append(Action(kind, generator.choice((small, small, to))))
    return generator.choice(choices)


def always_call(state: TableState, generator: random.Random) -> Action:
    assert state.legal is not None
    return CHECK if state.legal.can_check else call(state.legal.call_amount)


def states_met(hands: int, players: int, seed: int) -> Iterator[TableState]:
    """Every state in which somebody is to act, in hands of random legal play with unequal stacks."""
    for number in range(hands):
        generator = random.Random(seed + number)
        stacks = {seat: generator.choice((150, 600, 2000)) for seat in range(players)}
        met: list[TableState] = []

        def act(state: TableState, met: list[TableState] = met, generator: random.Random = generator) -> Action:
            met.append(state)
            return any_action(state, generator)

        play_hand(new_hand(stacks, number % players, seed + number), dict.fromkeys(range(players), act))
        yield from met
