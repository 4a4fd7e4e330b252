"""The practice table, a program of its own that knows the game and nothing else of the house."""
