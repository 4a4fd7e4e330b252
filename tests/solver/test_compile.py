"""Compiled code is kept between starts where that is possible, is never stale, and a bad cache is no error."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STARTS = """
import importlib, pkgutil, sys
import app.__main__, engine.runtime, engine.session
for package in (engine.runtime, engine.session):
    for module in pkgutil.iter_modules(package.__path__):
        if module.name != "__main__":
            importlib.import_module(f"{package.__name__}.{module.name}")
print(sorted(name for name in sys.modules if name.split(".")[0] in ("numba", "llvmlite")))
"""
PROGRAM = """
import sys
if "frozen" in sys.argv:
    sys.frozen = True
from room.outer import twice_more
print(twice_more(3))
print(sum(twice_more.stats.cache_hits.values()), sum(twice_more.stats.cache_misses.values()))
"""
INNER = """
from engine.solver.kernels.compile import jit

@jit
def more(number: int) -> int:
    return number + {add}
"""
OUTER = """
from engine.solver.kernels.compile import jit
from room.inner import more

@jit
def twice_more(number: int) -> int:
    return more(more(number))
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a room of two kernels, one of which calls the other in the other file."""
    room = tmp_path / "room"
    room.mkdir()
    (room / "__init__.py").touch()
    (room / "inner.py").write_text(INNER.format(add=1))
    (room / "outer.py").write_text(OUTER)
    return tmp_path


def run(home: Path, *arguments: str, start: str = PROGRAM, folder: str = "", **environment: str) -> tuple[int, ...]:
    """What a start of the program says: the result, how much came from the cache, how much was compiled."""
    known = {**os.environ, "PYTHONPATH": f"{home}:{ROOT}", "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
    for name in ("NUMBA_CACHE_DIR", "PYTHONDONTWRITEBYTECODE"):
        known.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", start, *arguments],
        cwd=home / folder,
        env=known | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return tuple(map(int, done.stdout.split()))


def kept(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.nb?"))


def test_what_is_kept_serves_until_it_is_damaged_or_what_it_calls_has_changed(home: Path) -> None:
    assert run(home) == (5, 0, 1)
    assert run(home) == (5, 1, 0)
    for file in kept(home / "room"):
        file.write_bytes(file.read_bytes()[:100])
    assert run(home) == (5, 0, 1)
    (home / "room" / "inner.py").write_text(INNER.format(add=2))
    assert run(home) == (7, 0, 1)
    assert len({file.parent for file in kept(home / "room")}) == 1


def test_a_folder_of_ones_own(home: Path) -> None:
    assert run(home, NUMBA_CACHE_DIR=str(home / "mine")) == (5, 0, 1)
    assert kept(home / "mine")
    assert not kept(home / "room")


def test_where_nothing_can_be_written_it_compiles_and_goes_on(home: Path) -> None:
    """The folders are files: no user may write in them, not even the system's own."""
    (home / "cache").touch()
    (home / "room" / "__pycache__").touch()
    assert run(home) == (5, 0, 1)
    assert not kept(home)


def test_beside_read_only_modules_the_users_folder_serves(home: Path) -> None:
    (home / "room" / "__pycache__").touch()
    assert run(home) == (5, 0, 1)
    assert kept(home / "cache" / "pitboss")


def test_a_frozen_program_finds_its_code_from_any_directory(home: Path) -> None:
    """Its sources may be gone: what counts is the program itself."""
    (home / "elsewhere").mkdir()
    assert run(home, "frozen") == (5, 0, 1)
    (home / "room" / "inner.py").write_text(INNER.format(add=1) + "# not part of a frozen program\n")
    assert run(home, "frozen", folder="elsewhere") == (5, 1, 0)


def test_a_disk_that_fills_up_is_no_error(home: Path) -> None:
    """A limit on the size of files stands for the full disk: the write itself fails."""
    limit = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    limit += "resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))\n"
    assert run(home, start=limit + PROGRAM, NUMBA_CACHE_DIR=str(home / "mine"), PYTHONDONTWRITEBYTECODE="1") == (
        5,
        0,
        1,
    )


def test_who_does_not_solve_does_not_load_the_compiler() -> None:
    """Neither the command's start, nor the session, nor the runtime."""
    done = subprocess.run([sys.executable, "-c", STARTS], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
