"""A request is checked where it enters: whatever is not one gesture of this program is refused."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.permit.request import RequestError, read_request
from engine.words import GestureKind
from tests.permit.desk import an_intent, as_message

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=5,
)
GOOD = as_message(an_intent(), 9, 1)


def test_an_intent_is_a_request() -> None:
    request = read_request(GOOD)
    assert (request.claim.intent_id, request.claim.epoch, request.handle) == (1, 9, 77)
    assert request.area == (100, 100, 400, 300)
    assert request.inside


@pytest.mark.parametrize("text", ["", "12a", "-5", "1.5", "1 2", "\u0661", "9" * 13, "5\n"])
def test_only_digits_may_be_typed(text: str) -> None:
    amount = as_message(an_intent(kind=GestureKind.ENTER_AMOUNT, purpose="amount"), 9, 1, text=text)
    with pytest.raises(RequestError, match="digits may be typed") as refused:
        read_request(amount)
    assert refused.value.intent_id == 1


def test_a_click_types_nothing() -> None:
    with pytest.raises(RequestError, match="types nothing"):
        read_request(GOOD | {"text": "5"})


def test_passive_is_a_click_on_check_or_fold_and_no_more() -> None:
    for purpose in ("call", "raise", "bet", "all-in", "amount"):
        assert not read_request(GOOD | {"passive": True, "purpose": purpose}).claim.passive
    assert read_request(GOOD | {"passive": True, "purpose": "check"}).claim.passive
    assert not read_request(GOOD | {"passive": 1, "purpose": "check"}).claim.passive


@pytest.mark.parametrize(
    "key", ["intent_id", "epoch", "asked_at", "view_id", "kind", "x", "y", "text", "window", "passive"]
)
def test_a_missing_part_is_named(key: str) -> None:
    message = {name: value for name, value in GOOD.items() if name != key}
    with pytest.raises(RequestError, match=key):
        read_request(message)


@given(st.sampled_from(sorted(GOOD)), JSON)
def test_any_value_in_any_place_is_a_request_or_a_typed_refusal(key: str, value: Any) -> None:
    with suppress(RequestError):
        read_request(GOOD | {key: value})


@given(st.dictionaries(st.text(max_size=5), JSON, max_size=4))
def test_any_object_is_refused(message: dict[str, Any]) -> None:
    with pytest.raises(RequestError):
        read_request(message)
