"""Advisers for a table without agents: there are none, and so no opinions."""

from collections.abc import Sequence

from engine.game.state import TableState
from engine.words import Opinion, Solution


class NoAdvisers:
    """Implements ``engine.ports.Advisers``: nobody is asked and the solver decides alone."""

    def advise(self, state: TableState, solution: Solution, budget_ns: int) -> Sequence[Opinion]:
        """Always empty, at once."""
        return ()
