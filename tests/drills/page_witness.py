"""A process that watches the permit page from outside, so that no busy interpreter of the product's can hide anything.

Run with the page's path. It ends at end-of-file and prints one JSON object; times are nanoseconds of the shared clock.
"""

import json
import sys
import threading
from pathlib import Path

from engine.permit import page
from engine.permit.clock import MILLISECOND, BootClock
from engine.permit.page import PermitMode

POLL = MILLISECOND


def watch(path: Path, ending: threading.Event) -> dict[str, int]:
    """The capture time of the last leave that was given, and when a stop word and the mode STOPPED were first seen."""
    clock, seen = BootClock(), {"captured_at": 0, "stop_word_at": 0, "stopped_at": 0}
    permit = page.open(path)
    while not ending.is_set():
        words = permit.read()
        seen["captured_at"] = max(seen["captured_at"], words.captured_at)
        if words.stops:
            seen["stop_word_at"] = seen["stop_word_at"] or clock.now()
        if words.mode == PermitMode.STOPPED:
            seen["stopped_at"] = seen["stopped_at"] or clock.now()
        clock.sleep(POLL)
    return seen


def _await_end(ending: threading.Event) -> None:
    sys.stdin.read()
    ending.set()


def main() -> None:
    ending = threading.Event()
    threading.Thread(target=_await_end, args=(ending,), daemon=True).start()
    sys.stdout.write("watching\n")
    sys.stdout.flush()
    sys.stdout.write(json.dumps(watch(Path(sys.argv[1]), ending)))


if __name__ == "__main__":
    main()
