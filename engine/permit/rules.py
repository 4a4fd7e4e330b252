"""The one question before every press and key: may it be made now? Pure, and "" is the only yes."""

from dataclasses import dataclass

from engine.permit.clock import MILLISECOND
from engine.permit.words import PermitMode, Rectangle, Words

PERMIT_LIMIT = 225 * MILLISECOND
"""No press reaches the screen later than 250 ms after the capture it acts on: 25 ms are for its way there (2 ms as a
rule, 21 at worst), since a press checked at 250 ms was seen to arrive at 252."""

ENGINE_BEAT_LIMIT = 225 * MILLISECOND
"""The engine steps every few milliseconds; one that was silent this long did not agree to this press. As short as the
permit's, and for the same reason: no press is seen later than 250 ms after the engine's last step."""

WATCHDOG_BEAT_LIMIT = 500 * MILLISECOND
"""The watchdog beats every 5 ms; contended wake-ups were at most 158 ms late, so 500 ms means it is gone."""

QUEUE_LIMIT = 250 * MILLISECOND
"""A request that lay this long in the pipe is not begun: nobody waits for it any more."""

REQUEST_LIMIT = 1000 * MILLISECOND
"""No press or key later than this after it was asked for. A gesture takes 100 to 500 ms; a machine that slept in the
middle of one does not finish it when it wakes."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a press claims: the epoch it was made for, its number, the view it was decided on, and if it is passive.

    ``asked_at`` is when it was asked for, ``point`` where on the screen it is to be made.
    """

    epoch: int
    intent_id: int
    view_id: int
    passive: bool
    asked_at: int
    point: tuple[int, int]


def refusal(words: Words, now: int, claim: Claim, last_intent: int) -> str:
    """Why the press may not be made at ``now``, or "" when it may.

    ``last_intent`` is the highest intent number used before this one (-1 for none).
    """
    return (
        _stop_refusal(words)
        or _mode_refusal(words, claim)
        or _claim_refusal(words, claim, last_intent)
        or _age_refusal("last confident frame", now, PERMIT_LIMIT, words.captured_at)
        or _age_refusal("engine's beat", now, ENGINE_BEAT_LIMIT, words.engine_beat)
        or _age_refusal("watchdog's beat", now, WATCHDOG_BEAT_LIMIT, words.watchdog_beat)
        or _age_refusal("request", now, REQUEST_LIMIT, claim.asked_at)
    )


def lateness(now: int, claim: Claim) -> str:
    """Why a request may not even be begun at ``now``, or "" when it may: it waited too long to be read."""
    return _age_refusal("request", now, QUEUE_LIMIT, claim.asked_at)


def _stop_refusal(words: Words) -> str:
    return f"stopped by {', '.join(map(str, words.stops))}" if words.stops else ""


def _mode_refusal(words: Words, claim: Claim) -> str:
    if words.mode not in (PermitMode.LIVE, PermitMode.SAFE):
        known = {int(mode): mode.name for mode in PermitMode}
        return f"mode {known.get(words.mode, words.mode)} allows no press"
    if claim.asked_at < words.mode_since:
        return "the mode has changed since the press was asked for"
    if words.mode == PermitMode.SAFE:
        return _safe_refusal(words, claim)
    return ""


def _safe_refusal(words: Words, claim: Claim) -> str:
    """What the engine calls a check or fold has to lie where the eyes see one, in the frame that gave the leave."""
    if not claim.passive:
        return "mode SAFE allows check and fold only"
    if not any(_holds(box, claim.point) for box in words.passive):
        return "mode SAFE allows check and fold only, and the eyes see neither at that point"
    return ""


def _holds(box: Rectangle, point: tuple[int, int]) -> bool:
    left, top, width, height = box
    return left <= point[0] < left + width and top <= point[1] < top + height


def _claim_refusal(words: Words, claim: Claim, last_intent: int) -> str:
    if words.epoch != claim.epoch:
        return "the permit page is of another epoch than the request"
    if claim.intent_id <= last_intent:
        return f"intent {claim.intent_id} was used: the last one was {last_intent}"
    if words.view_id != claim.view_id:
        return "the table shows something else than what was decided on"
    return ""


def _age_refusal(what: str, now: int, limit: int, written: int) -> str:
    if written == 0:
        return f"there is no {what}"
    age = now - written
    if age < 0:
        return f"the {what} is {-age / MILLISECOND:.1f} ms in the future"
    if age > limit:
        return f"the {what} is {age / MILLISECOND:.1f} ms old, the limit is {limit / MILLISECOND:.0f} ms"
    return ""
