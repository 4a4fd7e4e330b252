"""What the console says: the engine's values in the operator's words. Plain functions, no Qt."""

from dataclasses import dataclass

from engine.clock import SECOND
from engine.game.actions import Action, ActionKind
from engine.game.state import SeatState, Street, TableState
from engine.safety.alarm_rows import BY_CAUSE
from engine.safety.alarm_table import PAGE
from engine.words import Blindness, Cause, Mode, Receipt, Snapshot

# The confidence below which no frame may be acted on, as the mission states it.
CONFIDENCE_LIMIT = 0.99
# The eyes look ten times a second; a picture of a second ago has missed ten looks.
STALE_AFTER_NS = SECOND

_GAP, _THIN_GAP = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"

STREETS = {Street.PREFLOP: "Pre-flop", Street.FLOP: "Flop", Street.TURN: "Turn", Street.RIVER: "River"}
MODE_MEANING = {
    Mode.STANDBY: "Nothing acts.",
    Mode.SHADOW: "Decides, never acts.",
    Mode.LIVE: "Decides and presses.",
    Mode.SAFE: "Checks or folds only.",
    Mode.HOLD: "No press: the eyes are shut.",
    Mode.STOPPED: "Nothing acts until a reset.",
}
CAUSES = {cause: alarm.title for cause, alarm in BY_CAUSE.items() if alarm.latched}

# Nothing was measured against a limit: a person asked for it.
OPERATOR_STOPS = {
    Cause.OPERATOR_BUTTON,
    Cause.OPERATOR_HOTKEY,
    Cause.OPERATOR_COMMAND,
    Cause.OPERATOR_CORNER,
}
REASONS: dict[str, str] = {
    Cause.ARM: "armed by the operator",
    Cause.DISARM: "disarmed by the operator",
    Cause.SHADOW_ON: "shadow asked for by the operator",
    Cause.FINISH: "finishing the hand, asked for by the operator",
    Cause.RESET: "a stop was reset by the operator",
    Cause.EYES_BACK: "the eyes are back",
    Cause.HAND_OVER: "the hand is over",
    Cause.SOLVER_BACK: "the solver is back",
    Cause.ADVISERS_BACK: "the advisers are back",
    Cause.RESOURCES_BACK: "there is time and memory again",
}
_DEGRADING: dict[str, str] = {
    cause: f"{alarm.title[:1].lower()}{alarm.title[1:]}" for cause, alarm in BY_CAUSE.items() if not alarm.latched
}


@dataclass(frozen=True, slots=True)
class Notice:
    """Words over something that must not be taken at its face: a title and its reason."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """Not ready, Ready or Armed, with a short reason."""

    word: str
    reason: str


def sentence(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def clock_part(utc: str) -> str:
    """The time of day of an ISO timestamp; the text itself when it is not one."""
    return utc.partition("T")[2].removesuffix("+00:00").removesuffix("Z") or utc


def utc_text(utc: str) -> str:
    """An ISO timestamp as date, time and the word UTC."""
    return f"{utc.replace('T', ' ').removesuffix('+00:00').removesuffix('Z').removesuffix(' UTC')} UTC"


def cause_title(cause: Cause) -> str:
    return CAUSES.get(cause, sentence(str(cause).replace("-", " ")))


def stop_page(cause: Cause) -> str:
    """The document and anchor about a stop."""
    return BY_CAUSE[cause].page if cause in BY_CAUSE else PAGE


def reason_text(reason: str) -> str:
    """Why a mode was entered, from the engine's ``cause: measured``; any other text as it is."""
    cause, _, measured = reason.partition(": ")
    if cause == Cause.BLIND:
        return measured
    degraded = _DEGRADING.get(cause)
    if degraded is not None:
        return ": ".join(filter(None, (degraded, measured)))
    return REASONS.get(cause, reason)


def chips(amount: int) -> str:
    """Chips with thousands apart."""
    return f"{amount:,}".replace(",", _THIN_GAP)


def signed_chips(amount: float, digits: int = 0) -> str:
    """Chips won (+) or lost (a true minus)."""
    text = f"{amount:+,.{digits}f}".replace(",", _THIN_GAP)
    return text.replace("-", "\N{MINUS SIGN}")


def milliseconds(nanoseconds: float) -> str:
    """A duration with three significant figures at most, in ms or, from ten seconds on, in s."""
    ms = nanoseconds / 1e6
    if ms >= 10_000:
        return f"{ms / 1000:.1f}{_GAP}s"
    return f"{ms:.1f}{_GAP}ms" if ms < 100 else f"{ms:.0f}{_GAP}ms"


