"""A screen of its own for the faults, wide enough for console and table side by side."""

from collections.abc import Iterator

import pytest

from app.desk.virtual_screen import virtual_screen


@pytest.fixture
def display() -> Iterator[str]:
    """A screen of 1600 x 900 with openbox, named in DISPLAY."""
    with virtual_screen(1600, 900) as name:
        yield name
