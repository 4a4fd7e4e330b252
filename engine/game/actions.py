"""What a player can do: the action kinds, an action with its amount, and the actions that are legal now."""

from dataclasses import dataclass
from enum import StrEnum


class ActionKind(StrEnum):
    FOLD = "fold"
    CHECK = "check"
    CALL = "call"
    BET = "bet"
    RAISE = "raise"


class IllegalActionError(ValueError):
    """An action that the rules do not allow in this state."""


@dataclass(frozen=True, slots=True)
class Action:
    """One action.

    ``amount`` in chips: for BET and RAISE the total the player has in front of him on this street afterwards
    ("raise to"); for CALL the chips added; otherwise 0.
    """

    kind: ActionKind
    amount: int = 0

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}" if self.amount else str(self.kind)


@dataclass(frozen=True, slots=True)
class LegalActions:
    """The actions open to the player to act, in chips.

    ``call_amount`` is 0 when he may check. ``min_to`` and ``max_to`` bound a bet or raise ("to" amounts, all-in
    is ``max_to``); both are 0 when he may not bet or raise. ``opening`` says that it would be a bet, not a raise.
    """

    call_amount: int
    min_to: int = 0
    max_to: int = 0
    opening: bool = False

    @property
    def can_check(self) -> bool:
        return self.call_amount == 0

    @property
    def can_raise(self) -> bool:
        return self.max_to > 0

    def check(self, action: Action) -> None:
        """Raise IllegalActionError unless ``action`` is one of these."""
        if reason := self._why_not(action):
            raise IllegalActionError(f"{action} is not legal: {reason} ({self})")

    def _why_not(self, action: Action) -> str:
        match action.kind:
            case ActionKind.FOLD:
                return ""
            case ActionKind.CHECK:
                return "" if self.can_check else "there is a bet to call"
            case ActionKind.CALL:
                return "" if action.amount == self.call_amount > 0 else "that is not the amount to call"
            case _:
                return self._why_not_raise(action)

    def _why_not_raise(self, action: Action) -> str:
        if not self.can_raise:
            return "betting is closed to this player"
        if (action.kind is ActionKind.BET) != self.opening:
            return "it opens the betting" if self.opening else "there is a bet already"
        if not self.min_to <= action.amount <= self.max_to:
            return "the amount is out of bounds"
        return ""
