"""Mutation testing of engine/safety and engine/risk: changes one place at a time and asks whether a fast test notices.

Cosmic Ray makes the mutations (tools.txt); they are tried in copies of the house, several at a time. A mutant that no
test notices must be explained in docs/mutation.md; one that is not makes this fail.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import asdict
from enum import Enum
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "packaging" / "setup")]

from environment import environment_python, install_uv, run_step, say  # noqa: E402

if TYPE_CHECKING:
    from worker import Mutant

ROOMS = ("safety", "risk")
PAGE = ROOT / "docs" / "mutation.md"
REPORT = ROOT / "build" / "mutation.json"
TOOLS = HERE / "tools.txt"
PROGRESS_S = 30
Key = tuple[str, str, str]


def install_tools() -> Path:
    """The pinned tools, in a folder of their own: the environment of the product never holds them."""
    version = re.search(r"(?m)^cosmic-ray==(\S+)", TOOLS.read_text(encoding="utf-8"))
    assert version is not None
    home = ROOT / ".tools" / f"cosmic-ray-{version[1]}"
    if not home.is_dir():
        say("fetching the mutation tool")
        partial = home.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        install: list[str | Path] = [install_uv(), "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
        run_step([*install, "--target", partial, "--python", environment_python(), "-r", TOOLS], ROOT)
        partial.rename(home)
    return home


def files_of_the_house() -> list[str]:
    """The files under version control and the new ones, as they are now."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return [name for name in names if name and (ROOT / name).is_file()]


def modules() -> list[str]:
    return [
        file.relative_to(ROOT).as_posix()
        for room in ROOMS
        for file in sorted((ROOT / "engine" / room).rglob("*.py"))
        if not file.name.startswith("__")
    ]


def enumerations() -> dict[str, list[str]]:
    """The members of the enumerations that the rooms pass to each other, by name."""
    from engine import words

    kinds = [kind for kind in vars(words).values() if isinstance(kind, type) and issubclass(kind, Enum)]
    return {kind.__name__: list(kind.__members__) for kind in kinds}


def run(chosen: list[str], jobs: int) -> list["Mutant"]:
    """Every mutant of the chosen modules, as it ended. SystemExit when the tests fail on the house as it is."""
    import operators
    import worker
    from reach import tests_of

    names = enumerations()
    operators.provide(names)
    work = [(mutation, module) for module in chosen for mutation in operators.mutations_of(module)]
    given = (ROOT, files_of_the_house(), names)
    with ProcessPoolExecutor(jobs, get_context("spawn"), worker.begin, given) as pool:
        longest = 3 * unchanged_s(pool, chosen) + 10
        say(f"{len(work)} mutants of {len(chosen)} modules, {jobs} at a time; each may take {longest:.0f} s")
        waiting = [pool.submit(worker.try_mutant, mutation, tests_of(module), longest) for mutation, module in work]
        done = list(told(as_completed(waiting), len(waiting)))
        for _ in range(4 * jobs):
            pool.submit(worker.end)
    return sorted(done, key=lambda mutant: (mutant.module, mutant.line, mutant.becomes))


def unchanged_s(pool: ProcessPoolExecutor, chosen: list[str]) -> float:
    """How long the slowest tests take without a mutation."""
    import worker
    from reach import tests_of

    longest = 0.0
    for tests in {tuple(tests_of(module)) for module in chosen}:
        begun = time.monotonic()
        if not pool.submit(worker.tests_pass, tests, 1800).result():
            raise SystemExit(f"these tests fail without any mutation: {' '.join(tests)}")
        longest = max(longest, time.monotonic() - begun)
    return longest


def told(futures: Iterable["Future[Mutant]"], total: int) -> Iterator["Mutant"]:
    """Pass the results on and say now and then how far it is."""
    last, survived = time.monotonic(), 0
    for number, future in enumerate(futures, 1):
        mutant = future.result()
        if mutant.outcome == "survived":
            survived += 1
            say(f"  not noticed: {mutant.module}:{mutant.line} {mutant.operator}: {mutant.becomes}")
        if time.monotonic() - last > PROGRESS_S or number == total:
            last = time.monotonic()
            say(f"  {number} of {total} mutants, {survived} not noticed")
        yield mutant


def explained() -> set[Key]:
    """The rows of the page: module, what was, what it became."""
    if not PAGE.exists():
        return set()
    rows = re.findall(r"(?m)^\| `(engine/[^`]+)` \| `` (.+?) `` \| `` (.+?) `` \|", PAGE.read_text(encoding="utf-8"))
    return {(module, was.replace("\\|", "|"), becomes.replace("\\|", "|")) for module, was, becomes in rows}


def row(mutant: "Mutant") -> str:
    """The line that explains a survivor on the page, its reason still to be written."""
    was, becomes = (text.replace("|", "\\|") for text in (mutant.was, mutant.becomes))
    return f"| `{mutant.module}` | `` {was} `` | `` {becomes} `` | ? |"


def report(mutants: list["Mutant"]) -> int:
    """Say the figures and every survivor that nobody has explained; 1 when there is one."""
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps([asdict(mutant) for mutant in mutants], indent=1), encoding="utf-8")
    for module in sorted({mutant.module for mutant in mutants}):
        outcomes = [mutant.outcome for mutant in mutants if mutant.module == module]
        say(f"  {module}: {outcomes.count('noticed')} of {len(outcomes)} noticed")
    survivors = {mutant.key: mutant for mutant in mutants if mutant.outcome == "survived"}
    known, tried = explained(), {mutant.module for mutant in mutants}
    for key in sorted(key for key in known - set(survivors) if key[0] in tried):
        say(f"  explained, but noticed or gone: {key}")
    unexplained = [mutant for key, mutant in survivors.items() if key not in known]
    for mutant in unexplained:
        sys.stdout.write(row(mutant) + "\n")
    noticed = sum(mutant.outcome == "noticed" for mutant in mutants)
    share = 100 * noticed / max(1, len(mutants))
    say(f"{noticed} of {len(mutants)} mutants noticed ({share:.1f}%), {len(unexplained)} neither noticed nor explained")
    return 1 if unexplained else 0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py", description="mutation testing of engine/safety and engine/risk")
    parser.add_argument("modules", nargs="*", help="some modules only, such as engine/safety/latch.py")
    parser.add_argument("--jobs", type=int, default=max(1, min(4, os.cpu_count() or 1)), help="mutants at a time")
    chosen = parser.parse_args(arguments)
    sys.path[:0] = [str(HERE), str(install_tools())]
    return report(run(chosen.modules or modules(), chosen.jobs))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
