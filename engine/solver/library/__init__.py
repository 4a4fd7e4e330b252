"""Flops solved beforehand, kept by their content and found by it."""

from engine.solver.library.address import Address, address
from engine.solver.library.answer import StreetAnswer
from engine.solver.library.library import Found, Library

__all__ = ["Address", "Found", "Library", "StreetAnswer", "address"]
