"""`pitboss version`: the program's version and what it runs on."""

import argparse
import json
import platform

from app import __version__


def main(arguments: list[str]) -> int:
    """Print the version."""
    parser = argparse.ArgumentParser(prog="pitboss version", description="Print the version.")
    parser.add_argument("--json", action="store_true", help="as JSON")
    options = parser.parse_args(arguments)
    facts = {"pitboss": __version__, "python": platform.python_version(), "system": platform.system()}
    print(json.dumps(facts) if options.json else f"pitboss {__version__} (Python {platform.python_version()})")
    return 0
