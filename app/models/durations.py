"""Spans of time in the operator's words."""

from engine.clock import SECOND

_GAP = "\N{NO-BREAK SPACE}"
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def span(nanoseconds: int) -> str:
    """A span of the clock: 4 s, 3 min, 2 h 10 min, 3 d."""
    return seconds_span(nanoseconds / SECOND)


def seconds_span(seconds: float) -> str:
    """As ``span``, of seconds; in whole units and never rounded up, so that a countdown ends with its event."""
    whole = max(0, int(seconds))
    if whole < _MINUTE:
        return f"{whole}{_GAP}s"
    if whole < _HOUR:
        return f"{whole // _MINUTE}{_GAP}min"
    if whole < 2 * _DAY:
        return f"{whole // _HOUR}{_GAP}h{_GAP}{whole % _HOUR // _MINUTE:02d}{_GAP}min"
    return f"{whole // _DAY}{_GAP}d"
