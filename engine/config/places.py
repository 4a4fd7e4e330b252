"""Where the product's own files lie: the repository, or the unpacked bundle of a frozen program."""

import sys
from pathlib import Path


def root() -> Path:
    """The folder that holds ``config`` and ``resources``; PyInstaller names its bundle in ``sys._MEIPASS``."""
    bundle: str | None = getattr(sys, "_MEIPASS", None)
    return Path(bundle) if bundle else Path(__file__).resolve().parents[2]
