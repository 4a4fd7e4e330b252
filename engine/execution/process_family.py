"""A process, everything it has started, and the names by which each is known, read from /proc."""

import os
from pathlib import Path

from engine.execution.sockets import UnreadableError

PARENT_FIELD = 1
COMMAND_LENGTH = 15
"""The kernel cuts a process's short name at this length."""


def family(proc: Path, pid: int) -> tuple[int, ...]:
    """The process and all its descendants, itself first."""
    parents = {child: parent for child in _pids(proc) if (parent := _parent(proc, child)) is not None}
    members = [pid]
    for member in members:
        members.extend(child for child, parent in parents.items() if parent == member and child not in members)
    return tuple(members)


def names(process: Path) -> frozenset[str]:
    """The lower-case names of a process: its executable's and its own. Raises ``UnreadableError``."""
    try:
        executable = Path(os.readlink(process / "exe").removesuffix(" (deleted)")).name
        return frozenset({executable.lower(), (process / "comm").read_text().strip().lower()})
    except OSError as error:
        raise UnreadableError(f"{process}/exe: {error.strerror}") from error


def _pids(proc: Path) -> list[int]:
    return [int(name) for name in os.listdir(proc) if name.isdigit()]


def _parent(proc: Path, pid: int) -> int | None:
    """None when the process has ended meanwhile."""
    try:
        with open(proc / str(pid) / "stat") as stat:
            return int(stat.read().rpartition(")")[2].split()[PARENT_FIELD])
    except (OSError, ValueError):
        return None
