"""Kernels are compiled once for their sources; where that fails, it is told and nothing else fails."""

import sys
from pathlib import Path

import pytest

from kernels import ROOM, STAMP, compile_kernels, source_digest


def room(root: Path, warm: str) -> Path:
    """A house that is nothing but a solver's room whose warming up does as told."""
    folder = root / ROOM / "brain"
    folder.mkdir(parents=True)
    (root / STAMP).parent.mkdir()
    (folder / "warm.py").write_text(warm, encoding="utf-8")
    return root


def test_once_for_the_same_sources_and_again_for_others(tmp_path: Path) -> None:
    root = room(tmp_path, "open('times', 'a').write('x')")
    assert all(compile_kernels(Path(sys.executable), root) for _ in range(3))
    assert (root / "times").read_text() == "x"
    (root / ROOM / "brain" / "other.py").write_text("")
    assert compile_kernels(Path(sys.executable), root)
    assert (root / "times").read_text() == "xx"


def test_a_name_that_moves_is_another_source(tmp_path: Path) -> None:
    root = room(tmp_path, "")
    before = source_digest(root)
    (root / ROOM / "brain" / "warm.py").rename(root / ROOM / "warm.py")
    assert source_digest(root) != before


def test_a_failure_is_told_and_tried_again_next_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = room(tmp_path, "raise SystemExit('the disk is full')")
    assert not compile_kernels(Path(sys.executable), root)
    assert "the disk is full" in capsys.readouterr().err
    assert not (root / STAMP).exists()
