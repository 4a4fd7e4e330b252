"""The one question before every press and key: may it be made now? Pure, and "" is the only yes."""

from dataclasses import dataclass

from engine.permit.clock import MILLISECOND
from engine.permit.page import PermitMode, Words

PERMIT_LIMIT = 225 * MILLISECOND
"""No press reaches the screen later than 250 ms after the capture it acts on: 25 ms are for its way there (2 ms as a
rule, 21 at worst), since a press checked at 250 ms was seen to arrive at 252."""

ENGINE_BEAT_LIMIT = 250 * MILLISECOND
"""The engine steps every few milliseconds; one that was silent this long did not agree to this press."""

WATCHDOG_BEAT_LIMIT = 500 * MILLISECOND
"""The watchdog beats every 5 ms; contended wake-ups were at most 158 ms late, so 500 ms means it is gone."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a press claims: the epoch it was made for, its number, the view it was decided on, and if it is passive."""

    epoch: int
    intent_id: int
    view_id: int
    passive: bool


def refusal(words: Words, now: int, claim: Claim, last_intent: int) -> str:
    """Why the press may not be made at ``now``, or "" when it may.

    ``last_intent`` is the highest intent number used before this one (-1 for none).
    """
    return (
        _stop_refusal(words)
        or _mode_refusal(words, claim)
        or _claim_refusal(words, claim, last_intent)
        or _age_refusal("last confident frame", now - words.captured_at, PERMIT_LIMIT, words.captured_at)
        or _age_refusal("engine's beat", now - words.engine_beat, ENGINE_BEAT_LIMIT, words.engine_beat)
        or _age_refusal("watchdog's beat", now - words.watchdog_beat, WATCHDOG_BEAT_LIMIT, words.watchdog_beat)
    )


def _stop_refusal(words: Words) -> str:
    return f"stopped by {', '.join(map(str, words.stops))}" if words.stops else ""


def _mode_refusal(words: Words, claim: Claim) -> str:
    if words.mode == PermitMode.LIVE or (words.mode == PermitMode.SAFE and claim.passive):
        return ""
    if words.mode == PermitMode.SAFE:
        return "mode SAFE allows check and fold only"
    known = {int(mode): mode.name for mode in PermitMode}
    return f"mode {known.get(words.mode, words.mode)} allows no press"


def _claim_refusal(words: Words, claim: Claim, last_intent: int) -> str:
    if words.epoch != claim.epoch:
        return "the permit page is of another epoch than the request"
    if claim.intent_id <= last_intent:
        return f"intent {claim.intent_id} was used: the last one was {last_intent}"
    if words.view_id != claim.view_id:
        return "the table shows something else than what was decided on"
    return ""


def _age_refusal(what: str, age: int, limit: int, written: int) -> str:
    if written == 0:
        return f"there is no {what}"
    if age < 0:
        return f"the {what} is {-age / MILLISECOND:.1f} ms in the future"
    if age > limit:
        return f"the {what} is {age / MILLISECOND:.1f} ms old, the limit is {limit / MILLISECOND:.0f} ms"
    return ""
