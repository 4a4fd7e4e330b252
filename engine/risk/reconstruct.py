"""The risk figures from the journals alone: what the state file has to say, computed a second way.

A journal is given as its name and its rows in order, each with ``kind`` and ``data`` as JSON. Three kinds count:
"start" with the figures that the session began with ("risk": see ``opening``), "hand", and "intent", from which the
commitment of a hand without an end follows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from engine.game.actions import Action, ActionKind
from engine.game.betting import BettingError, deal
from engine.risk.state import OpenHand, RiskState

START, HAND, INTENT = "start", "hand", "intent"


class ReconstructionError(ValueError):
    """A row that does not hold what it should; the message names the journal and the row."""


class Row(Protocol):
    """One row of a journal."""

    @property
    def kind(self) -> str: ...

    @property
    def data(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class HandResult:
    """A hand's name and the hero's result in chips."""

    hand_id: str
    result: int


@dataclass(frozen=True, slots=True)
class Played:
    """What one journal says: the figures it began with (None in an older one), its hands, and the one left open."""

    name: str
    opening: RiskState | None
    hands: tuple[HandResult, ...]
    open_hand: OpenHand | None

    @property
    def says_anything(self) -> bool:
        """False for a journal whose program ended before its session had begun."""
        return self.opening is not None or bool(self.hands) or self.open_hand is not None


def opening(state: RiskState) -> dict[str, Any]:
    """What a session writes into its "start" row under "risk", after ``begin_session``."""
    return {
        "session_id": state.session_id,
        "session_result": state.session_result,
        "hands": state.hands,
        "total_result": state.total_result,
    }


def played(name: str, rows: Iterable[Row]) -> Played:
    """One journal's part. ReconstructionError for a row that is not what it should be."""
    began: RiskState | None = None
    hands: list[HandResult] = []
    open_hand: OpenHand | None = None
    for number, row in enumerate(rows, 1):
        try:
            if row.kind == START:
                began = _opening(row.data) or began
            elif row.kind == HAND:
                hands.append(hand_result(row.data[HAND]))
                if open_hand is not None and open_hand.hand_id == hands[-1].hand_id:
                    open_hand = None
            elif row.kind == INTENT:
                open_hand = _larger(open_hand, _commitment(row.data["state"], row.data["decision"]["action"]))
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            why = f"{type(problem).__name__}: {problem}"
            raise ReconstructionError(f"row {number} ({row.kind}) of journal {name} cannot be read: {why}") from problem
    return Played(name, began, tuple(hands), open_hand)


def reconstruct(journals: Iterable[Played]) -> RiskState:
    """The state after the journals, in their order. A hand left open counts as lost once another journal follows, as
    it does when the program starts; in the last journal it is the open hand.

    A journal that says what it began with is believed: its state knew more than the journals before it. An older one
    without it was a session of its own, and one that says nothing at all ended before it had begun.
    """
    state = RiskState()
    for journal in journals:
        if journal.opening is not None:
            state = replace(journal.opening, booked=state.booked)
        elif journal.says_anything:
            state = state.begin(journal.name)
        for hand in journal.hands:
            state = state.book(hand.hand_id, hand.result)
        if journal.open_hand is not None:
            state = state.at_risk(journal.open_hand.hand_id, journal.open_hand.chips)
    return state


def hand_result(hand: Mapping[str, Any]) -> HandResult:
    """The hero's result of a hand's row; without a pay-out everything he had in it is lost."""
    hero = str(hand["hero"])
    start, end = hand["start_stacks"], hand["end_stacks"]
    result = int(end[hero]) - int(start[hero]) if end is not None else -_put_in(hand)
    return HandResult(str(hand["hand_id"]), result)


def _put_in(hand: Mapping[str, Any]) -> int:
    """The hero's commitment from the actions of a hand; his whole stack when they do not fit together."""
    hero, stacks = int(hand["hero"]), {int(seat): int(stack) for seat, stack in hand["start_stacks"].items()}
    whole = stacks[hero]
    try:
        betting = deal(stacks, int(hand["button"]), int(hand["small_blind"]), int(hand["big_blind"]))
        for record in hand["history"]:
            while int(betting.street) < int(record["street"]):
                betting = betting.next_street()
            betting = betting.after(_action(record["action"]))
        while int(betting.street) < _street(hand["board"]) and not betting.over:
            betting = betting.next_street()
    except BettingError:
        return whole
    return betting.seat(hero).contributed


def _street(board: Any) -> int:
    return (0, 3, 4, 5).index(len(board))


def _action(data: Mapping[str, Any]) -> Action:
    return Action(ActionKind(data["kind"]), int(data["amount"]))


def _commitment(state: Mapping[str, Any], action: Mapping[str, Any]) -> OpenHand:
    """What an intent can have put into its hand, with what was in it before."""
    hero = {seat["seat"]: seat for seat in state["seats"]}[state["hero"]]
    made = _action(action)
    added = {ActionKind.CALL: made.amount, ActionKind.BET: made.amount - hero["bet"]}
    added[ActionKind.RAISE] = added[ActionKind.BET]
    chips = int(hero["start_stack"]) - int(hero["stack"]) + int(added.get(made.kind, 0))
    return OpenHand(str(state["hand_id"]), chips)


def _larger(before: OpenHand | None, now: OpenHand) -> OpenHand:
    if before is None or before.hand_id != now.hand_id:
        return now
    return max(before, now, key=lambda hand: hand.chips)


def _opening(data: Mapping[str, Any]) -> RiskState | None:
    figures = data.get("risk")
    if figures is None:
        return None
    session = figures["session_id"]
    numbers = [figures[name] for name in ("session_result", "hands", "total_result")]
    if not isinstance(session, str) or any(type(number) is not int for number in numbers):
        raise ValueError(f"{figures!r} are no figures of a session")
    return RiskState(session, *numbers)
