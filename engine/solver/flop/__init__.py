"""Streets solved to a limited depth: what is bet up to a street, and beyond it the equity of hand against hand."""

from engine.solver.flop.game import FlopGame
from engine.solver.flop.solve import solve_flop

__all__ = ["FlopGame", "solve_flop"]
