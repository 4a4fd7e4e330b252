"""How often to take each action: logistic in its value after the flop, by the chart before it."""

import numpy as np

from engine.game.actions import Action, ActionKind
from engine.game.ranges import standing
from engine.game.state import Street, TableState
from engine.solver.equity import unbeaten
from engine.solver.preflop import LIMP_ALONG, Facing, Spot, my_raise_share, spot_of
from engine.solver.values import Outlook, contested

INDIFFERENCE = 0.05
"""Actions whose values differ by this share of the contested pot are played e times as often as one another."""
CUT_OFF = 3.0
"""An action this many times INDIFFERENCE behind the best is not played."""
RAMP = 0.3
"""Width of the border of a chart's share, as a part of it."""
ACES = 6 / 1326
"""The best class. Aces are ahead of every range, so a poor sample of run-outs must not fold them."""


def postflop_mix(view: Outlook, values: dict[Action, float]) -> dict[Action, float]:
    """Logistic in the value, scaled by the contested pot.

    Zero for what is worth less than the quiet action that costs nothing (check or fold), or far less than the best;
    a hand that nothing beats never folds on the river.
    """
    free = ActionKind.CHECK if any(action.kind is ActionKind.CHECK for action in values) else ActionKind.FOLD
    floor = next(value for action, value in values.items() if action.kind is free)
    kept = {action: value for action, value in values.items() if action.kind is free or value > floor}
    if view.state.street is Street.RIVER and len(kept) > 1 and unbeaten(view.outs, view.hero):
        kept = {action: value for action, value in kept.items() if action.kind is not ActionKind.FOLD}
    return _logistic(kept, _scale(view.state))


def _scale(state: TableState) -> float:
    """The difference in chips that makes an action e times as frequent as another."""
    call = state.legal.call_amount if state.legal else 0
    return INDIFFERENCE * contested(state, call)


def _logistic(values: dict[Action, float], scale: float) -> dict[Action, float]:
    best = max(values.values())
    gaps = {action: (best - value) / scale for action, value in values.items()}
    weights = {action: float(np.exp(-gap)) for action, gap in gaps.items() if gap < CUT_OFF}
    total = sum(weights.values())
    return {action: weight / total for action, weight in weights.items()}


def preflop_mix(state: TableState, values: dict[Action, float]) -> dict[Action, float]:
    """By the chart: raise, else call or check, else fold; shares mix over a ramp around the chart's borders."""
    spot, place = spot_of(state), standing(*state.hole)
    raises = [action for action in values if action.kind in (ActionKind.BET, ActionKind.RAISE)]
    quiet = {action: value for action, value in values.items() if action not in raises}
    raising = _ramp(my_raise_share(spot), place) if raises else 0.0
    mix = {action: share * (1 - raising) for action, share in _quiet_mix(state, spot, place, quiet).items()}
    return {**mix, raises[0]: raising} if raises else mix


def _quiet_mix(state: TableState, spot: Spot, place: float, quiet: dict[Action, float]) -> dict[Action, float]:
    if len(quiet) == 1:
        return {next(iter(quiet)): 1.0}
    fold, call = quiet
    if spot.facing in (Facing.RAISED, Facing.RERAISED) or call.amount == state.seat(state.hero).stack:
        if place < ACES:
            return {fold: 0.0, call: 1.0}
        return _logistic(quiet if quiet[call] > 0 else {fold: 0.0}, _scale(state))
    calling = _ramp(LIMP_ALONG, place) if spot.facing is Facing.LIMPED else 0.0
    return {fold: 1 - calling, call: calling}


def _ramp(share: float, place: float) -> float:
    """How often a hand at ``place`` belongs to the best ``share`` of hands, from 1 to 0 around the border."""
    return float(np.clip(0.5 + (share - place) / (RAMP * share), 0.0, 1.0))
