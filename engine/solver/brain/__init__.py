"""The mind of the solver process: which method answers a state, and what it knows of the players' ranges."""
