"""What thinking gives: solutions, opinions, decisions."""

from dataclasses import dataclass, field

from engine.game.actions import Action
from engine.game.state import TableState


@dataclass(frozen=True, slots=True)
class ActionValue:
    """One action of a solution: how often to take it and what it is worth in chips."""

    action: Action
    frequency: float
    ev: float


@dataclass(frozen=True, slots=True)
class SeatRange:
    """What a seat may hold: ``weights`` is the base64 of 1,326 little-endian float16 in the order of
    ``engine.game.ranges``.
    """

    seat: int
    weights: str


@dataclass(frozen=True, slots=True)
class NodeStrategy:
    """What a seat does with each pair at one node of a solution.

    ``path`` leads there from the spot. ``reach`` is the seat's range there, the base64 of 1,326 little-endian float16;
    ``frequencies`` and ``evs`` (in big blinds, folding at 0) hold as many for each of ``actions``, one after another.
    ``evs`` is "" where they are not known.
    """

    path: tuple[Action, ...]
    seat: int
    actions: tuple[Action, ...]
    reach: str
    frequencies: str
    evs: str


@dataclass(frozen=True, slots=True)
class Solution:
    """Action frequencies and values for one state.

    ``source``: baseline, cache, subgame, limited (in depth), preflop, multiway, library, safe. ``exploitability`` in
    per cent of the pot, None where it is not known; ``iterations`` are whole ones. ``ranges`` and ``nodes`` are there
    to be looked at: nothing decides by them.
    """

    source: str
    actions: tuple[ActionValue, ...]
    equity: float
    exploitability: float | None
    detail: str
    took_ns: int
    iterations: int | None = None
    ranges: tuple[SeatRange, ...] = ()
    nodes: tuple[NodeStrategy, ...] = ()


@dataclass(frozen=True, slots=True)
class SolvePoint:
    """How far a solve was after ``took_ns``; ``exploitability`` in per cent of the pot, None where not measured."""

    took_ns: int
    iterations: int | None
    exploitability: float | None


@dataclass(frozen=True, slots=True)
class SolverView:
    """The solver's request under way, or else its last one: the spot, its time, the answers so far, oldest first.

    ``points`` holds at most the last 500. ``stored``, ``hits`` and ``misses`` are the answers kept by exact spot and
    how often one was looked for; ``problem`` is what is wrong with their file, "" when nothing.
    """

    state: TableState | None = None
    running: bool = False
    budget_ns: int = 0
    points: tuple[SolvePoint, ...] = ()
    solution: Solution | None = None
    stored: int = 0
    hits: int = 0
    misses: int = 0
    problem: str = ""


NO_SOLVE = SolverView()
"""Nothing was asked yet."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """One agent's validated advice: legal actions with frequencies that add up to 1."""

    agent: str
    advice: tuple[tuple[Action, float], ...]
    confidence: float
    reason: str
    took_ns: int


@dataclass(frozen=True, slots=True)
class Decision:
    """The blended distribution, the action chosen from it and why; ``seed`` makes the choice repeatable."""

    hand_id: str
    action: Action
    distribution: tuple[ActionValue, ...]
    reasons: tuple[str, ...]
    source: str
    alpha: float
    seed: int
    fallback: bool
    timings_ns: dict[str, int] = field(default_factory=dict)


class SolverError(RuntimeError):
    """The solver gives no answer to this request: it failed, it is gone, or it cannot be reached."""
