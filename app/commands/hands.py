"""`pitboss hands`: exports the hands of a finished session as PHH files."""

import argparse
from pathlib import Path

from app.commands.common import add_profile_options, configured, told
from engine.records.phh import export


def main(arguments: list[str]) -> int:
    """Write one PHH file a hand and print their paths."""
    parser = argparse.ArgumentParser(
        prog="pitboss hands", description="Export the hands of a finished session in the Poker Hand History format."
    )
    parser.add_argument("journal", nargs="?", type=Path, help="journal of the session (default: the newest)")
    parser.add_argument("--into", type=Path, default=Path("hands"), help="folder to write to (default: %(default)s)")
    add_profile_options(parser)
    options = parser.parse_args(arguments)
    return told(lambda: _export(options))


def _export(options: argparse.Namespace) -> int:
    journal = options.journal or newest(configured(options)[1])
    for path in export(journal, options.into):
        print(path)
    return 0


def newest(directory: Path) -> Path:
    """The newest journal of a profile; FileNotFoundError when there is none yet."""
    journals = sorted((directory / "journals").glob("*.sqlite"))
    if not journals:
        raise FileNotFoundError(f"there is no journal in {directory}: play first")
    return journals[-1]
