"""The five spots that the solver is measured on: two rivers, two turns and a flop."""

import numpy as np

from engine.game.cards import card_index, parse_cards
from engine.game.ranges import COMBO_COUNT, Weights
from engine.solver.spot import Spot
from engine.solver.tree.settings import StreetSizes, TreeSettings
from engine.solver.tree.sizes import parse_sizes

OOP_RANGE = "66+,A8s+,A5s-A4s,AJo+,K9s+,KQo,QTs+,JTs,96s+,85s+,75s+,65s,54s"
IP_RANGE = "QQ-22,AQs-A2s,ATo+,K5s+,KJo+,Q8s+,J8s+,T7s+,96s+,86s+,75s+,64s+,53s+"
BOARDS = {"a": "Td9d6hQc2s", "b": "Td9d6hQc", "c": "Td9d6h", "dr": "Td9d6hQc2s", "dt": "Td9d6hQc"}
NAMES = tuple(BOARDS)
EVERYTHING: Weights = np.ones(COMBO_COUNT)


def spot(name: str, ranges: tuple[Weights, Weights] = (EVERYTHING, EVERYTHING)) -> Spot:
    """A spot by its name (a, b, c, dr, dt)."""
    board = tuple(card_index(card) for card in parse_cards(BOARDS[name]))
    pot, stack = (1000, 4000) if name.startswith("d") else (200, 900)
    return Spot(board, ranges, pot, stack, settings(name))


def settings(name: str) -> TreeSettings:
    """The sizes of a spot: the same for both players on every street, and a donk bet on the river of b and c."""
    bets = parse_sizes("33%, 75%, 150%, a" if name.startswith("d") else "60%, e, a")
    raises = parse_sizes("2.5x", raises=True)
    both = (StreetSizes(bets, raises),) * 2
    donk = StreetSizes(bets, raises, parse_sizes("50%")) if name in "bc" else both[0]
    return TreeSettings(flop=both, turn=both, river=(donk, both[1]))
