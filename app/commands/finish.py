"""`pitboss finish`: let the bot finish the hand safely, from any terminal. Standard library only, as `pitboss stop`.

It writes a wish into the permit page, which the engine takes up at its next step; the wish can only ask for less.
Exit codes: 0 the bot finishes (or was finishing already), 1 it does not and the message says why, 2 wrong words.
"""

import argparse
import sys

from engine.permit import page
from engine.permit.clock import MILLISECOND, SECOND, BootClock, Clock
from engine.permit.home import DEFAULT_PROFILE, ProfileNameError, permit_path, profile_directory
from engine.permit.page import PermitError, PermitMode, PermitPage
from engine.permit.rules import ENGINE_BEAT_LIMIT

WAIT = 1 * SECOND
POLL = 10 * MILLISECOND

FINISHING = "FINISHING: check or fold to the end of the hand, then STANDBY."
RESTED = "FINISHED: the bot is in STANDBY. Nothing is pressed."
OUTCOMES = {PermitMode.SAFE: FINISHING, PermitMode.STANDBY: RESTED, PermitMode.SHADOW: RESTED}
UNCONFIRMED = "NOT CONFIRMED: {}. To stop at once: pitboss stop"
HOLDING = "the table is out of sight (HOLD), and nothing is pressed meanwhile; repeat this when it is seen again"
DEAF = "no console answers, and without one nothing is pressed; it may not be running"
SLOW = "the console has not taken the wish up within a second; it stands in the page"


def main(arguments: list[str]) -> int:
    """Ask to finish and wait up to a second for the engine's mode word."""
    parser = argparse.ArgumentParser(
        prog="pitboss finish", description="Check or fold to the end of the hand, then STANDBY."
    )
    parser.add_argument("--profile", default=DEFAULT_PROFILE, help="profile to finish (default: %(default)s)")
    options = parser.parse_args(arguments)
    try:
        permit = page.open(permit_path(profile_directory(options.profile)))
    except ProfileNameError as error:
        return _failed(str(error), 2)
    except PermitError as error:
        return _failed(f"nothing to finish: {error}")
    except OSError as error:
        return _failed(f"NOT FINISHING: {error}. Use FINISH SAFELY in the console, or: pitboss stop")
    try:
        return finish(permit, BootClock())
    finally:
        permit.close()


def finish(permit: PermitPage, clock: Clock) -> int:
    """Write the wish unless there is nothing to finish, await the mode word, and say what became of it."""
    before = permit.read()
    if permit.stopped() or before.mode == PermitMode.STOPPED:
        return _failed("nothing to finish: the bot is stopped")
    if before.mode in (PermitMode.STANDBY, PermitMode.SHADOW):
        return _failed(f"nothing to finish: the bot is in {PermitMode(before.mode).name} and presses nothing")
    permit.command.ask_finish()
    mode = _await_mode(permit, clock)
    if mode in OUTCOMES:
        print(OUTCOMES[mode])
        return 0
    if permit.stopped() or mode == PermitMode.STOPPED:
        return _failed("STOPPED: the bot was stopped meanwhile; nothing is pressed any more")
    if clock.now() - permit.read().engine_beat > ENGINE_BEAT_LIMIT:
        return _failed(UNCONFIRMED.format(DEAF))
    return _failed(UNCONFIRMED.format(HOLDING if mode == PermitMode.HOLD else SLOW))


def _await_mode(permit: PermitPage, clock: Clock) -> PermitMode:
    """The mode once it is no longer one that may play on, or the last one seen within a second."""
    deadline = clock.now() + WAIT
    while True:
        mode = PermitMode(permit.read().mode)
        if mode not in (PermitMode.LIVE, PermitMode.HOLD) or permit.stopped() or clock.now() >= deadline:
            return mode
        clock.sleep(POLL)


def _failed(message: str, code: int = 1) -> int:
    print(message, file=sys.stderr)
    return code
