"""What must happen in the end: a healthy bot that is armed plays, and a cause that has gone clears."""

from typing import TYPE_CHECKING

from engine.clock import SECOND
from engine.words import Mode

if TYPE_CHECKING:
    from engine.drills.simulation.world import World

ANSWER_LIMIT = 8 * SECOND
"""A turn of ours in a hand that was healthy from its deal is answered within this: budget, gestures, verification."""
SIGHT_BACK_LIMIT = 3 * SECOND
HAND_END_LIMIT = 3 * SECOND
HEALTHY_HANDS = 2
HEALTHY_FOR = 12 * SECOND
STUCK_LIMIT = 4 * SECOND


class Liveness:
    """Watches one world; every breach becomes a line of ``world.violations``. Time asleep is nobody's."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._well_since = 0
        self._healthy_hand = -1
        self._turn_since: int | None = None
        self._mode = Mode.STANDBY
        self._mode_hand = 0
        self._degraded_hand: int | None = None
        self._by_table = 0

    def stepped(self, well: bool) -> None:
        """Once after every step; ``well``: nothing is wrong anywhere."""
        world, now = self._world, self._world.clock.now()
        if not well:
            self._well_since = now
            self._healthy_hand = -1
        self._well_since = max(self._well_since, world.woke_at)
        mode, number = world.session.mode, world.table.hand_number
        if mode is not self._mode:
            self._mode, self._mode_hand = mode, number
            self._well_since = max(self._well_since, now) if mode is Mode.HOLD else self._well_since
        if not world.up or now < world.engine_stuck_until:
            self._well_since, self._healthy_hand = now, -1
            return
        well_for = now - self._well_since
        self._check_play(mode, number, now)
        if mode is Mode.HOLD:
            self._demand(well_for < SIGHT_BACK_LIMIT, f"the eyes are well for {well_for / SECOND:.1f} s and it holds")
        elif mode is Mode.SAFE:
            over = number > self._mode_hand + HEALTHY_HANDS and well_for > HEALTHY_FOR
            self._demand(not over, f"SAFE since hand {self._mode_hand}, and hand {number} is being played")
        self._check_degraded(number, well_for)

    def _check_play(self, mode: Mode, number: int, now: int) -> None:
        table = self._world.table
        if mode is not Mode.LIVE:
            self._healthy_hand = -1
        elif table.just_dealt and self._well_since < now - SECOND:
            self._healthy_hand = number
        ours = table.heros_turn and self._healthy_hand == number
        if not ours:
            self._turn_since = None
        elif self._turn_since is None or self._turn_since < self._world.woke_at:
            self._turn_since = now
        else:
            waited = now - self._turn_since
            self._demand(waited < ANSWER_LIMIT, f"healthy and armed, and a turn waits for {waited / SECOND:.1f} s")

    def _check_degraded(self, number: int, well_for: int) -> None:
        if not self._world.session.degraded or well_for == 0:
            self._degraded_hand = None
        elif self._degraded_hand is None:
            self._degraded_hand = number
        elif number > self._degraded_hand + HEALTHY_HANDS and well_for > HEALTHY_FOR:
            self._demand(False, f"all is well since hand {self._degraded_hand}, and it goes on without what it lost")

    def _demand(self, holds: bool, breach: str) -> None:
        if not holds:
            self._world.violate(breach)
