"""Random pictures of the practice table: anything the painter can show, likely or not."""

import random

from app.practice.geometry import SLOTS
from app.practice.view import ControlView, FieldView, Look, SeatView, TableView
from engine.game.cards import DECK

AMOUNT_LIMITS = (9, 99, 999, 9_999, 99_999, 999_999)
HOVER = ("", "", "fold", "call", "raise", "all-in", "amount")


def chips(rng: random.Random) -> int:
    """A positive amount with one to six figures."""
    return rng.randint(1, rng.choice(AMOUNT_LIMITS))


def random_view(rng: random.Random) -> tuple[TableView, Look]:
    """A view of 2 to 6 players with any cards, amounts, marks and looks of the controls."""
    slots = SLOTS[rng.randint(2, 6)]
    cards = rng.sample(DECK, 7)
    board = (*cards[: rng.choice((0, 3, 4, 5))],)
    enabled = rng.random() < 0.5
    look = Look(rng.choice(HOVER), "", rng.random() < 0.5)
    view = TableView(
        hand_number=rng.randint(1, 99_999),
        seats=tuple(_seat(rng, seat, seat in slots) for seat in range(6)),
        hole=(cards[5], cards[6]) if rng.random() < 0.8 else ("", ""),
        board=(*board, *("",) * (5 - len(board))),
        pot=chips(rng),
        button=rng.choice(slots),
        turn=0 if enabled else rng.choice((-1, *slots[1:])),
        controls=_controls(rng, enabled),
        field=_field(rng, enabled),
        turn_left=rng.random(),
        wait_left=rng.choice((-1.0, rng.random())),
    )
    return view, look


def _seat(rng: random.Random, seat: int, present: bool) -> SeatView:
    if not present:
        return SeatView(seat)
    status = rng.choice(("in", "in", "folded", "all-in", "out"))
    cards = ("back", "back") if status in ("in", "all-in") and seat else ("", "")
    return SeatView(seat, status, f"Player {seat}", rng.choice((0, chips(rng))), rng.choice((0, chips(rng))), cards)


def _controls(rng: random.Random, enabled: bool) -> tuple[ControlView, ...]:
    passive, active = rng.choice((("check", "bet"), ("check", "raise"), ("call", "raise")))
    if not enabled:
        return tuple(ControlView(kind) for kind in ("fold", passive, active, "all-in"))
    call = min(chips(rng), 99_999) if passive == "call" else 0
    return (
        ControlView("fold", True),
        ControlView(passive, True, call),
        ControlView(active, rng.random() < 0.9, chips(rng)),
        ControlView("all-in", rng.random() < 0.9, chips(rng)),
    )


def _field(rng: random.Random, enabled: bool) -> FieldView:
    if not enabled:
        return FieldView()
    focused = rng.random() < 0.5
    return FieldView(rng.choice(("", str(chips(rng)))), True, focused, focused and rng.random() < 0.5)
