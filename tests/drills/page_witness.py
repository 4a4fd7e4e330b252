"""A process that watches the permit page and the screen's presses from outside, whatever keeps the product busy.

Run with the page's path. It ends at end-of-file and prints one JSON object; times are nanoseconds of the shared clock.
"""

import json
import sys
import threading
import time
from pathlib import Path
from typing import Any

from Xlib import X
from Xlib.ext import record
from Xlib.protocol import rq

from engine import x11
from engine.permit import page
from engine.permit.clock import MILLISECOND, BootClock
from engine.permit.page import PermitMode

POLL = MILLISECOND
START_LIMIT_S = 5.0


class Presses:
    """The button presses as the X server makes them: its own time, before any program hears of them."""

    def __init__(self) -> None:
        self.last_at = 0
        self._display = x11.connect()
        events = {"device_events": (X.ButtonPress, X.ButtonPress)}
        nothing = dict.fromkeys(("core_requests", "core_replies", "delivered_events", "errors"), (0, 0))
        extensions = dict.fromkeys(("ext_requests", "ext_replies"), (0, 0, 0, 0))
        wanted = nothing | extensions | events | {"client_started": False, "client_died": False}
        self._on = threading.Event()
        self._context = self._display.record_create_context(0, [record.AllClients], [wanted])
        threading.Thread(target=self._listen, daemon=True).start()
        assert self._on.wait(START_LIMIT_S), "the X server does not record"

    def _listen(self) -> None:
        self._display.record_enable_context(self._context, self._heard)

    def _heard(self, reply: Any) -> None:
        self._on.set()
        data = reply.data if reply.category == record.FromServer else b""
        while data:
            event, data = rq.EventField(None).parse_binary_value(data, self._display.display, None, None)
            self.last_at = _from_server(event.time)


def _from_server(milliseconds: int) -> int:
    """The server's time, 32 bits of monotonic milliseconds, on the permit's clock."""
    ago = (time.monotonic_ns() // MILLISECOND - milliseconds) % (1 << 32)
    return BootClock().now() - ago * MILLISECOND


def watch(path: Path, presses: Presses, ending: threading.Event) -> dict[str, int]:
    """The capture time of the last leave, when a stop word and STOPPED were first seen, and the screen's last press."""
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
    return seen | {"pressed_at": presses.last_at}


def _await_end(ending: threading.Event) -> None:
    sys.stdin.read()
    ending.set()


def main() -> None:
    ending = threading.Event()
    threading.Thread(target=_await_end, args=(ending,), daemon=True).start()
    presses = Presses()
    sys.stdout.write("watching\n")
    sys.stdout.flush()
    sys.stdout.write(json.dumps(watch(Path(sys.argv[1]), presses, ending)))


if __name__ == "__main__":
    main()
