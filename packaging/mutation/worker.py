"""One worker: changes its own copy of the house, and asks the tests in a forked process that has the packages loaded.

Starting an interpreter and importing pytest, Hypothesis and NumPy takes longer than most tests of the two rooms; a
fork has them already. The mutated rooms are imported in the fork alone.
"""

import importlib
import os
import re
import select
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import operators
from cosmic_ray.mutating import use_mutation
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_item import MutationSpec

ROOMS = ("engine.safety", "engine.risk")
LOADED_BEFORE = (
    *("pytest", "hypothesis", "hypothesis.stateful", "hypothesis.extra.numpy", "numpy", "apsw", "pydantic", "filelock"),
    *("engine.words", "engine.ports", "engine.clock", "engine.durable", "engine.config", "engine.game.state"),
)
CONFIG = ["-c", "packaging/mutation/pytest.ini", "--rootdir=.", "-m", "not (soak or bench or e2e or xvfb)"]
NOT_ABOUT_THE_ROOM = ["-k", "not planted and not killed"]
"""Tests that show that a test can fail say nothing about a mutant."""
PREFIX = "pitboss-mutation-"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed place, and what became of it: noticed, or survived."""

    module: str
    line: int
    operator: str
    was: str
    becomes: str
    outcome: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.module, self.was, self.becomes


def begin(house: Path, files: Sequence[str], members: dict[str, list[str]]) -> None:
    """Make the worker's own copy of the house and load what no mutation touches."""
    copy = Path(tempfile.mkdtemp(prefix=PREFIX))
    for name in files:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(house / name, copy / name)
    os.chdir(copy)
    sys.dont_write_bytecode = True
    sys.path[:] = [str(copy), *(path for path in sys.path if Path(path) != house)]
    operators.provide(members)
    for module in LOADED_BEFORE:
        importlib.import_module(module)
    assert not [name for name in sys.modules if name.startswith(ROOMS)], "the mutated rooms are loaded already"


def end() -> None:
    """Remove the copy."""
    if Path.cwd().name.startswith(PREFIX):
        copy = Path.cwd()
        os.chdir(tempfile.gettempdir())
        shutil.rmtree(copy, ignore_errors=True)


def try_mutant(mutation: MutationSpec, tests: Sequence[str], timeout_s: float) -> Mutant:
    """Mutate, run the tests until one fails, and put the file back."""
    operator = get_operator(mutation.operator_name)(**mutation.operator_args)
    with use_mutation(mutation.module_path, operator, mutation.occurrence) as (original, mutated):
        assert mutated is not None, f"{mutation} changes nothing"
        outcome = "survived" if tests_pass(tests, timeout_s) else "noticed"
    was, becomes = difference(original, mutated)
    name = mutation.operator_name.split("/")[1]
    return Mutant(mutation.module_path.as_posix(), mutation.start_pos[0], name, was, becomes, outcome)


def tests_pass(tests: Sequence[str], timeout_s: float) -> bool:
    """Whether all pass in time, in a process of their own. POSIX only (fork)."""
    child = os.fork()
    if child == 0:
        _run_tests(tests)
    descriptor = os.pidfd_open(child)
    ended, _, _ = select.select([descriptor], [], [], timeout_s)
    os.close(descriptor)
    if not ended:
        os.killpg(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _run_tests(tests: Sequence[str]) -> NoReturn:
    """In the fork, which ends here whatever happens."""
    code = 1
    try:
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)
        code = int(importlib.import_module("pytest").main([*CONFIG, *NOT_ABOUT_THE_ROOM, *tests]))
    finally:
        os._exit(code)


def difference(original: str, mutated: str) -> tuple[str, str]:
    """The lines that differ, each run of blanks one blank, before and after."""
    before, after = original.splitlines(), mutated.splitlines()
    while before and after and before[0] == after[0]:
        before, after = before[1:], after[1:]
    while before and after and before[-1] == after[-1]:
        before, after = before[:-1], after[:-1]
    return tuple(re.sub(r"\s+", " ", " ".join(lines)).strip() or "(nothing)" for lines in (before, after))  # type: ignore[return-value]
