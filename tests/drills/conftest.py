"""A screen of its own for the drills."""

from tests.x11 import display

__all__ = ["display"]
