"""The picture of the simulation's table: where its controls are, and what perfect eyes read in it."""

from typing import TYPE_CHECKING, Any

from engine.game.actions import LegalActions
from engine.game.rules import Stage
from engine.words import Box, ControlReading, Observation, Reading, SeatReading, WindowInfo

if TYPE_CHECKING:
    from engine.drills.simulation.table import SimulatedTable

SEATS = 6
WINDOW = WindowInfo(7, "Pitboss Practice Table", "pitboss-table", Box(100, 50, 960, 600))
NOWHERE = Box(0, 0, 1, 1)
PLACES = {
    "fold": Box(0, 500, 90, 40),
    "passive": Box(100, 500, 90, 40),
    "aggressive": Box(200, 500, 90, 40),
    "all-in": Box(300, 500, 90, 40),
    "amount": Box(400, 500, 90, 40),
}


def hit(x: int, y: int) -> str:
    """The control under a point of the window's client area, "" for none."""
    return next((name for name, box in PLACES.items() if box.contains(x, y)), "")


def known(value: Any) -> Reading[Any]:
    """A reading without doubt."""
    return Reading(value, 1.0, NOWHERE)


def observation(table: "SimulatedTable") -> Observation:
    """What perfect eyes read now; sequence and time of capture are to be filled in."""
    hand, shown = table.hand, table.hand is not None and not table.hand.folded(0)
    hole = hand.hole(0) if hand is not None and shown else ("", "")
    board = (*hand.board, "", "", "", "", "")[:5] if hand is not None else ("",) * 5
    turn = -1 if hand is None or hand.to_act is None else hand.to_act
    return Observation(
        sequence=0,
        captured_at=0,
        window=WINDOW,
        scale=1.0,
        hand_number=known(table.hand_number),
        hole=tuple(map(known, hole)),
        board=tuple(map(known, board)),
        pot=known(hand.pot if hand is not None else 0),
        seats=tuple(_seat(table, seat) for seat in range(SEATS)),
        button=known(table.button),
        turn=known(turn),
        controls=_controls(table.legal, table.field),
        confidence=1.0,
        weakest="pot",
        view_id=table.changes + 1,
    )


def _seat(table: "SimulatedTable", seat: int) -> SeatReading:
    hand = table.hand
    if seat not in table.slots:
        return SeatReading(seat, known("empty"), known(0), known(0))
    if hand is None:
        return SeatReading(seat, known("in"), known(table.stacks[seat]), known(0))
    stack = hand.stack(seat)
    if stack == 0 and hand.stage is Stage.OVER:
        status = "out"
    elif hand.folded(seat):
        status = "folded"
    else:
        status = "all-in" if stack == 0 else "in"
    return SeatReading(seat, known(status), known(stack), known(hand.bet(seat)))


def _controls(legal: LegalActions | None, field: int) -> tuple[ControlReading, ...]:
    if legal is None:
        return NO_CONTROLS
    inside = legal.can_raise and legal.min_to <= field <= legal.max_to
    return (
        _control("fold", "fold", not legal.can_check, 0),
        _control("check" if legal.can_check else "call", "passive", True, legal.call_amount),
        _control("bet" if legal.opening else "raise", "aggressive", inside, field),
        _control("all-in", "all-in", legal.can_raise, legal.max_to),
        _control("amount", "amount", legal.can_raise, field),
    )


def _control(kind: str, place: str, enabled: bool, amount: int) -> ControlReading:
    return ControlReading(kind, known(enabled), known(amount if enabled else 0), PLACES[place])


NO_CONTROLS = tuple(
    _control(kind, place, False, 0)
    for kind, place in {
        "fold": "fold",
        "call": "passive",
        "raise": "aggressive",
        "all-in": "all-in",
        "amount": "amount",
    }.items()
)
