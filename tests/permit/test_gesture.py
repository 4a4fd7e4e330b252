"""One gesture on a virtual clock: what it does, and everything that ends it before a press."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.clock import MILLISECOND
from engine.permit.device import DeviceError
from engine.permit.gesture import DWELL, HOLD, SETTLE, Gesture
from engine.permit.page import PermitMode, PermitPage, StopCode
from engine.permit.person import RECENT, YIELD, PersonWatch
from engine.permit.request import Report, read_request
from engine.words import GestureKind, Intent
from tests.permit.desk import TARGET, LivelyClock, StandInDevice, an_intent, as_message, renew


class Desk:
    """A device, a permit that stays good, and a gesture to try on them."""

    def __init__(self, permit: PermitPage) -> None:
        self.permit = permit
        self.clock = LivelyClock(permit)
        self.device = StandInDevice()
        self.person = PersonWatch()
        renew(permit, self.clock)

    def make(self, intent: Intent | None = None, last: int = 0) -> Report:
        return self.try_message(self.message(intent or an_intent()), last)

    def message(self, intent: Intent, **changes: object) -> dict[str, Any]:
        return as_message(intent, self.permit.epoch, self.clock.now(), **changes)

    def try_message(self, message: dict[str, Any], last: int = 0) -> Report:
        return Gesture(self.device, self.permit, self.clock, self.person, read_request(message), last).make()


@pytest.fixture
def desk(permit: PermitPage) -> Desk:
    return Desk(permit)


def test_a_click_moves_dwells_presses_holds_and_releases(desk: Desk) -> None:
    start = desk.clock.now()
    report = desk.make()
    assert (report.status, report.reason) == ("pressed", "")
    assert desk.device.done == ["move", "down", "up"]
    assert desk.device.position == TARGET
    assert report.pressed_at == start + DWELL
    assert report.ended_at == start + DWELL + HOLD + SETTLE


def test_an_amount_is_a_click_then_select_all_then_its_digits(desk: Desk) -> None:
    report = desk.make(an_intent(kind=GestureKind.ENTER_AMOUNT, text="1250", purpose="amount"))
    assert report.status == "pressed"
    assert desk.device.done == ["move", "down", "up", "select all", "1", "2", "5", "0"]


def test_the_keys_wait_for_the_focus_but_not_for_ever(desk: Desk) -> None:
    amount = an_intent(kind=GestureKind.ENTER_AMOUNT, text="40", purpose="amount")
    desk.device.focused = False
    report = desk.make(amount)
    assert (report.status, report.reason) == ("refused", "the keyboard belongs to another window")
    assert report.pressed_at > 0, "the click into the field was made"
    assert desk.device.done == ["move", "down", "up"]


Spoil = Callable[[Desk], None]


def spoil_window(area: tuple[int, int, int, int] | None) -> Spoil:
    return lambda desk: setattr(desk.device, "window", area)


def stop(desk: Desk) -> None:
    desk.permit.console.stop(StopCode.BUTTON)


def cover(desk: Desk) -> None:
    desk.device.covered = True


def go_blind(desk: Desk) -> None:
    desk.clock.lively = False
    desk.permit.vision.void()


def see_another_view(desk: Desk) -> None:
    desk.clock.lively = False
    desk.clock.sleep(1)
    desk.permit.vision.show(desk.clock.now(), 6, {})


def lose_focus(desk: Desk) -> None:
    desk.device.focused = False


def hold(desk: Desk) -> None:
    desk.clock.lively = False
    desk.permit.engine.set_mode(PermitMode.HOLD, desk.clock.now())


SPOILS: dict[str, tuple[Spoil, str]] = {
    "stop": (stop, "stopped by console: BUTTON"),
    "moved window": (spoil_window((101, 100, 400, 300)), "the table window is at"),
    "resized window": (spoil_window((100, 100, 400, 301)), "the table window is at"),
    "lost window": (spoil_window(None), "the table window is gone"),
    "covered point": (cover, "another window lies under the pointer"),
    "blind eyes": (go_blind, "no last confident frame"),
    "another view": (see_another_view, "something else than what was decided on"),
    "mode": (hold, "mode HOLD"),
}

KEY_SPOILS = SPOILS | {"lost focus": (lose_focus, "the keyboard belongs to another window")}


@pytest.mark.parametrize("name", SPOILS)
@pytest.mark.parametrize("when", [0, 20, 49])
def test_whatever_goes_wrong_before_the_press_there_is_none(desk: Desk, name: str, when: int) -> None:
    spoil, reason = SPOILS[name]
    desk.clock.after(when, lambda: spoil(desk))
    if when == 0:
        desk.clock.sleep(MILLISECOND)
    report = desk.make()
    assert (report.status, report.pressed_at) == ("refused", 0)
    assert reason in report.reason
    assert "down" not in desk.device.done


@pytest.mark.parametrize("name", KEY_SPOILS)
def test_whatever_goes_wrong_between_two_keys_the_rest_is_not_typed(desk: Desk, name: str) -> None:
    spoil, reason = KEY_SPOILS[name]
    desk.device.at["2"] = lambda: spoil(desk)
    report = desk.make(an_intent(kind=GestureKind.ENTER_AMOUNT, text="1250", purpose="amount"))
    assert report.status == "refused"
    assert reason in report.reason
    assert desk.device.done[-2:] == ["1", "2"]


def test_a_stop_during_the_hold_releases_at_once(desk: Desk) -> None:
    desk.clock.after(55, lambda: stop(desk))
    report = desk.make()
    assert desk.device.done == ["move", "down", "up"]
    assert report.status == "pressed", "what was done is reported as done"
    assert report.ended_at - report.pressed_at <= 10 * MILLISECOND


def test_a_person_who_moves_on_after_the_press_does_not_undo_it(desk: Desk) -> None:
    desk.clock.after(85, lambda: setattr(desk.device, "position", (1, 1)))
    assert desk.make().status == "pressed"
    assert desk.make(an_intent(2)).status == "yielded"


def test_silent_eyes_end_the_leave_by_themselves(desk: Desk) -> None:
    desk.clock.lively = False
    desk.clock.sleep(201 * MILLISECOND)
    report = desk.make()
    assert (report.status, desk.device.done) == ("refused", ["move"])
    assert "limit is 225 ms" in report.reason


def test_a_stop_ends_the_dwell_at_once(desk: Desk) -> None:
    start = desk.clock.now()
    desk.clock.after(20, lambda: stop(desk))
    assert desk.make().ended_at - start == 20 * MILLISECOND


def test_a_person_who_moves_at_the_very_moment_of_the_press_prevents_it(desk: Desk) -> None:
    desk.clock.after(DWELL // MILLISECOND, lambda: setattr(desk.device, "position", (1, 1)))
    assert desk.make().status == "yielded"
    assert "down" not in desk.device.done


def test_a_person_who_takes_the_pointer_is_left_alone_for_two_seconds(desk: Desk) -> None:
    desk.clock.after(20, lambda: setattr(desk.device, "position", (1, 1)))
    report = desk.make()
    assert (report.status, report.reason) == ("yielded", "a person has the pointer")
    desk.clock.sleep(YIELD - 20 * MILLISECOND)
    assert desk.make(an_intent(2)).status == "yielded"
    desk.clock.sleep(20 * MILLISECOND)
    assert desk.make(an_intent(3)).status == "pressed"
    assert desk.device.done == ["move", "move", "down", "up"]


def test_a_pointer_that_moved_a_moment_ago_is_a_persons(desk: Desk) -> None:
    assert desk.make(an_intent(1)).status == "pressed"
    desk.device.position = (300, 300)
    assert desk.make(an_intent(2)).status == "yielded"
    desk.clock.sleep(RECENT)
    assert desk.make(an_intent(3)).status == "pressed"


def test_safe_lets_check_and_fold_through_and_nothing_that_only_says_so(desk: Desk) -> None:
    desk.clock.lively = False
    desk.permit.engine.set_mode(PermitMode.SAFE, desk.clock.now())
    assert desk.make(an_intent(1, purpose="call")).status == "refused"
    assert desk.make(an_intent(2, purpose="fold")).status == "pressed"
    liar = desk.message(an_intent(3, purpose="raise"), passive=True)
    assert desk.try_message(liar, 2).status == "refused"


def test_a_point_outside_the_window_is_refused(desk: Desk) -> None:
    report = desk.try_message(desk.message(an_intent(), x=500))
    assert report.reason == "the point 500,250 is outside the table window"
    assert desk.device.done == []


def test_a_device_that_fails_leaves_no_button_down(desk: Desk) -> None:
    desk.device.broken = "down"
    with pytest.raises(DeviceError):
        desk.make()
    assert not desk.device.held
