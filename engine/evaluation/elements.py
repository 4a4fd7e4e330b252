"""A picture as named elements, from the table's log and from what the eyes read, and how the two differ."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.game.state import ActionRecord, TableState
from engine.words import ControlReading, Observation

CONTROLS = ("fold", "check", "call", "bet", "raise", "all-in", "amount")
WITHOUT_AMOUNT = ("fold", "check")
OFF = "off"
DEALT_IN = ("in", "all-in", "folded")
LIVE = ("in", "all-in")
HOLE_CARDS, BOARD_CARDS = 2, 5

Elements = dict[str, Any]
"""Element name to value; None is unknown. Controls: the amount shown, 0 for one without, ``OFF`` when disabled."""


def shown_elements(line: Mapping[str, Any]) -> Elements:
    """What a "state" line says was on the screen."""
    elements = {name: line[name] for name in ("hand_number", "pot", "button", "turn")}
    elements |= _places("hole", line["hole"], HOLE_CARDS) | _places("board", line["board"], BOARD_CARDS)
    for seat in line["seats"]:
        name = f"seat.{seat['seat']}"
        elements[f"{name}.status"] = seat["status"]
        if seat["status"] in DEALT_IN:
            elements |= {f"{name}.stack": seat["stack"], f"{name}.bet": seat["bet"]}
    enabled = {control["kind"]: control["amount"] for control in line["controls"] if control["enabled"]}
    for kind in CONTROLS:
        elements[f"control.{kind}"] = OFF if kind not in enabled else 0 if kind in WITHOUT_AMOUNT else enabled[kind]
    return elements


def read_elements(seen: Observation) -> Elements:
    """What the eyes read."""
    elements: Elements = {name: getattr(seen, name).value for name in ("hand_number", "pot", "button", "turn")}
    elements |= _places("hole", [card.value for card in seen.hole], HOLE_CARDS)
    elements |= _places("board", [card.value for card in seen.board], BOARD_CARDS)
    for seat in seen.seats:
        name = f"seat.{seat.seat}"
        elements[f"{name}.status"] = seat.status.value
        elements |= {f"{name}.stack": seat.stack.value, f"{name}.bet": seat.bet.value}
    for kind in CONTROLS:
        elements[f"control.{kind}"] = _read_control(seen.control(kind))
    return elements


def wrong(shown: Elements, read: Elements) -> list[str]:
    """The elements that were read as something else than was shown, in words; unknown ones are not among them."""
    return [
        f"{name}: shown {value!r}, read {read[name]!r}"
        for name, value in shown.items()
        if read.get(name) is not None and read[name] != value
    ]


def unknown(shown: Elements, read: Elements) -> list[str]:
    """The elements that were shown and not read."""
    return [f"{name}: shown {value!r}, not read" for name, value in shown.items() if read.get(name) is None]


def needed(shown: Elements) -> Elements:
    """What a decision rests on: all but the chips of players who are out of the hand."""
    return {name: value for name, value in shown.items() if not _is_out(name, shown)}


def state_differences(line: Mapping[str, Any], state: TableState) -> list[str]:
    """How a TableState differs from the "state" line of its moment: cards, chips, turn, history and legal actions."""
    told = dict(_told(line))
    known = dict(_known(state))
    return [f"state.{name}: is {told[name]!r}, held for {known[name]!r}" for name in told if told[name] != known[name]]


def history_line(record: ActionRecord) -> tuple[int, int, str, int]:
    """An action as (seat, street, action, amount), as the table's log has it."""
    return record.seat, int(record.street), str(record.action.kind), record.action.amount


def history_of(lines: Any) -> list[tuple[int, int, str, int]]:
    """Actions of the table's log as (seat, street, action, amount)."""
    return [(line["seat"], line["street"], line["action"], line["amount"]) for line in lines]


def _places(name: str, cards: list[str | None], count: int) -> Elements:
    padded = [*cards, *[""] * (count - len(cards))]
    return {f"{name}.{place}": card for place, card in enumerate(padded)}


def _read_control(control: ControlReading | None) -> Any:
    if control is None or control.enabled.value is False:
        return OFF
    if control.enabled.value is None:
        return None
    return 0 if control.kind in WITHOUT_AMOUNT else control.amount.value


def _is_out(name: str, shown: Elements) -> bool:
    seat, _, part = name.rpartition(".")
    return seat.startswith("seat.") and part != "status" and shown[f"{seat}.status"] not in LIVE


def _told(line: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    dealt = [seat for seat in line["seats"] if seat["status"] in DEALT_IN]
    legal = line["legal"]
    yield "hand_number", line["hand_number"]
    yield from ((name, line[name]) for name in ("button", "pot", "street"))
    yield from ((name, tuple(line[name])) for name in ("hole", "board"))
    yield "to_act", line["turn"]
    yield "seats", [(seat["seat"], seat["stack"], seat["bet"], seat["status"] == "folded") for seat in dealt]
    yield "history", history_of(line["history"])
    yield "legal", legal and tuple(legal[name] for name in ("call_amount", "min_to", "max_to", "opening"))


def _known(state: TableState) -> Iterator[tuple[str, Any]]:
    legal = state.legal
    yield "hand_number", int(state.hand_id.rpartition("-")[2])
    yield from (("button", state.button), ("pot", state.pot), ("street", int(state.street)))
    yield from (("hole", state.hole), ("board", state.board))
    yield "to_act", -1 if state.to_act is None else state.to_act
    yield "seats", [(seat.seat, seat.stack, seat.bet, seat.folded) for seat in state.seats]
    yield "history", [history_line(record) for record in state.history]
    yield "legal", legal and (legal.call_amount, legal.min_to, legal.max_to, legal.opening)
