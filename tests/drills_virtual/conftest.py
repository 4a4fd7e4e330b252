"""A bench of drills for the tests: a setting without a screen, and a drill that really measures something."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

from engine.config import Config
from engine.drills.drill import Bench, Criterion, Drill, Sabotage
from engine.drills.runner import Setting
from engine.durable import replace_file

MakeSetting = Callable[..., Setting]


def setting(*, sabotaged: bool = False, long: bool = False, config: Config | None = None) -> Setting:
    """A setting for drills that need no screen."""
    return Setting(
        config=config or Config(),
        digest="c" * 64,
        machine="machine",
        version="1.0",
        screen=nullcontext,
        sabotaged=sabotaged,
        long=long,
        utc=lambda: "2026-01-02T03:04:05.678+00:00",
    )


def _write(bench: Bench) -> None:
    path = bench.directory / "file"
    bench.step("writing", 0.5)
    write: Callable[[Path, bytes], object] = Path.write_bytes if bench.sabotaged else replace_file
    path.write_bytes(b"old")
    reader = path.open("rb")
    write(path, b"new")
    with reader:
        bench.judge("whole", reader.read() == b"old", "who had opened the file reads what it was")
    bench.judge("there", path.read_bytes() == b"new", "the new content is there")
    bench.figure("size", path.stat().st_size, "bytes")


def small_drill(run: Callable[[Bench], None] = _write, *, needs_screen: bool = False) -> Drill:
    """A drill that replaces a file under a reader; its sabotage overwrites the file in place."""
    return Drill(
        name="replace",
        title="Replaced file",
        purpose="Shows that a reader keeps <the old> file.",
        criteria=(
            Criterion("whole", "A reader & its file", "old content"),
            Criterion("there", "It is replaced", "new"),
        ),
        sabotage=Sabotage("the file is overwritten in place", ("whole",)),
        needs_screen=needs_screen,
        run=run,
    )


@pytest.fixture
def steps() -> list[tuple[str, float]]:
    return []
