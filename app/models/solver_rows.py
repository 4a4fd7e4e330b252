"""What the solver panel says: the spot, the method in words, time against its budget, and how the answer closed in."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.models.durations import span
from app.models.grid_text import card_sign
from app.models.wording import STREETS, chips, hand_name, seat_name, sentence
from engine.clock import SECOND
from engine.game.state import Street, TableState
from engine.words import Solution, SolverView

_METHODS = {
    "subgame": "exact subgame",
    "library": "library",
    "preflop": "pre-flop chart",
    "multiway": "multiway approximation",
    "baseline": "baseline",
    "cache": "stored answer",
    "safe": "safe action",
}
_GAP = "\N{NO-BREAK SPACE}"
NO_SOLVE_YET = "No solve yet"
_LOWEST = 0.01
"""Per cent of the pot: the chart's bottom."""


@dataclass(frozen=True, slots=True)
class SolverFacts:
    """The panel's words. ``headline`` is how it stands; ``warning`` says what is not as it should be, ""
    when all is; ``share`` of the time is 0 to 1; ``over`` when more was used than there was.
    """

    headline: str
    source: str
    closeness: str
    spot: str
    time: str
    share: float
    over: bool
    work: str
    kept: str
    detail: str
    warning: str


@dataclass(frozen=True, slots=True, eq=False)
class Convergence:
    """Exploitability in per cent of the pot (n,), at least the chart's bottom, and where it was measured: seconds and
    iterations (n,), oldest first.
    """

    seconds: NDArray[np.float64]
    iterations: NDArray[np.float64]
    exploitability: NDArray[np.float64]


def solver_facts(view: SolverView, now: TableState | None, silent_ns: int, limit_ns: int) -> SolverFacts:
    """All of it from a snapshot's view; ``now`` is the table's state. Silent for ``limit_ns`` or longer is stale."""
    solution = view.solution
    taken = used_ns(view)
    return SolverFacts(
        headline=_headline(view, now, stale=silent_ns >= limit_ns),
        source="" if solution is None or view.state is None else method(solution, view.state.street),
        closeness=sentence(_closeness(solution)),
        spot="" if view.state is None else spot_line(view.state),
        time=_time(taken, view.budget_ns),
        share=min(1.0, (taken or 0) / view.budget_ns) if view.budget_ns > 0 else 0.0,
        over=view.budget_ns > 0 and (taken or 0) > view.budget_ns,
        work=_work(view),
        kept=f"Stored answers {chips(view.stored)} · found {chips(view.hits)} · not found {chips(view.misses)}",
        detail="" if solution is None else sentence(solution.detail),
        warning=_warning(view, silent_ns, limit_ns),
    )


def method(solution: Solution, street: Street) -> str:
    """How an answer was found, in the operator's words."""
    if solution.source == "limited":
        return f"{STREETS[street].lower()}, depth-limited"
    return _METHODS.get(solution.source, solution.source)


def spot_line(state: TableState) -> str:
    """A spot in one line: hand, board, the hero's cards, pot, price, and who is against him."""
    board = " ".join(card_sign(card) for card in state.board)
    hole = "".join(card_sign(card) for card in state.hole)
    against = ", ".join(seat_name(state, seat.seat).lower() for seat in state.live_opponents)
    call = state.legal.call_amount if state.legal is not None else 0
    parts = (
        hand_name(state.hand_id).capitalize(),
        f"{STREETS[state.street]} {board}".strip(),
        hole and f"you hold {hole}",
        f"pot {chips(state.pot)}",
        f"{chips(call)} to call" if call else "",
        f"against {against}" if against else "",
    )
    return " · ".join(filter(None, parts))


def used_ns(view: SolverView) -> int | None:
    """The time the solve has used as far as it is known; None before its first word."""
    if view.solution is not None:
        return view.solution.took_ns
    return view.points[-1].took_ns if view.points else None


def convergence(view: SolverView) -> Convergence:
    """What was measured on the way."""
    points = [point for point in view.points if point.exploitability is not None]
    distance = np.array([point.exploitability for point in points], np.float64)
    return Convergence(
        np.array([point.took_ns / SECOND for point in points], np.float64),
        np.array([np.nan if point.iterations is None else point.iterations for point in points], np.float64),
        np.maximum(distance, _LOWEST),
    )


def per_cent(value: float) -> str:
    """Per cent with as many figures as say something."""
    return f"{value:.2f}%" if value < 10 else f"{value:.0f}%"


def _headline(view: SolverView, now: TableState | None, *, stale: bool) -> str:
    if view.state is None:
        return NO_SOLVE_YET
    if stale:
        return "Stale"
    if view.running:
        return "Solving"
    word = "Solved" if view.solution is not None else "No answer"
    return f"{word}, earlier spot" if moved_on(view.state, now) else word


def _closeness(solution: Solution | None) -> str:
    if solution is None:
        return ""
    if solution.exploitability is None:
        return "exploitability not measured"
    return f"exploitable by {per_cent(solution.exploitability)} of pot"


def _time(taken: int | None, budget_ns: int) -> str:
    used = "none yet" if taken is None else _seconds(taken)
    if budget_ns <= 0:
        return "" if taken is None else used
    return f"{used} of {_seconds(budget_ns)}"


def _seconds(nanoseconds: int) -> str:
    return f"{nanoseconds / SECOND:.2f}{_GAP}s"


def _work(view: SolverView) -> str:
    done = None if view.solution is None else view.solution.iterations
    if done is None and view.points:
        done = view.points[-1].iterations
    return "" if done is None else f"{chips(done)} iterations"


def _warning(view: SolverView, silent_ns: int, limit_ns: int) -> str:
    if silent_ns >= limit_ns:
        return f"Not current: no word from the engine for {span(silent_ns)}"
    return f"The file of stored answers: {view.problem}" if view.problem else ""


def moved_on(state: TableState, now: TableState | None) -> bool:
    """Whether the table has left the spot that was solved."""
    return now is None or (now.hand_id, now.street, len(now.history)) != (
        state.hand_id,
        state.street,
        len(state.history),
    )
