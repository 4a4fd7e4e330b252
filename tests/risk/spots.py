"""States, actions and limits that the tests of the risk guard share."""

from pathlib import Path

from engine.game.actions import Action, ActionKind, LegalActions
from engine.game.state import SeatState, Street, TableState
from engine.risk.guard import RiskGuard
from engine.risk.limits import RiskLimits

FOLD, CHECK = Action(ActionKind.FOLD), Action(ActionKind.CHECK)
UTC = "2026-03-01T14:30:00.000+00:00"


def call(amount: int) -> Action:
    return Action(ActionKind.CALL, amount)


def raise_to(amount: int) -> Action:
    return Action(ActionKind.RAISE, amount)


def limits(
    *,
    loss: int = 1000,
    loss_bb: float = 1e6,
    hand: int = 600,
    hand_bb: float = 1e6,
    hands: int = 100,
    bankroll: int = 100_000,
    floor: int = 0,
    big_blind: int = 20,
) -> RiskLimits:
    return RiskLimits(loss, loss_bb, hand, hand_bb, hands, bankroll, floor, big_blind)


def guard(path: Path, limits_: RiskLimits | None = None) -> RiskGuard:
    return RiskGuard(path, limits_ or limits(), utc=lambda: UTC)


def state(contributed: int = 100, bet: int = 40, *, hand_id: str = "h", big_blind: int = 20) -> TableState:
    """The flop, the hero to act with ``contributed`` chips in the hand, ``bet`` of them on this street."""
    seats = (SeatState(0, 5000, 5000 - contributed, bet, False), SeatState(1, 5000, 4800, 140, False))
    legal = LegalActions(100, 240, 5000)
    return TableState(
        hand_id, 0, 0, 10, big_blind, seats, ("As", "Kd"), ("2c", "7d", "9h"), Street.FLOP, 300, (), 0, legal
    )
