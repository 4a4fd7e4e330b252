"""The watch: asks health monitor, event calendar, resources and desk, and says how things stand, all in one place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.clock import MILLISECOND, Clock
from engine.ports import Calendar, Journal
from engine.safety.health import HealthMonitor, HealthVerdict
from engine.safety.pressure import LateSteps, Pressure, PressureLimits, PressureSample, judge
from engine.safety.supervisor import Conditions, Fault
from engine.words import CalendarStatus, Component, ComponentHealth, HealthState, StageBudget

EVERY = 100 * MILLISECOND
"""How often it asks: ten times a second."""


class Surroundings(Protocol):
    """What lies around the bot, read by others."""

    @property
    def memory(self) -> float:
        """Memory in use, 0 to 1."""
        ...

    def changed(self) -> str:
        """What has changed on the desk since the last call, in words; "" when nothing has."""
        ...


@dataclass(frozen=True, slots=True)
class Findings:
    """How the components and the calendar are, what has to stop the bot, and ``news`` for the event log: a component
    that was started again, a problem that has come up, each once.
    """

    conditions: Conditions
    faults: tuple[Fault, ...]
    news: tuple[str, ...] = ()


class Watch:
    """Belongs to the engine thread, which calls ``step`` once a round; the rest may be read by any."""

    def __init__(
        self,
        *,
        clock: Clock,
        health: HealthMonitor,
        calendar: Calendar,
        surroundings: Surroundings,
        late: LateSteps,
        pressure: PressureLimits,
        journal: Journal,
        budgets: Callable[[], tuple[StageBudget, ...]],
        problems: Sequence[Callable[[], str]] = (),
    ) -> None:
        """``problems`` say in words what is wrong with something that stops nobody, "" when nothing is."""
        self._clock = clock
        self._health = health
        self._calendar = calendar
        self._surroundings = surroundings
        self._late = late
        self._limits = pressure
        self._journal = journal
        self._budgets = budgets
        self._problems = problems
        self._known_problems = [""] * len(problems)
        self._news: list[str] = []
        self._pressure = Pressure()
        self._verdict = HealthVerdict()
        self._asked_at: int | None = None
        self._well_snapshots = 0
        self.components: tuple[ComponentHealth, ...] = health.snapshot()
        self.calendar: CalendarStatus = calendar.status()

    def step(self) -> Findings:
        """One round. The desk is asked every time, since what was armed before a sleep must not press after it."""
        now = self._clock.now()
        self._late.step(now)
        if self._asked_at is None or now - self._asked_at >= EVERY:
            self._asked_at = now
            self._ask(now)
        verdict, calendar = self._verdict, self.calendar
        conditions = Conditions(
            solver=self._lost(Component.SOLVER, verdict.solver),
            advisers=self._lost(Component.ADVISERS, verdict.advisers),
            event=calendar.blocked,
            calendar=calendar.stale,
            pressure=self._pressure.text,
            desk=self._surroundings.changed(),
        )
        news, self._news = tuple(self._news), []
        return Findings(conditions, verdict.faults, news)

    @property
    def unwell(self) -> str:
        """Why nothing may be reset yet: a component that is not well, now or in the last two snapshots."""
        now = _unwell(self.components)
        if now:
            return now
        return "" if self._well_snapshots >= 2 else "no two healthy snapshots in a row yet: wait some seconds"

    def _ask(self, now: int) -> None:
        self._verdict = self._health.step()
        self.components = self._health.snapshot()
        self.calendar = self._calendar.status()
        sample = PressureSample(self._late.share, self._surroundings.memory)
        self._pressure = judge(self._pressure, now, sample, self._limits)
        unwell = _unwell(self.components)
        if unwell:  # also between two snapshots, so that nothing was lost from the one to the other
            self._well_snapshots = 0
        if self._verdict.due:
            self._well_snapshots += not unwell
            self._journal.record("health", {"components": self.components, "budget": self._budgets()})
        self._news += [_told(each) for each in self.components if each.component in self._verdict.restarted]
        self._note_problems()

    def _lost(self, component: Component, words: str) -> str:
        """What is wrong with a component, unless it has only just been started: nothing is lost then, and nothing is
        armed before it is ready.
        """
        known = next((each for each in self.components if each.component is component), None)
        first = known is not None and known.state is HealthState.STARTING and not known.restarts
        return "" if first else words

    def _note_problems(self) -> None:
        for place, problem in enumerate(self._problems):
            said, self._known_problems[place] = self._known_problems[place], problem()
            if self._known_problems[place] not in ("", said):
                self._news.append(self._known_problems[place])


def _told(health: ComponentHealth) -> str:
    last = f"; it last said: {health.detail}" if health.detail else ""
    return f"{health.component} started again, restarts left: {health.restarts_left}{last}"


def _unwell(components: tuple[ComponentHealth, ...]) -> str:
    """Those that are not as they should be. An adviser that is down stops nobody from playing without it."""
    needed = [each for each in components if each.component is not Component.ADVISERS]
    return "; ".join(
        f"{each.component} {each.state}" for each in needed if each.state not in (HealthState.READY, HealthState.OFF)
    )
