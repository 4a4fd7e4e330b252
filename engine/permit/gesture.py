"""One gesture, from the first look at the permit to the release of the button, checked before every press and key."""

from engine.permit import request as words
from engine.permit.clock import MILLISECOND, Clock
from engine.permit.device import Device
from engine.permit.page import PermitPage
from engine.permit.person import PersonWatch
from engine.permit.request import Report, Request
from engine.permit.rules import lateness, refusal

DWELL = 50 * MILLISECOND
"""The pointer rests this long before the press, so that a hand on the mouse shows and hover effects settle."""

HOLD = 30 * MILLISECOND
"""How long the button stays down: toolkits drop shorter clicks on a busy machine."""

SETTLE = 20 * MILLISECOND
"""Time for the table to take the click before anything else is done."""

FOCUS_LIMIT = 250 * MILLISECOND
"""A window manager gives the focus after the click, not with it."""

POLL = 5 * MILLISECOND

A_PERSON = "a person has the pointer"


class HaltError(Exception):
    """The gesture ends here: ``status`` and ``reason`` of the report."""

    def __init__(self, status: str, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Gesture:
    """One request being carried out. ``last_intent`` is the highest intent number used before it."""

    def __init__(
        self,
        device: Device,
        permit: PermitPage,
        clock: Clock,
        person: PersonWatch,
        request: Request,
        last_intent: int,
    ) -> None:
        self._device = device
        self._permit = permit
        self._clock = clock
        self._person = person
        self._request = request
        self._last_intent = last_intent
        self.pressed_at = 0

    def make(self) -> Report:
        """Do it, or say why not. Errors of the device are the caller's, and the button is up in any case."""
        try:
            self._approach()
            self._click()
            if self._request.kind == words.ENTER_AMOUNT:
                self._enter_amount()
            return self.report(words.PRESSED, "")
        except HaltError as halt:
            return self.report(halt.status, halt.reason)

    def report(self, status: str, reason: str) -> Report:
        """The report on this gesture as of now."""
        return Report(self._request.claim.intent_id, status, reason, self.pressed_at, self._clock.now())

    def _approach(self) -> None:
        request, now = self._request, self._clock.now()
        if reason := lateness(now, request.claim):
            raise HaltError(words.REFUSED, reason)
        self._check_permit()
        if not request.inside:
            raise HaltError(words.REFUSED, f"the point {request.x},{request.y} is outside the table window")
        self._check_window()
        self._person.see(self._device.pointer(), now)
        if self._person.busy(now):
            raise HaltError(words.YIELDED, A_PERSON)
        self._device.move(request.x, request.y)
        self._person.expect((request.x, request.y))
        self._wait(DWELL)

    def _click(self) -> None:
        x, y = self._request.x, self._request.y
        self.pressed_at = self._check_everything()
        try:
            self._device.button_down(x, y)
            self._rest(HOLD)
        finally:
            self._device.button_up(x, y)
        self._rest(SETTLE)

    def _enter_amount(self) -> None:
        """The keys follow one another at once, so that no frame taken between two of them can void the permit."""
        self._await_focus()
        self._check_everything()
        self._device.select_all()
        for digit in self._request.text:
            self._check_focus()
            self._check_everything()
            self._device.type_digit(digit)

    def _check_everything(self) -> int:
        """All that must hold at the moment of a press or key, the permit last; the time of that check."""
        self._check_window()
        self._check_pointer()
        if not self._device.holds_pointer(self._request.handle):
            raise HaltError(words.REFUSED, "another window lies under the pointer")
        return self._check_permit()

    def _check_permit(self) -> int:
        permit = self._permit.read()
        now = self._clock.now()
        if reason := refusal(permit, now, self._request.claim, self._last_intent):
            raise HaltError(words.REFUSED, reason)
        return now

    def _check_window(self) -> None:
        area = self._device.area(self._request.handle)
        if area is None:
            raise HaltError(words.REFUSED, "the table window is gone")
        if area != self._request.area:
            raise HaltError(words.REFUSED, f"the table window is at {area}, not at {self._request.area}")

    def _check_pointer(self) -> None:
        position = self._device.pointer()
        if position != (self._request.x, self._request.y):
            self._person.took(position, self._clock.now())
            raise HaltError(words.YIELDED, A_PERSON)

    def _check_focus(self) -> None:
        if not self._device.takes_keys(self._request.handle):
            raise HaltError(words.REFUSED, "the keyboard belongs to another window")

    def _await_focus(self) -> None:
        end = self._clock.now() + FOCUS_LIMIT
        while not self._device.takes_keys(self._request.handle) and self._clock.now() < end:
            self._wait(POLL)
        self._check_focus()

    def _wait(self, duration: int) -> None:
        """Wait, but not a moment longer than a stop word or a person lets us."""
        end = self._clock.now() + duration
        while (left := end - self._clock.now()) > 0:
            self._check_stop()
            self._check_pointer()
            self._permit.actuator.progress()
            self._clock.sleep(min(POLL, left))

    def _rest(self, duration: int) -> None:
        """Wait after a press, which is reported as made whatever comes now; a stop word only cuts the wait short."""
        end = self._clock.now() + duration
        while (left := end - self._clock.now()) > 0 and not self._permit.stopped():
            self._permit.actuator.progress()
            self._clock.sleep(min(POLL, left))

    def _check_stop(self) -> None:
        if stops := self._permit.stops():
            raise HaltError(words.REFUSED, f"stopped by {', '.join(map(str, stops))}")
