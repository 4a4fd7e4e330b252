"""The console: the only code of the house that imports Qt."""
