"""The re-solving gadget: a subgame inside a larger solution, solved so that the opponent gains nothing by it.

Before the subgame begins the opponent chooses for each of his pairs: stop, and take what it was worth to him in the
larger solution, or go on. A strategy that is good against this choice leaves no pair more than it had (Burch,
Johanson and Bowling 2014, section 4; Moravcik et al. 2016).
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.solver.kernels.tables import Floats, Rule

Doubles = NDArray[np.float64]


@dataclass(slots=True, eq=False)
class Gadget:
    """The choice of ``player``, who is not to act at the root; one number a hand in the order of his range.

    ``stop`` is what each hand gets for stopping, in the unit of the passes' values; ``going`` and ``stopping`` are
    clipped regrets, ``followed`` and ``played`` discounted sums of how often a hand went on, and of iterations.
    """

    player: int
    stop: Doubles
    weights: Floats
    going: Doubles = field(init=False)
    stopping: Doubles = field(init=False)
    followed: Doubles = field(init=False)
    played: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self.going, self.stopping, self.followed = (np.zeros(len(self.stop)) for _ in range(3))

    def copy(self) -> "Gadget":
        """The same choice, to be learnt on apart."""
        other = Gadget(self.player, self.stop, self.weights)
        other.going, other.stopping = self.going.copy(), self.stopping.copy()
        other.followed, other.played = self.followed.copy(), self.played
        return other

    def follow(self) -> Doubles:
        """How often each hand goes on now (regret matching); every second time when nothing is known."""
        total = self.going + self.stopping
        shares: Doubles = np.where(total > 0, self.going / np.where(total > 0, total, 1.0), 0.5)
        return shares

    def average(self) -> Doubles:
        """How often each hand has gone on."""
        return self.followed / self.played if self.played else np.full(len(self.stop), 0.5)

    def reach(self, follow: Doubles) -> Floats:
        """The hands' weights in the subgame."""
        return (self.weights * follow).astype(np.float32)

    def learn(self, values: Floats, rule: Rule) -> None:
        """One iteration: ``values`` are what the hands get in the subgame."""
        follow = self.follow()
        expected = follow * values + (1 - follow) * self.stop
        self.going = np.maximum(self.going * float(rule.regret_factor) + values - expected, 0.0)
        self.stopping = np.maximum(self.stopping * float(rule.regret_factor) + self.stop - expected, 0.0)
        self.followed = self.followed * float(rule.average_factor) + follow
        self.played = self.played * float(rule.average_factor) + 1.0

    def gain(self, values: Floats, best: Floats) -> float:
        """How much the better of stopping and the best response is above what the average choice gets."""
        follow = self.average()
        gained = np.maximum(best, self.stop) - (follow * values + (1 - follow) * self.stop)
        return float(np.dot(gained, self.weights))
