"""The checks before arming: each names what was found and, when it is not good, what to do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.clock import MILLISECOND
from engine.ports import Journal, TableGuard
from engine.words import (
    CalendarStatus,
    CertificateStatus,
    CheckResult,
    Component,
    ComponentHealth,
    HealthState,
    Look,
    Mode,
    RiskVerdict,
)

FAST_ENOUGH = 250 * MILLISECOND


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the checks look at: the mode, the newest look, and the stages that must answer."""

    mode: Mode
    reason: str
    look: Look | None
    confidence_limit: float
    journal: Journal
    guard: TableGuard
    health: tuple[ComponentHealth, ...]
    risk: RiskVerdict
    calendar: CalendarStatus
    certificates: tuple[CertificateStatus, ...]


def run(now: Circumstances) -> Sequence[CheckResult]:
    """All checks, in the order in which an operator would mend them."""
    checks: list[Callable[[Circumstances], CheckResult]] = [_not_stopped, _table, _local, _sight, _journal]
    checks += [_components, _risk]
    if now.calendar.enabled:
        checks.append(_calendar)
    if now.certificates:
        checks.append(_drills)
    return [check(now) for check in checks]


def _not_stopped(now: Circumstances) -> CheckResult:
    if now.mode is Mode.STOPPED:
        return CheckResult("No stop is latched", False, now.reason, "Find the cause, then reset.")
    return CheckResult("No stop is latched", True, f"mode {now.mode}")


def _table(now: Circumstances) -> CheckResult:
    name = "The whole table is in sight"
    if now.look is None:
        return CheckResult(name, False, "the eyes have not looked yet", "Wait a moment and try again.")
    if now.look.blindness is not None:
        detail = f"{now.look.blindness} {now.look.detail}".strip()
        return CheckResult(name, False, detail, "Open the table, bring it to the front and leave it uncovered.")
    return CheckResult(name, True, "nothing covers it")


def _local(now: Circumstances) -> CheckResult:
    name = "The table is proved local"
    seen = now.look.observation if now.look is not None else None
    if seen is None:
        return CheckResult(name, False, "there is no table to prove", "Open the practice table first.")
    verdict = now.guard.check(seen.window)
    advice = "" if verdict.allowed else "Close what the reason names; only local tables are played."
    return CheckResult(name, verdict.allowed, verdict.reason, advice)


def _sight(now: Circumstances) -> CheckResult:
    name = "The eyes read the table"
    seen = now.look.observation if now.look is not None else None
    if seen is None:
        return CheckResult(name, False, now.look.detail if now.look else "", "Check theme and size of the table.")
    good = seen.confidence >= now.confidence_limit
    detail = f"confidence {seen.confidence:.4f}, weakest {seen.weakest}"
    return CheckResult(name, good, detail, "" if good else "Check theme and size of the table.")


def _journal(now: Circumstances) -> CheckResult:
    name = "The journal takes rows in time"
    good = now.journal.commit("check", {"purpose": "start-up"}, FAST_ENOUGH)
    detail = f"within {FAST_ENOUGH // MILLISECOND} ms" if good else f"not within {FAST_ENOUGH // MILLISECOND} ms"
    return CheckResult(name, good, detail, "" if good else "Free the disk or choose a faster one (PITBOSS_HOME).")


def _components(now: Circumstances) -> CheckResult:
    name = "Every component is ready"
    needed = [each for each in now.health if each.component is not Component.ADVISERS]
    unready = [each for each in needed if each.state not in (HealthState.READY, HealthState.OFF)]
    if not unready:
        return CheckResult(name, True, ", ".join(each.component for each in needed))
    detail = "; ".join(f"{each.component} {each.state}{f' ({each.detail})' if each.detail else ''}" for each in unready)
    return CheckResult(name, False, detail, "Wait until it is ready; see the health panel when it does not come.")


def _risk(now: Circumstances) -> CheckResult:
    name = "The risk limits leave room for a hand"
    verdict = now.risk
    detail = f"{verdict.measured} against {verdict.limit}" if verdict.limit else verdict.reason
    advice = "" if verdict.allowed else "The risk panel shows which limit; docs/risk.md says how each is counted."
    return CheckResult(name, verdict.allowed, detail, advice)


def _calendar(now: Circumstances) -> CheckResult:
    name = "The event calendar lets hands begin"
    wrong = now.calendar.blocked or now.calendar.stale
    if wrong:
        return CheckResult(name, False, wrong, "Wait for the window's end, or renew the calendar's source.")
    coming = now.calendar.next
    return CheckResult(name, True, f"next: {coming.name}" if coming else "nothing is coming")


def _drills(now: Circumstances) -> CheckResult:
    name = "Every mandatory drill has passed here"
    due = [each for each in now.certificates if not each.current]
    if not due:
        return CheckResult(name, True, f"{len(now.certificates)} drills")
    detail = "; ".join(f"{each.drill}: {each.detail}" for each in due)
    advice = "Run what is due in the drills panel, or with: pitboss drill --all --profile prod"
    return CheckResult(name, False, detail, f"{advice} (and the same --config, where one is given)")
