"""What several subcommands share: the profile and configuration options, and how an error is told."""

import argparse
import errno
import os
import secrets
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from engine.config import Config, ConfigError, load
from engine.permit.home import DEFAULT_PROFILE, ProfileNameError, home, profile_directory

DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
EXIT_FAILED = 1
EXIT_USAGE = 2


class StateDirectoryError(RuntimeError):
    """The profile's state directory cannot be used; says which and what to do."""


def add_profile_options(parser: argparse.ArgumentParser) -> None:
    """--profile and --config."""
    parser.add_argument("--profile", default=DEFAULT_PROFILE, help="dev, staging or prod (default: %(default)s)")
    parser.add_argument("--config", type=Path, help="configuration file (default: the product's bot-config.json)")


def configured(options: argparse.Namespace) -> tuple[Config, Path]:
    """The configuration and the profile's state directory, which is there and may be used from then on.

    Raises ConfigError, ProfileNameError or StateDirectoryError.
    """
    config, directory = load(options.config, options.profile), profile_directory(options.profile)
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(directory, error.strerror or str(error)) from error
    if not os.access(directory, os.R_OK | os.W_OK | os.X_OK):
        raise _unusable(directory, "it may not be read and written")
    return config, directory


def configuration_folder(options: argparse.Namespace) -> Path | None:
    """The folder from which the configuration names files; None for the product's own."""
    return None if options.config is None else Path(options.config).resolve().parent


def _unusable(directory: Path, why: str) -> StateDirectoryError:
    return StateDirectoryError(
        f"the state directory {directory} cannot be used ({why}): correct its place or its rights, or name another "
        "with PITBOSS_HOME"
    )


def new_session_id() -> str:
    """A name for a session that sorts by time."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


def told(act: Callable[[], int]) -> int:
    """Run a command; an error that the operator can mend is told in words, with exit code 2 for wrong input."""
    try:
        return act()
    except (ConfigError, ProfileNameError) as error:
        print(error, file=sys.stderr)
        return EXIT_USAGE
    except (RuntimeError, ValueError, OSError) as error:
        print(f"pitboss: {_in_words(error)}", file=sys.stderr)
        return EXIT_FAILED


def _in_words(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno in DISK_FULL:
        full = f"the disk takes no more ({error.strerror}): free the disk that holds {error.filename or home()}"
        return f"{full}, then start again. A stop that was found stays until it is reset"
    return str(error)
