"""``./run``: sets up what is missing, then becomes ``pitboss`` in the private environment."""

import os
import subprocess
import sys
from pathlib import Path

from environment import ROOT, WINDOWS, environment_python, is_ready, prepare, say
from failures import SetupError
from kernels import compile_kernels
from system_libraries import MissingLibrariesError, ensure_libraries, has_screen

USAGE = """\
usage: ./run                    set up, then open the console beside the practice table; the bot plays
       ./run SUBCOMMAND ...     one subcommand of pitboss in the private environment

With no display, ./run starts a virtual screen, plays 20 hands, prints a summary, saves a screenshot and ends.

The first start makes a private environment in .venv from requirements.lock and installs the system libraries
Qt needs, or prints the command that does; the next ones take a second. It needs Python 3.11+ with pip.

for example
  ./run play --headless --hands 3 --json    three hands without the console, the result as JSON
  ./run table                               the practice table alone, for a person to play at
  ./run stop                                panic stop, from any terminal
  ./run COMMAND --help                      what a subcommand takes

exit codes of the set-up: 3 something must be installed by you first, 4 the environment could not be made
tests, benchmarks and long runs: ./test --help
"""
WITH_WINDOWS = ("play", "table")
WITH_SOLVER = ("play", "drill", "solve")


def needs_screen(arguments: list[str]) -> bool:
    """Whether this command shows windows."""
    if {"-h", "--help"} & set(arguments):
        return False
    return not arguments or arguments[0] in WITH_WINDOWS or arguments[0].startswith("-")


def needs_solver(arguments: list[str]) -> bool:
    """Whether this command solves."""
    if {"-h", "--help"} & set(arguments):
        return False
    return not arguments or arguments[0] in WITH_SOLVER or arguments[0].startswith("-")


def child_environment() -> dict[str, str]:
    """The program's environment: modules come from this house whatever the working directory holds."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONHOME"}
    return inherited | {"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"}


def become(python: Path, arguments: list[str]) -> int:
    """Replace this process by the program; where the system cannot (Windows), wait for it."""
    command = [str(python), "-m", "app", *arguments]
    if not WINDOWS:
        os.execve(command[0], command, child_environment())
    return subprocess.run(command, env=child_environment(), check=False).returncode


def main(arguments: list[str]) -> int:
    """Set up and run; the exit code is the program's own, or the set-up's."""
    try:
        if needs_screen(arguments):
            ensure_libraries(virtual_screen=not has_screen())
        python = prepare()
        if needs_solver(arguments):
            compile_kernels(python)
        return become(python, arguments)
    except MissingLibrariesError as error:
        say(str(error))
        return 3
    except SetupError as error:
        say(str(error))
        return 4
    except KeyboardInterrupt:
        say("interrupted; start again and it goes on where it stopped")
        return 130


def show_help() -> int:
    """Print how to start, and all subcommands too once the environment is there to ask."""
    sys.stdout.write(USAGE)
    if is_ready():
        sys.stdout.write("\nall subcommands, as pitboss itself tells them\n\n")
        sys.stdout.flush()
        return become(environment_python(), ["--help"])
    return 0


if __name__ == "__main__":
    if sys.argv[1:] in (["-h"], ["--help"], ["help"]):
        sys.exit(show_help())
    sys.exit(main(sys.argv[1:]))
