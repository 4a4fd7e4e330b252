"""What hands the opponents may hold: ranges narrowed by each action they made.

Before the flop an opponent is read by the chart that the hero plays himself. After it a bet, raise or call keeps the
best part of the range on that board; the rest keeps a small weight, so that a bluffer or a beginner is never ruled
out. A check tells nothing.
"""

from collections.abc import Callable

import numpy as np

from engine.game.actions import ActionKind
from engine.game.ranges import COMBO_COUNT, Weights, top_fraction, without
from engine.game.state import Street, TableState
from engine.solver.line import Step, players_behind, steps
from engine.solver.preflop import SHORT_STACK, effective_depth, raise_share, raise_shares

OUTSIDE_RAISE = 0.05
OUTSIDE_CALL = 0.10
OUTSIDE_LIMP = 0.25
SLOW_PLAYED = 0.4
"""Weight of hands that the chart would rather raise, after a call."""
LIMPED_SHARE = 0.7
BET_SHARE, OUTSIDE_BET = 0.5, 0.3
BIG_BET_SHARE, OUTSIDE_BIG_BET = 0.4, 0.2
RAISE_SHARE, OUTSIDE_POSTFLOP_RAISE = 0.25, 0.1


def opponent_ranges(state: TableState, standing_at: Callable[[Street], Weights]) -> dict[int, Weights]:
    """The range of each live opponent by seat: (1326,) weights, the likeliest pair at 1, dead cards at 0.

    ``standing_at`` tells how good each pair is on the board of a street.
    """
    line = steps(state)
    shares = raise_shares(state, line)
    return {
        opponent.seat: _range_of(state, [step for step in line if step.seat == opponent.seat], shares, standing_at)
        for opponent in state.live_opponents
    }


def _range_of(
    state: TableState, own: list[Step], shares: dict[Step, float], standing_at: Callable[[Street], Weights]
) -> Weights:
    weights = without(np.ones(COMBO_COUNT), (*state.hole, *state.board))
    for step in own:
        if step.street is Street.PREFLOP:
            weights = weights * _preflop_factor(state, step, shares)
        elif step.kind not in (ActionKind.CHECK, ActionKind.FOLD):
            weights = keep_best(weights, standing_at(step.street), *_postflop_share(step))
    likeliest = float(weights.max())
    return weights / likeliest


def _preflop_factor(state: TableState, step: Step, shares: dict[Step, float]) -> Weights:
    if step in shares:
        return np.maximum(top_fraction(shares[step]), OUTSIDE_RAISE)
    if step.kind is not ActionKind.CALL:
        return np.ones(COMBO_COUNT)
    if not step.raises:
        return _called(_chart_share(state, step, 1.0), LIMPED_SHARE, OUTSIDE_LIMP)
    raised = [share for made, share in shares.items() if made.pot < step.pot][-1]
    return _called(_chart_share(state, step, raised), _calling_share(step, raised), OUTSIDE_CALL)


def _chart_share(state: TableState, step: Step, last: float) -> float:
    """What the chart would have raised in the caller's place."""
    short = effective_depth(state) <= SHORT_STACK
    return raise_share(step.raises, players_behind(state, step.seat), len(state.seats), step.callers, last, short)


def _calling_share(step: Step, raised: float) -> float:
    """The share of hands that calls or raises on, after a raise made with ``raised`` of the hands."""
    return min(0.7, max(1.2 * raised, 0.12)) if step.raises == 1 else max(1.2 * raised, 0.05)


def _called(raising: float, calling: float, outside: float) -> Weights:
    """Hands between the raising and the calling share, the better ones less, the worse ones rarely."""
    calls = np.maximum(top_fraction(max(raising, calling)), outside)
    return calls * (1 - (1 - SLOW_PLAYED) * top_fraction(raising))


def _postflop_share(step: Step) -> tuple[float, float]:
    """The share of his range that a player keeps with this action, and the weight of the rest."""
    if step.kind is ActionKind.CALL:
        return step.pot / (step.pot + step.price), OUTSIDE_CALL  # the minimum defence against the bet
    if step.raises:
        return RAISE_SHARE, OUTSIDE_POSTFLOP_RAISE
    big = step.to > step.pot
    return (BIG_BET_SHARE, OUTSIDE_BIG_BET) if big else (BET_SHARE, OUTSIDE_BET)


def keep_best(weights: Weights, standing: Weights, share: float, outside: float) -> Weights:
    """The best ``share`` of a range by standing; the rest at ``outside`` times its weight."""
    order = np.argsort(-standing, kind="stable")
    sorted_weights = weights[order]
    total = sorted_weights.sum()
    before = np.cumsum(sorted_weights) - sorted_weights
    kept = np.empty(COMBO_COUNT)
    kept[order] = np.clip((share * total - before) / np.maximum(sorted_weights, 1e-12), outside, 1.0)
    return weights * kept


def width(weights: Weights, dead: tuple[str, ...]) -> float:
    """How wide a range is, as a share of the pairs still possible."""
    return float(weights.sum() / without(np.ones(COMBO_COUNT), dead).sum())
