"""The table of the simulation: a game in virtual time, the picture it shows, and what it makes of a press."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from engine.clock import MILLISECOND, SECOND, Clock
from engine.drills.simulation.picture import WINDOW, hit, observation
from engine.game.actions import Action, ActionKind, LegalActions
from engine.game.fast_rules import FastHand
from engine.game.opponents import STYLES
from engine.game.rules import Hand, Stage
from engine.words import Intent, Observation

HERO = 0
SLOTS: Mapping[int, tuple[int, ...]] = {
    2: (0, 3),
    3: (0, 2, 4),
    4: (0, 1, 3, 4),
    5: (0, 1, 2, 4, 5),
    6: (0, 1, 2, 3, 4, 5),
}
STREET_PAUSE = 700 * MILLISECOND
PAY_OUT_PAUSE = 1200 * MILLISECOND
NEXT_HAND_PAUSE = 1500 * MILLISECOND
LONG_THOUGHT, LONG_BREAK = 0.04, 0.02

MakeHand = Callable[..., "FastHand | Hand"]


class Listener(Protocol):
    """Told of everything that happens at the table."""

    def __call__(self, kind: str, data: Mapping[str, Any]) -> None: ...


@dataclass(frozen=True, slots=True)
class TableOptions:
    """What is played; ``rules`` makes a hand (FastHand, or PokerKit's Hand). Chips, nanoseconds."""

    players: int = 4
    stack: int = 2000
    small_blind: int = 10
    big_blind: int = 20
    turn: int = 20 * SECOND
    rules: MakeHand = FastHand


class SimulatedTable:
    """One hand after another without end. ``due`` is when the table moves on by itself; ``advance`` lets it.

    ``results`` holds the hero's result of every finished hand by its number: the truth that figures are held against.
    """

    def __init__(self, options: TableOptions, seed: int, clock: Clock, listener: Listener) -> None:
        self.options = options
        self.slots = SLOTS[options.players]
        self.stacks = dict.fromkeys(self.slots, options.stack)
        self.hand: FastHand | Hand | None = None
        self.hand_number = 0
        self.button = self.slots[-1]
        self.field = 0
        self.changes = 0
        self.results: dict[int, int] = {}
        self.by_table = 0
        self._clock = clock
        self._tell = listener
        self._seed = seed
        self._chance = random.Random(f"{seed}/table")
        styles = list(STYLES.values())
        self._chance.shuffle(styles)
        self._styles = {seat: styles[place % len(styles)] for place, seat in enumerate(self.slots[1:])}
        self._picture: Observation | None = None
        self.due = clock.now() + NEXT_HAND_PAUSE

    # what it shows

    @property
    def heros_turn(self) -> bool:
        return self.hand is not None and self.hand.to_act == HERO

    @property
    def legal(self) -> LegalActions | None:
        """What the hero may do; None when it is not his turn."""
        return self.hand.legal if self.hand is not None and self.hand.to_act == HERO else None

    @property
    def just_dealt(self) -> bool:
        """Whether a hand is in play in which nobody has acted yet."""
        return self.hand is not None and not self.hand.history and self.hand.stage is Stage.BETTING

    @property
    def put_in(self) -> int:
        """The hero's chips in the hand."""
        return self.stacks[HERO] - self.hand.stack(HERO) if self.hand is not None else 0

    def offers(self, intent: Intent) -> bool:
        """Whether the table offers now what a gesture is meant to do."""
        legal = self.legal
        kind = hit(intent.x - WINDOW.box.x, intent.y - WINDOW.box.y)
        if legal is None:
            return False
        if intent.text:
            return kind == "amount" and legal.can_raise and legal.min_to <= int(intent.text) <= legal.max_to
        return self._action_of(kind, intent.purpose, legal) is not None

    def picture(self) -> Observation:
        """What perfect eyes read now; the same value until the table changes. ``captured_at`` is to be filled in."""
        if self._picture is None:
            self._picture = observation(self)
        return self._picture

    # what happens

    def advance(self) -> None:
        """Do what the table waits for; when that is the hero, check or fold for him: his time is up."""
        hand = self.hand
        if hand is None or hand.stage is Stage.OVER:
            self._start_hand()
        elif hand.stage is Stage.STREET:
            hand.deal_street()
            self._moved("street", {"board": hand.board})
        elif hand.stage is Stage.SETTLING:
            self._settle(hand)
        elif hand.to_act == HERO:
            self.by_table += 1
            legal = hand.legal
            self.act(Action(ActionKind.CHECK if legal and legal.can_check else ActionKind.FOLD), "table")
        else:
            assert hand.to_act is not None
            self.act(self._styles[hand.to_act](hand.table_state(hand.to_act), self._chance), "opponent")

    def act(self, action: Action, by: str) -> None:
        """Apply the action of the seat to act; IllegalActionError when the rules forbid it."""
        assert self.hand is not None
        seat = self.hand.to_act
        self.hand.act(action)
        self._moved("action", {"seat": seat, "action": str(action), "by": by})

    def press(self, intent: Intent) -> str:
        """What the table makes of a gesture at a place: the action made, the amount entered, or "nothing"."""
        kind, legal = hit(intent.x - WINDOW.box.x, intent.y - WINDOW.box.y), self.legal
        if legal is None or kind == "":
            return "nothing"
        if intent.text:
            return self._enter(intent.text, legal) if kind == "amount" else "nothing"
        action = self._action_of(kind, intent.purpose, legal)
        if action is None:
            return "nothing"
        self.act(action, "hero")
        return str(action)

    def press_otherwise(self) -> str:
        """Something that nobody decided on is pressed: a raise by a chip more than the smallest, or the passive one."""
        legal = self.legal
        if legal is None:
            return "nothing"
        if legal.can_raise and legal.max_to > legal.min_to:
            action = Action(ActionKind.BET if legal.opening else ActionKind.RAISE, legal.min_to + 1)
        else:
            action = Action(ActionKind.CHECK) if legal.can_check else Action(ActionKind.CALL, legal.call_amount)
        self.act(action, "hero")
        return str(action)

    def _enter(self, text: str, legal: LegalActions) -> str:
        if not legal.can_raise:
            return "nothing"
        self.field = int(text)
        self._changed()
        return f"amount {text}"

    def _action_of(self, kind: str, purpose: str, legal: LegalActions) -> Action | None:
        raising = ActionKind.BET if legal.opening else ActionKind.RAISE
        match kind:
            case "fold":
                return None if legal.can_check else Action(ActionKind.FOLD)
            case "passive" if legal.can_check:
                return Action(ActionKind.CHECK) if purpose == "check" else None
            case "passive":
                return Action(ActionKind.CALL, legal.call_amount) if purpose == "call" else None
            case "aggressive" if legal.can_raise and legal.min_to <= self.field <= legal.max_to:
                return Action(raising, self.field)
            case "all-in" if legal.can_raise:
                return Action(raising, legal.max_to)
        return None

    def _start_hand(self) -> None:
        for seat, stack in self.stacks.items():
            if stack == 0:
                self.stacks[seat] = self.options.stack
        self.hand_number += 1
        self.button = next((seat for seat in self.slots if seat > self.button), self.slots[0])
        options, chance = self.options, random.Random(f"{self._seed}/{self.hand_number}")
        self.hand = options.rules(
            self.stacks, self.button, options.small_blind, options.big_blind, chance, str(self.hand_number)
        )
        self._moved("hand", {"number": self.hand_number})

    def _settle(self, hand: "FastHand | Hand") -> None:
        hand.settle()
        before, self.stacks = self.stacks, {seat: hand.stack(seat) for seat in self.slots}
        self.results[self.hand_number] = self.stacks[HERO] - before[HERO]
        self._moved("settled", {"stacks": tuple(self.stacks.values())})

    def _moved(self, kind: str, data: Mapping[str, Any]) -> None:
        legal = self.legal
        self.field = legal.min_to if legal is not None else 0
        self._changed()
        self.due = self._clock.now() + self._pause()
        self._tell(kind, data)

    def _changed(self) -> None:
        self.changes += 1
        self._picture = None

    def _pause(self) -> int:
        hand, chance = self.hand, self._chance
        assert hand is not None
        if hand.stage is Stage.OVER:
            return NEXT_HAND_PAUSE if chance.random() > LONG_BREAK else chance.randrange(10, 60) * SECOND
        if hand.stage is Stage.STREET:
            return STREET_PAUSE
        if hand.stage is Stage.SETTLING:
            return PAY_OUT_PAUSE
        if hand.to_act == HERO:
            return self.options.turn
        seconds = chance.uniform(0.4, 2.0) if chance.random() > LONG_THOUGHT else chance.uniform(3.0, 10.0)
        return round(seconds * 1000) * MILLISECOND
