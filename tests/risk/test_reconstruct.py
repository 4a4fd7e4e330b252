"""The figures from the journals alone are the figures that the guard has counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.game.actions import Action, ActionKind
from engine.game.betting import deal
from engine.game.state import Street
from engine.records.encoding import encode
from engine.records.rows import HandRow
from engine.risk.guard import chips_added
from engine.risk.reconstruct import (
    HandResult,
    Played,
    ReconstructionError,
    hand_result,
    opening,
    played,
    reconstruct,
)
from engine.risk.state import OpenHand, RiskState
from engine.session.follower import hand_row
from engine.vision.tracker import FinishedHand
from tests.risk.random_hands import BOARD, as_state, states
from tests.risk.spots import CHECK, call, guard, state


@dataclass(frozen=True, slots=True)
class Row:
    kind: str
    data: Mapping[str, Any]


def hand(hand_id: str, start: int, end: int | None) -> Row:
    ends = None if end is None else {0: end, 1: start}
    row = HandRow(hand_id, 1, 0, 0, 10, 20, {0: start, 1: start}, ends, (), (), {}, (), True)
    return Row("hand", {"hand": encode(row)})


def intent(hand_id: str, contributed: int, action: Action, bet: int = 40) -> Row:
    decided = {"action": encode(action)}
    return Row("intent", {"state": encode(state(contributed, bet, hand_id=hand_id)), "decision": decided})


def start(before: RiskState) -> Row:
    return Row("start", {"config": "x", "risk": opening(before)})


def test_hands_add_up() -> None:
    part = played("s1", [Row("start", {"config": "x"}), hand("s1-1", 1000, 900), hand("s1-2", 900, 1300)])
    assert part.hands == (HandResult("s1-1", -100), HandResult("s1-2", 400))
    found = reconstruct([part])
    assert (found.session_id, found.session_result, found.hands, found.total_result) == ("s1", 300, 2, 300)


def test_an_older_journal_is_a_session_of_its_own() -> None:
    found = reconstruct([played("s1", [hand("s1-1", 1000, 900)]), played("s2", [hand("s2-1", 1000, 1050)])])
    assert (found.session_id, found.session_result, found.hands, found.total_result) == ("s2", 50, 1, -50)


def test_a_journal_that_says_what_it_began_with_is_believed() -> None:
    before = RiskState("s1", -700, 12, -9000)
    found = reconstruct([played("s0", [hand("s0-1", 9, 0)]), played("s2", [start(before), hand("s2-1", 1000, 1050)])])
    assert (found.session_id, found.session_result, found.hands, found.total_result) == ("s1", -650, 13, -8950)


def test_a_journal_that_ended_before_it_began_changes_nothing() -> None:
    parts = [played("s1", [hand("s1-1", 1000, 900)]), played("s2", [Row("opened", {})])]
    assert reconstruct(parts).session_result == -100


def test_what_was_put_into_a_hand_without_an_end_is_its_open_hand() -> None:
    rows = [
        hand("s-1", 1000, 900),
        intent("s-2", 100, call(60)),
        intent("s-2", 160, Action(ActionKind.RAISE, 240), bet=0),
        intent("s-2", 400, Action(ActionKind.CHECK), bet=0),
        intent("s-2", 300, Action(ActionKind.FOLD)),
    ]
    part = played("s", rows)
    assert part.open_hand == OpenHand("s-2", 400)
    assert reconstruct([part]).open_hand == OpenHand("s-2", 400)
    later = reconstruct([part, played("s2", [hand("s2-1", 10, 20)])])
    assert (later.total_result, later.hands) == (-100 - 400 + 10, 1)


def test_a_hand_with_an_end_is_not_open() -> None:
    assert played("s", [intent("s-2", 100, call(60)), hand("s-2", 1000, 900)]).open_hand is None
    rows = [hand("s-1", 1000, 990), intent("s-2", 100, call(60))]
    assert played("s", rows).open_hand == OpenHand("s-2", 160)
    assert played("s", [*rows, hand("s-2", 1000, 900)]).open_hand is None


@pytest.mark.parametrize(
    "row",
    [
        Row("hand", {}),
        Row("hand", {"hand": None}),
        Row("hand", {"hand": {"hero": 0, "start_stacks": {"1": 3}, "end_stacks": {"1": 3}, "hand_id": "h"}}),
        Row("intent", {"state": {}, "decision": {}}),
        Row("intent", {"state": encode(state()), "decision": {"action": {"kind": "bluff", "amount": 1}}}),
        Row("intent", {"state": encode(state()) | {"hero": 7}, "decision": {"action": encode(call(60))}}),
        Row("hand", {"hand": encode(hand_row(FinishedHand(state(hand_id="s-1"), None))) | {"hero": 7}}),
        Row("hand", {"hand": encode(hand_row(FinishedHand(state(hand_id="s-1"), None))) | {"board": ["2c", "7d"]}}),
        Row("start", {"risk": {"session_id": "s"}}),
        Row("start", {"risk": {"session_id": "s", "session_result": "1", "hands": 0, "total_result": 0}}),
    ],
)
def test_a_row_that_is_not_what_it_should_be_is_named(row: Row) -> None:
    with pytest.raises(ReconstructionError, match=rf"row 2 \({row.kind}\) of journal s"):
        played("s", [Row("opened", {}), row])


@given(st.integers(0, 10**9), st.integers(0, 30))
@settings(deadline=None)
def test_a_hand_whose_pay_out_was_missed_costs_what_the_hero_had_in_it(seed: int, cut: int) -> None:
    """Random hands cut off anywhere: the journal's row says the same loss as the state that was followed."""
    seen = [state_ for state_, _ in states(seed)]
    last = seen[min(cut, len(seen) - 1)]
    row = encode(hand_row(FinishedHand(last, None)))
    assert hand_result(row) == HandResult("s-1", -last.seat(0).contributed)


