"""What the risk guard and the event calendar say."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RiskVerdict:
    """Whether an action is inside the limits, and the numbers that say so."""

    allowed: bool
    reason: str
    measured: str = ""
    limit: str = ""


@dataclass(frozen=True, slots=True)
class RiskStatus:
    """Risk as shown, in chips and hands: what is used and the limits it is held against.

    ``bankroll`` is what the bot has left of the chips it was given, over all sessions; it may not fall below
    ``bankroll_floor``. ``hand_commitment`` is what the hero has in the running hand.
    """

    session_result: int
    session_loss_limit: int
    hands: int
    hands_limit: int
    hand_commitment: int
    hand_commitment_limit: int
    bankroll: int
    bankroll_floor: int
    big_blind: int


@dataclass(frozen=True, slots=True)
class EventWindow:
    """A time during which no hand may begin: UTC seconds since 1970, start included, end not."""

    name: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class CalendarStatus:
    """What the event calendar says now. ``blocked`` names the open window, ``stale`` why no source can be trusted;
    both are "" when hands may begin. ``age_s`` is the age of what is used, None when there is nothing.
    """

    enabled: bool
    source: str
    age_s: float | None
    blocked: str
    stale: str
    current: EventWindow | None
    next: EventWindow | None
