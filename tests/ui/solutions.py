"""Solutions for the console's tests: one made by the real solver, and one whose every number is known."""

from functools import cache

import numpy as np

from engine.clock import SECOND, SystemClock
from engine.game.actions import Action, ActionKind
from engine.game.packed import pack
from engine.game.ranges import COMBO_COUNT, class_combos
from engine.game.state import TableState
from engine.solver.brain.brain import Brain
from engine.words import ActionValue, NodeStrategy, SeatRange, Solution
from engine.words.thought import SolvePoint, SolverView
from tests.solver.spots import CHECK, FOLD, bet, call, raise_to, spot

PREFLOP, FLOP, TURN = [raise_to(50), call(30)], [CHECK, bet(60), call(60)], [CHECK, bet(110), call(110)]
RIVER = spot("AsKs", "QsJs2d3c8h", PREFLOP, FLOP, TURN, [CHECK])
BUDGET = 10 * SECOND
ALL_IN = Action(ActionKind.BET, 1780)


@cache
def solved_river() -> Solution:
    """What the solver says of the river; a second or two, once a run."""
    return Brain(SystemClock()).solve(RIVER, BUDGET, 1)


def known(state: TableState = RIVER, source: str = "subgame") -> Solution:
    """The hero holds AKs and QQ whole and half of 76o: AKs checks 3 of 4 times and else bets 100, the others go all-in.

    After the bet the other seat, who holds aces alone, folds half and calls half.
    """
    actions = (CHECK, bet(100), ALL_IN)
    reach, played, worth = np.zeros(COMBO_COUNT), np.zeros((3, COMBO_COUNT)), np.zeros((3, COMBO_COUNT))
    ace_king, queens, low = class_combos("AKs"), class_combos("QQ"), class_combos("76o")
    reach[ace_king], reach[queens], reach[low] = 1.0, 1.0, 0.5
    played[0, ace_king], played[1, ace_king] = 0.75, 0.25
    played[2, queens] = played[2, low] = 1.0
    worth[0, ace_king], worth[1, ace_king], worth[2, queens], worth[2, low] = 4.0, 2.0, 12.0, -3.0
    aces, replies = np.zeros(COMBO_COUNT), np.zeros((2, COMBO_COUNT))
    aces[class_combos("AA")] = 1.0
    replies[:, class_combos("AA")] = 0.5
    return Solution(
        source=source,
        actions=(ActionValue(CHECK, 0.75, 80.0), ActionValue(bet(100), 0.25, 40.0)),
        equity=0.6,
        exploitability=0.31,
        detail="the street solved exactly: 81 betting nodes, 152 iterations",
        took_ns=2 * SECOND,
        iterations=152,
        ranges=(SeatRange(1, pack(aces)), SeatRange(0, pack(reach))),
        nodes=(
            NodeStrategy((), 0, actions, pack(reach), pack(played), pack(worth)),
            NodeStrategy((bet(100),), 1, (FOLD, call(100)), pack(aces), pack(replies), pack(replies)),
        ),
    )


def a_view(solution: Solution | None, *, state: TableState | None = RIVER, running: bool = False) -> SolverView:
    """A solve that closed in from 40 to 0.31 per cent of the pot in two seconds of ten."""
    distances = (40.0, 9.0, 2.0, 0.7, 0.31)
    points = tuple(SolvePoint((n + 1) * 2 * SECOND // 5, 30 * (n + 1), far) for n, far in enumerate(distances))
    return SolverView(state, running, BUDGET, points, solution, 31, 4, 27, "")
