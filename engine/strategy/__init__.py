"""Blends the solution and the opinions into one legal decision."""
