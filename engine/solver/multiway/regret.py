"""Counterfactual regret minimisation for any number of players, and how far its average is from an equilibrium.

Players are brought up to date in turn, with regrets kept above 0 and later iterations counting more (CFR+: Tammelin
2014; averages weighted by the square of the iteration). For two players of a constant-sum game the average converges
to an equilibrium. For more there is no such theorem: what holds is that strictly dominated actions die out (Gibson
2013, "Regret minimization in games and the development of champion multiplayer computer poker-playing agents"), and
what was reached is measured by ``gains``.
"""

from collections.abc import Callable, Sequence

import numpy as np

from engine.solver.multiway.form import Floats, Form, Leaves
from engine.solver.multiway.kernels import gather, gather_best, reach_of, regret, shares, zeros


class Learner:
    """The regrets and averages of all players of one game, iteration by iteration."""

    def __init__(self, forms: Sequence[Form], leaves: Leaves) -> None:
        self._forms, self._leaves = tuple(forms), leaves
        self._regrets = [zeros(form.sequences, form.states) for form in self._forms]
        self._sums = [zeros(form.sequences, form.states) for form in self._forms]
        self._strategies = [zeros(form.sequences, form.states) for form in self._forms]
        self._reach = [zeros(form.sequences, form.states) for form in self._forms]
        for player in range(len(self._forms)):
            self._match(player)
        self.iterations = 0

    def step(self, still_wanted: Callable[[], bool] = lambda: True) -> bool:
        """One iteration of every player; False when it was not wanted any more and the averages are as before it."""
        for player, form in enumerate(self._forms):
            values = self._leaves.gradient(player, tuple(self._reach))
            if not still_wanted():
                return False
            gather(values, self._strategies[player], form.parent, form.first, form.count)
            regret(values, self._strategies[player], form.first, form.count, self._regrets[player])
            self._match(player)
        self.iterations += 1
        for total, reach in zip(self._sums, self._reach, strict=True):
            total += self.iterations**2 * reach
        return True

    def _match(self, player: int) -> None:
        form = self._forms[player]
        shares(self._regrets[player], form.first, form.count, self._strategies[player])
        reach_of(self._strategies[player], form.parent, form.first, form.count, self._reach[player])

    def average(self, player: int) -> Floats:
        """A player's average strategy: the share of each sequence at its decision, (sequences, states); evenly where
        nothing was learned. Row 0 means nothing.
        """
        form = self._forms[player]
        strategy = zeros(form.sequences, form.states)
        shares(self._sums[player], form.first, form.count, strategy)
        return strategy


def profile_reach(forms: Sequence[Form], strategies: Sequence[Floats]) -> tuple[Floats, ...]:
    """How likely each player is to follow each of his sequences."""
    reaches = []
    for form, strategy in zip(forms, strategies, strict=True):
        out = zeros(form.sequences, form.states)
        reach_of(strategy, form.parent, form.first, form.count, out)
        reaches.append(out)
    return tuple(reaches)


def gains(forms: Sequence[Form], leaves: Leaves, strategies: Sequence[Floats]) -> tuple[Floats, Floats]:
    """What each player gets in the profile, and what he would gain by his best reply to it: two (players,) arrays.

    The profile is an epsilon-equilibrium with epsilon the largest gain.
    """
    reach = profile_reach(forms, strategies)
    worth, gained = np.zeros(len(forms)), np.zeros(len(forms))
    for player, form in enumerate(forms):
        values = leaves.gradient(player, reach)
        best = values.copy()
        gather(values, strategies[player], form.parent, form.first, form.count)
        gather_best(best, form.parent, form.first, form.count)
        chances = leaves.chances(player)
        worth[player] = values[0] @ chances
        gained[player] = best[0] @ chances - worth[player]
    return worth, gained
