"""TableState: a consistent hand in progress, as everything downstream of the eyes knows it."""

from dataclasses import dataclass
from enum import IntEnum

from engine.game.actions import Action, LegalActions


class Street(IntEnum):
    """Betting rounds; the value is the number of board cards' index in (0, 3, 4, 5)."""

    PREFLOP = 0
    FLOP = 1
    TURN = 2
    RIVER = 3

    @property
    def board_cards(self) -> int:
        return (0, 3, 4, 5)[self]


@dataclass(frozen=True, slots=True)
class SeatState:
    """One player in the hand; amounts in chips. ``bet`` is what lies before him on this street."""

    seat: int
    start_stack: int
    stack: int
    bet: int
    folded: bool

    @property
    def all_in(self) -> bool:
        return self.stack == 0 and not self.folded

    @property
    def contributed(self) -> int:
        return self.start_stack - self.stack


@dataclass(frozen=True, slots=True)
class ActionRecord:
    """An action that was made, by which seat, on which street."""

    seat: int
    street: Street
    action: Action


@dataclass(frozen=True, slots=True)
class TableState:
    """A hand in progress, seen from the hero's seat.

    ``seats`` holds only players dealt into the hand, in seat order. ``pot`` includes the bets of this street.
    ``to_act`` is None when nobody is to act; ``legal`` is for the player to act. ``certain`` says that no other
    actions than those of ``history`` lead to what was seen; chips are right either way.
    """

    hand_id: str
    hero: int
    button: int
    small_blind: int
    big_blind: int
    seats: tuple[SeatState, ...]
    hole: tuple[str, ...]
    board: tuple[str, ...]
    street: Street
    pot: int
    history: tuple[ActionRecord, ...]
    to_act: int | None
    legal: LegalActions | None
    certain: bool = True

    def seat(self, number: int) -> SeatState:
        """The player at a seat; KeyError when nobody there was dealt in."""
        for seat in self.seats:
            if seat.seat == number:
                return seat
        raise KeyError(f"seat {number} is not in hand {self.hand_id}")

    @property
    def hero_to_act(self) -> bool:
        return self.to_act == self.hero

    @property
    def live_opponents(self) -> tuple[SeatState, ...]:
        return tuple(seat for seat in self.seats if seat.seat != self.hero and not seat.folded)
