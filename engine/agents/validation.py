"""What an agent wrote becomes an opinion, or a refusal with its reason; there is nothing between.

A reply is one JSON object: the cards the agent was told (``hole``, ``board``), its ``actions`` with amounts as in
``engine.game.actions`` and frequencies that add up to 1, its ``confidence`` from 0 to 1 and a ``reason`` in words.
An agent that cannot say which cards it was told about advises on another hand.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, NoReturn

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.game.actions import Action, ActionKind, IllegalActionError
from engine.game.state import TableState
from engine.words import Opinion

LONGEST_REPLY = 16_384
LONGEST_REASON = 2000
MOST_ACTIONS = 16
SUM_TOLERANCE = 0.01
"""How far frequencies may be from 1 together: agents round. What passes is scaled to add up exactly."""
ECHO = 40
"""Characters from which a text that also stands in the question is an echo and no chance."""

BOILERPLATE = re.compile(
    r"\bas an? (?:ai|artificial|language|llm)\b|\blanguage model\b"
    r"|\bi(?:'m| am)? (?:can ?not|can't|unable to|not able to) (?:help|assist|provide|comply|participate|give|offer)\b"
    r"|\blorem ipsum\b|\bplaceholder\b|\b(?:todo|tbd|fixme)\b|\byour (?:reason|answer|text) here\b|\bexample reason\b",
    re.IGNORECASE,
)
EMPTY_WORDS = frozenset({"", "n/a", "na", "none", "null", "nil", "string", "reason", "test", "ok", "okay", "unknown"})


class RefusalKind(StrEnum):
    """Why a reply is no opinion."""

    EMPTY = "empty"
    TOO_LONG = "too long"
    MALFORMED = "malformed"
    SCHEMA = "wrong form"
    ILLEGAL = "illegal action"
    HALLUCINATED = "other cards"
    FREQUENCIES = "frequencies"
    STUB = "stub"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reply that is no opinion: whose, of which kind, what was found, and how long it took."""

    agent: str
    kind: RefusalKind
    reason: str
    took_ns: int


class _RefusedError(ValueError):
    def __init__(self, kind: RefusalKind, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


class _Advice(_Part):
    action: Literal["fold", "check", "call", "bet", "raise"]
    amount: int = Field(0, ge=0, le=10**12)
    frequency: float = Field(ge=0.0, le=1.0)


class _Reply(_Part):
    hole: list[str] = Field(max_length=2)
    board: list[str] = Field(max_length=5)
    actions: list[_Advice] = Field(min_length=1, max_length=MOST_ACTIONS)
    confidence: float = Field(ge=0.0, le=1.0)
    reason: str = Field(max_length=LONGEST_REASON)


def validate(agent: str, text: str, state: TableState, *, prompt: str = "", took_ns: int = 0) -> Opinion | Refusal:
    """The opinion in ``text``, or why there is none. ``prompt`` is what the agent was asked."""
    try:
        return _opinion(agent, text, state, prompt, took_ns)
    except _RefusedError as refused:
        return Refusal(agent, refused.kind, str(refused), took_ns)


def _opinion(agent: str, text: str, state: TableState, prompt: str, took_ns: int) -> Opinion:
    _check_text(text, prompt)
    reply = _formed(_parsed(text))
    reason = _meant(reply.reason, prompt)
    _check_cards(reply, state)
    return Opinion(agent, _legal_advice(reply, state), reply.confidence, reason, took_ns)


def _check_text(text: str, prompt: str) -> None:
    if not text.strip():
        _refuse(RefusalKind.EMPTY, "nothing came")
    if len(text) > LONGEST_REPLY:
        _refuse(RefusalKind.TOO_LONG, f"{len(text)} characters; at most {LONGEST_REPLY} are read")
    if len(question := _plain(prompt)) >= ECHO and question in _plain(text):
        _refuse(RefusalKind.STUB, "it repeats the question")
    if not text.lstrip().startswith("{") and (found := BOILERPLATE.search(text)):
        _refuse(RefusalKind.STUB, f"it says {found.group()!r} where an opinion belongs")


def _parsed(text: str) -> Any:
    """The JSON value; the same key twice, NaN, infinity and nesting without end are refused."""
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except RecursionError:
        _refuse(RefusalKind.MALFORMED, "nested too deeply")
    except ValueError as error:
        if isinstance(error, _RefusedError):
            raise
        _refuse(RefusalKind.MALFORMED, f"not JSON: {str(error)[:120]}")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        _refuse(RefusalKind.MALFORMED, "a key stands in it twice")
    return content


def _no_constant(name: str) -> NoReturn:
    _refuse(RefusalKind.MALFORMED, f"{name} is not a number")


def _formed(data: Any) -> _Reply:
    try:
        return _Reply.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part)[:40] for part in first["loc"])
        _refuse(RefusalKind.SCHEMA, f"{where or 'the reply'}: {first['msg']}")


def _meant(reason: str, prompt: str) -> str:
    """The reason, in one line, when it is one."""
    shown = " ".join(reason.split())
    if not shown.isprintable():
        _refuse(RefusalKind.MALFORMED, "the reason holds characters that cannot be shown")
    words = shown.strip(" .!?-_").casefold()
    if words in EMPTY_WORDS or not any(letter.isalpha() for letter in words):
        _refuse(RefusalKind.STUB, f"the reason is {shown!r}")
    if found := BOILERPLATE.search(shown):
        _refuse(RefusalKind.STUB, f"the reason says {found.group()!r}")
    if len(words) >= ECHO and words in _plain(prompt):
        _refuse(RefusalKind.STUB, "the reason repeats the question")
    return shown


def _check_cards(reply: _Reply, state: TableState) -> None:
    for name, said, shown in (("hole cards", reply.hole, state.hole), ("board", reply.board, state.board)):
        if sorted(said) != sorted(shown):
            _refuse(RefusalKind.HALLUCINATED, f"{name} {_cards(said)} where {_cards(shown)} were shown")


def _legal_advice(reply: _Reply, state: TableState) -> tuple[tuple[Action, float], ...]:
    if state.legal is None or not state.hero_to_act:
        _refuse(RefusalKind.ILLEGAL, "it is not our turn")
    actions = [_legal(state, advice) for advice in reply.actions]
    if len(set(actions)) != len(actions):
        _refuse(RefusalKind.SCHEMA, "an action stands in it twice")
    total = sum(advice.frequency for advice in reply.actions)
    if abs(total - 1) > SUM_TOLERANCE:
        _refuse(RefusalKind.FREQUENCIES, f"the frequencies add up to {total:.3f} instead of 1")
    return tuple((action, advice.frequency / total) for action, advice in zip(actions, reply.actions, strict=True))


def _legal(state: TableState, advice: _Advice) -> Action:
    """Refused whatever its frequency: who offers what the rules forbid has not understood the spot."""
    action = Action(ActionKind(advice.action), advice.amount)
    assert state.legal is not None
    try:
        state.legal.check(action)
    except IllegalActionError as error:
        _refuse(RefusalKind.ILLEGAL, str(error))
    if action.amount and action.kind in (ActionKind.FOLD, ActionKind.CHECK):
        _refuse(RefusalKind.ILLEGAL, f"{action}: a {action.kind} has no amount")
    return action


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _cards(cards: Sequence[str]) -> str:
    return " ".join(card[:8] for card in cards) or "none"


def _refuse(kind: RefusalKind, reason: str) -> NoReturn:
    raise _RefusedError(kind, reason)
