"""Runs acts on small files, lets the power fail between any two calls, and compares what the files then say.

Beside it the careless ways to write that must be caught.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.power_loss.directory_disk import Disk, Recorder, restore

Write = Callable[[Path, bytes], None]


@dataclass(frozen=True, slots=True)
class Act:
    """Something done to the files, and what they say from then on."""

    do: Callable[[], object]
    says: str


@dataclass(frozen=True, slots=True)
class Trial:
    """Where the files live, and how what they say is read."""

    root: Path
    read: Callable[[Path], str]
    begins_as: str


def problems(trial: Trial, acts: list[Act], patch: pytest.MonkeyPatch, scratch: Path) -> list[str]:
    """Every state after a failure between any two calls that says neither what was nor what is to be.

    When an act has returned, the disk has acknowledged it: only what it says then is right.
    """
    ends: list[int] = []
    with patch.context() as recording:
        recorder = Recorder(trial.root, recording)
        for act in acts:
            act.do()
            ends.append(recorder.mark())
    disk, found, counter = Disk(trial.root), list[str](), 0
    said, at = trial.begins_as, 0
    for number, call in enumerate(recorder.calls, 1):
        disk.perform(call)
        done = number == ends[at]
        right = {acts[at].says} if done else {said, acts[at].says}
        for state in disk.states():
            counter += 1
            place = scratch / str(counter)
            place.mkdir()
            restore(state, place)
            if (says := trial.read(place)) not in right:
                found.append(f"after {call.kind} {call.path.name}: {says}, right: {' or '.join(sorted(right))}")
        if done:
            said, at = acts[at].says, at + 1
    assert counter > len(recorder.calls), "some states follow each call"
    assert at == len(acts), "each act ends with a call"
    return found


def without_syncing_the_file(path: Path, content: bytes) -> None:
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(content)
    beside.replace(path)
    sync_directory(path.parent)


def without_syncing_the_directory(path: Path, content: bytes) -> None:
    beside = path.with_name(path.name + ".new")
    synced(beside, content)
    beside.replace(path)


def in_place(path: Path, content: bytes) -> None:
    synced(path, content)
    sync_directory(path.parent)


def synced(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
