"""The table of modes and causes, the supervisor over it, the latch and the time budget: on the injected clock."""
