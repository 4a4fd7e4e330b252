"""The console: the only code of the house that imports Qt."""

from engine import __version__

__all__ = ["__version__"]
