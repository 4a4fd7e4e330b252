"""The console: the only code of the house that imports Qt."""

__version__ = "0.1.0"
