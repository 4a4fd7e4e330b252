"""Makes the solver ready to answer in time: each of its methods solves a small spot, which compiles its kernels or
loads them.
"""

from typing import Final

import numpy as np

from engine.clock import Clock, SystemClock
from engine.game.ranges import COMBO_COUNT
from engine.solver.anytime import solve
from engine.solver.flop.solve import solve_flop
from engine.solver.multiway.warm import warm_multiway
from engine.solver.spot import Limits, Spot
from engine.solver.tree.settings import StreetSizes, TreeSettings
from engine.solver.tree.sizes import parse_sizes

ITERATIONS: Final = 2
PAIRS: Final = 40
_BOTH: Final = (StreetSizes(parse_sizes("75%")), StreetSizes(parse_sizes("75%")))
TURN_BOARD: Final = (32, 29, 18, 40)
RIVER_CARD: Final = 3


def warm(clock: Clock) -> None:
    """Solve a flop, a turn and a river with few pairs; the first time on a machine takes as long as compiling does."""
    warm_multiway(clock)
    ranges = np.zeros(COMBO_COUNT)
    ranges[:: -COMBO_COUNT // PAIRS] = 1.0
    settings = TreeSettings(_BOTH, _BOTH, _BOTH)
    solve_flop(Spot(TURN_BOARD[:3], (ranges, ranges), 100, 300, settings), Limits(iterations=ITERATIONS), clock=clock)
    for board in (TURN_BOARD, (*TURN_BOARD, RIVER_CARD)):
        _, subgame = solve(
            Spot(board, (ranges, ranges), 100, 300, settings), Limits(iterations=ITERATIONS), clock=clock
        )
        for player in (0, 1):
            subgame.values(0, player)
        subgame.close()


if __name__ == "__main__":
    warm(SystemClock())
