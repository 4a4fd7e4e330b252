"""Plays hands through PokerKit between any policies, each seeing the TableState of its own seat."""

import random
from collections.abc import Callable, Mapping

from engine.game.actions import Action
from engine.game.rules import Hand, Stage
from engine.game.state import TableState

Policy = Callable[[TableState], Action]


def play_hand(hand: Hand, policies: Mapping[int, Policy]) -> dict[int, int]:
    """Play a hand to its end and return each seat's result in chips. An illegal action raises."""
    begun = {seat.seat: seat.start_stack for seat in hand.table_state(hand.seats[0]).seats}
    while hand.stage is not Stage.OVER:
        _advance(hand, policies)
    results = {seat: hand.stack(seat) - stack for seat, stack in begun.items()}
    assert sum(results.values()) == 0
    return results


def _advance(hand: Hand, policies: Mapping[int, Policy]) -> None:
    match hand.stage:
        case Stage.BETTING:
            assert hand.to_act is not None
            hand.act(policies[hand.to_act](hand.table_state(hand.to_act)))
        case Stage.STREET:
            hand.deal_street()
        case _:
            hand.settle()


def new_hand(stacks: Mapping[int, int], button: int, seed: int, *, blinds: tuple[int, int] = (10, 20)) -> Hand:
    """A hand dealt from a seed."""
    return Hand(stacks, button, *blinds, random.Random(seed), f"hand-{seed}")
