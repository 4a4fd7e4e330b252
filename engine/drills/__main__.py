"""Writes docs/drills.md from the drills and their measured figures: ``python -m engine.drills``."""

from engine.drills.document import write

write()
