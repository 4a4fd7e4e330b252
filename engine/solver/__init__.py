"""Solvers: frequencies and values of the hero's actions in a spot."""
