"""Spots whose answer is known without a solver: what a solver process has to get right before it is asked anything."""

from dataclasses import dataclass

from engine.game.actions import Action, ActionKind
from engine.game.betting import Betting, deal
from engine.game.cards import parse_cards
from engine.game.state import TableState

CHECK = Action(ActionKind.CHECK)


@dataclass(frozen=True, slots=True)
class KnownSpot:
    """A spot in which the hero never folds, and the bounds of his equity."""

    name: str
    state: TableState
    equity: tuple[float, float]


def _royal_flush() -> TableState:
    """Heads-up on the river, with the nuts, facing a bet."""
    hand = deal({0: 2000, 1: 2000}, 0, 10, 20).after(Action(ActionKind.CALL, 10)).after(CHECK)
    for _ in range(2):
        hand = hand.next_street().after(CHECK).after(CHECK)
    return _seen(hand.next_street().after(Action(ActionKind.BET, 20)), "AsKs", "QsJsTs3c2d")


def _aces() -> TableState:
    """Heads-up before the flop, first to act."""
    return _seen(deal({0: 2000, 1: 2000}, 0, 10, 20), "AhAd", "")


def _seen(hand: Betting, hole: str, board: str) -> TableState:
    assert hand.to_act is not None
    return TableState(
        hand_id="known spot",
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


KNOWN_SPOTS = (
    KnownSpot("a royal flush on the river", _royal_flush(), (1.0, 1.0)),
    KnownSpot("aces against any hand before the flop", _aces(), (0.75, 0.95)),
)
