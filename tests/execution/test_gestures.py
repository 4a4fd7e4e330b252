"""Which gesture an action takes on which picture, and where its intent is aimed."""

from collections.abc import Iterable

import pytest

from engine.execution.gestures import ControlError, Gesture, as_intent, disagreement, next_gesture, offered
from engine.game.actions import Action, ActionKind, LegalActions
from engine.game.state import SeatState, Street, TableState
from engine.words import Box, ControlReading, GestureKind, Observation, Reading, WindowInfo

CHECK, FOLD = Action(ActionKind.CHECK), Action(ActionKind.FOLD)
FACING = LegalActions(40, 80, 2000)
FREE = LegalActions(0, 20, 2000, opening=True)
WINDOW = WindowInfo(7, "Pitboss Practice Table", "pitboss-table", Box(100, 50, 960, 600))
NOWHERE = Box(0, 0, 1, 1)
PLACES = {"fold": 0, "check": 1, "call": 1, "bet": 2, "raise": 2, "all-in": 3, "amount": 4}

Shown = tuple[str, bool | None, int | None]


def reading(value: int | None) -> Reading[int]:
    return Reading(value, 1.0 if value is not None else 0.0, NOWHERE)


def control(kind: str, enabled: bool | None, amount: int | None) -> ControlReading:
    box = Box(100 * PLACES[kind], 500, 90, 40)
    return ControlReading(kind, Reading(enabled, 1.0 if enabled is not None else 0.0, box), reading(amount), box)


def picture(*controls: Shown) -> Observation:
    return Observation(
        sequence=5,
        captured_at=1000,
        window=WINDOW,
        scale=1.0,
        hand_number=reading(3),
        hole=(),
        board=(),
        pot=reading(60),
        seats=(),
        button=reading(0),
        turn=reading(0),
        controls=tuple(control(*shown) for shown in controls),
        confidence=1.0,
        weakest="pot",
        view_id=77,
    )


def facing(field: int = 80, confirm: int | None = 80) -> Observation:
    return picture(
        ("fold", True, 0),
        ("call", True, 40),
        ("raise", confirm is not None, confirm or 0),
        ("all-in", True, 2000),
        ("amount", True, field),
    )


def free(field: int = 20) -> Observation:
    return picture(
        ("fold", False, 0), ("check", True, 0), ("bet", True, field), ("all-in", True, 2000), ("amount", True, field)
    )


def raise_to(amount: int) -> Action:
    return Action(ActionKind.RAISE, amount)


def short(gesture: Gesture) -> tuple[str, str, str, bool]:
    return gesture.kind, gesture.control.kind, gesture.text, gesture.final


@pytest.mark.parametrize(
    ("action", "legal", "seen", "control"),
    [
        (FOLD, FACING, facing(), "fold"),
        (Action(ActionKind.CALL, 40), FACING, facing(), "call"),
        (CHECK, FREE, free(), "check"),
        (raise_to(80), FACING, facing(field=80, confirm=80), "raise"),
        (Action(ActionKind.BET, 20), FREE, free(field=20), "bet"),
        (raise_to(2000), FACING, facing(), "all-in"),
    ],
)
def test_one_click_makes_what_the_screen_offers(
    action: Action, legal: LegalActions, seen: Observation, control: str
) -> None:
    assert short(next_gesture(action, legal, seen)) == (GestureKind.CLICK, control, "", True)


@pytest.mark.parametrize("seen", [facing(field=80), facing(field=120, confirm=None), facing(field=120, confirm=80)])
def test_another_amount_is_entered_first_and_confirmed_only_when_field_and_button_read_it(seen: Observation) -> None:
    gesture = next_gesture(raise_to(120), FACING, seen)
    assert short(gesture) == (GestureKind.ENTER_AMOUNT, "amount", "120", False)
    assert next_gesture(raise_to(120), FACING, facing(120, 120)).final


def test_an_all_in_button_with_another_amount_is_not_pressed() -> None:
    seen = picture(("fold", True, 0), ("raise", True, 80), ("all-in", True, 1990), ("amount", True, 80))
    assert short(next_gesture(raise_to(2000), FACING, seen))[1] == "amount"


