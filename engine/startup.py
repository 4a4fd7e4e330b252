"""The checks before arming: each names what was found and, when it is not good, what to do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.clock import MILLISECOND
from engine.ports import Journal, TableGuard
from engine.words import CheckResult, Look, Mode

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


def run(now: Circumstances) -> Sequence[CheckResult]:
    """All checks, in the order in which an operator would mend them."""
    checks: tuple[Callable[[Circumstances], CheckResult], ...] = (_not_stopped, _table, _local, _sight, _journal)
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