def action_text(action: Action) -> str:
    """An action as a player says it: Fold, Check, Call 4, Bet 12, Raise to 24."""
    if action.kind is ActionKind.RAISE:
        return f"Raise to {chips(action.amount)}"
    return f"{sentence(str(action.kind))} {chips(action.amount)}" if action.amount else sentence(str(action.kind))


def is_finishing(snapshot: Snapshot) -> bool:
    """Whether the hand is played to its end by the operator's wish already."""
    return snapshot.mode is Mode.SAFE and snapshot.mode_reason.partition(":")[0] == Cause.FINISH


def readiness(snapshot: Snapshot) -> Readiness:
    """Whether the bot could be armed, and why not."""
    if snapshot.mode is Mode.STOPPED:
        return Readiness("Not ready", "stopped; reset first")
    if snapshot.armed:
        return Readiness("Armed", _armed_reason(snapshot))
    failed = [check.name for check in snapshot.checks if not check.ok]
    if failed:
        return Readiness("Not ready", ", ".join(failed))
    if not snapshot.checks:
        return Readiness("Not ready", "not checked yet")
    return Readiness("Ready", f"{len(snapshot.checks)} checks pass")


def _armed_reason(snapshot: Snapshot) -> str:
    if not snapshot.actuator_alive:
        return "the actuator is not connected"
    return "" if snapshot.watchdog_alive else "the watchdog is not running"


def picture_notice(snapshot: Snapshot, silent_ns: int) -> Notice | None:
    """Why the picture of the table must not be taken for the present; None when it may be."""
    if silent_ns >= STALE_AFTER_NS:
        return Notice("Engine silent", f"No word from the engine for {silent_ns / SECOND:.0f} s")
    age = picture_age(snapshot)
    look = snapshot.look
    if look is not None and look.blindness is not None:
        title = "HOLD" if snapshot.mode is Mode.HOLD else "Eyes shut"
        return Notice(title, _with_age(_blind(look.blindness, look.detail), age))
    if snapshot.mode is Mode.HOLD:
        return Notice("HOLD", _with_age(reason_text(snapshot.mode_reason), age))
    if snapshot.frame is None:
        return Notice("No picture", "No table has been captured yet")
    if age >= STALE_AFTER_NS:
        return Notice("Stale picture", _with_age("no new frame from the eyes", age))
    return None


def picture_age(snapshot: Snapshot) -> int:
    """Nanoseconds since the shown frame was captured; 0 without one."""
    return 0 if snapshot.frame is None else max(0, snapshot.at - snapshot.frame.captured_at)


def _blind(blindness: Blindness, detail: str) -> str:
    return f"{blindness.value}: {detail}" if detail and detail != blindness.value else blindness.value


def _with_age(text: str, age_ns: int) -> str:
    return f"{sentence(text)}\nPicture from {age_ns / SECOND:.1f} s ago" if age_ns else sentence(text)


def state_warning(snapshot: Snapshot, silent_ns: int) -> str:
    """Why the state shown is not, or may not be, that of the table; empty when it is."""
    if snapshot.state_problem:
        return f"State refused: {snapshot.state_problem}"
    notice = picture_notice(snapshot, silent_ns)
    return f"Not current: {notice.title}" if notice is not None and snapshot.state is not None else ""


def receipt_text(receipt: Receipt | None) -> str:
    if receipt is None:
        return ""
    if receipt.verified:
        return f"verified on screen in {milliseconds(receipt.took_ns)}"
    return f"not verified: {receipt.detail}"


def hand_name(hand_id: str) -> str:
    """A hand as the operator counts it: its number alone, without the session's name before it."""
    return f"hand {hand_id.rpartition('-')[2]}"


def seat_name(state: TableState, seat: int) -> str:
    return "You" if seat == state.hero else f"Seat {seat}"


def seat_status(state: TableState, seat: SeatState) -> str:
    if seat.folded:
        return "folded"
    if state.to_act == seat.seat:
        return "to act"
    return "all-in" if seat.all_in else "in"


def history_lines(state: TableState) -> list[tuple[str, str]]:
    """One (street, actions) pair for every street that saw an action."""
    lines: dict[Street, list[str]] = {}
    for record in state.history:
        text = action_text(record.action)
        lines.setdefault(record.street, []).append(f"{seat_name(state, record.seat)} {text[0].lower()}{text[1:]}")
    return [(STREETS[street], ", ".join(actions)) for street, actions in lines.items()]
