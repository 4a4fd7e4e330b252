"""The decision engine: headless, fully typed, no Qt, no wall clock, no global state."""

__version__ = "0.1.0"
