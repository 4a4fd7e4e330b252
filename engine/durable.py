"""Replaces a small file so that a crash at any moment leaves the old content or the new, and the new one stays."""

import os
from pathlib import Path


def replace_file(path: Path, content: bytes) -> None:
    """Write beside ``path``, sync, rename over it, sync the directory (rename(2), fsync(2)). Raises OSError."""
    temporary = path.with_name(path.name + ".new")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    _sync_directory(path.parent)


def _sync_directory(directory: Path) -> None:
    if os.name == "nt":  # Windows opens no directories; its rename is journaled by the file system
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
