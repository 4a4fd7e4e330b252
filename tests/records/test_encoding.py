"""Value types to JSON and back."""

import json
from dataclasses import dataclass, fields
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.game.actions import Action, ActionKind, LegalActions
from engine.game.state import ActionRecord, SeatState, Street, TableState
from engine.records.encoding import DecodingError, EncodingError, decode, encode
from engine.records.rows import HandRow, IntentRow, ObservationRow
from engine.words import (
    ActionValue,
    Box,
    ControlReading,
    Decision,
    Frame,
    GestureKind,
    Intent,
    Observation,
    PressReport,
    Reading,
    Receipt,
    ReceiptStatus,
    SeatReading,
    WindowInfo,
)

AMOUNTS = st.integers(0, 10**9)
SHARES = st.floats(0, 1)
TEXT = st.text(max_size=8)
BOXES = st.builds(Box, *[st.integers(-9999, 9999)] * 4)
WINDOWS = st.builds(WindowInfo, st.integers(0, 2**64), TEXT, TEXT, BOXES)


def readings(values: st.SearchStrategy[object]) -> st.SearchStrategy[Reading[object]]:
    return st.builds(Reading, st.none() | values, SHARES, BOXES)


def tuples(values: st.SearchStrategy[object], most: int = 3) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(values, max_size=most).map(tuple)


SEAT_READINGS = st.builds(SeatReading, AMOUNTS, readings(TEXT), readings(AMOUNTS), readings(AMOUNTS))
CONTROLS = st.builds(ControlReading, TEXT, readings(st.booleans()), readings(AMOUNTS), BOXES)
OBSERVATIONS = st.builds(
    Observation,
    sequence=AMOUNTS,
    captured_at=AMOUNTS,
    window=WINDOWS,
    scale=SHARES,
    hand_number=readings(AMOUNTS),
    hole=tuples(readings(TEXT)),
    board=tuples(readings(TEXT)),
    pot=readings(AMOUNTS),
    seats=tuples(SEAT_READINGS),
    button=readings(AMOUNTS),
    turn=readings(st.integers(-1, 5)),
    controls=tuples(CONTROLS),
    confidence=SHARES,
    weakest=TEXT,
    view_id=st.integers(0, 2**64 - 1),
)
ACTIONS = st.builds(Action, st.sampled_from(ActionKind), AMOUNTS)
RECORDS = st.builds(ActionRecord, AMOUNTS, st.sampled_from(Street), ACTIONS)
STATES = st.builds(
    TableState,
    hand_id=TEXT,
    hero=AMOUNTS,
    button=AMOUNTS,
    small_blind=AMOUNTS,
    big_blind=AMOUNTS,
    seats=tuples(st.builds(SeatState, AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, st.booleans())),
    hole=tuples(TEXT),
    board=tuples(TEXT),
    street=st.sampled_from(Street),
    pot=AMOUNTS,
    history=tuples(RECORDS),
    to_act=st.none() | AMOUNTS,
    legal=st.none() | st.builds(LegalActions, AMOUNTS, AMOUNTS, AMOUNTS, st.booleans()),
)
INTENTS = st.builds(
    Intent,
    AMOUNTS,
    TEXT,
    st.sampled_from(GestureKind),
    TEXT,
    AMOUNTS,
    AMOUNTS,
    TEXT,
    st.booleans(),
    st.integers(0, 2**64 - 1),
    WINDOWS,
)
DECISIONS = st.builds(
    Decision,
    TEXT,
    ACTIONS,
    tuples(st.builds(ActionValue, ACTIONS, SHARES, SHARES)),
    tuples(TEXT),
    TEXT,
    SHARES,
    AMOUNTS,
    st.booleans(),
    st.dictionaries(TEXT, AMOUNTS, max_size=3),
)
STACKS = st.dictionaries(st.integers(0, 5), AMOUNTS, max_size=6)
HANDS = st.builds(
    HandRow,
    TEXT,
    AMOUNTS,
    AMOUNTS,
    AMOUNTS,
    AMOUNTS,
    AMOUNTS,
    STACKS,
    st.none() | STACKS,
    tuples(TEXT),
    tuples(TEXT),
    st.dictionaries(st.integers(0, 5), tuples(TEXT), max_size=2),
    tuples(RECORDS),
    st.booleans(),
)
REPORTS = st.builds(PressReport, AMOUNTS, st.sampled_from(ReceiptStatus), TEXT, AMOUNTS, AMOUNTS)
RECEIPTS = st.builds(Receipt, AMOUNTS, st.booleans(), TEXT, AMOUNTS)


@settings(deadline=None)
@given(
    value=st.builds(ObservationRow, OBSERVATIONS)
    | st.builds(IntentRow, INTENTS, OBSERVATIONS, STATES, DECISIONS)
    | HANDS
    | REPORTS
    | RECEIPTS
)
def test_what_is_stored_comes_back_as_it_was(
    value: ObservationRow | IntentRow | HandRow | PressReport | Receipt,
) -> None:
    stored = json.loads(json.dumps(encode(value), allow_nan=False))
    assert decode(type(value), stored) == value


@dataclass(frozen=True)
class Holder:
    held: object


FRAME = Frame(1, 1, WindowInfo(1, "", "", Box(0, 0, 1, 1)), np.zeros((1, 1, 3), np.uint8))


@pytest.mark.parametrize("value", [FRAME, np.zeros(3), float("nan"), float("inf"), object(), {1, 2}, b"x", {None: 1}])
def test_what_does_not_belong_in_a_record_is_refused_by_its_place(value: object) -> None:
    with pytest.raises(EncodingError, match=r"^row\.held\[1\]"):
        encode(Holder((0, value)), "row")


def test_numbers_of_numpy_are_stored_as_numbers() -> None:
    stored = encode(MappingProxyType({"a": np.int64(3), "b": np.float32(0.5), "c": np.bool_(True), "d": np.float64(2)}))
    assert json.dumps(stored) == '{"a": 3, "b": 0.5, "c": true, "d": 2.0}'


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"kind": "fold"},
        {"kind": "fold", "amount": "3"},
        {"kind": "fold", "amount": True},
        {"kind": "jump", "amount": 0},
        {"kind": "fold", "amount": 0, "more": 1},
    ],
)
def test_json_that_is_not_the_value_is_refused(data: object) -> None:
    with pytest.raises(DecodingError):
        decode(Action, data)


def test_every_place_of_a_list_is_checked() -> None:
    stored = encode(TableState("h", 0, 0, 1, 2, (), ("As",), (), Street.FLOP, 3, (), None, None))
    for name, wrong in {"hole": ["As", 3], "board": "As", "street": 9, "seats": [{}], "legal": 1, "pot": None}.items():
        with pytest.raises(DecodingError, match=rf"^value\.{name}"):
            decode(TableState, stored | {name: wrong})
    assert {field.name for field in fields(TableState)} == set(stored)
