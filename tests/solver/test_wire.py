"""What passes over the pipe comes back as it was, and whatever else comes is refused, never believed."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.clock import SECOND, VirtualClock
from engine.game.actions import Action, ActionKind
from engine.solver.baseline import BaselineSolver
from engine.solver.wire import (
    Abandon,
    Answer,
    Beat,
    Failed,
    Hurry,
    Ready,
    Solve,
    Started,
    WireError,
    check_solution,
    encode,
    read_asked,
    read_told,
)
from engine.words import ActionValue, Solution
from tests.solver.spots import CHECK, FOLD, bet, call, raise_to, spot, states_met

RIVER = spot("AsKs", "QsJsTs3c2d", [call(10), CHECK], [CHECK, CHECK], [CHECK, CHECK], [bet(20)])
SOUND = Solution("baseline", (ActionValue(FOLD, 0.25, 0.0), ActionValue(call(20), 0.75, 3.5)), 0.5, None, "words", 9)
ANSWER = encode(Answer(request=3, solution=SOUND))


@pytest.mark.parametrize("players", [2, 6])
def test_every_spot_and_its_solution_come_back_as_they_were(players: int) -> None:
    solver = BaselineSolver(VirtualClock(), 20)
    for state in states_met(5, players, seed=players):
        asked = Solve(request=1, budget_ns=SECOND, seed=2**63, state=state)
        assert read_asked(encode(asked)) == asked
        solution = solver.solve(state, SECOND, 1)
        told = Answer(request=1, solution=solution)
        assert read_told(encode(told)) == told
        check_solution(state, solution)


def test_the_small_messages_come_back_as_they_were() -> None:
    for asked in (Hurry(request=1), Abandon(request=2)):
        assert read_asked(encode(asked)) == asked
    for told in (Started(pid=1), Ready(), Beat(work=0), Failed(request=1, reason="a\nb")):
        assert read_told(encode(told)) == told


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else_and_none_are_believed(line: bytes) -> None:
    for read in (read_asked, read_told):
        for given_line in (line, line + b"\n"):
            with pytest.raises(WireError):
                read(given_line)


@settings(deadline=None)
@given(st.data())
def test_a_damaged_answer_is_refused_or_still_a_possible_one(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(ANSWER) - 1))
    until = data.draw(st.integers(at, min(len(ANSWER), at + 4)))
    damaged = ANSWER[:at] + data.draw(st.binary(max_size=3)) + ANSWER[until:]
    try:
        told = read_told(damaged)
        assert isinstance(told, Answer)
        check_solution(RIVER, told.solution)
    except WireError:
        return
    assert RIVER.legal is not None
    for value in told.solution.actions:
        RIVER.legal.check(value.action)
    assert sum(value.frequency for value in told.solution.actions) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("cut", [1, 2, 20, len(ANSWER) - 1])
def test_a_line_that_breaks_off_is_refused(cut: int) -> None:
    with pytest.raises(WireError, match="breaks off"):
        read_told(ANSWER[:-cut])


@pytest.mark.parametrize(
    "change",
    [
        {"request": "3"},
        {"request": 0},
        {"request": 3.5},
        {"kind": "solve"},
        {"kind": "report"},
        {"more": 1},
        {"solution": None},
        {"solution": {"source": "baseline"}},
    ],
)
def test_a_message_of_another_form_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(WireError, match="not a message"):
        read_told(json.dumps(json.loads(ANSWER) | change).encode() + b"\n")


@pytest.mark.parametrize(
    ("field", "value"),
    [("equity", "0.5"), ("equity", None), ("equity", True), ("took_ns", 1.5), ("actions", {}), ("more", 1)],
)
def test_types_are_strict_to_the_last_field(field: str, value: Any) -> None:
    content = json.loads(ANSWER)
    content["solution"][field] = value
    with pytest.raises(WireError, match="not a message"):
        read_told(json.dumps(content).encode() + b"\n")
    with pytest.raises(WireError, match="not a message"):
        read_told(ANSWER.replace(b"0.5", b"NaN"))


def values(*pairs: tuple[Action, float]) -> tuple[ActionValue, ...]:
    return tuple(ActionValue(action, frequency, 0.0) for action, frequency in pairs)


@pytest.mark.parametrize(
    ("solution", "why"),
    [
        (replace(SOUND, actions=()), "without actions"),
        (replace(SOUND, actions=values((FOLD, 0.5), (FOLD, 0.5))), "twice"),
        (replace(SOUND, actions=values((CHECK, 1.0))), "there is a bet to call"),
        (replace(SOUND, actions=values((bet(60), 1.0))), "there is a bet already"),
        (replace(SOUND, actions=values((call(19), 1.0))), "not the amount"),
        (replace(SOUND, actions=values((raise_to(10**6), 1.0))), "out of bounds"),
        (replace(SOUND, actions=values((Action(ActionKind.FOLD, 5), 1.0))), "costs nothing"),
        (replace(SOUND, actions=values((FOLD, 0.5))), "add up to 0.5"),
        (replace(SOUND, actions=values((FOLD, 1.5), (call(20), -0.5))), "the least -0.5"),
        (replace(SOUND, actions=(ActionValue(FOLD, 1.0, float("nan")),)), "no number"),
        (replace(SOUND, actions=values((FOLD, float("inf")))), "no number"),
        (replace(SOUND, equity=1.5), "equity 1.5"),
        (replace(SOUND, took_ns=-1), "-1 ns"),
        (replace(SOUND, exploitability=-2.0), "exploitability -2"),
    ],
)
def test_an_answer_that_cannot_be_one_is_refused(solution: Solution, why: str) -> None:
    check_solution(RIVER, SOUND)
    with pytest.raises(WireError, match=why):
        check_solution(RIVER, solution)
