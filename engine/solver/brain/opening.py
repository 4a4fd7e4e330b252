"""Ranges where nothing was solved before: read from the line by rules of thumb, for both players alike.

Each is read as the other sees him, without a word about the other's own cards: what a player holds does not tell what
he is taken to hold, and the solver itself takes the cards of one out of the other's range.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Final

import numpy as np

from engine.game.ranges import CLASS_OF, Weights, class_equities
from engine.game.state import Street, TableState
from engine.solver.brain.beliefs import RootRanges, before_root, settled
from engine.solver.brain.street import StreetLine
from engine.solver.equity import run_outs, standing_on
from engine.solver.reading import opponent_ranges

RUN_OUTS: Final = 64


def standings(board: tuple[str, ...]) -> Callable[[Street], Weights]:
    """How good each pair is on the board of a street, as ``engine.solver.reading`` asks for it."""

    @cache
    def standing_at(street: Street) -> Weights:
        if street is Street.PREFLOP:
            return class_equities()[CLASS_OF]
        outs = run_outs(board[: street.board_cards], (), RUN_OUTS, np.random.default_rng(street), lambda: True)
        return standing_on(outs)

    return standing_at


def read(state: TableState, line: StreetLine) -> RootRanges:
    """Both players' ranges at the root of a street's subgame."""
    before, standing_at = before_root(state, line), standings(state.board)

    def of(seat: int, seen_by: int) -> Weights:
        return opponent_ranges(replace(before, hero=seen_by, hole=()), standing_at)[seat]

    oop, ip = line.seats
    return RootRanges(settled(state, line, (of(oop, ip), of(ip, oop))), "read")
