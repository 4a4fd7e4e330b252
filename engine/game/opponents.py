"""Simple seeded opponents in several styles: they decide in microseconds and always legally."""

import random
from collections.abc import Callable

from engine.game.actions import Action, ActionKind, LegalActions
from engine.game.cards import RANKS
from engine.game.state import TableState

Opponent = Callable[[TableState, random.Random], Action]
"""Chooses for the player to act, who is ``state.hero``; ValueError when nobody is to act."""


def strength(hole: tuple[str, ...], board: tuple[str, ...]) -> float:
    """A rough measure in [0, 1] of two hole cards with the board: rule of thumb, not equity."""
    return _made_strength(hole, board) if board else _starting_strength(hole)


def _starting_strength(hole: tuple[str, ...]) -> float:
    low, high = sorted(RANKS.index(card[0]) for card in hole)
    if low == high:
        return 0.5 + high / 24
    suited, gap = hole[0][1] == hole[1][1], high - low
    return min(0.95, (2 * high + low) / 48 + 0.06 * suited + max(0.0, 0.05 - 0.01 * gap))


def _made_strength(hole: tuple[str, ...], board: tuple[str, ...]) -> float:
    cards = hole + board
    ranks = [card[0] for card in cards]
    suited = max(sum(card[1] == suit for card in cards) for suit in "cdhs")
    own = sorted((ranks.count(card[0]) for card in hole), reverse=True)
    if suited >= 5 or own[0] >= 3 or (own[1] == 2 and hole[0][0] != hole[1][0]):
        return 0.9
    if own[0] == 2:
        pair = hole[0][0] if ranks.count(hole[0][0]) == 2 else hole[1][0]
        above = sum(RANKS.index(card[0]) > RANKS.index(pair) for card in board)
        return 0.75 - 0.1 * above
    drawing = 0.15 if suited == 4 and len(board) < 5 else 0.0
    return 0.1 + max(RANKS.index(card[0]) for card in hole) / 60 + drawing


def calling_station(state: TableState, generator: random.Random) -> Action:
    """Calls nearly everything, bets a strong hand small."""
    legal = _legal(state)
    if strength(state.hole, state.board) > 0.85 and generator.random() < 0.3:
        return _raise(legal, legal.min_to)
    return _passive(legal) if generator.random() < 0.95 else _give_up(legal)


def tight(state: TableState, generator: random.Random) -> Action:
    """Folds weak hands, calls at a fair price, raises good hands to about the pot."""
    legal, good = _legal(state), strength(state.hole, state.board)
    price = legal.call_amount / (state.pot + legal.call_amount)
    if good > 0.72 and generator.random() < 0.7:
        return _raise(legal, _pot_sized(state, 0.75))
    return _passive(legal) if good > 0.35 + price else _give_up(legal)


def loose_aggressive(state: TableState, generator: random.Random) -> Action:
    """Plays many hands, bets and raises often, bluffs sometimes, and shoves now and then."""
    legal, good = _legal(state), strength(state.hole, state.board)
    roll = generator.random()
    if roll < 0.02 or (good > 0.85 and roll < 0.15):
        return _raise(legal, legal.max_to)
    if roll < 0.2 + 0.4 * good and len(state.history) < 12:
        return _raise(legal, _pot_sized(state, generator.choice((0.5, 0.75, 1.0))))
    price = legal.call_amount / (state.pot + legal.call_amount)
    return _passive(legal) if good > 0.1 + price * 0.8 else _give_up(legal)


def random_legal(state: TableState, generator: random.Random) -> Action:
    """Any legal action, mostly small ones, so that every branch of the rules is met."""
    legal = _legal(state)
    roll = generator.random()
    if roll < 0.15:
        return _give_up(legal)
    if roll < 0.75:
        return _passive(legal)
    if roll < 0.97:
        return _raise(legal, min(legal.max_to, legal.min_to + generator.randrange(4) * state.big_blind))
    return _raise(legal, legal.max_to)


STYLES: dict[str, Opponent] = {
    "calling station": calling_station,
    "tight": tight,
    "loose-aggressive": loose_aggressive,
    "random": random_legal,
}


def _legal(state: TableState) -> LegalActions:
    if state.legal is None or state.to_act != state.hero:
        raise ValueError(f"seat {state.hero} is not to act in hand {state.hand_id}")
    return state.legal


def _passive(legal: LegalActions) -> Action:
    return Action(ActionKind.CHECK) if legal.can_check else Action(ActionKind.CALL, legal.call_amount)


def _give_up(legal: LegalActions) -> Action:
    return Action(ActionKind.CHECK) if legal.can_check else Action(ActionKind.FOLD)


def _raise(legal: LegalActions, to: int) -> Action:
    """A bet or raise as near to ``to`` as the rules allow; a check or call where they allow none."""
    if not legal.can_raise:
        return _passive(legal)
    kind = ActionKind.BET if legal.opening else ActionKind.RAISE
    return Action(kind, min(legal.max_to, max(legal.min_to, to)))


def _pot_sized(state: TableState, share: float) -> int:
    """The total to bet or raise to so that it adds ``share`` of the pot after a call, in whole small blinds."""
    legal = _legal(state)
    to = state.seat(state.hero).bet + legal.call_amount + share * (state.pot + legal.call_amount)
    return round(to / state.small_blind) * state.small_blind
