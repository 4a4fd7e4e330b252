"""How the product starts its own other processes: the same program with a role word."""

import os
import sys
from collections.abc import Mapping

ACTUATOR = "_actuator"
WATCHDOG = "_watchdog"
SOLVER = "_solver"
TABLE = "table"
COMPARE = "_compare"
DRILL = "drill"
PLAY = "play"
ROLES = frozenset({ACTUATOR, WATCHDOG, SOLVER, TABLE, COMPARE, DRILL, PLAY})
KEPT_QT = "QT_QPA_PLATFORM"


def role_command(role: str, *arguments: str) -> list[str]:
    """The command line of a role: the frozen executable itself, or this Python with ``-m app``."""
    if role not in ROLES:
        raise ValueError(f"role {role!r} is not one of {', '.join(sorted(ROLES))}")
    if getattr(sys, "frozen", False):
        return [sys.executable, role, *arguments]
    return [sys.executable, "-m", "app", role, *arguments]


def clean_environment(*, keep_platform: bool = True) -> dict[str, str]:
    """This process's environment for a child, without the Qt settings a library may have left in it.

    OpenCV's Qt build, for one, sets QT_QPA_PLATFORM_PLUGIN_PATH, with which another Qt program aborts.
    """
    return scrub(os.environ, keep_platform=keep_platform)


def scrub(environment: Mapping[str, str], *, keep_platform: bool) -> dict[str, str]:
    """``environment`` without its QT_* settings, but for QT_QPA_PLATFORM when that is to stay."""
    return {
        name: value
        for name, value in environment.items()
        if not name.startswith("QT_") or (keep_platform and name == KEPT_QT)
    }
