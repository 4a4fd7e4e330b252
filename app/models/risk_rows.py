"""What the risk panel says: every limit with what is used and left, and the line of the event calendar."""

from dataclasses import dataclass

from app.models.durations import seconds_span
from app.models.wording import chips, signed_chips
from engine.safety.alarm_table import LOW_HEADROOM, SOON_S
from engine.safety.headroom import Headroom, headrooms
from engine.words import CalendarStatus, RiskStatus

_TITLES = {
    "risk-session": "Session loss",
    "risk-hand": "This hand",
    "risk-hands": "Hands",
    "risk-bankroll": "Bankroll",
}
_TIPS = {
    "risk-session": "Chips lost this session, against the limit that stops the bot",
    "risk-hand": "Chips put into the running hand, against the limit that stops the bot",
    "risk-hands": "Hands of this session, against the number after which it stops",
    "risk-bankroll": "Chips left over all sessions, and how far that is above the floor; the bar is full when a whole "
    "session's loss could still be borne",
}


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One limit: ``used`` and ``left`` in words, ``share_left`` 0 to 1, ``low`` when little is left."""

    title: str
    used: str
    left: str
    share_left: float
    low: bool
    tip: str


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """The calendar in a line; ``abnormal`` when it keeps hands from beginning or cannot be trusted."""

    text: str
    tip: str
    abnormal: bool


def limit_rows(risk: RiskStatus) -> tuple[LimitRow, ...]:
    """Every limit in chips and big blinds, the session's first."""
    return tuple(_row(each, risk) for each in headrooms(risk))


def _row(room: Headroom, risk: RiskStatus) -> LimitRow:
    return LimitRow(
        _TITLES[room.key],
        _used(room, risk),
        _left(room, risk.big_blind),
        room.share_left,
        room.share_left < LOW_HEADROOM,
        _TIPS[room.key],
    )


def _used(room: Headroom, risk: RiskStatus) -> str:
    match room.key:
        case "risk-bankroll":
            return f"{chips(room.used)}, floor {chips(room.limit)}"
        case "risk-session" if risk.session_result > 0:
            return f"{signed_chips(risk.session_result)}, may lose {chips(room.limit)}"
    return f"{chips(room.used)} of {chips(room.limit)}"


def _left(room: Headroom, big_blind: int) -> str:
    if room.unit == "hands" or big_blind <= 0:
        return f"{chips(room.left)} left"
    return f"{chips(room.left)} left · {big_blinds(room.left, big_blind)}"


def big_blinds(amount: int, big_blind: int) -> str:
    """Chips as big blinds, with a tenth where that says something."""
    value = amount / big_blind
    return (
        f"{value:,.1f} bb".replace(",", "\N{NARROW NO-BREAK SPACE}")
        if abs(value) < 100
        else f"{chips(round(value))} bb"
    )


def calendar_line(calendar: CalendarStatus, utc_s: float) -> CalendarLine:
    """What the calendar says at ``utc_s`` (seconds since 1970)."""
    if not calendar.enabled:
        return CalendarLine("Event calendar off", "No calendar is asked in this profile", False)
    source = f"From {calendar.source or 'no source'}{_age(calendar)}"
    if calendar.blocked:
        end = f", {seconds_span(calendar.current.end - utc_s)} left" if calendar.current is not None else ""
        return CalendarLine(f"Event window open: {calendar.blocked}{end}", source, True)
    if calendar.stale:
        return CalendarLine(f"Event calendar not trusted: {calendar.stale}", source, True)
    if calendar.next is None:
        return CalendarLine("No event window ahead", source, False)
    wait = calendar.next.start - utc_s
    return CalendarLine(f"Next event: {calendar.next.name} in {_countdown(wait)}", source, wait <= SOON_S)


def _countdown(seconds: float) -> str:
    """Minutes and seconds in the last hour."""
    if 60 <= seconds < 3600:
        return f"{int(seconds) // 60}:{int(seconds) % 60:02d} min"
    return seconds_span(seconds)


def _age(calendar: CalendarStatus) -> str:
    return "" if calendar.age_s is None else f", confirmed {seconds_span(calendar.age_s)} ago"
