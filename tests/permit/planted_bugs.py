"""Bugs to be found: each replaces one piece of the real permit while a test runs."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from engine.clock import SECOND
from engine.permit import gesture, rules
from engine.permit.page import PermitMode
from engine.permit.parts import ActuatorPart, EnginePart, VisionPart
from engine.permit.rules import Claim
from engine.permit.words import STOP_WORDS, Word, Words
from tests.permit.world import World

Plant = Callable[[pytest.MonkeyPatch], None]


def a_stale_frame_renews(patch: pytest.MonkeyPatch) -> None:
    show = VisionPart.show

    def forgetful(part: VisionPart, captured_at: int, view_id: int, passive: Any) -> None:
        part._newest = 0
        show(part, captured_at, view_id, passive)

    patch.setattr(VisionPart, "show", forgetful)


def a_revoked_leave_is_renewed(patch: pytest.MonkeyPatch) -> None:
    """The engine's step writes back the time of the last good frame that the eyes have withdrawn."""
    show, beat = VisionPart.show, EnginePart.beat
    last = [0]

    def remembered(part: VisionPart, captured_at: int, view_id: int, passive: Any) -> None:
        last[0] = captured_at
        show(part, captured_at, view_id, passive)

    def renewing(part: EnginePart, now: int) -> None:
        beat(part, now)
        part._words[Word.CAPTURED_AT] = last[0]

    patch.setattr(VisionPart, "show", remembered)
    patch.setattr(EnginePart, "beat", renewing)


def a_stop_word_is_cleared(patch: pytest.MonkeyPatch) -> None:
    set_mode = EnginePart.set_mode

    def clearing(part: EnginePart, mode: PermitMode, now: int) -> None:
        for word in STOP_WORDS:
            part._words[word] = 0
        set_mode(part, mode, now)

    patch.setattr(EnginePart, "set_mode", clearing)


def an_intent_is_used_twice(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ActuatorPart, "use", lambda part, intent_id: None)


def another_actuator_forgets_what_was_used(patch: pytest.MonkeyPatch) -> None:
    """The number is kept in the process instead of the page."""
    patch.setattr(ActuatorPart, "last_intent", property(lambda part: getattr(part, "_kept", -1)))
    start = World.start_actuator

    def forgetting(world: World) -> None:
        start(world)
        vars(world.permit.actuator).pop("_kept", None)

    patch.setattr(World, "start_actuator", forgetting)
    patch.setattr(ActuatorPart, "use", lambda part, intent_id: setattr(part, "_kept", intent_id))


def limit_is_not_checked(name: str, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rules, name, 10**6 * 3600 * SECOND)


def the_future_is_accepted(patch: pytest.MonkeyPatch) -> None:
    known = rules._age_refusal

    def lenient(what: str, now: int, limit: int, written: int) -> str:
        return "" if written > now else known(what, now, limit, written)

    patch.setattr(rules, "_age_refusal", lenient)


def changed(patch: pytest.MonkeyPatch, change: Callable[[Words, Claim], tuple[Words, Claim]]) -> None:
    """The rules see other words or another claim than there are."""
    refusal = rules.refusal

    def altered(words: Words, now: int, claim: Claim, last_intent: int) -> str:
        words, claim = change(words, claim)
        return refusal(words, now, claim, last_intent)

    patch.setattr(gesture, "refusal", altered)


def the_view_is_not_compared(patch: pytest.MonkeyPatch) -> None:
    changed(patch, lambda words, claim: (words, replace(claim, view_id=words.view_id)))


def the_epoch_is_not_compared(patch: pytest.MonkeyPatch) -> None:
    changed(patch, lambda words, claim: (words, replace(claim, epoch=words.epoch)))


def a_change_of_mode_voids_nothing(patch: pytest.MonkeyPatch) -> None:
    changed(patch, lambda words, claim: (replace(words, mode_since=0), claim))


def safe_believes_the_engine(patch: pytest.MonkeyPatch) -> None:
    changed(patch, lambda words, claim: (replace(words, passive=((0, 0, 9999, 9999),)), claim))


def safe_lets_anything_through(patch: pytest.MonkeyPatch) -> None:
    changed(patch, lambda words, claim: (replace(words, passive=((0, 0, 9999, 9999),)), replace(claim, passive=True)))


def the_permit_is_looked_at_once_a_gesture(patch: pytest.MonkeyPatch) -> None:
    """Before the pointer moves, and not again before the press."""
    patch.setattr(gesture.Gesture, "_check_everything", lambda made: made._clock.now())


def a_stop_is_not_looked_for(patch: pytest.MonkeyPatch) -> None:
    changed(patch, lambda words, claim: (replace(words, stops=()), claim))
    patch.setattr(gesture.Gesture, "_check_stop", lambda made: None)


BUGS: dict[str, Plant] = {
    "a stale frame renews": a_stale_frame_renews,
    "a revoked leave is renewed": a_revoked_leave_is_renewed,
    "a stop word is cleared": a_stop_word_is_cleared,
    "a stop is not looked for": a_stop_is_not_looked_for,
    "an intent is used twice": an_intent_is_used_twice,
    "another actuator forgets what was used": another_actuator_forgets_what_was_used,
    "the age of the frame is not checked": partial(limit_is_not_checked, "PERMIT_LIMIT"),
    "the engine's beat is not checked": partial(limit_is_not_checked, "ENGINE_BEAT_LIMIT"),
    "the watchdog's beat is not checked": partial(limit_is_not_checked, "WATCHDOG_BEAT_LIMIT"),
    "the age of the request is not checked": partial(limit_is_not_checked, "REQUEST_LIMIT"),
    "the future is accepted": the_future_is_accepted,
    "the view is not compared": the_view_is_not_compared,
    "the epoch is not compared": the_epoch_is_not_compared,
    "a change of mode voids nothing": a_change_of_mode_voids_nothing,
    "SAFE lets anything through": safe_lets_anything_through,
    "SAFE believes the engine": safe_believes_the_engine,
    "the permit is looked at once a gesture": the_permit_is_looked_at_once_a_gesture,
}
