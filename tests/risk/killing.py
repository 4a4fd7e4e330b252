"""Kills a process at chosen instructions of a write of the risk state, and says what was found after each.

A program of its own, because it forks: ``python -m tests.risk.killing DIRECTORY [careless]`` prints a JSON object,
act by act: how often the old and the new state were found, and what was found instead of either.
"""

import json
import os
import random
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from engine.risk.guard import RiskGuard
from engine.risk.reconstruct import HandResult
from engine.risk.state import OpenHand, RiskStateError
from engine.risk.store import DISK, Storage
from tests.risk.spots import UTC, call, limits, state

WRITERS = ("replace_file", "write_durably", "make_directory", "careless")
ELSEWHERE = 10
EVERY = 4
RANDOM_KILLS = 15
Act = Callable[[Path, Storage], object]


def careless(path: Path, content: bytes) -> None:
    """What the house does not do: the file is written over in its place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        middle = len(content) // 2
        file.write(content[:middle])
        file.flush()
        file.write(content[middle:])


def opened(directory: Path, storage: Storage = DISK) -> RiskGuard:
    return RiskGuard(directory / "risk.json", limits(loss=10**6), utc=lambda: UTC, storage=storage)


def stop_in_a_hand(directory: Path, storage: Storage) -> None:
    risk = opened(directory, storage)
    risk.check(state(100, hand_id="s-2"), call(50))
    risk.stopped("confidence")


ACTS: dict[str, Act] = {
    "hand over": lambda directory, storage: opened(directory, storage).hand_over("s-2", -250),
    "stop": stop_in_a_hand,
    "next session": lambda directory, storage: opened(directory, storage).begin_session("t"),
    "catch up": lambda directory, storage: opened(directory, storage).catch_up(
        [HandResult("s-1", -100), HandResult("s-2", 30)], OpenHand("s-3", 70)
    ),
}


@contextmanager
def counted(kill_at: int, where: list[bool] | None = None) -> Iterator[None]:
    """Count instructions; kill this process at one of them. ``where`` gets for each whether a file is written there."""
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        if event == "opcode":
            if where is not None:
                where.append(frame.f_code.co_name in WRITERS)
            if count == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            count += 1
        return trace

    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(None)


def chosen(where: list[bool], chance: random.Random) -> list[int]:
    """Every fourth instruction of writing, and some anywhere else."""
    writing = [place for place, inside in enumerate(where) if inside][::EVERY]
    others = [place for place, inside in enumerate(where) if not inside]
    return writing + chance.sample(others, min(ELSEWHERE, len(others)))


def figures(directory: Path) -> str:
    """What the next start finds; a refusal in words."""
    try:
        found = opened(directory).state
    except RiskStateError as refusal:
        return f"refused: {refusal}"
    return f"{found.session_id} {found.session_result} {found.hands} {found.total_result} {found.open_hand}"


def trial(act: Act, begun: Path, scratch: Path, storage: Storage) -> dict[str, Any]:
    """Kill the act at every chosen instruction, each time from the same beginning."""
    where: list[bool] = []
    fresh(begun, scratch)
    old = figures(scratch)
    fresh(begun, scratch)
    with counted(-1, where):
        act(scratch, storage)
    new = figures(scratch)
    found: Counter[str] = Counter()
    for kill_at in chosen(where, random.Random(7)):
        fresh(begun, scratch)
        child = os.fork()
        if child == 0:
            with counted(kill_at):
                act(scratch, storage)
            os._exit(3)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "the child came to its end before the instruction"
        found[figures(scratch)] += 1
    return {"old": found.pop(old, 0), "new": found.pop(new, 0), "neither": dict(found)}


def fresh(begun: Path, scratch: Path) -> None:
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(begun, scratch)


def random_kills(scratch: Path) -> dict[str, Any]:
    """Kill at random moments a process that books one hand after another and says so for each."""
    chance, ahead = random.Random(11), Counter[str]()
    for _ in range(RANDOM_KILLS):
        shutil.rmtree(scratch, ignore_errors=True)
        ours, its = os.pipe()
        child = os.fork()
        if child == 0:
            risk = opened(scratch)
            for number in range(10**6):
                risk.hand_over(f"s-{number}", -1)
                os.write(its, b".")
        os.close(its)
        told = sum(len(os.read(ours, 1)) for _ in range(chance.randint(1, 12)))
        signal.setitimer(signal.ITIMER_REAL, chance.uniform(0.0005, 0.02))
        signal.sigwait({signal.SIGALRM})
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        told += len(os.read(ours, 1 << 16))
        os.close(ours)
        try:
            ahead[str(opened(scratch).state.hands - told)] += 1
        except RiskStateError as refusal:
            ahead[f"refused: {refusal}"] += 1
    return dict(ahead)


def main(directory: Path, way: str) -> None:
    """Everything, as JSON on standard output."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    begun, scratch = directory / "begun", directory / "scratch"
    risk = opened(begun)
    risk.begin_session("s")
    risk.hand_over("s-1", -100)
    storage = Storage(write=careless) if way == "careless" else DISK
    said: dict[str, Any] = {name: trial(act, begun, scratch, storage) for name, act in ACTS.items()}
    if way != "careless":
        said["first start"] = trial(lambda where, disk: opened(where, disk), empty(directory), scratch, storage)
        said["random"] = random_kills(scratch)
    print(json.dumps(said))


def empty(directory: Path) -> Path:
    (directory / "empty").mkdir()
    return directory / "empty"


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
