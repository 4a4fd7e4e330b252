"""Which conditions of the alarm table hold now, each with what was measured: a pure function of what is known."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.safety.alarm_rows import BY_CAUSE, BY_COMPONENT
from engine.safety.alarm_table import LOW_HEADROOM, SOON_S
from engine.safety.headroom import Headroom, headrooms
from engine.words import (
    CalendarStatus,
    Cause,
    CertificateStatus,
    Component,
    ComponentHealth,
    Degradation,
    HealthState,
    Mode,
    PanicStopEvent,
    RiskStatus,
)

UNWELL = frozenset({HealthState.NOT_READY, HealthState.STALLED, HealthState.GONE, HealthState.SPENT})
DEGRADED_BY = {
    Degradation.CACHE_ONLY: Cause.SOLVER_LOST,
    Degradation.GTO_ONLY: Cause.ADVISERS_LOST,
    Degradation.LEAN: Cause.RESOURCES,
}
CAUSE_OF_MODE = frozenset(
    {
        Cause.BLIND,
        Cause.SOLVER_LOST,
        Cause.ADVISERS_LOST,
        Cause.RESOURCES,
        Cause.EVENT_WINDOW,
        Cause.CALENDAR_STALE,
        Cause.DESK_CHANGED,
    }
)
"""Causes that are read off the reason of the present mode, as ``cause: what was measured``."""


@dataclass(frozen=True, slots=True)
class AlarmInputs:
    """What the alarms are derived from. ``utc_s``: seconds since 1970. ``prod``: whether certificates are asked for."""

    mode: Mode
    mode_reason: str
    panic: PanicStopEvent | None
    degraded: frozenset[Degradation]
    health: tuple[ComponentHealth, ...]
    risk: RiskStatus
    calendar: CalendarStatus
    certificates: tuple[CertificateStatus, ...]
    utc_s: float
    prod: bool


def active_alarms(now: AlarmInputs) -> dict[str, str]:
    """The key of every alarm whose condition holds, and its detail in words."""
    found: dict[str, str] = {}
    for part in (_stop(now), _mode(now), _degraded(now), _health(now), _risk(now), _calendar(now), _duties(now)):
        for key, detail in part.items():
            # Whoever says more than nothing is heard first.
            found[key] = found.get(key) or detail
    return found


def _stop(now: AlarmInputs) -> Mapping[str, str]:
    if now.mode is not Mode.STOPPED:
        return {}
    if now.panic is None:
        return {BY_CAUSE[Cause.LATCH_UNREADABLE].key: now.mode_reason}
    limit = f"; limit: {now.panic.limit}" if now.panic.limit else ""
    # A record of another cause than those that latch is itself a fault, and never nothing.
    named = BY_CAUSE.get(now.panic.cause)
    alarm = named if named is not None and named.latched else BY_CAUSE[Cause.ENGINE_FAULT]
    return {alarm.key: f"{now.panic.measured}{limit}"}


def _mode(now: AlarmInputs) -> Mapping[str, str]:
    """Why the mode permits less, as long as that mode lasts."""
    name, _, measured = now.mode_reason.partition(": ")
    if now.mode in (Mode.LIVE, Mode.SHADOW, Mode.STOPPED) or name not in CAUSE_OF_MODE:
        return {}
    cause = Cause(name)
    if now.mode is Mode.STANDBY and cause is not Cause.DESK_CHANGED:
        return {}
    return {BY_CAUSE[cause].key: measured}


def _degraded(now: AlarmInputs) -> Mapping[str, str]:
    return {BY_CAUSE[DEGRADED_BY[each]].key: "" for each in now.degraded}


def _health(now: AlarmInputs) -> Mapping[str, str]:
    found = {BY_COMPONENT[each.component].key: _unwell(each) for each in now.health if each.state in UNWELL}
    spent = [each for each in now.health if _spent(each)]
    if spent:
        found["last-restart"] = "; ".join(
            f"{each.component}: {each.restarts} restarts used, none left" for each in spent
        )
    return found


def _spent(health: ComponentHealth) -> bool:
    """Nothing that was never started again has spent anything, whatever its budget."""
    restarted = health.component in (Component.EYES, Component.SOLVER, Component.ADVISERS)
    return restarted and health.restarts > 0 and health.restarts_left == 0


def _unwell(health: ComponentHealth) -> str:
    return f"{health.state}: {health.detail}" if health.detail else str(health.state)


def _risk(now: AlarmInputs) -> Mapping[str, str]:
    return {each.key: _left(each) for each in headrooms(now.risk) if each.share_left < LOW_HEADROOM}


def _left(headroom: Headroom) -> str:
    if headroom.key == "risk-bankroll":
        return f"{headroom.used} chips, {headroom.left} above the floor of {headroom.limit}"
    return f"{headroom.used} of {headroom.limit} {headroom.unit} used, {headroom.left} left"


def _calendar(now: AlarmInputs) -> Mapping[str, str]:
    calendar, found = now.calendar, {}
    if not calendar.enabled:
        return {}
    if calendar.blocked:
        found["event-window"] = calendar.blocked
    if calendar.stale:
        found["calendar-stale"] = calendar.stale
    if calendar.next is not None and 0 <= calendar.next.start - now.utc_s <= SOON_S:
        # Whole minutes and no countdown: a detail that changes every second is not read.
        minutes = max(1, round((calendar.next.start - now.utc_s) / 60))
        found["event-soon"] = f"{calendar.next.name} in {minutes} min"
    return found


def _duties(now: AlarmInputs) -> Mapping[str, str]:
    due = [each for each in now.certificates if not each.current]
    if not now.prod or not due:
        return {}
    return {"drills-due": f"{len(due)} of {len(now.certificates)}: {', '.join(each.drill for each in due)}"}
