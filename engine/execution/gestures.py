"""Which gesture carries an action out: the control to press, or the amount to enter first.

One gesture an intent. A bet is two: the amount is entered, and only when a fresh frame reads it back is it confirmed.
"""

from dataclasses import dataclass

from engine.game.actions import Action, ActionKind, LegalActions
from engine.game.state import TableState
from engine.words import ControlReading, GestureKind, Intent, Observation


class ControlError(ValueError):
    """The screen does not offer what an action needs."""


@dataclass(frozen=True, slots=True)
class Gesture:
    """One gesture on one control. ``final`` says that it makes the action; otherwise another follows."""

    kind: GestureKind
    control: ControlReading
    text: str
    final: bool


def disagreement(legal: LegalActions, seen: Observation) -> str:
    """Why the controls on the screen contradict the legal actions; "" when they agree."""
    fold, check, call = (_enabled(seen, kind) for kind in ("fold", "check", "call"))
    if check is None and call is None and fold is None:
        return "it is our turn, but no action button is enabled"
    if legal.can_check != (check is not None):
        return f"the rules want {legal.call_amount} to call, but the screen {'offers' if check else 'has no'} check"
    if call is not None and call.amount.value != legal.call_amount:
        return f"the rules want {legal.call_amount} to call, the button says {call.amount.value}"
    return ""


def offered(legal: LegalActions, seen: Observation) -> LegalActions:
    """The legal actions as far as the screen offers them too: no raise without its controls."""
    confirm = seen.control("bet" if legal.opening else "raise")
    if legal.can_raise and _enabled(seen, "amount") is not None and confirm is not None:
        return legal
    return LegalActions(legal.call_amount)


def next_gesture(action: Action, legal: LegalActions, seen: Observation) -> Gesture:
    """The gesture to make now for ``action``; ControlError when the screen does not offer it."""
    if action.kind not in (ActionKind.BET, ActionKind.RAISE):
        return _press(seen, action.kind)
    all_in = _enabled(seen, "all-in")
    if action.amount == legal.max_to and all_in is not None and all_in.amount.value == action.amount:
        return Gesture(GestureKind.CLICK, all_in, "", True)
    entry = _enabled(seen, "amount")
    if entry is None:
        raise ControlError("there is no amount field to enter a bet")
    confirm = _enabled(seen, action.kind)
    if entry.amount.value == action.amount and confirm is not None and confirm.amount.value == action.amount:
        return Gesture(GestureKind.CLICK, confirm, "", True)
    return Gesture(GestureKind.ENTER_AMOUNT, entry, str(action.amount), False)


def as_intent(gesture: Gesture, intent_id: int, state: TableState, seen: Observation) -> Intent:
    """The intent for a gesture, aimed at the centre of its control on the screen."""
    window = seen.window
    x, y = gesture.control.box.centre
    return Intent(
        intent_id=intent_id,
        hand_id=state.hand_id,
        kind=gesture.kind,
        purpose=gesture.control.kind,
        x=window.box.x + x,
        y=window.box.y + y,
        text=gesture.text,
        passive=gesture.control.kind in ("fold", "check"),
        view_id=seen.view_id,
        window=window,
    )


def _press(seen: Observation, kind: str) -> Gesture:
    control = _enabled(seen, kind)
    if control is None:
        raise ControlError(f"the screen offers no enabled {kind} button")
    return Gesture(GestureKind.CLICK, control, "", True)


def _enabled(seen: Observation, kind: str) -> ControlReading | None:
    control = seen.control(kind)
    return control if control is not None and control.enabled.value else None
