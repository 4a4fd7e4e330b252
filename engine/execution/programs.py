"""The actuator and watchdog programs: the loops of ``engine.permit`` on this platform's devices.

Each talks JSON lines on stdin and stdout and is started by the console. Exit code 0 after end-of-file, 1 when it could
not start or failed; its last line then says why.
"""

import argparse
import os
import signal
import sys
from collections.abc import Sequence

from engine.execution.devices import open_desk, open_device
from engine.permit import actuator, watchdog
from engine.permit.clock import BootClock
from engine.permit.device import Desk
from engine.permit.pipe import LineReader, LineWriter

EXIT_FAILED = 1
DEFAULT_HOTKEYS = ("Pause", "ctrl+alt+space")


def actuator_main(arguments: Sequence[str] = ()) -> int:
    """Run the actuator until its stdin ends."""
    argparse.ArgumentParser("pitboss _actuator", description=__doc__).parse_args(list(arguments))
    reader, writer = _pipes()
    try:
        return actuator.serve(open_device(), reader, writer, BootClock())
    except Exception as error:
        return _failed(writer, error)


def watchdog_main(arguments: Sequence[str] = ()) -> int:
    """Run the watchdog until its stdin ends. ``--hotkey NAME`` (repeated) names the stop hotkeys to grab.

    With ``--release`` it only releases what programs hold down, and says so: ``{"released": [...]}``.
    """
    parser = argparse.ArgumentParser("pitboss _watchdog", description=__doc__)
    parser.add_argument("--hotkey", action="append", metavar="NAME", help="for example Pause or ctrl+alt+space")
    parser.add_argument("--release", action="store_true", help="only release what killed guards held")
    options = parser.parse_args(list(arguments))
    reader, writer = _pipes()
    try:
        if options.release:
            return _release(writer)
        desk, warnings = open_desk(options.hotkey or DEFAULT_HOTKEYS)
        for warning in (*warnings, *_leftovers(desk)):
            writer.send({"warning": warning})
        return watchdog.serve(desk, reader, writer, BootClock())
    except Exception as error:
        return _failed(writer, error)


def _release(writer: LineWriter) -> int:
    desk, _ = open_desk(())
    writer.send({"released": watchdog.release_for_a_while(desk, BootClock())})
    return watchdog.EXIT_ENDED


def _leftovers(desk: Desk) -> Sequence[str]:
    """What all guards of an earlier session, killed at once, left pressed; a person's own keys stay down."""
    down = desk.release()
    still_down = desk.release()
    came_up = [name for name in down if name not in still_down]
    return [f"{name} was still held by a program that has ended: it is released" for name in came_up]


def _pipes() -> tuple[LineReader, LineWriter]:
    """A ctrl+c in the console's terminal is the console's to handle: the guards end with their pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return LineReader(sys.stdin.fileno()), LineWriter(os.dup(sys.stdout.fileno()))


def _failed(writer: LineWriter, error: Exception) -> int:
    writer.send({"error": f"{type(error).__name__}: {error}"})
    return EXIT_FAILED
