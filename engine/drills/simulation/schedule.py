"""Disturbs a world by a seed, and plays the operator who resets, arms and starts the program again.

What is chosen leans towards the causes that have come up least, so that every one gets its share of a run.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from engine.clock import MILLISECOND, SECOND
from engine.drills.simulation.disturbances import DISTURBANCES, Disturbance
from engine.drills.simulation.world import World
from engine.safety.latch import LatchError
from engine.safety.supervisor import InvalidTransitionError, Transition
from engine.words import Cause, Mode

LEAN, SPREAD = 0.8, 0.92
"""Up to the first: disturbances chosen for the cause that has come up least; up to the second: those done least."""
BURST = 0.15
AT_A_PRESS = 0.4
"""The share that waits for the next press and begins while it is being made."""
PATIENCE = 0.8
"""How often a disturbance waits a second more for a bot that is not LIVE."""
SHADOW_SHARE = 0.15
NEGLECT = 90.0
"""Seconds in which an operator who tries gets a healthy bot going again."""
OPERATORS = frozenset({Cause.ARM, Cause.RESET, Cause.SHADOW_ON})
"""Causes that never begin in LIVE."""


@dataclass(slots=True)
class Tallies:
    """What a run came to. ``in_live`` counts each cause where it counts: in LIVE, or in what LIVE had led to."""

    in_live: Counter[Cause] = field(default_factory=Counter)
    transitions: Counter[Cause] = field(default_factory=Counter)
    disturbed: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, other: "Tallies") -> None:
        """Put another run's counts to these."""
        self.in_live.update(other.in_live)
        self.transitions.update(other.transitions)
        self.disturbed.update(other.disturbed)


class Schedule:
    """Runs one world. ``gap_s`` is the mean time between two disturbances."""

    def __init__(self, world: World, seed: int, tallies: Tallies, gap_s: float = 20.0) -> None:
        self._world = world
        self._tallies = tallies
        self._gap = gap_s
        self._chance = random.Random(f"{seed}/schedule")
        self._seen = len(world.transitions)
        self._was_live = False
        self._waits_since: int | None = None
        self._busy = False
        self._next(self._disturb, 5.0)

    def after_step(self) -> None:
        """Count what has happened, and let the operator see to a bot that does not play."""
        for made in self._world.transitions[self._seen :]:
            self._count(made)
        self._seen = len(self._world.transitions)
        if not self._busy:
            self._attend()

    def _next(self, act: Callable[[], None], seconds: float) -> None:
        self._world.agenda.at(self._world.clock.now() + round(seconds * 1000) * MILLISECOND, act)

    # counting

    def _count(self, made: Transition) -> None:
        tallies, cause = self._tallies, made.cause
        tallies.transitions[cause] += 1
        after_live = self._was_live and made.source in (Mode.HOLD, Mode.SAFE)
        if made.source is Mode.LIVE or after_live or cause in OPERATORS:
            tallies.in_live[cause] += 1
        if made.target in (Mode.LIVE, Mode.STANDBY, Mode.STOPPED):
            self._was_live = made.target is Mode.LIVE

    def _count_start(self, was_live: bool) -> None:
        """A program that starts stopped says so by its panic, not by a transition."""
        panic = self._world.session.panic
        if panic is not None and was_live and panic.cause in (Cause.UNCLEAN_END, Cause.LATCH_UNREADABLE):
            self._tallies.in_live[panic.cause] += 1
            self._tallies.transitions[panic.cause] += 1

    # disturbing

    def _disturb(self) -> None:
        chance = self._chance
        if self._world.mode is not Mode.LIVE and chance.random() < PATIENCE:
            self._next(self._disturb, 1.0)
            return
        self._next(self._disturb, chance.expovariate(1 / self._gap))
        for _ in range(chance.randint(2, 4) if chance.random() < BURST else 1):
            disturbance = self._choose()
            if chance.random() < AT_A_PRESS:
                delay = chance.randrange(70) * MILLISECOND
                self._world.hands.at_next.append((delay, partial(self._begin, disturbance)))
            else:
                self._begin(disturbance)

    def _begin(self, disturbance: Disturbance) -> None:
        self._tallies.disturbed[disturbance.port, disturbance.kind] += 1
        disturbance.begin(self._world, self._chance)

    def _choose(self) -> Disturbance:
        chance, tallies = self._chance, self._tallies
        roll = chance.random()
        if roll < LEAN:
            counts = tallies.in_live
            rare = min(AIMED, key=lambda cause: (counts[cause], chance.random()))
            return chance.choice([one for one in DISTURBANCES if rare in one.aims])
        if roll < SPREAD:
            return min(DISTURBANCES, key=lambda one: (tallies.disturbed[one.port, one.kind], chance.random()))
        return chance.choice(DISTURBANCES)

    # the operator

    def _attend(self) -> None:
        """Begin to see to a bot that is not acting, after a moment."""
        world = self._world
        if world.up and world.session.mode in (Mode.LIVE, Mode.SAFE, Mode.HOLD):
            self._waits_since = None
            return
        self._busy = True
        self._next(self._see_to_it, self._chance.uniform(0.3, 4.0))

    def _see_to_it(self) -> None:
        self._busy = False
        world = self._world
        if not world.up:
            was_live = self._was_live
            world.restart()
            self._seen, self._was_live = len(world.transitions), False
            self._count_start(was_live)
        elif world.journal.problem or world.program.spent or not world.risk.hand_may_begin().allowed:
            world.end()
        elif world.session.mode is Mode.STOPPED:
            world.try_reset()
        elif world.session.mode in (Mode.STANDBY, Mode.SHADOW):
            self._arm()
        self._check_neglect()

    def _arm(self) -> None:
        world = self._world
        try:
            if world.session.mode is Mode.STANDBY and self._chance.random() < SHADOW_SHARE:
                world.command(Cause.SHADOW_ON)
            else:
                world.arm()
        except (InvalidTransitionError, LatchError, OSError):
            world.invalid += 1

    def _check_neglect(self) -> None:
        """A healthy bot can be set going again."""
        world, now = self._world, self._world.clock.now()
        status = world.calendar.status()
        slept = self._waits_since is not None and world.woke_at > self._waits_since
        blocked = not world.well or status.blocked or status.stale or slept
        if blocked or (world.up and world.session.mode is Mode.LIVE) or self._waits_since is None:
            self._waits_since = now if not blocked else None
        elif now - self._waits_since > NEGLECT * SECOND:
            world.violate(f"all is well for {NEGLECT:.0f} s, and nothing the operator does sets the bot going")
            self._waits_since = None


AIMED: tuple[Cause, ...] = tuple(dict.fromkeys(cause for one in DISTURBANCES for cause in one.aims))
"""The causes that have a disturbance of their own, each once."""
EXPECTED: tuple[Cause, ...] = (*AIMED, Cause.ARM, Cause.RESET, Cause.SHADOW_ON)
"""Every cause that a run has to bring about."""
