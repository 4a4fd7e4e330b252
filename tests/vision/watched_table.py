"""A practice table watched by perfect eyes: every picture it shows as an observation, beside the hand it shows."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from app.practice.amount_field import opened
from app.practice.dealer import Dealer, TableOptions, Waiting
from app.practice.presenter import content, facts, hero_legal, table_view
from app.practice.view import FieldView
from engine.clock import MILLISECOND
from engine.game.actions import Action, ActionKind, LegalActions
from engine.game.rules import Hand
from engine.words import Observation
from tests.evaluation.table_session import observation


@dataclass(frozen=True, slots=True)
class Picture:
    """One observation, the hand as it is behind it, and the stacks when the pot has been paid out."""

    seen: Observation
    hand: Hand
    number: int
    paid_out: dict[int, int] | None


def pictures(players: int, seed: int, hands: int, stack: int = 2000) -> Iterator[Picture]:
    """Every picture of ``hands`` hands. The hero acts at random, the opponents as they do; who is broke buys in."""
    dealer = Dealer(TableOptions(players=players, seed=seed, hands=hands, stack=stack), lambda kind, data: None)
    chance = random.Random(seed)
    sequence = 0
    while dealer.waiting is not Waiting.DONE:
        legal = hero_legal(dealer)
        if legal is None:
            dealer.step()
        else:
            dealer.act(any_action(legal, chance))
        sequence += 1
        yield picture(dealer, sequence)


def picture(dealer: Dealer, sequence: int) -> Picture:
    """What the table shows now."""
    legal = hero_legal(dealer)
    line = content(table_view(dealer, FieldView() if legal is None else opened(legal.min_to))) | facts(dealer)
    seen = observation(line, sequence, sequence * 400 * MILLISECOND)
    assert dealer.hand is not None
    over = dealer.waiting in (Waiting.NEXT_HAND, Waiting.DONE)
    return Picture(seen, dealer.hand, dealer.hand_number, dict(dealer.stacks) if over else None)


def any_action(legal: LegalActions, chance: random.Random) -> Action:
    """A legal action: check or call mostly, now and then a fold, a raise or everything."""
    roll = chance.random()
    if legal.can_raise and roll < 0.3:
        amount = chance.choice([legal.min_to, legal.max_to, chance.randint(legal.min_to, legal.max_to)])
        return Action(ActionKind.BET if legal.opening else ActionKind.RAISE, amount)
    if legal.can_check:
        return Action(ActionKind.CHECK)
    return Action(ActionKind.FOLD) if roll > 0.85 else Action(ActionKind.CALL, legal.call_amount)
