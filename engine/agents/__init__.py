"""Advisers: opinions on a decision, never an action."""
