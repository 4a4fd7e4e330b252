"""How much of every risk limit is used and left, worked out in one place for the alarms and the console."""

from dataclasses import dataclass

from engine.words import RiskStatus


@dataclass(frozen=True, slots=True)
class Headroom:
    """One limit: ``used`` against ``limit``, ``left`` until it is reached, ``whole`` what ``left`` is a share of.

    ``unit`` is chips or hands. The bankroll's share is held against what one session may lose.
    """

    key: str
    used: int
    limit: int
    left: int
    whole: int
    unit: str

    @property
    def share_left(self) -> float:
        """0 (reached) to 1 (untouched)."""
        return min(1.0, max(0.0, self.left / self.whole)) if self.whole > 0 else 0.0


def headrooms(risk: RiskStatus) -> tuple[Headroom, ...]:
    """Every limit, in the order in which the console lists them. The keys are those of the alarms."""
    lost = max(0, -risk.session_result)
    floor_distance = risk.bankroll - risk.bankroll_floor
    return (
        _used("risk-session", lost, risk.session_loss_limit, "chips"),
        _used("risk-hand", risk.hand_commitment, risk.hand_commitment_limit, "chips"),
        _used("risk-hands", risk.hands, risk.hands_limit, "hands"),
        Headroom("risk-bankroll", risk.bankroll, risk.bankroll_floor, floor_distance, risk.session_loss_limit, "chips"),
    )


def _used(key: str, used: int, limit: int, unit: str) -> Headroom:
    return Headroom(key, used, limit, limit - used, limit, unit)
