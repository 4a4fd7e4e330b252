"""Nothing that plays knows what the table knows: no process of the engine ever opens the table's ground-truth log."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.desk.practice_process import PracticeTable
from app.desk.virtual_screen import environment, virtual_screen
from engine.config import load
from engine.runtime.guards import Guards
from engine.runtime.runtime import Runtime
from tests.x11 import wait_until

pytestmark = pytest.mark.xvfb

PLACE = (20, 60, 800, 500)
HANDS = 2
HAND_LIMIT_S = 60.0

_opened: list[str] | None = None
"""Files opened by this process while somebody listens; an audit hook cannot be taken away again."""


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if _opened is not None and event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
        _opened.append(os.fsdecode(arguments[0]))


sys.addaudithook(_note)


@contextmanager
def listening() -> Iterator[list[str]]:
    """The files that this process opens while the block runs."""
    global _opened
    _opened = []
    try:
        yield _opened
    finally:
        _opened = None


def files_of(pid: int) -> set[str]:
    """The files that a process holds open now."""
    found = set[str]()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.add(str(descriptor.readlink()))
        except FileNotFoundError:
            continue
    return found


def test_no_process_of_the_engine_opens_the_truth(tmp_path: Path) -> None:
    config = load(None, "dev")
    config = config.model_copy(update={"table": config.table.model_copy(update={"pace": 0.0, "seed": 3})})
    truth = tmp_path / "truth.jsonl"
    held: dict[str, set[str]] = {"engine": set(), "actuator": set(), "watchdog": set()}
    with virtual_screen(1280, 800), environment({"QT_QPA_PLATFORM": "xcb"}), listening() as opened:
        runtime = Runtime(config, tmp_path / "dev", "listened")
        table = PracticeTable(config, truth, HANDS, PLACE)
        try:
            runtime.start()
            wait_until(lambda: runtime.snapshot().look, "the first look")
            assert not runtime.arm()

            def played() -> bool:
                guards = runtime.guards
                if guards is not None:
                    _look_at(guards, held)
                return runtime.snapshot().counters.hands >= HANDS

            wait_until(played, f"{HANDS} hands played", HAND_LIMIT_S)
            assert str(truth) in files_of(table.pid), "the table itself writes it"
        finally:
            runtime.close()
            table.close()
        assert runtime.snapshot().counters.presses > 0
        assert opened, "the engine's own files were heard"
        assert str(truth) not in opened
        truth.read_bytes()
        assert str(truth) in opened, "it would have been heard"
    for who, files in held.items():
        assert files, f"the {who} was looked at"
        assert str(truth) not in files, f"the {who} holds the truth"


def _look_at(guards: Guards, held: dict[str, set[str]]) -> None:
    pids = {"engine": os.getpid(), "actuator": guards.actuator.pid, "watchdog": guards.watchdog.pid}
    for who, pid in pids.items():
        held[who] |= files_of(pid)
