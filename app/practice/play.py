"""The table in time: lets the dealer step after each pause, runs the clocks, and takes the hero's moves."""

import math
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.practice import amount_field
from app.practice.canvas import FADE_NS
from app.practice.dealer import Dealer, Waiting
from app.practice.geometry import CLICKABLE
from app.practice.painter import shown_cards
from app.practice.presenter import action_of, hero_legal, table_view
from app.practice.truth_log import now
from app.practice.view import FieldView, TableView

SHORTEST_MS = 140
"""Pauses are never shorter, at any pace."""
STAY_NS = 120_000_000
"""Every picture stays on the screen so long from when it got there, however late it was painted..."""
UNSEEN_NS = 1_000_000_000
"""...unless it does not get there at all: a frozen table plays on."""
_PAUSES_MS = {
    Waiting.OPPONENT: 600,
    Waiting.STREET: 800,
    Waiting.SHOWDOWN: 1500,
    Waiting.NEXT_HAND: 1500,
}
_IDLE_MS = 2000


class Play(QObject):
    """Drives one dealer on the event loop.

    ``pace`` scales the pauses that begin from now on (1 for people, 0 as fast as can be shown). Signal ``changed``: the
    content of ``view`` is another. ``held`` keeps the hero's turn open and deals no new hand.
    """

    changed = Signal()

    def __init__(self, dealer: Dealer, pace: float, turn_seconds: float) -> None:
        super().__init__()
        self.dealer = dealer
        self.held = False
        self.pace, self._turn_ms = pace, turn_seconds * 1000
        self._field = FieldView()
        self._view = table_view(dealer, self._field)
        self._phase_start, self._phase_ms = now(), float(SHORTEST_MS)
        self._seen_at: int | None = None
        self._fade_ms = 0.0
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._phase_over)

    def begin(self) -> None:
        """Start the clocks; the first hand is dealt after a pause."""
        self._enter_phase()

    def stop(self) -> None:
        self._timer.stop()

    def seen(self) -> None:
        """The content of ``view`` has reached the screen."""
        if self._seen_at is None:
            self._seen_at = now()

    @property
    def view(self) -> TableView:
        """The content now, with the clocks where they stand."""
        elapsed = (now() - self._phase_start) / 1e6
        if self._view.turn >= 0:
            return replace(self._view, turn_left=max(0.0, 1 - elapsed / self._turn_ms))
        return replace(self._view, wait_left=max(0.0, 1 - elapsed / self._phase_ms))

    def refusal(self, control: str) -> str:
        """Why a control cannot be used now, or "" when it can; ``control`` is a name of CLICKABLE."""
        if control not in CLICKABLE:
            return "no control there"
        if self.dealer.waiting is not Waiting.HERO:
            return "it is not the hero's turn"
        return "" if self._enabled(control) else "the control is disabled"

    def _enabled(self, control: str) -> bool:
        if control == "amount":
            return self._field.enabled
        return self._view.controls[CLICKABLE.index(control)].enabled

    def kind_of(self, control: str) -> str:
        """What a control says now: the "call" box may be a check, the "raise" box a bet."""
        named = {"amount": "amount", "": ""}
        return named[control] if control in named else self._view.controls[CLICKABLE.index(control)].kind

    def use(self, control: str) -> None:
        """Press a usable control: make the action, or focus the amount field."""
        legal = hero_legal(self.dealer)
        if control == "amount":
            self.edit(amount_field.focused)
        elif legal is not None:
            self.dealer.act(action_of(self._view.controls[CLICKABLE.index(control)], legal))
            self._enter_phase()

    def edit(self, change: amount_field.Edit) -> None:
        """Change the amount field; the bet or raise button follows it."""
        changed = change(self._field)
        if changed != self._field:
            self._field = changed
            self._publish()

    @property
    def turn_token(self) -> tuple[int, int]:
        """Tells one turn from another: a press begun in one does not end in the next."""
        return self.dealer.hand_number, len(self.dealer.history)

    def _phase_over(self) -> None:
        waiting = self.dealer.waiting
        if (due := self._due_ns()) > 0:
            self._timer.start(math.ceil(due / 1e6))
        elif self.held and waiting in (Waiting.HERO, Waiting.NEXT_HAND):
            self._restart_clock()
        else:
            self.dealer.step()
            self._enter_phase()

    def _due_ns(self) -> int:
        """How much longer what is shown has to stay."""
        seen_at = now() if self._seen_at is None else self._seen_at
        stays_until = seen_at + STAY_NS + round(self._fade_ms * 1e6)
        return min(stays_until, self._phase_start + UNSEEN_NS) - now()

    def _enter_phase(self) -> None:
        legal = hero_legal(self.dealer)
        self._field = amount_field.opened(legal.min_to) if legal else FieldView()
        before = shown_cards(self._view)
        self._publish()
        # Time for new cards to fade in comes on top, so that what they then show stays as long as anything else.
        self._restart_clock(FADE_NS / 1e6 if shown_cards(self._view).items() - before.items() else 0.0)

    def _restart_clock(self, fade_ms: float = 0.0) -> None:
        self._fade_ms = fade_ms
        self._phase_start, self._phase_ms = now(), self._pause_ms() + fade_ms
        self._timer.start(math.ceil(self._phase_ms))

    def _pause_ms(self) -> float:
        waiting = self.dealer.waiting
        if waiting is Waiting.HERO:
            return self._turn_ms
        if waiting is Waiting.DONE:
            return _IDLE_MS
        return max(SHORTEST_MS, _PAUSES_MS[waiting] * self.pace)

    def _publish(self) -> None:
        self._view = table_view(self.dealer, self._field)
        self._seen_at = None
        self.changed.emit()
