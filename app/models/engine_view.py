"""EngineView: all that the console knows of the engine."""

from collections.abc import Sequence
from typing import Protocol

from engine.words import CheckResult, Event, Snapshot


class EngineView(Protocol):
    """What the console reads and asks for. Every method may be called from any thread.

    Reading changes nothing. Commands may take seconds, save ``stop``, which writes its word straight into the
    permit page: it never blocks and never raises.
    """

    def snapshot(self) -> Snapshot:
        """The state of the engine now; cheap enough for 30 calls a second."""
        ...

    def events(self) -> Sequence[Event]:
        """What has happened since the last call, oldest first, bounded by the engine."""
        ...

    def check(self) -> Sequence[CheckResult]:
        """Run the checks before arming and give all their results."""
        ...

    def arm(self) -> Sequence[CheckResult]:
        """Check and arm; the failed checks, none when it is armed."""
        ...

    def shadow(self) -> None:
        """Decide without acting."""
        ...

    def disarm(self) -> None:
        """Go to STANDBY."""
        ...

    def finish(self) -> None:
        """Check or fold to the end of the hand, then stand by."""
        ...

    def stop(self) -> None:
        """Panic stop: nothing is pressed any more, latched until a reset. May be repeated."""
        ...

    def reset(self) -> str:
        """Clear a stop and go to STANDBY; empty when done, else why not."""
        ...

    def acknowledge(self, key: str) -> None:
        """The operator has seen the alarm ``key``; nothing happens when it is not waiting for that."""
        ...

    def shelve(self, key: str) -> None:
        """Put the alarm ``key`` out of the way for a while; nothing happens when it cannot be."""
        ...

    def unshelve(self, key: str) -> None:
        """Bring a shelved alarm back before its time."""
        ...

    def close(self) -> None:
        """Disarm and end every thread and process, in order, in bounded time."""
        ...
