"""Writes a "state" line of the ground truth each time a picture with other content has reached the screen."""

from app.practice.truth_log import TruthLog, now


class ShownLog:
    """``painted`` when a picture was painted, ``flushed`` once it was handed to the screen."""

    def __init__(self, log: TruthLog) -> None:
        self._log = log
        self._painted: dict[str, object] | None = None
        self._last: dict[str, object] = {}
        self._disturbance = ""
        self._sequence = 0

    def disturbed(self, what: str) -> None:
        """A disturbance was asked for: its line follows the picture that shows it."""
        self._disturbance = what

    def painted(self, record: dict[str, object]) -> None:
        self._painted = record

    def flushed(self) -> bool:
        """Write what the last painted picture brought, if it is new; False when no picture was painted since."""
        record, self._painted = self._painted, None
        if record is None:
            return False
        at = now()
        if record != self._last:
            self._sequence += 1
            self._last = record
            self._log.write("state", {"seq": self._sequence} | record, at)
        if self._disturbance:
            self._log.write("disturb", {"what": self._disturbance}, at)
            self._disturbance = ""
        return True
