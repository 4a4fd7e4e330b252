"""Makes the answers for several opponents ready in time: a small spot is solved, which compiles every kernel or loads
it."""

from typing import Final

import numpy as np

from engine.clock import Clock
from engine.game.actions import Action, ActionKind
from engine.game.betting import Betting, deal
from engine.game.ranges import COMBO_COUNT
from engine.game.state import TableState
from engine.solver.multiway.solve import solve_multiway
from engine.solver.spot import Limits

BOARD: Final = ("Td", "9d", "6h", "Qc", "2s")


def warm_multiway(clock: Clock) -> None:
    """Solve a river of three players; the first time on a machine takes as long as compiling does."""
    state = _river()
    ranges = {seat.seat: np.ones(COMBO_COUNT) for seat in state.seats}
    solve_multiway(state, ranges, Limits(iterations=2, target=0.0), clock, 0)


def _river() -> TableState:
    hand: Betting = deal({0: 200, 1: 200, 2: 200}, 0, 10, 20)
    for action in (Action(ActionKind.CALL, 20), Action(ActionKind.CALL, 10), Action(ActionKind.CHECK)):
        hand = hand.after(action)
    for _ in range(2):
        hand = hand.next_street()
        for _ in hand.seats:
            hand = hand.after(Action(ActionKind.CHECK))
    hand = hand.next_street()
    assert hand.to_act is not None
    return TableState(
        hand_id="warm",
        hero=hand.to_act,
        button=hand.button,
        small_blind=10,
        big_blind=hand.big_blind,
        seats=hand.seats,
        hole=("Ks", "Js"),
        board=BOARD,
        street=hand.street,
        pot=hand.pot,
        history=hand.history,
        to_act=hand.to_act,
        legal=hand.legal(),
    )
