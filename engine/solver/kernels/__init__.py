"""What is compiled: the solver's inner loops. Nothing outside of a solve imports this room, since it brings numba."""
