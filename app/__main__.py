"""The `pitboss` command: picks the role or subcommand before anything heavy is imported.

`stop`, `finish` and the guard roles must start fast and with nothing that could fail, so each subcommand imports its
own needs.
"""

import importlib
import os
import sys

COMMANDS = {
    "play": "play on the practice table, with the console or headless (the default)",
    "table": "open the practice table alone",
    "stop": "panic stop, from any terminal",
    "finish": "check or fold to the end of the hand, then STANDBY; from any terminal",
    "reset": "clear a latched stop; leads to STANDBY only",
    "check": "run the checks before arming and say what blocks",
    "drill": "run a drill, or list them with what each proves",
    "solve": "solve a heads-up spot: the strategy as a grid, or as JSON",
    "hands": "export the hands of a finished session as PHH",
    "layout": "build the layout packs of the practice table",
    "version": "print the version",
}
ROLES = {
    "_actuator": ("engine.execution.programs", "actuator_main"),
    "_watchdog": ("engine.execution.programs", "watchdog_main"),
    "_solver": ("engine.solver.program", "solver_main"),
    "table": ("app.practice.program", "main"),
    "stop": ("app.commands.stop", "main"),
    "_compare": ("engine.evaluation.truth", "main"),
}
# One thread for numpy's matrix products: they are small, and two that spin would take the cores from eyes and console.
SINGLE_THREADED = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def main(arguments: list[str] | None = None) -> int:
    """Run one subcommand and give its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    if given and given[0] in ("-h", "--help", "help"):
        print(usage())
        return 0
    name = given[0] if given and not given[0].startswith("-") else "play"
    rest = given[1:] if given and given[0] == name else given
    if name not in COMMANDS and name not in ROLES:
        print(f"pitboss: there is no subcommand {name!r}\n\n{usage()}", file=sys.stderr)
        return 2
    for key, value in SINGLE_THREADED.items():
        os.environ.setdefault(key, value)
    module, function = ROLES.get(name, (f"app.commands.{name}", "main"))
    result: int = getattr(importlib.import_module(module), function)(rest)
    return result


def usage() -> str:
    """What there is."""
    lines = [f"  {name:9} {what}" for name, what in COMMANDS.items()]
    return "\n".join(
        [
            "usage: pitboss [SUBCOMMAND] [OPTIONS]",
            "",
            "Operator console for a poker research bot: it watches a local table, decides, clicks and stops.",
            "",
            *lines,
            "",
            "pitboss SUBCOMMAND --help tells more. Without a subcommand: play.",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
