"""The limits, and the pure questions asked of them: may this action be made, may another hand begin.

Every limit is a ceiling on what can be lost, so a question always looks at the worst case: a hand counts as lost with
everything that the action would have put into it, and the next hand costs its big blind before anybody is asked.
"""

import math
from dataclasses import dataclass
from decimal import Decimal

from engine.risk.state import RiskState
from engine.words import RiskVerdict

WITHIN = RiskVerdict(True, "within the limits")


@dataclass(frozen=True, slots=True)
class RiskLimits:
    """Limits in chips, big blinds (``_bb``) and hands; of a limit in both the stricter counts.

    ``bankroll`` is what the bot was given over all its sessions, ``bankroll_floor`` what has to remain of it.
    ``big_blind`` is the configured one in chips. Raises ValueError for limits that no hand could be held against.
    """

    session_loss_limit: int
    session_loss_limit_bb: float
    hand_commitment_limit: int
    hand_commitment_limit_bb: float
    hands_limit: int
    bankroll: int
    bankroll_floor: int
    big_blind: int

    def __post_init__(self) -> None:
        counts = (self.session_loss_limit, self.hand_commitment_limit, self.hands_limit, self.bankroll, self.big_blind)
        ratios = (self.session_loss_limit_bb, self.hand_commitment_limit_bb)
        if min(counts) < 1 or self.bankroll_floor < 0:
            raise ValueError("every risk limit is at least 1, and the bankroll's floor at least 0")
        if not all(math.isfinite(ratio) and ratio > 0 for ratio in ratios):
            raise ValueError("every risk limit in big blinds is above 0")

    def at(self, big_blind: int | None) -> "Ceilings":
        """The limits in chips at a table's big blind; the smaller of it and the configured one is the stricter."""
        blind = self.big_blind if big_blind is None else min(big_blind, self.big_blind)
        return Ceilings(
            session_loss=min(self.session_loss_limit, _chips(self.session_loss_limit_bb, blind)),
            hand_commitment=min(self.hand_commitment_limit, _chips(self.hand_commitment_limit_bb, blind)),
            hands=self.hands_limit,
            bankroll=self.bankroll,
            floor=self.bankroll_floor,
        )


@dataclass(frozen=True, slots=True)
class Ceilings:
    """The limits that count now, all in chips and hands."""

    session_loss: int
    hand_commitment: int
    hands: int
    bankroll: int
    floor: int

    def commitment(self, state: RiskState, committed: int) -> RiskVerdict:
        """Whether ``committed`` chips may lie in the running hand, all of them counted as lost."""
        if state.hands >= self.hands:
            return self._hands(state)
        if committed > self.hand_commitment:
            return _refused(
                "too much would be put into this hand",
                f"{committed} chips in the hand",
                f"{self.hand_commitment} chips a hand",
            )
        return self._affordable(state, committed, f"{committed} in the hand")

    def another_hand(self, state: RiskState, big_blind: int) -> RiskVerdict:
        """Whether a hand may begin: its big blind is put in before anybody is asked."""
        if state.hands >= self.hands:
            return self._hands(state)
        return self._affordable(state, big_blind, f"{big_blind} for the next big blind")

    def _affordable(self, state: RiskState, chips: int, words: str) -> RiskVerdict:
        if state.lost + chips > self.session_loss:
            measured = f"{state.lost} chips lost and {words}"
            return _refused(
                "the session's loss limit would be passed", measured, f"{self.session_loss} chips a session"
            )
        left = self.bankroll + state.total_result
        if left - chips < self.floor:
            measured = f"{left} chips of bankroll and {words}"
            return _refused("the bankroll would fall below its floor", measured, f"{self.floor} chips have to remain")
        return WITHIN

    def _hands(self, state: RiskState) -> RiskVerdict:
        return _refused("the session's number of hands is reached", f"{state.hands} hands", f"{self.hands} hands")


def _refused(reason: str, measured: str, limit: str) -> RiskVerdict:
    return RiskVerdict(False, reason, measured, limit)


def _chips(big_blinds: float, big_blind: int) -> int:
    """Whole chips, rounded down, by the number as it is written in the configuration."""
    return math.floor(Decimal(str(big_blinds)) * big_blind)