@pytest.mark.parametrize("enabled", [False, None])
def test_what_is_not_enabled_or_not_known_to_be_is_not_pressed(enabled: bool | None) -> None:
    seen = picture(("fold", enabled, 0), ("call", enabled, 40), ("raise", enabled, 80), ("amount", enabled, 80))
    for action in (FOLD, Action(ActionKind.CALL, 40), raise_to(80)):
        with pytest.raises(ControlError):
            next_gesture(action, FACING, seen)


def test_what_is_not_shown_is_named() -> None:
    with pytest.raises(ControlError, match="no enabled call button"):
        next_gesture(Action(ActionKind.CALL, 40), FACING, picture())
    with pytest.raises(ControlError, match="no amount field"):
        next_gesture(raise_to(80), FACING, picture(("raise", True, 80)))


def without(seen: Observation, kinds: Iterable[str]) -> Observation:
    kept = [one for one in seen.controls if one.kind not in kinds]
    return picture(*((one.kind, one.enabled.value, one.amount.value) for one in kept))


def test_controls_that_agree_with_the_rules() -> None:
    assert disagreement(FACING, facing()) == ""
    assert disagreement(FREE, free()) == ""


@pytest.mark.parametrize(
    ("legal", "seen", "why"),
    [
        (FACING, picture(), "no action button is enabled"),
        (FACING, free(), "the screen offers check"),
        (FREE, facing(), "the screen has no check"),
        (LegalActions(60, 80, 2000), facing(), "the rules want 60 to call, the button says 40"),
        (FACING, picture(("fold", True, 0), ("call", True, None)), "the button says None"),
    ],
)
def test_controls_that_contradict_the_rules(legal: LegalActions, seen: Observation, why: str) -> None:
    assert why in disagreement(legal, seen)


@pytest.mark.parametrize("missing", ["amount", "raise"])
def test_no_raise_is_offered_without_its_controls(missing: str) -> None:
    assert offered(FACING, facing()) == FACING
    assert offered(FACING, without(facing(), [missing])) == LegalActions(40)


def test_a_bet_is_not_confirmed_with_a_raise_button() -> None:
    assert offered(FREE, without(free(), ["bet"])) == LegalActions(0)
    assert offered(LegalActions(40), facing()) == LegalActions(40), "the rules allow no raise"


def test_an_intent_is_aimed_at_the_middle_of_its_control_on_the_screen() -> None:
    seats = (SeatState(0, 2000, 1980, 20, False), SeatState(1, 2000, 1940, 60, False))
    state = TableState("s-3", 0, 0, 10, 20, seats, ("As", "Kd"), (), Street.PREFLOP, 80, (), 0, FACING)
    intent = as_intent(next_gesture(Action(ActionKind.CALL, 40), FACING, facing()), 9, state, facing())
    assert (intent.x, intent.y) == (100 + 145, 50 + 520)
    assert (intent.intent_id, intent.hand_id, intent.purpose, intent.view_id) == (9, "s-3", "call", 77)
    assert (intent.kind, intent.text, intent.window) == (GestureKind.CLICK, "", WINDOW)


@pytest.mark.parametrize(
    ("action", "legal", "seen", "passive"),
    [
        (FOLD, FACING, facing(), True),
        (CHECK, FREE, free(), True),
        (Action(ActionKind.CALL, 40), FACING, facing(), False),
        (raise_to(2000), FACING, facing(), False),
        (raise_to(120), FACING, facing(), False),
    ],
)
def test_only_check_and_fold_are_passive(action: Action, legal: LegalActions, seen: Observation, passive: bool) -> None:
    seats = (SeatState(0, 2000, 1980, 20, False),)
    state = TableState("s-3", 0, 0, 10, 20, seats, (), (), Street.PREFLOP, 80, (), 0, legal)
    assert as_intent(next_gesture(action, legal, seen), 1, state, seen).passive is passive
