"""Where the state of a profile lies: found by the standard library alone, so that `pitboss stop` needs nothing else."""

import os
import re
import sys
from pathlib import Path

DEFAULT_PROFILE = "dev"
_PROFILE = re.compile(r"[a-z0-9-]+")


class ProfileNameError(ValueError):
    """A profile name that cannot name a directory."""


def home() -> Path:
    """The state directory of all profiles: ``PITBOSS_HOME``, else the platform's usual place."""
    if named := os.environ.get("PITBOSS_HOME", "").strip():
        return Path(named).expanduser().absolute()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "pitboss"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "pitboss"
    state = os.environ.get("XDG_STATE_HOME", "").strip()
    return (Path(state) if state else Path.home() / ".local" / "state") / "pitboss"


def profile_directory(profile: str = DEFAULT_PROFILE) -> Path:
    """The state directory of one profile; it need not exist yet."""
    if not _PROFILE.fullmatch(profile):
        raise ProfileNameError(f"profile {profile!r}: use lower-case letters, digits and '-' only, for example 'dev'")
    return home() / profile


def permit_path(directory: Path) -> Path:
    """The permit page inside a profile's directory."""
    return directory / "run" / "permit"
