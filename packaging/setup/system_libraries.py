"""The system's share of what Pitboss needs on Linux: the libraries Qt loads, and a virtual screen where there is none.

Where it may (as root, or by a sudo that asks for no password) it installs exactly what is missing with apt-get;
elsewhere it raises with the command to type. Standard library only.
"""

import os
import re
import shutil
import subprocess
import sys

from environment import say
from failures import SetupError

# Debian's package -> the file Qt's xcb platform plugin loads from it.
QT_LIBRARIES = {
    "libgl1": "libGL.so.1",
    "libegl1": "libEGL.so.1",
    "libglib2.0-0": "libglib-2.0.so.0",
    "libfontconfig1": "libfontconfig.so.1",
    "libdbus-1-3": "libdbus-1.so.3",
    "libxkbcommon0": "libxkbcommon.so.0",
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-shape0": "libxcb-shape.so.0",
}
VIRTUAL_SCREEN_PROGRAMS = {"xvfb": "Xvfb", "openbox": "openbox"}


class MissingLibrariesError(SetupError):
    """Libraries of the system are missing and could not be installed from here."""


def has_screen() -> bool:
    """Whether windows can be shown: always outside Linux, else when a display is named."""
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def ensure_libraries(*, virtual_screen: bool) -> None:
    """Install what is missing, or raise MissingLibrariesError with the exact command; nothing to do outside Linux."""
    if not sys.platform.startswith("linux"):
        return
    missing = missing_packages(known_libraries(), virtual_screen=virtual_screen)
    if missing and not install(missing):
        raise MissingLibrariesError(advice(missing))


def known_libraries() -> set[str]:
    """The file names in the dynamic linker's cache, for example ``libGL.so.1``."""
    ldconfig = shutil.which("ldconfig", path=f"{os.environ.get('PATH', '')}:/sbin:/usr/sbin")
    if ldconfig is None:
        return set(QT_LIBRARIES.values())  # no such cache here (musl, NixOS): Qt itself will tell
    told = subprocess.run([ldconfig, "-p"], capture_output=True, text=True, check=False)
    return set(re.findall(r"^\s+(\S+)\s", told.stdout, re.MULTILINE))


def missing_packages(libraries: set[str], *, virtual_screen: bool) -> list[str]:
    """Debian's names of the packages that have to be installed."""
    missing = [package for package, file in QT_LIBRARIES.items() if file not in libraries]
    if virtual_screen:
        missing += [package for package, program in VIRTUAL_SCREEN_PROGRAMS.items() if not shutil.which(program)]
    return missing


def advice(missing: list[str]) -> str:
    """What a person has to type."""
    files = [QT_LIBRARIES.get(package) or VIRTUAL_SCREEN_PROGRAMS[package] for package in missing]
    return (
        "Libraries of the system are missing. Install them and start again:\n\n"
        f"    sudo apt-get update && sudo apt-get install --no-install-recommends {' '.join(missing)}\n\n"
        f"On a system without apt-get, install the packages that hold: {', '.join(files)}"
    )


def install(missing: list[str]) -> bool:
    """Whether apt-get could be used and installed them all."""
    leave = leave_to_install()
    if leave is None:
        return False
    say(f"installing system libraries with apt-get: {' '.join(missing)}")
    install_command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing]
    return all(quiet_apt([*leave, *command]) for command in (["apt-get", "update", "-qq"], install_command))


def leave_to_install() -> list[str] | None:
    """The words to put before apt-get: none for root, sudo where it asks nothing; None when there is no leave."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return ["env", "DEBIAN_FRONTEND=noninteractive"]
    asks_nothing = shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    if asks_nothing and asks_nothing.returncode == 0:
        return ["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive"]
    return None


def quiet_apt(command: list[str]) -> bool:
    """Run apt-get and show what it said only when it failed."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        say(f"apt-get failed:\n{done.stdout.rstrip()}")
    return done.returncode == 0
