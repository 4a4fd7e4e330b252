"""Subgames solved exactly: discounted CFR+ in sequence form over every hand and every card that may come."""

from engine.solver.subgame.size import predicted_bytes
from engine.solver.subgame.start import Start
from engine.solver.subgame.subgame import Subgame

__all__ = ["Start", "Subgame", "predicted_bytes"]
