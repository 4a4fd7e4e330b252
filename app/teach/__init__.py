"""Labelled frames of the practice table: what its layout pack is learned from and tested against."""
