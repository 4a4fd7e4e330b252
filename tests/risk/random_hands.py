"""Random hands by the house's own rules, for tests: legal actions, streets as they come, cut off anywhere."""

import random
from collections.abc import Iterator

from engine.game.actions import Action, ActionKind
from engine.game.betting import Betting, deal
from engine.game.state import TableState

BOARD = ("2c", "7d", "9h", "Jc", "3s")


def random_action(betting: Betting, chance: random.Random) -> Action:
    legal = betting.legal()
    assert legal is not None
    choices = [Action(ActionKind.CHECK)] if legal.can_check else [Action(ActionKind.CALL, legal.call_amount)] * 3
    if not legal.can_check:
        choices.append(Action(ActionKind.FOLD))
    if legal.can_raise:
        amount = chance.choice([legal.min_to, legal.max_to, chance.randint(legal.min_to, legal.max_to)])
        choices.append(Action(ActionKind.BET if legal.opening else ActionKind.RAISE, amount))
    return chance.choice(choices)


def states(seed: int, hand_id: str = "s-1") -> Iterator[tuple[TableState, Action | None]]:
    """The states of one hand in order, each with the action made in it; None where the hand has come to its end."""
    chance = random.Random(seed)
    seats = range(chance.randint(2, 6))
    betting = deal({seat: chance.randint(20, 600) for seat in seats}, chance.choice(seats), 10, 20)
    while not betting.over:
        if betting.to_act is None:
            betting = betting.next_street()
            continue
        action = random_action(betting, chance)
        yield as_state(betting, hand_id), action
        betting = betting.after(action)
    yield as_state(betting, hand_id), None


def as_state(betting: Betting, hand_id: str) -> TableState:
    return TableState(
        hand_id=hand_id,
        hero=0,
        button=betting.button,
        small_blind=10,
        big_blind=20,
        seats=betting.seats,
        hole=("As", "Kd"),
        board=BOARD[: betting.street.board_cards],
        street=betting.street,
        pot=betting.pot,
        history=betting.history,
        to_act=betting.to_act,
        legal=betting.legal(),
    )
