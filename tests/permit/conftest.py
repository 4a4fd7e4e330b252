"""What the permit's tests share: a page, a screen, and a pipe to talk through."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.permit import page
from engine.permit.page import PermitPage
from tests.x11 import display

__all__ = ["display"]


@pytest.fixture
def permit(tmp_path: Path) -> Iterator[PermitPage]:
    """A new permit page in a directory of its own."""
    made = page.create(tmp_path / "run" / "permit", page.new_epoch())
    yield made
    made.close()
