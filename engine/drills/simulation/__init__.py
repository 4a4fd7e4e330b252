"""The whole engine in virtual time: one deterministic world, faults from a seed, and what must hold at every step."""
