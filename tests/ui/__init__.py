"""Tests of the console, offscreen."""
