"""Palette, fonts, colours and shapes in one place."""
