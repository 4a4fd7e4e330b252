"""`pitboss stop`: panic stop from any terminal. Standard library only, so that nothing heavy is in its way."""

import argparse
import sys
import time

from engine.permit.home import DEFAULT_PROFILE, ProfileNameError, permit_path, profile_directory
from engine.permit.page import PermitError, PermitMode, PermitPage, StopCode, stop_newest

WAIT_S = 1.0


def main(arguments: list[str]) -> int:
    """Write the stop word and wait for the engine to confirm. 0 stopped, 1 nothing stopped, 2 wrong words."""
    parser = argparse.ArgumentParser(prog="pitboss stop", description="Stop the bot at once; it stays stopped.")
    parser.add_argument("--profile", default=DEFAULT_PROFILE, help="profile to stop (default: %(default)s)")
    options = parser.parse_args(arguments)
    try:
        page = stop_newest(permit_path(profile_directory(options.profile)), StopCode.COMMAND)
    except ProfileNameError as error:
        print(error, file=sys.stderr)
        return 2
    except PermitError as error:
        print(f"nothing to stop: {error}. If a console is starting just now, repeat this.", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"NOT STOPPED: {error}. Use the red button, the hotkey or a corner of the screen.", file=sys.stderr)
        return 1
    if _confirmed(page):
        print("STOPPED: nothing is pressed any more. Clear it with: pitboss reset")
    else:
        print(
            "The stop is written and no press passes it. No console answered: it may not be running, and the next one "
            "to start in this profile is stopped. Clear it with: pitboss reset"
        )
    return 0


def _confirmed(page: PermitPage) -> bool:
    """Whether the engine's mode word says STOPPED within a second."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        if page.read().mode == PermitMode.STOPPED:
            return True
        time.sleep(0.01)
    return False
