"""Wiring of the stages and the hand loop: one session of play at one table."""
