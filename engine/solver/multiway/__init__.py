"""Spots with several opponents: regret minimisation for any number of players, and the game it is played on."""