STREETS = (Street.PREFLOP, Street.FLOP, Street.TURN)


@pytest.mark.parametrize("street", STREETS)
@pytest.mark.parametrize("next_card_seen", [False, True])
def test_what_nobody_could_call_comes_back_once_the_next_street_is_seen(street: Street, next_card_seen: bool) -> None:
    """The hero has 500 chips and is all-in, the other has 300 and calls."""
    betting = deal({0: 500, 1: 300}, 1, 10, 20)
    while betting.street < street:
        while betting.to_act is not None:
            legal = betting.legal()
            assert legal is not None
            betting = betting.after(call(legal.call_amount) if legal.call_amount else CHECK)
        betting = betting.next_street()
    while betting.to_act is not None:
        legal = betting.legal()
        assert legal is not None
        if betting.to_act == 0:
            betting = betting.after(Action(ActionKind.BET if legal.opening else ActionKind.RAISE, legal.max_to))
        else:
            betting = betting.after(call(legal.call_amount))
    assert betting.seat(0).contributed == 500
    row = encode(hand_row(FinishedHand(as_state(betting, "s-1"), None)))
    row["board"] = list(BOARD[: Street(street + next_card_seen).board_cards])
    assert hand_result(row).result == (-300 if next_card_seen else -500)


def test_a_hand_left_on_the_river_costs_what_lies_in_it() -> None:
    betting = deal({0: 500, 1: 300}, 1, 10, 20).after(call(10)).after(CHECK)
    for _ in ("flop", "turn"):
        betting = betting.next_street().after(CHECK).after(CHECK)
    row = encode(hand_row(FinishedHand(as_state(betting.next_street(), "s-1"), None)))
    assert len(row["board"]) == 5
    assert hand_result(row).result == -20


def test_actions_that_do_not_fit_together_cost_the_whole_stack() -> None:
    row = encode(hand_row(FinishedHand(list(states(3))[-1][0], None)))
    row["history"] = [{"seat": 5, "street": 0, "action": {"kind": "check", "amount": 0}}] * 9
    assert hand_result(row).result == -int(row["start_stacks"]["0"])


@given(st.integers(0, 10**9), st.integers(0, 30))
@settings(deadline=None)
def test_nothing_that_an_intent_can_put_in_is_forgotten(seed: int, cut: int) -> None:
    """Random hands, journaled up to any moment: the open hand covers everything that the hero had put in by then."""
    rows, worst = [], 0
    for state_, action in list(states(seed))[: cut + 1]:
        if state_.to_act == 0 and action is not None:
            rows.append(Row("intent", {"state": encode(state_), "decision": {"action": encode(action)}}))
            worst = max(worst, state_.seat(0).contributed + chips_added(state_, action))
    found = played("s", rows).open_hand
    assert found == (OpenHand("s-1", worst) if rows else None)


@given(st.lists(st.tuples(st.integers(0, 500), st.booleans()), max_size=12))
@settings(max_examples=30, deadline=None)  # each booking waits for the disk
def test_chips_and_exposure_add_up(tmp_path_factory: pytest.TempPathFactory, hands: list[tuple[int, bool]]) -> None:
    """Several sessions: what the guard has counted and what the journals say are the same figures."""
    risk = guard(tmp_path_factory.mktemp("risk") / "risk.json")
    parts: list[Played] = []
    for session, (result, won) in enumerate(hands):
        name = f"s{session:02}"
        risk.begin_session(name)
        rows = [start(risk.state)]
        for number in range(3):
            end = 1000 + (result if won else -result) * number
            rows.append(hand(f"{name}-{number}", 1000, end))
            risk.hand_over(f"{name}-{number}", end - 1000)
        parts.append(played(name, rows))
    found = reconstruct(parts)
    assert found == risk.state
    assert reconstruct(parts[-1:]).total_result == risk.state.total_result
