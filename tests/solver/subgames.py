"""Small spots for the solver's tests."""

import numpy as np

from engine.game.cards import card_index, parse_cards
from engine.game.range_notation import parse
from engine.game.ranges import Weights
from engine.solver.spot import Rake, Spot
from engine.solver.subgame import Subgame
from engine.solver.tree.build import build
from engine.solver.tree.settings import StreetSizes, TreeSettings
from engine.solver.tree.sizes import parse_sizes

OOP = "QQ+, AKs, KQs:0.5, JTs, 98s, 76s, 55, 44:0.25"
IP = "JJ-88, AQs, AJs:0.75, KQs, QJs, T9s, 65s, 55"

NO_RAKE = Rake()


def sizes(bets: str = "50%, a", raises: str = "2.5x") -> TreeSettings:
    both = (StreetSizes(parse_sizes(bets), parse_sizes(raises, raises=True)),) * 2
    return TreeSettings(both, both, both, add_all_in=0.0)


def spot(
    board: str,
    oop: str | Weights = OOP,
    ip: str | Weights = IP,
    *,
    pot: int = 100,
    stack: int = 200,
    settings: TreeSettings | None = None,
    rake: Rake = NO_RAKE,
    bets: tuple[int, int] = (0, 0),
    to_act: int = 0,
) -> Spot:
    """A spot on a board like ``Td9d6hQc``, ranges in notation or as weights."""
    cards = tuple(card_index(card) for card in parse_cards(board))
    first, second = (parse(each) if isinstance(each, str) else each for each in (oop, ip))
    raises = int(any(bets))
    return Spot(cards, (first, second), pot, stack, settings or sizes(), rake, bets, to_act, raises)


def subgame(of: Spot, iterations: int = 0, threads: int = 1) -> Subgame:
    """The spot's subgame after some iterations."""
    made = Subgame(of, build(of), threads)
    made.advance(iterations)
    return made


def random_weights(seed: int, share: float) -> Weights:
    """A share of all pairs, each with a weight of its own."""
    generator = np.random.default_rng(seed)
    return np.where(generator.random(1326) < share, generator.random(1326), 0.0)


def value(of: Subgame, player: int) -> float:
    """A player's expected chips, from the values of his pairs at the root."""
    weights = of.reach(0, player)
    worth = of.counterfactual_values(0, player)
    return float(weights @ worth) / pairs(of)


def pairs(of: Subgame) -> float:
    """The weight of all two pairs that can be held together, counted one by one."""
    from engine.game.ranges import COMBOS

    oop, ip = of.reach(0, 0), of.reach(0, 1)
    total = 0.0
    for place in np.flatnonzero(oop):
        apart = ~np.isin(COMBOS, COMBOS[place]).any(axis=1)
        total += float(oop[place] * ip[apart].sum())
    return total
