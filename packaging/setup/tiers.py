"""``./test``: sets up what is missing, then runs one tier of checks and tests, all of its parts even when one fails."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from environment import ROOT, prepare, say
from failures import SetupError
from kernels import compile_kernels
from system_libraries import MissingLibrariesError, ensure_libraries

USAGE = """\
usage: ./test [TIER] [pytest arguments]

tiers
  fast     (the default) ruff, mypy --strict, the import contracts, and every test that takes seconds
  e2e      real processes and windows through pixels and clicks, 200 hands; takes many minutes
  bench    capture, recognition, decision and click times, memory; prints figures
  soak     takes hours: the safety simulation until each cause has come up 10,000 times, thousands of power failures and
           lives of the journal, and mutation testing of engine/safety and engine/risk; with pytest arguments its tests
           alone. The simulation takes 80 minutes of one core, shared by half of the cores
  release  builds and checks a release

for example
  ./test                       what continuous integration runs
  ./test tests/house -k lock   the static checks, then some tests only
  ./test e2e -x                stop at the first failure
  ./test soak -k power         one of the long tests only

exit code 0 when everything passed, 1 when a part failed, 2 for a tier that cannot be run, 3 when something must be
installed by you first, 4 when the environment could not be made
"""
STATIC_CHECKS = {
    "ruff": ["-m", "ruff", "check", "--quiet", "."],
    "types": ["-m", "mypy", "--no-error-summary"],
    "import contracts": ["-c", "from importlinter.cli import lint_imports_command as c; c(['--no-logo'])"],
}
FAST = "not e2e and not bench and not soak"
ON_A_SCREEN = {"tests on a screen": ["-m", "pytest", "-m", f"xvfb and {FAST}"]}
"""Tests that wait for windows and processes: they run beside the others, which give way to them."""
PYTEST = {
    "fast": ["-m", FAST],
    "e2e": ["-m", "e2e"],
    "bench": ["-m", "bench", "-s"],
    "soak": ["-m", "soak", "-s"],
}
SIMULATE = ["-m", "app", "drill", "simulate"]
JOBS = str(max(1, (os.cpu_count() or 1) // 2))
"""Half of the cores: whoever waits for hours wants to go on working."""
SOAK = {
    "simulation": [*SIMULATE, "--seed", "1", "--hours", "1500", "--gap", "4", "--minimum", "10000", "--jobs", JOBS],
    "mutation": ["packaging/mutation/run.py"],
}
NOT_YET = "The release tier comes with the release pipeline, which is not part of this version."
NO_TESTS_COLLECTED = 5


def split(arguments: list[str]) -> tuple[str, list[str]]:
    """The tier and what is pytest's own; a first word that is neither is refused with SystemExit(2)."""
    if not arguments or arguments[0].startswith("-"):
        return "fast", arguments
    if arguments[0] in (*PYTEST, "release"):
        return arguments[0], arguments[1:]
    if Path(ROOT, arguments[0].split("::")[0]).exists():
        return "fast", arguments
    say(f"no such tier, file or folder: {arguments[0]}\n\n{USAGE}")
    raise SystemExit(2)


def parts_of(tier: str, pytest_arguments: list[str]) -> dict[str, list[str]]:
    """Name -> interpreter arguments, pytest last so that its closing line stands near the end."""
    before = STATIC_CHECKS if tier == "fast" else SOAK if tier == "soak" and not pytest_arguments else {}
    if tier == "fast" and not pytest_arguments:
        return {**before, **ON_A_SCREEN, "tests": ["-m", "pytest", "-m", f"not xvfb and {FAST}"]}
    return {**before, "tests": ["-m", "pytest", *PYTEST[tier], *pytest_arguments]}


def run_part(python: Path, name: str, arguments: list[str], *, give_way: bool = False) -> bool:
    """Run one part in the root and say how it went; ``give_way`` to what runs beside it."""
    say(f"{name} ...")
    begun = time.monotonic()
    polite = ["nice", "-n", "5"] if give_way and shutil.which("nice") else []
    return _told(name, _start([*polite, str(python), *arguments], None).wait(), begun)


def run_beside(python: Path, name: str, arguments: list[str], output: IO[bytes]) -> Callable[[], bool]:
    """Start a part whose output is kept; what is given back waits for it, prints what it said, and how it went."""
    say(f"{name} ... (beside the other tests; what it says comes at its end)")
    begun = time.monotonic()
    process = _start([str(python), *arguments], output)

    def finish() -> bool:
        code = process.wait()
        output.seek(0)
        sys.stdout.flush()
        sys.stdout.buffer.write(output.read())
        sys.stdout.flush()
        return _told(name, code, begun)

    return finish


def _start(command: list[str], output: IO[bytes] | None) -> "subprocess.Popen[bytes]":
    said = None if output is None else subprocess.STDOUT
    return subprocess.Popen(command, cwd=ROOT, env=clean_environment(), stdout=output, stderr=said)


def _told(name: str, code: int, begun: float) -> bool:
    if code == NO_TESTS_COLLECTED:
        say("pytest found no test for this tier and these arguments")
    say(f"{name}: {'passed' if code == 0 else 'FAILED'} in {time.monotonic() - begun:.1f} s")
    return code == 0


def clean_environment() -> dict[str, str]:
    """The tests' environment, without the interpreter settings of the person who runs them."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}


def run_tier(python: Path, tier: str, pytest_arguments: list[str]) -> int:
    """Run every part, then one line that sums up; 1 when any part failed."""
    begun = time.monotonic()
    parts = parts_of(tier, pytest_arguments)
    with ExitStack() as stack:
        beside: dict[str, Callable[[], bool]] = {}
        results: dict[str, bool] = {}
        for name, words in parts.items():
            if name in ON_A_SCREEN:
                beside[name] = run_beside(python, name, words, stack.enter_context(TemporaryFile()))
            else:
                results[name] = run_part(python, name, words, give_way=bool(beside))
        results |= {name: finish() for name, finish in beside.items()}
    failed = [name for name, passed in results.items() if not passed]
    outcome = f"FAILED: {', '.join(failed)}" if failed else f"all passed ({', '.join(results)})"
    say(f"{tier} tier: {outcome}, {time.monotonic() - begun:.0f} s")
    return 1 if failed else 0


def main(arguments: list[str]) -> int:
    """Set up and run a tier."""
    tier, pytest_arguments = split(arguments)
    if tier == "release":
        say(NOT_YET)
        return 2
    try:
        ensure_libraries(virtual_screen=True)
        python = prepare()
        compile_kernels(python)
        return run_tier(python, tier, pytest_arguments)
    except MissingLibrariesError as error:
        say(str(error))
        return 3
    except SetupError as error:
        say(str(error))
        return 4
    except KeyboardInterrupt:
        say("interrupted")
        return 130


if __name__ == "__main__":
    if sys.argv[1:] in (["-h"], ["--help"], ["help"]):
        sys.stdout.write(USAGE)
        sys.exit(0)
    sys.exit(main(sys.argv[1:]))
