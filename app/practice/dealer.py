"""Runs the practice table's game: one hand after another, the opponents' decisions, rebuys. No Qt, no clock."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from app.practice.geometry import SLOTS
from engine.game.actions import Action, ActionKind
from engine.game.opponents import STYLES
from engine.game.rules import Hand, Stage
from engine.game.state import ActionRecord

HERO = 0
NAMES = ("Hero", "Birch", "Cedar", "Larch", "Maple", "Spruce")


@dataclass(frozen=True, slots=True)
class TableOptions:
    """What is played. ``players`` 2 to 6; ``stack`` and blinds in chips; ``hands`` 0 deals without end."""

    players: int = 4
    seed: int = 1
    stack: int = 2000
    small_blind: int = 10
    big_blind: int = 20
    hands: int = 0


class Waiting(StrEnum):
    """What the table waits for."""

    HERO = "hero"
    OPPONENT = "opponent"
    STREET = "street"
    SHOWDOWN = "showdown"
    NEXT_HAND = "next-hand"
    DONE = "done"


Listener = Callable[[str, dict[str, object]], None]
"""Told of everything that happens: a kind (action, hand-end, rebuy) and its data."""


class Dealer:
    """The game at the table; ``step`` does what it waits for, ``act`` is the hero's own move."""

    def __init__(self, options: TableOptions, listener: Listener) -> None:
        self.options = options
        self.slots = SLOTS[options.players]
        self.stacks = dict.fromkeys(self.slots, options.stack)
        self.button = -1
        self.hand_number = 0
        self.hand: Hand | None = None
        self._listener = listener
        styles = list(STYLES.values())
        random.Random(f"{options.seed}/styles").shuffle(styles)
        self._styles = {seat: styles[index % len(styles)] for index, seat in enumerate(self.slots[1:])}
        self._mood = random.Random()

    @property
    def waiting(self) -> Waiting:
        if self.hand is None or self.hand.stage is Stage.OVER:
            return Waiting.DONE if 0 < self.options.hands <= self.hand_number else Waiting.NEXT_HAND
        if self.hand.stage is Stage.BETTING:
            return Waiting.HERO if self.hand.to_act == HERO else Waiting.OPPONENT
        return Waiting.STREET if self.hand.stage is Stage.STREET else Waiting.SHOWDOWN

    def step(self) -> None:
        """Do what the table waits for; when that is the hero, check or fold for him; nothing when done."""
        match self.waiting:
            case Waiting.HERO:
                self.act(self._safe_action(), by="table")
            case Waiting.OPPONENT:
                self._opponent_acts()
            case Waiting.STREET:
                self._hand.deal_street()
            case Waiting.SHOWDOWN:
                self._finish_hand()
            case Waiting.NEXT_HAND:
                self._start_hand()
            case Waiting.DONE:
                pass

    def act(self, action: Action, by: str = "hero") -> None:
        """Apply the action of the seat to act; IllegalActionError when the rules forbid it."""
        hand = self._hand
        seat, street = hand.to_act, hand.street
        hand.act(action)
        self._listener(
            "action",
            {
                "hand_number": self.hand_number,
                "seat": seat,
                "street": int(street),
                "action": str(action.kind),
                "amount": action.amount,
                "by": by,
            },
        )

    @property
    def history(self) -> tuple[ActionRecord, ...]:
        return self.hand.history if self.hand else ()

    @property
    def _hand(self) -> Hand:
        if self.hand is None:
            raise RuntimeError("no hand has been dealt yet: step first")
        return self.hand

    def _safe_action(self) -> Action:
        legal = self._hand.legal
        return Action(ActionKind.CHECK if legal and legal.can_check else ActionKind.FOLD)

    def _opponent_acts(self) -> None:
        seat = self._hand.to_act
        if seat is None:
            raise RuntimeError("an opponent was asked to act out of turn")
        self.act(self._styles[seat](self._hand.table_state(seat), self._mood), by="opponent")

    def _start_hand(self) -> None:
        self._rebuy()
        self.hand_number += 1
        self.button = self._next_seat(self.button)
        self._mood = random.Random(f"{self.options.seed}/{self.hand_number}/opponents")
        self.hand = Hand(
            self.stacks,
            self.button,
            self.options.small_blind,
            self.options.big_blind,
            random.Random(f"{self.options.seed}/{self.hand_number}/deck"),
            str(self.hand_number),
        )

    def _next_seat(self, after: int) -> int:
        return next((seat for seat in self.slots if seat > after), self.slots[0])

    def _rebuy(self) -> None:
        for seat, stack in self.stacks.items():
            if stack == 0:
                self.stacks[seat] = self.options.stack
                self._listener("rebuy", {"hand_number": self.hand_number, "seat": seat, "amount": self.options.stack})

    def _finish_hand(self) -> None:
        hand, before = self._hand, self.stacks
        shown = {str(seat): hand.hole(seat) for seat in hand.seats if hand.revealed and not hand.folded(seat)}
        hand.settle()
        self.stacks = {seat: hand.stack(seat) for seat in self.slots}
        self._listener(
            "hand-end",
            {
                "hand_number": self.hand_number,
                "button": self.button,
                "results": {str(seat): self.stacks[seat] - before[seat] for seat in self.slots},
                "stacks": {str(seat): stack for seat, stack in self.stacks.items()},
                "chips_total": sum(self.stacks.values()),
                "board": hand.board,
                "shown": shown,
            },
        )
