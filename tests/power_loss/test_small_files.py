"""The latch and every other replaced file after a power failure: the old content or the new, and the new one stays."""

import os
import sys
from pathlib import Path

import pytest

from engine.clock import VirtualClock
from engine.durable import make_directory, replace_file
from engine.safety import latch as latch_module
from engine.safety.latch import Latch, LatchState
from engine.words import Cause, PanicStopEvent
from tests.power_loss.trial import (
    Act,
    Trial,
    Write,
    in_place,
    problems,
    without_syncing_the_directory,
    without_syncing_the_file,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows opens no directories to sync them")

STOP = PanicStopEvent(5, "2026-01-02T03:04:05.000+00:00", Cause.CONFIDENCE, "0.41", "0.99", "look at the table")
CLEAR = "clear"


def latch_says(directory: Path) -> str:
    latch = Latch.open(directory / "state" / "dev", VirtualClock())
    return CLEAR if latch.event is None else latch.event.cause.value


def latch_problems(tmp_path: Path, patch: pytest.MonkeyPatch, write: Write) -> list[str]:
    root, scratch = tmp_path / "disk", tmp_path / "after"
    root.mkdir()
    scratch.mkdir()
    held: list[Latch] = []

    def begin() -> None:
        held.append(Latch.open(root / "state" / "dev", VirtualClock(), write=write))

    acts = [
        Act(begin, CLEAR),
        Act(lambda: held[0].arm(), Cause.UNCLEAN_END.value),
        Act(lambda: held[0].stop(STOP), Cause.CONFIDENCE.value),
        Act(lambda: held[0].reset(), CLEAR),
        Act(lambda: held[0].arm(), Cause.UNCLEAN_END.value),
        Act(lambda: held[0].disarm(), CLEAR),
    ]
    found = problems(Trial(root, latch_says, CLEAR), acts, patch, scratch)
    assert held[0].state is LatchState.CLEAR
    return found


def test_the_latch_says_what_was_or_what_is_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert latch_problems(tmp_path, monkeypatch, replace_file) == []


@pytest.mark.parametrize(
    ("careless", "shown"),
    [
        (without_syncing_the_file, f"after rename permission.json.new: {Cause.LATCH_UNREADABLE}"),
        (without_syncing_the_directory, f"after rename permission.json.new: {CLEAR}, right: {Cause.CONFIDENCE}"),
        (in_place, f"after write permission.json: {Cause.LATCH_UNREADABLE}"),
    ],
)
def test_each_careless_way_to_write_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, careless: Write, shown: str
) -> None:
    found = latch_problems(tmp_path, monkeypatch, careless)
    assert any(line.startswith(shown) for line in found), found


def test_a_directory_whose_name_is_not_synced_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latch_module, "make_directory", lambda directory: directory.mkdir(parents=True, exist_ok=True))
    found = latch_problems(tmp_path, monkeypatch, replace_file)
    assert any(f"{CLEAR}, right: {Cause.CONFIDENCE}" in line for line in found), found


def test_a_directory_is_made_where_the_names_above_cannot_be_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above what this program made there may be directories that it may not open."""
    real = os.open

    def guarded(path: Path, flags: int) -> int:
        if not path.is_relative_to(tmp_path):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, flags)

    monkeypatch.setattr(os, "open", guarded)
    make_directory(tmp_path / "state" / "dev")
    make_directory(tmp_path / "state" / "dev")
    assert (tmp_path / "state" / "dev").is_dir()


def test_a_directory_whose_name_cannot_be_synced_is_not_made_in_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, flags: int) -> int:
        raise OSError(5, "Input/output error", str(path))

    monkeypatch.setattr(os, "open", refused)
    with pytest.raises(OSError, match="Input/output"):
        make_directory(tmp_path / "state")
