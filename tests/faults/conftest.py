"""A screen of its own for the faults."""

from tests.x11 import display

__all__ = ["display"]
