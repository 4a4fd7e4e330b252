"""Whatever an agent writes is an opinion that can be played, or a refusal that says why."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.agents.stand_in import reply_text
from engine.agents.validation import LONGEST_REPLY, Refusal, RefusalKind, validate
from engine.game.actions import Action, ActionKind
from engine.game.state import TableState
from engine.words import Opinion
from tests.solver.spots import CHECK, FOLD, bet, call, raise_to, spot

FLOP = spot("AsKs", "QsJs2d", [call(10), CHECK], [bet(20)])
PROMPT = (
    "You are at a table with blinds of 10 and 20. Say what you would do with As Ks on Qs Js 2d, facing a bet of 20."
)
SOUND: dict[str, Any] = {
    "hole": ["As", "Ks"],
    "board": ["Qs", "Js", "2d"],
    "actions": [
        {"action": "call", "amount": 20, "frequency": 0.6},
        {"action": "raise", "amount": 60, "frequency": 0.4},
    ],
    "confidence": 0.7,
    "reason": "Nut flush draw and two overcards.",
}


def judged(text: str, state: TableState = FLOP) -> Opinion | Refusal:
    return validate("careful", text, state, prompt=PROMPT, took_ns=5)


def changed(**changes: Any) -> str:
    return json.dumps(SOUND | changes)


def one(action: str, amount: Any = 0, frequency: Any = 1.0, **more: Any) -> str:
    return changed(actions=[{"action": action, "amount": amount, "frequency": frequency} | more])


def refused(text: str, kind: RefusalKind) -> str:
    said = judged(text)
    assert isinstance(said, Refusal), said
    assert said.kind is kind, said
    assert (said.agent, said.took_ns) == ("careful", 5)
    assert said.reason
    return said.reason


def test_a_sound_reply_is_an_opinion() -> None:
    advice = ((call(20), 0.6), (raise_to(60), 0.4))
    assert judged(json.dumps(SOUND)) == Opinion("careful", advice, 0.7, "Nut flush draw and two overcards.", 5)


def test_what_a_stand_in_writes_is_sound() -> None:
    said = judged(reply_text(FLOP, [(FOLD, 0.25), (call(20), 0.75)]))
    assert isinstance(said, Opinion)
    assert said.advice == ((FOLD, 0.25), (call(20), 0.75))


def test_cards_may_be_named_in_another_order() -> None:
    assert isinstance(judged(changed(hole=["Ks", "As"], board=["2d", "Js", "Qs"])), Opinion)


def test_rounded_frequencies_are_scaled_to_one() -> None:
    thirds = [{"action": name, "amount": amount, "frequency": 0.333} for name, amount in (("fold", 0), ("call", 20))]
    said = judged(changed(actions=[*thirds, {"action": "raise", "amount": 60, "frequency": 0.333}]))
    assert isinstance(said, Opinion)
    assert sum(part for _, part in said.advice) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_nothing_is_no_opinion(text: str) -> None:
    refused(text, RefusalKind.EMPTY)


@pytest.mark.parametrize(
    "text",
    [
        "call 20",
        json.dumps(SOUND)[:-1],
        json.dumps(SOUND) + "}",
        f"```json\n{json.dumps(SOUND)}\n```",
        json.dumps(SOUND).replace("0.7", "NaN"),
        json.dumps(SOUND).replace("0.7", "-Infinity"),
        json.dumps(SOUND)[:-1] + ', "reason": "Two reasons are given."}',
        json.dumps(SOUND).replace('"amount": 20', '"amount": 20, "amount": 40'),
        '{"hole":' + "[" * 8000,
        '{"confidence": ' + "9" * 8000 + "}",
        changed(reason="A good draw \x07 here."),
    ],
)
def test_malformed_json_is_refused(text: str) -> None:
    refused(text, RefusalKind.MALFORMED)


def test_a_reply_without_end_is_not_read() -> None:
    refused(changed(reason="Good odds. " * LONGEST_REPLY), RefusalKind.TOO_LONG)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        changed(actions=[]),
        changed(actions={"call": 1.0}),
        changed(confidence="high"),
        changed(confidence=1.2),
        changed(confidence=True),
        changed(reason=7),
        changed(note="and another thing"),
        json.dumps({key: value for key, value in SOUND.items() if key != "board"}),
        one("all-in", 2000),
        one("call", "20"),
        one("call", 20.0),
        one("call", 20, "all"),
        one("call", 20, 1.5),
        one("call", 20, -1.0),
        one("call", -20),
        one("call", 20, seat=3),
        changed(actions=[{"action": "call", "amount": 20, "frequency": 0.5}] * 2),
        changed(confidence=0).replace(" 0,", " 1e999,"),
        changed(hole=[["As"], ["Ks"]]),
        changed(reason="A good draw \ud800 here."),
    ],
)
def test_the_wrong_form_is_refused(text: str) -> None:
    refused(text, RefusalKind.SCHEMA)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (one("check"), "there is a bet to call"),
        (one("bet", 60), "there is a bet already"),
        (one("call", 10), "not the amount to call"),
        (one("call"), "not the amount to call"),
        (one("raise", 39), "out of bounds"),
        (one("raise", 100_000), "out of bounds"),
        (one("fold", 20), "a fold has no amount"),
    ],
)
def test_an_illegal_action_is_refused_whatever_its_frequency(text: str, why: str) -> None:
    assert why in refused(text, RefusalKind.ILLEGAL)
    beside = json.loads(text)["actions"][0] | {"frequency": 0.0}
    whole = {"action": "call", "amount": 20, "frequency": 1.0}
    assert why in refused(changed(actions=[whole, beside]), RefusalKind.ILLEGAL)


def test_advice_while_somebody_else_is_to_act_is_illegal() -> None:
    for state in (replace(FLOP, to_act=1 - FLOP.hero), replace(FLOP, legal=None)):
        said = validate("careful", reply_text(state, [(FOLD, 1.0)]), state)
        assert isinstance(said, Refusal)
        assert said.kind is RefusalKind.ILLEGAL


@pytest.mark.parametrize(
    "text",
    [
        changed(hole=["Ah", "Ks"]),
        changed(hole=["As"]),
        changed(hole=[]),
        changed(hole=["As", "As"]),
        changed(hole=["A♠", "K♠"]),
        changed(board=["Qs", "Js", "2d", "3c"]),
        changed(board=[]),
        changed(board=["Qs", "Js", "2c"]),
        changed(board=["Qs", "Qs", "2d"]),
        changed(board=["Zz", "Js", "2d"]),
    ],
)
def test_other_cards_than_were_shown_are_refused(text: str) -> None:
    assert "were shown" in refused(text, RefusalKind.HALLUCINATED)


@pytest.mark.parametrize("frequency", [0.0, 0.5, 0.98])
def test_frequencies_have_to_add_up(frequency: float) -> None:
    assert "instead of 1" in refused(one("call", 20, frequency), RefusalKind.FREQUENCIES)


@pytest.mark.parametrize(
    "text",
    [
        "As an AI language model, I cannot give advice on gambling.",
        "I'm unable to help with that.",
        PROMPT,
        f"Sure! {PROMPT.upper()} ",
        changed(reason=PROMPT),
        changed(reason="Say what you would do with As Ks on Qs Js 2d"),
        changed(reason=""),
        changed(reason="N/A"),
        changed(reason="..."),
        changed(reason="string"),
        changed(reason="TODO"),
        changed(reason="Your reason here."),
        changed(reason="Lorem ipsum dolor sit amet."),
        changed(reason="As an AI I would rather call."),
    ],
)
def test_a_stub_is_no_opinion(text: str) -> None:
    refused(text, RefusalKind.STUB)


@pytest.mark.parametrize(
    "reason", ["I can't fold the nut flush draw.", "Call.", "Odds of 5 to 1", "Ruhig mitgehen: Odds"]
)
def test_plain_speech_is_no_stub(reason: str) -> None:
    assert isinstance(judged(changed(reason=reason)), Opinion)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(SOUND)), inner, max_size=5),
    max_leaves=12,
)
ADVICE = st.fixed_dictionaries(
    {
        "action": st.sampled_from([str(kind) for kind in ActionKind] + ["shove"]),
        "amount": st.sampled_from([0, 10, 20, 40, 60, 1980, 2000, 9999]),
        "frequency": st.sampled_from([0, 0.25, 0.5, 1, 1.0001]),
    }
)


def playable(said: Opinion | Refusal, state: TableState) -> None:
    if isinstance(said, Opinion):
        assert state.legal is not None
        for action, frequency in said.advice:
            state.legal.check(action)
            assert 0 <= frequency <= 1
            assert isinstance(action, Action)
        assert sum(frequency for _, frequency in said.advice) == pytest.approx(1, abs=1e-9)
        assert len({action for action, _ in said.advice}) == len(said.advice)
        said.reason.encode()


@given(st.text())
def test_no_text_raises_and_none_becomes_advice(text: str) -> None:
    assert isinstance(judged(text), Refusal)


@given(st.sampled_from(sorted(SOUND)), JSON)
def test_no_value_in_any_field_raises_or_becomes_an_unplayable_opinion(field: str, value: Any) -> None:
    playable(judged(changed(**{field: value})), FLOP)


@given(st.lists(ADVICE, max_size=4))
def test_whatever_passes_can_be_played(actions: list[dict[str, Any]]) -> None:
    playable(judged(changed(actions=actions)), FLOP)


@given(st.data())
def test_a_damaged_reply_never_raises(data: st.DataObject) -> None:
    text = json.dumps(SOUND)
    at = data.draw(st.integers(0, len(text)))
    until = data.draw(st.integers(at, min(len(text), at + 6)))
    playable(judged(text[:at] + data.draw(st.text(max_size=4)) + text[until:]), FLOP)
