"""The health monitor: asks every component how it is, waits before it believes a change, and begins anew what is lost.

Start-up, readiness and progress are three questions. A component that has ended, that makes no progress while there
is work, or whose start takes too long is started again; one that is merely not ready (an adviser that is down) is
not. Restarts go in the order of ``Component``, one at a time, each within its component's budget; the budget forgets
by nothing but time, and a component whose budget is spent is a fault that stops the bot.

Everything here is a function of the injected clock and the reports.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.clock import MILLISECOND, SECOND, Clock
from engine.ports import Watched
from engine.safety.supervisor import Fault
from engine.words import Cause, Component, ComponentHealth, HealthReport, HealthState

LOST_AT_ONCE = frozenset({HealthState.GONE, HealthState.STALLED, HealthState.SPENT})

LEAST_ABSENCE = SECOND
"""Time between two steps up to which the monitor never counts as away."""


@dataclass(frozen=True, slots=True)
class RestartLimit:
    """At most ``restarts`` within ``within`` nanoseconds."""

    restarts: int
    within: int


@dataclass(frozen=True, slots=True)
class HealthLimits:
    """When a component counts as unwell and as well again, in nanoseconds.

    One without an entry in ``restarts`` is shown and never restarted. ``stalled_sooner`` names components that may
    stand still for less than ``stalled_after``.
    """

    restarts: Mapping[Component, RestartLimit]
    down_after: int = 500 * MILLISECOND
    up_after: int = 2 * SECOND
    stalled_after: int = 3 * SECOND
    start_limit: int = 20 * SECOND
    snapshot_every: int = 5 * SECOND
    stalled_sooner: Mapping[Component, int] = field(default_factory=dict)

    def stalled(self, component: Component) -> int:
        """How long the component may stand still while there is work."""
        return min(self.stalled_after, self.stalled_sooner.get(component, self.stalled_after))


@dataclass(frozen=True, slots=True)
class HealthVerdict:
    """What the monitor makes of the reports.

    ``eyes``, ``solver`` and ``advisers`` say what is wrong with each, "" when nothing is or when it is not watched.
    ``faults`` hold for as long as a restart budget is spent. ``restarted`` were started again in this step. ``due``:
    a snapshot belongs in the journal now.
    """

    eyes: str = ""
    solver: str = ""
    advisers: str = ""
    faults: tuple[Fault, ...] = ()
    restarted: tuple[Component, ...] = ()
    due: bool = False


@dataclass(slots=True)
class _Patient:
    """What is remembered of one component. ``well`` is None until it was ready for the first time."""

    watched: Watched
    limit: RestartLimit | None
    state: HealthState
    since: int
    moved_at: int
    report: HealthReport | None = None
    was_ready: bool = False
    well: bool | None = None
    well_since: int | None = None
    unwell_since: int | None = None
    in_flight: bool = False
    restarts: deque[int] = field(default_factory=deque)
    total: int = 0

    @property
    def component(self) -> Component:
        return self.watched.component


class HealthMonitor:
    """Watches ``components``, each kind once (ValueError otherwise). Use from the engine thread alone."""

    def __init__(self, components: Sequence[Watched], limits: HealthLimits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        now = clock.now()
        order = list(Component)
        self._patients = [
            _Patient(watched, limits.restarts.get(watched.component), HealthState.STARTING, now, now)
            for watched in sorted(components, key=lambda watched: order.index(watched.component))
        ]
        if len({patient.component for patient in self._patients}) != len(self._patients):
            raise ValueError("a component is watched twice")
        self._snapshot_at = now
        self._stepped_at = now

    def step(self) -> HealthVerdict:
        """Ask everybody, begin anew what has to be, and say how things stand."""
        now = self._clock.now()
        self._leave_out_absence(now)
        for patient in self._patients:
            self._examine(patient, now)
        restarted = self._restart(now)
        words = {patient.component: self._words(patient) for patient in self._patients}
        return HealthVerdict(
            eyes=words.get(Component.EYES, ""),
            solver=words.get(Component.SOLVER, ""),
            advisers=words.get(Component.ADVISERS, ""),
            faults=tuple(self._fault(patient) for patient in self._patients if patient.state is HealthState.SPENT),
            restarted=restarted,
            due=self._snapshot_due(now),
        )

    def snapshot(self) -> tuple[ComponentHealth, ...]:
        """Every component as judged in the last step."""
        now = self._clock.now()
        return tuple(self._health(patient, now) for patient in self._patients)

    def _health(self, patient: _Patient, now: int) -> ComponentHealth:
        report = patient.report
        return ComponentHealth(
            component=patient.component,
            state=patient.state,
            since=patient.since,
            progress=0 if report is None else report.progress,
            restarts=patient.total,
            restarts_left=self._left(patient, now),
            detail="" if report is None else report.detail,
        )

    # judging

    def _leave_out_absence(self, now: int) -> None:
        """Time in which the monitor itself was away (a suspend) is no evidence that somebody else stood still."""
        away = now - self._stepped_at
        self._stepped_at = now
        if away > max(self._limits.stalled_after // 2, LEAST_ABSENCE):
            for patient in self._patients:
                patient.moved_at += away

    def _examine(self, patient: _Patient, now: int) -> None:
        report = patient.watched.report()
        before = patient.report
        if before is None or report.progress != before.progress or not (before.busy and report.busy):
            patient.moved_at = now
        patient.report = report
        state = self._judged(patient, report, now)
        if state is not patient.state:
            patient.state, patient.since = state, now
        if state is not HealthState.STARTING:
            patient.in_flight = False
        self._settle(patient, now)

    def _judged(self, patient: _Patient, report: HealthReport, now: int) -> HealthState:
        if patient.state is HealthState.SPENT and self._still_spent(patient, now):
            return HealthState.SPENT
        if not report.alive:
            patient.was_ready = False
            return HealthState.OFF if patient.limit is None and not report.started else HealthState.GONE
        patient.was_ready = report.started and (report.ready or patient.was_ready)
        if not patient.was_ready:
            return HealthState.STARTING
        if report.busy and now - patient.moved_at >= self._limits.stalled(patient.component):
            return HealthState.STALLED
        return HealthState.READY if report.ready else HealthState.NOT_READY

    def _still_spent(self, patient: _Patient, now: int) -> bool:
        """Whether too little time has passed; one that may never be restarted is looked at again after its time."""
        assert patient.limit is not None
        if patient.limit.restarts:
            return not self._left(patient, now)
        return now - patient.since < patient.limit.within

    def _settle(self, patient: _Patient, now: int) -> None:
        """Hysteresis: well at once the first time, later only when ready for a while; unwell after a while, too."""
        if patient.state is HealthState.READY:
            patient.unwell_since = None
            patient.well_since = now if patient.well_since is None else patient.well_since
            if patient.well is None or now - patient.well_since >= self._limits.up_after:
                patient.well = True
            return
        patient.well_since = None
        patient.unwell_since = now if patient.unwell_since is None else patient.unwell_since
        if patient.well and (patient.state in LOST_AT_ONCE or now - patient.unwell_since >= self._limits.down_after):
            patient.well = False

    # beginning anew

    def _restart(self, now: int) -> tuple[Component, ...]:
        """The first that has to be started again, unless another's restart is still under way."""
        if any(patient.in_flight and not self._hopeless(patient, now) for patient in self._patients):
            return ()
        for patient in self._patients:
            if self._hopeless(patient, now):
                if self._left(patient, now):
                    self._begin_anew(patient, now)
                    return (patient.component,)
                patient.state, patient.since, patient.in_flight = HealthState.SPENT, now, False
                self._settle(patient, now)
        return ()

    def _hopeless(self, patient: _Patient, now: int) -> bool:
        """Whether nothing but a new start helps. Each start is given a moment before it is judged."""
        settling = bool(patient.restarts) and now - patient.restarts[-1] < self._limits.down_after
        judged = patient.limit is not None and not settling
        if patient.state is HealthState.STARTING:
            return judged and now - patient.since >= self._limits.start_limit
        return judged and patient.state in (HealthState.GONE, HealthState.STALLED)

    def _begin_anew(self, patient: _Patient, now: int) -> None:
        patient.restarts.append(now)
        patient.total += 1
        patient.in_flight = True
        patient.was_ready = False
        patient.state, patient.since, patient.moved_at = HealthState.STARTING, now, now
        patient.watched.restart()

    def _left(self, patient: _Patient, now: int) -> int:
        """Restarts that the budget still allows."""
        if patient.limit is None:
            return 0
        while patient.restarts and now - patient.restarts[0] >= patient.limit.within:
            patient.restarts.popleft()
        return patient.limit.restarts - len(patient.restarts)

    # words

    def _fault(self, patient: _Patient) -> Fault:
        assert patient.limit is not None
        allowed = f"{patient.limit.restarts} restarts within {patient.limit.within / SECOND:.0f} s"
        why = f": {patient.report.detail}" if patient.report is not None and patient.report.detail else ""
        return Fault(Cause.RESTART_BUDGET, f"{patient.component} lost again after {allowed}{why}", f"at most {allowed}")

    def _words(self, patient: _Patient) -> str:
        if patient.well:
            return ""
        detail = patient.report.detail if patient.report is not None else ""
        match patient.state:
            case HealthState.READY:
                return f"{patient.component} ready again, but not yet for {self._limits.up_after / SECOND:.1f} s"
            case HealthState.STALLED:
                return (
                    f"{patient.component} without progress for {self._limits.stalled(patient.component) / SECOND:.1f} s"
                )
            case HealthState.STARTING:
                return f"{patient.component} starting{' again' if patient.restarts else ''}"
            case _:
                return f"{patient.component} {patient.state}{': ' + detail if detail else ''}"

    def _snapshot_due(self, now: int) -> bool:
        if now < self._snapshot_at:
            return False
        self._snapshot_at += self._limits.snapshot_every
        if self._snapshot_at <= now:
            self._snapshot_at = now + self._limits.snapshot_every
        return True
