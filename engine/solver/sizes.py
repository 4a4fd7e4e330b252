"""The actions a solution considers: fold and call or check, then a few bets and raises, all legal, in whole chips."""

from engine.game.actions import Action, ActionKind, LegalActions
from engine.game.state import Street, TableState
from engine.solver.preflop import raise_target, spot_of

SIZES = (0.5, 0.75, 1.0)
"""Bets and raises as shares of the pot (after a call)."""
COMMITTED = 0.6
"""A size that takes this share of what can go in becomes all-in."""
SHORT = 1.5
"""All-in is considered when it is at most this many pots."""


def candidates(state: TableState, legal: LegalActions) -> tuple[Action, ...]:
    """The actions considered, all legal: fold and call or check, then bets and raises from small to all-in."""
    quiet = (
        (Action(ActionKind.CHECK),)
        if legal.can_check
        else (Action(ActionKind.FOLD), Action(ActionKind.CALL, legal.call_amount))
    )
    if not legal.can_raise:
        return quiet
    kind = ActionKind.BET if legal.opening else ActionKind.RAISE
    targets = (raise_target(state, spot_of(state)),) if state.street is Street.PREFLOP else _targets(state, legal)
    bounded = {min(max(target, legal.min_to), legal.max_to) for target in targets}
    return quiet + tuple(Action(kind, to) for to in sorted(bounded))


def _targets(state: TableState, legal: LegalActions) -> list[int]:
    """Totals to bet or raise to after the flop."""
    pot, current = state.pot + legal.call_amount, max(seat.bet for seat in state.seats)
    deepest = max(seat.bet + seat.stack for seat in state.live_opponents)
    reach = min(legal.max_to, deepest)
    targets = [current + round(size * pot) for size in SIZES]
    open_sizes = [to for to in targets if to < COMMITTED * reach]
    short = len(open_sizes) < len(targets) or reach - current <= SHORT * pot
    return [*open_sizes, legal.max_to] if short else open_sizes
