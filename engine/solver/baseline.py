"""The baseline solver: pre-flop chart, equity against narrowed ranges, pot odds. Honest, legal, seeded; no game tree.

It is not an equilibrium and says so: ``source`` is "baseline" and there is no exploitability. The same state and seed
give the same solution bit for bit as long as the budget suffices; when it does not, fewer run-outs are used and
``detail`` says so.
"""

from collections.abc import Callable
from functools import cache

import numpy as np

from engine.clock import Clock
from engine.game.actions import Action, LegalActions
from engine.game.ranges import CLASS_OF, Weights, class_equities, combo_index, standing
from engine.game.state import Street, TableState
from engine.solver.equity import RunOuts, equity, run_outs, standing_on
from engine.solver.mix import postflop_mix, preflop_mix
from engine.solver.preflop import my_raise_share, spot_of
from engine.solver.reading import opponent_ranges, width
from engine.solver.sizes import candidates
from engine.solver.values import Outlook, action_value, price_of_call
from engine.words import ActionValue, Solution

MOST_SAMPLES = 2000
READING_RUN_OUTS = 64


class SolveError(ValueError):
    """A state in which there is nothing to solve for the hero."""


class BaselineSolver:
    """Implements ``engine.ports.SpotSolver``.

    ``samples`` is the largest number of run-outs of one equity, 1 to 2000 (a solution holds 11 kB for each; 400 give
    an equity to about two points in some 20 ms). ValueError for other numbers. ``go_on`` is asked in the thread
    that solves, between batches of run-outs, where False ends the collecting, and between the actions' values.
    """

    def __init__(self, clock: Clock, samples: int = 400, go_on: Callable[[], bool] = lambda: True) -> None:
        if not 1 <= samples <= MOST_SAMPLES:
            raise ValueError(f"{samples} samples: give 1 to {MOST_SAMPLES} run-outs")
        self._clock = clock
        self._samples = samples
        self._go_on = go_on

    def solve(self, state: TableState, budget_ns: int, seed: int) -> Solution:
        """Frequencies and values (chips, folding at 0) of the hero's actions; SolveError when he is not to act."""
        started = self._clock.now()
        legal = playable(state)
        view = self._outlook(state, seed, lambda: self._in_time(started, budget_ns))
        values = {action: self._value(view, action) for action in candidates(state, legal)}
        frequencies = preflop_mix(state, values) if state.street is Street.PREFLOP else postflop_mix(view, values)
        actions = tuple(ActionValue(action, frequencies.get(action, 0.0), value) for action, value in values.items())
        return Solution("baseline", actions, view.equity, None, _detail(view, legal), self._clock.now() - started)

    def _value(self, view: Outlook, action: Action) -> float:
        self._go_on()
        return action_value(view, action)

    def _in_time(self, started: int, budget_ns: int) -> bool:
        return self._go_on() and self._clock.now() - started < budget_ns

    def _outlook(self, state: TableState, seed: int, in_time: Callable[[], bool]) -> Outlook:
        hero = combo_index(*state.hole)
        outs = run_outs(state.board, state.hole, self._samples, _generator(seed, state), in_time)
        now = _preflop_standings() if state.street is Street.PREFLOP else standing_on(outs)

        @cache
        def standing_at(street: Street) -> Weights:
            if street is state.street:
                return now
            board = state.board[: street.board_cards]
            generator = np.random.default_rng([seed, street])
            return standing_on(run_outs(board, state.hole, READING_RUN_OUTS, generator, in_time))

        ranges = opponent_ranges(state, standing_at)
        return Outlook(state, hero, outs, ranges, now, equity(outs, hero, list(ranges.values())))


def playable(state: TableState) -> LegalActions:
    """What the hero may do; SolveError where there is nothing to solve for him."""
    if not state.hero_to_act or state.legal is None:
        raise SolveError(f"hand {state.hand_id}: seat {state.hero} is not to act; solve only on the hero's turn")
    if len(state.hole) != 2 or len(state.board) != state.street.board_cards or not state.live_opponents:
        raise SolveError(f"hand {state.hand_id}: {state.hole} on {state.board} is no {state.street.name.lower()} spot")
    return state.legal


def _generator(seed: int, state: TableState) -> np.random.Generator:
    return np.random.default_rng([seed, len(state.history)])


@cache
def _preflop_standings() -> Weights:
    return class_equities()[CLASS_OF]


def _detail(view: Outlook, legal: LegalActions) -> str:
    """What the solution rests on, in plain words."""
    parts = [f"equity {view.equity:.0%} {_made(view.outs)}"]
    if legal.call_amount:
        parts.append(f"a call needs {price_of_call(view.state, legal.call_amount):.0%}")
    dead = (*view.state.hole, *view.state.board)
    parts += [f"seat {seat} is read on {width(weights, dead):.0%} of hands" for seat, weights in view.ranges.items()]
    if view.state.street is Street.PREFLOP:
        parts.append(_chart_words(view.state))
    return "; ".join(parts)


def _made(outs: RunOuts) -> str:
    if outs.made < outs.planned:
        return f"(out of time: {outs.made} of {outs.planned} run-outs)"
    return "(over every run-out)" if outs.exact else f"(over {outs.made} run-outs)"


def _chart_words(state: TableState) -> str:
    spot = spot_of(state)
    return (
        f"{spot.facing}, {spot.depth:.0f} big blinds deep: the chart raises the best {my_raise_share(spot):.0%}, "
        f"this hand stands at {standing(*state.hole):.0%}"
    )
