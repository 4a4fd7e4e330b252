"""What passes between the engine and its solver process: one JSON object a line, checked before anything is believed.

Pickle is never used: a line can be wrong, and is then refused, but it cannot run.
"""

import math
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, PositiveInt, TypeAdapter, ValidationError

from engine.game.actions import ActionKind, IllegalActionError
from engine.game.state import TableState
from engine.words import Solution

T = TypeVar("T")
LINE_LIMIT = 1 << 20
"""Bytes of the longest line: a solution with the strategies at six nodes of five actions needs half of it."""
UNITY = 1e-6


class WireError(ValueError):
    """A line that is not a message, or an answer that cannot be one to the spot that was asked about."""


class Message(BaseModel):
    """What every message is: strict types to the last field, no unknown keys, finite numbers."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


class Solve(Message):
    """Work on a spot; whatever was asked before is forgotten."""

    kind: Literal["solve"] = "solve"
    request: PositiveInt
    budget_ns: NonNegativeInt
    seed: NonNegativeInt
    state: TableState


class Hurry(Message):
    """Answer this request with the best found so far."""

    kind: Literal["hurry"] = "hurry"
    request: PositiveInt


class Abandon(Message):
    """Nobody waits for this request any longer."""

    kind: Literal["abandon"] = "abandon"
    request: PositiveInt


class Started(Message):
    """The program runs; it has yet to prove that it can solve."""

    kind: Literal["started"] = "started"
    pid: PositiveInt


class Ready(Message):
    """The program has solved spots whose answers are known."""

    kind: Literal["ready"] = "ready"


class Beat(Message):
    """The working loop has moved on; ``work`` counts how often, from the start of the program."""

    kind: Literal["beat"] = "beat"
    work: NonNegativeInt


class Answer(Message):
    """The solution to a request."""

    kind: Literal["answer"] = "answer"
    request: PositiveInt
    solution: Solution


class Partial(Message):
    """The best answer to a request so far; better ones follow, and the answer itself at the end."""

    kind: Literal["partial"] = "partial"
    request: PositiveInt
    solution: Solution


class Failed(Message):
    """A request to which there is no solution, and why."""

    kind: Literal["failed"] = "failed"
    request: PositiveInt
    reason: str


Asked = Solve | Hurry | Abandon
Told = Started | Ready | Beat | Partial | Answer | Failed
_ASKED: TypeAdapter[Asked] = TypeAdapter(Annotated[Asked, Field(discriminator="kind")])
_TOLD: TypeAdapter[Told] = TypeAdapter(Annotated[Told, Field(discriminator="kind")])


def encode(message: Asked | Told) -> bytes:
    """A message as one line."""
    return message.model_dump_json().encode() + b"\n"


def read_asked(line: bytes) -> Asked:
    """What the engine asks. WireError for anything else."""
    return _read(_ASKED, line)


def read_told(line: bytes) -> Told:
    """What the solver process says. WireError for anything else."""
    return _read(_TOLD, line)


def _read(kind: TypeAdapter[T], line: bytes) -> T:
    if not line.endswith(b"\n"):
        raise WireError(f"a line of {len(line)} bytes breaks off")
    try:
        return kind.validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise WireError(f"a line is not a message: {first['msg']}{' at ' + where if where else ''}") from None


def check_solution(state: TableState, solution: Solution) -> None:
    """WireError unless ``solution`` can be an answer to ``state``: legal actions, each once, a distribution."""
    if state.legal is None or not solution.actions:
        raise WireError("an answer without actions")
    actions = [value.action for value in solution.actions]
    if len(set(actions)) != len(actions):
        raise WireError("an answer names an action twice")
    try:
        for action in actions:
            state.legal.check(action)
            if action.amount and action.kind in (ActionKind.FOLD, ActionKind.CHECK):
                raise IllegalActionError(f"{action} costs nothing")
    except IllegalActionError as error:
        raise WireError(f"an answer that the rules do not allow: {error}") from None
    _check_numbers(solution)


def _check_numbers(solution: Solution) -> None:
    frequencies = [value.frequency for value in solution.actions]
    figures = [solution.equity, *frequencies, *(value.ev for value in solution.actions)]
    if not all(math.isfinite(figure) for figure in figures):
        raise WireError("an answer with a figure that is no number")
    if min(frequencies) < 0 or abs(sum(frequencies) - 1) > UNITY:
        raise WireError(f"frequencies that add up to {sum(frequencies):.6f}, the least {min(frequencies):.6f}")
    if not -UNITY <= solution.equity <= 1 + UNITY or solution.took_ns < 0 or (solution.exploitability or 0) < 0:
        raise WireError(f"equity {solution.equity}, exploitability {solution.exploitability}, {solution.took_ns} ns")
