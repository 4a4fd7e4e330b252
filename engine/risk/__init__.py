"""The risk guard: limits, and the state that persists them."""
