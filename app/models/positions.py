"""The names of positions round the table: BTN, SB, BB, UTG and so on, from the button and who was dealt in."""

from engine.game.state import TableState

_LATE = ("BTN", "SB", "BB")
_EARLY = {0: (), 1: ("CO",), 2: ("UTG", "CO"), 3: ("UTG", "HJ", "CO"), 4: ("UTG", "LJ", "HJ", "CO")}


def position_names(state: TableState) -> dict[int, str]:
    """The position of every seat dealt in; with two players the button posts the small blind."""
    seats = [seat.seat for seat in state.seats]
    first = seats.index(state.button) if state.button in seats else 0
    ordered = seats[first:] + seats[:first]
    if len(ordered) == 2:
        return dict(zip(ordered, ("BTN", "BB"), strict=True))
    return dict(zip(ordered, _names(len(ordered)), strict=True))


def _names(players: int) -> tuple[str, ...]:
    extra = players - len(_LATE)
    if extra in _EARLY:
        return _LATE + _EARLY[extra]
    unnamed = tuple(f"UTG+{place}" for place in range(1, extra - 3))
    return (*_LATE, "UTG", *unnamed, "LJ", "HJ", "CO")[:players]
