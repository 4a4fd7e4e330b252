"""Which flops `pitboss solve warm` solves, and from which ranges and stacks: those that the bot meets in play."""

import random
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import log
from typing import Final

from engine.game.actions import Action, ActionKind
from engine.game.betting import deal
from engine.game.cards import DECK
from engine.game.ranges import Weights
from engine.game.state import Street, TableState
from engine.solver.brain.opening import read
from engine.solver.brain.sizes import sizes
from engine.solver.brain.street import street_line
from engine.solver.isomorphism import canonical
from engine.solver.spot import Spot, SpotError

BIG_BLIND: Final = 100
ORDER: Final = 20
"""The order of the flops is drawn with this number, so that more of them go on where fewer ended."""
Board = tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """The button raises to ``raised`` big blinds, the big blind calls; both had ``depth`` big blinds.

    ``ranges`` (out of position, in position) take the place of those that the bot reads from the line.
    """

    depth: float = 100.0
    raised: float = 2.5
    ranges: tuple[Weights | None, Weights | None] = (None, None)

    def spot(self, board: Board) -> Spot:
        """The flop after the line, as the bot sees it. Raises SpotError for a line that cannot be."""
        state = self._state(board)
        line = street_line(state)
        known = read(state, line).weights
        oop, ip = (known[player] if chosen is None else chosen for player, chosen in enumerate(self.ranges))
        settings = sizes(Street.FLOP, self.depth, BIG_BLIND)
        return Spot(line.board, (oop, ip), line.pot, line.stack, settings)

    def _state(self, board: Board) -> TableState:
        stack, to = round(self.depth * BIG_BLIND), round(self.raised * BIG_BLIND)
        if not 2 * BIG_BLIND <= to < stack:
            raise SpotError(f"a raise to {self.raised:g} of {self.depth:g} big blinds leaves nothing to play the flop")
        hand = deal({0: stack, 1: stack}, 0, BIG_BLIND // 2, BIG_BLIND)
        hand = hand.after(Action(ActionKind.RAISE, to)).after(Action(ActionKind.CALL, to - BIG_BLIND)).next_street()
        assert hand.to_act is not None
        return TableState(
            hand_id="warm",
            hero=hand.to_act,
            button=hand.button,
            small_blind=BIG_BLIND // 2,
            big_blind=BIG_BLIND,
            seats=hand.seats,
            hole=(),
            board=tuple(DECK[card] for card in board),
            street=Street.FLOP,
            pot=hand.pot,
            history=hand.history,
            to_act=hand.to_act,
            legal=hand.legal(),
        )


@cache
def flops() -> tuple[Board, ...]:
    """All 1,755 flops that suits do not make the same, those that come more often earlier on average.

    They are drawn without replacement with chances as their frequencies (Efraimidis and Spirakis 2006).
    """
    often: dict[Board, int] = {}
    for board in combinations(range(52), 3):
        form = canonical(board).board
        often[form] = often.get(form, 0) + 1
    generator = random.Random(ORDER)
    keys = {board: log(1.0 - generator.random()) / count for board, count in sorted(often.items())}
    return tuple(sorted(keys, key=lambda board: keys[board], reverse=True))
