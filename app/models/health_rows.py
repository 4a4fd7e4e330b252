"""What the health panel says of every component: its state, and whether its work moves on."""

from dataclasses import dataclass

from app.models.durations import span
from app.models.wording import chips
from engine.clock import SECOND
from engine.words import Component, ComponentHealth, HealthState, Snapshot

RESTARTED = (Component.EYES, Component.SOLVER, Component.ADVISERS)
"""The components with a restart budget; the death of another stops the bot."""
_THIN_GAP = "\N{NARROW NO-BREAK SPACE}"
MOVING_FOR = 2 * SECOND
ABNORMAL = frozenset({HealthState.NOT_READY, HealthState.STALLED, HealthState.GONE, HealthState.SPENT})


@dataclass(frozen=True, slots=True)
class HealthRow:
    """One component as shown. ``moving``: its work went on within the last two seconds."""

    name: str
    state: str
    since: str
    work: str
    moving: bool
    restarts: str
    detail: str
    abnormal: bool
    off: bool


class ProgressWatch:
    """Remembers when each component's count of finished work last moved on."""

    def __init__(self) -> None:
        self._seen: dict[Component, tuple[int, int]] = {}

    def rows(self, snapshot: Snapshot) -> tuple[HealthRow, ...]:
        """The components of a snapshot; call it with each one."""
        return tuple(self._row(each, snapshot.at) for each in snapshot.health)

    def _row(self, health: ComponentHealth, now: int) -> HealthRow:
        moved_at = self._moved_at(health, now)
        off = health.state is HealthState.OFF
        return HealthRow(
            name=str(health.component).capitalize(),
            state=str(health.state),
            since=span(now - health.since),
            work="" if off else count_text(health.progress),
            moving=moved_at is not None and now - moved_at < MOVING_FOR,
            restarts=_restarts(health),
            detail=health.detail,
            abnormal=health.state in ABNORMAL,
            off=off,
        )

    def _moved_at(self, health: ComponentHealth, now: int) -> int | None:
        """When the count last changed while it was watched; None when it never did."""
        known = self._seen.get(health.component)
        if known is None:
            self._seen[health.component] = health.progress, now - MOVING_FOR
            return None
        if known[0] != health.progress:
            self._seen[health.component] = health.progress, now
        return self._seen[health.component][1]


def count_text(count: int) -> str:
    """A count of work in five figures at most."""
    for size, unit in ((1_000_000_000, "G"), (1_000_000, "M")):
        if count >= size:
            return f"{count / size:.1f}{_THIN_GAP}{unit}"
    return f"{count // 1000}{_THIN_GAP}k" if count >= 100_000 else chips(count)


def _restarts(health: ComponentHealth) -> str:
    if health.component not in RESTARTED or health.state is HealthState.OFF:
        return ""
    return f"{health.restarts} · {health.restarts_left} left"
