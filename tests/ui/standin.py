"""A stand-in of EngineView that says what a test wants, and keeps the commands it was given."""

import threading
from collections.abc import Sequence
from dataclasses import replace

from engine.words import AlarmState, CheckResult, Event, Mode, PanicStopEvent, Snapshot
from tests.ui.scene import a_snapshot

PASSES = (
    CheckResult("Table window", True, "found, 960 by 640, local process 4121"),
    CheckResult("Actuator", True, "answers in 3 ms"),
    CheckResult("Watchdog", True, "hotkey grabbed"),
    CheckResult("Risk limits", True, "session 0 of 400 chips"),
)
FAILS = (
    *PASSES[:3],
    CheckResult("Overlap", False, "the console covers the table", "move one of the windows until neither covers"),
)


class StandInEngine:
    """Answers at once. ``gate`` holds commands back until it is set, as a slow engine would."""

    def __init__(self, snapshot: Snapshot | None = None) -> None:
        self.now = snapshot or a_snapshot()
        self.pending: list[Event] = []
        self.calls: list[str] = []
        self.stops: list[str] = []
        self.results: Sequence[CheckResult] = PASSES
        self.reset_problem = ""
        self.failure: Exception | None = None
        self.gate = threading.Event()
        self.gate.set()

    def show(self, **changes: object) -> None:
        """The next snapshot: the last one a frame later, with ``changes``."""
        self.now = replace(self.now, **{"at": self.now.at + 33_000_000, **changes})  # type: ignore[arg-type]

    def show_mode(self, mode: Mode, **changes: object) -> None:
        """The scene in a mode, a frame later."""
        self.now = replace(a_snapshot(mode), at=self.now.at)
        self.show(**changes)

    def snapshot(self) -> Snapshot:
        return self.now

    def events(self) -> Sequence[Event]:
        taken, self.pending = self.pending, []
        return taken

    def check(self) -> Sequence[CheckResult]:
        self._called("check")
        return self.results

    def arm(self) -> Sequence[CheckResult]:
        self._called("arm")
        failed = [result for result in self.results if not result.ok]
        if not failed:
            self.show(mode=Mode.LIVE, armed=True, mode_reason="armed by the operator")
        return failed

    def shadow(self) -> None:
        self._called("shadow")
        self.show(mode=Mode.SHADOW, armed=False)

    def disarm(self) -> None:
        self._called("disarm")
        self.show(mode=Mode.STANDBY, armed=False)

    def finish(self) -> None:
        self._called("finish")

    def stop(self) -> None:
        self.stops.append(threading.current_thread().name)

    def reset(self) -> str:
        self._called("reset")
        return self.reset_problem

    def acknowledge(self, key: str) -> None:
        """As the engine does it: what stands is acknowledged, what is over leaves the list."""
        self._called(f"acknowledge {key}")
        kept = [each for each in self.now.alarms if (each.key, each.state) != (key, AlarmState.RETURNED_UNACKNOWLEDGED)]
        seen = AlarmState.ACKNOWLEDGED
        self.show(alarms=tuple(replace(each, state=seen) if each.key == key else each for each in kept))

    def shelve(self, key: str) -> None:
        self._called(f"shelve {key}")
        self._change(key, AlarmState.SHELVED, 15)

    def unshelve(self, key: str) -> None:
        self._called(f"unshelve {key}")
        self._change(key, AlarmState.UNACKNOWLEDGED, 0)

    def _change(self, key: str, state: AlarmState, left: int) -> None:
        known = {each.key: each for each in self.now.alarms}
        known[key] = replace(known[key], state=state, may_shelve=not left, shelved_min=left)
        self.show(alarms=tuple(known.values()))

    def close(self) -> None:
        self._called("close")

    def panic(self, event: PanicStopEvent) -> None:
        self.show(mode=Mode.STOPPED, armed=False, panic=event, mode_reason="panic stop")

    def _called(self, name: str) -> None:
        self.calls.append(name)
        self.gate.wait(10)
        if self.failure is not None and name != "close":
            raise self.failure
