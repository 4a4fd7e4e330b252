"""Small files and directories that outlive a crash: at any moment the old content or the new, and the new one stays."""

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


def make_directory(directory: Path) -> None:
    """Make a directory and what is missing above it, and sync the name of each so that it stays. Raises OSError.

    A file that is synced in a directory whose own name is not can vanish with it (fsync(2)). Names above are synced
    whoever made them, as far up as this program may.
    """
    directory = directory.absolute()
    made_in = {part.parent for part in (directory, *directory.parents) if not part.exists()}
    directory.mkdir(parents=True, exist_ok=True)
    for above in directory.parents:
        try:
            _sync_directory(above)
        except OSError:
            if above in made_in:
                raise
            return


def _sync_directory(directory: Path) -> None:
    if os.name == "nt":  # Windows opens no directories; its rename is journaled by the file system
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
