"""Advisers for a table without agents: there are none, and so no opinions."""

from collections.abc import Sequence

from engine.game.state import TableState
from engine.words import Opinion


class NoAdvisers:
    """Implements ``engine.ports.Advisers``: nobody is asked and the solver decides alone."""

    def begin(self, state: TableState, budget_ns: int, seed: int) -> None:
        """Ask nobody."""

    def opinions(self) -> Sequence[Opinion]:
        """Always empty, at once."""
        return ()

    def hurry(self) -> Sequence[Opinion]:
        """Always empty, at once."""
        return ()

    def abandon(self) -> None:
        """There is nothing to forget."""
