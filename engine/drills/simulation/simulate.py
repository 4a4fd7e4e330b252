"""A simulation from a seed: hour after hour of virtual time, each a world of its own, until something breaks or the
time is over.
"""

import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from engine.clock import SECOND
from engine.config import Config
from engine.drills.simulation.schedule import EXPECTED, Schedule, Tallies
from engine.drills.simulation.table import TableOptions
from engine.drills.simulation.world import StepsOverError, World
from engine.game.fast_rules import FastHand
from engine.game.rules import Hand
from engine.words import Cause

HOUR = 3600
MEMORY = Path("/dev/shm")
PROGRESS_STEPS = 2000
GAP_S = 20.0
Rules = Literal["fast", "pokerkit"]
Progress = Callable[[float, "Tallies"], None]
"""Takes the share done (0 to 1) and the counts of the present hour."""


class ViolationError(RuntimeError):
    """Something that must hold did not. ``replay`` is the command that shows it again, ``trace`` what led to it."""

    def __init__(self, breach: str, replay: str, trace: tuple[str, ...]) -> None:
        super().__init__(f"{breach}\nto see it again: {replay}")
        self.breach, self.replay, self.trace = breach, replay, trace

    def __reduce__(self) -> tuple[type["ViolationError"], tuple[str, str, tuple[str, ...]]]:
        """Whole, also from one process to another."""
        return ViolationError, (self.breach, self.replay, self.trace)


@dataclass(frozen=True, slots=True)
class Setting:
    """What is simulated: ``hours`` from ``seed`` on (the n-th hour has the seed ``seed + n``).

    ``until_step`` ends each hour at that step. ``gap_s`` is the mean time between two disturbances.
    """

    seed: int = 1
    hours: float = 1.0
    until_step: int | None = None
    gap_s: float = GAP_S
    rules: Rules = "fast"
    disk: Literal["ram", "real"] = "ram"

    def replay(self, hour: int, step: int) -> str:
        """The command that runs one hour to one of its steps."""
        more = f" --gap {self.gap_s:g}" if self.gap_s != GAP_S else ""
        more += f" --rules {self.rules}" if self.rules != "fast" else ""
        more += f" --disk {self.disk}" if self.disk != "ram" else ""
        return f"pitboss drill simulate --seed {self.seed + hour} --hours 1{more} --until-step {step}"


@dataclass(slots=True)
class SimulationReport:
    """What a simulation came to. ``refused``: presses that the permit refused at the last moment.

    ``hours`` is the virtual time that has passed, less than asked for when it was ``interrupted``.
    """

    seed: int
    hours: float = 0.0
    steps: int = 0
    hands: int = 0
    presses: int = 0
    refused: int = 0
    crashes: int = 0
    took_s: float = 0.0
    tallies: Tallies = field(default_factory=Tallies)
    digests: list[str] = field(default_factory=list)
    interrupted: bool = False

    @property
    def speed(self) -> float:
        """Virtual seconds in a second."""
        return self.hours * HOUR / self.took_s if self.took_s else 0.0

    def short_of(self, minimum: int) -> Mapping[Cause, int]:
        """The causes that came up fewer than ``minimum`` times in LIVE, and how often."""
        return {cause: n for cause in EXPECTED if (n := self.tallies.in_live[cause]) < minimum}

    def add(self, other: "SimulationReport") -> None:
        """Put another simulation's figures to these; the time it took counts as spent beside."""
        self.hours += other.hours
        self.steps += other.steps
        self.hands += other.hands
        self.presses += other.presses
        self.refused += other.refused
        self.crashes += other.crashes
        self.took_s = max(self.took_s, other.took_s)
        self.tallies.add(other.tallies)
        self.digests += other.digests


def configuration(seed: int) -> Config:
    """The configuration of an hour: what the configuration lets one choose is chosen by the seed."""
    return Config.model_validate(
        {
            "table": {"players": 2 + seed % 5},
            "risk": {"hand_commitment_limit": 1500, "hands_limit": 400, "bankroll": 10**12},
            "calendar": {"enabled": True, "primary": "calendar.csv", "stale_after_h": 0.02, "refresh_min": 1.0},
            "health": {"stalled_after_ms": 1500},
            "degradation": {
                "solver_lost": ("cache-only", "safe")[seed % 2],
                "safe_mode": ("check-fold", "gto-only", "cache-only")[seed % 3],
            },
        }
    )


def simulate(setting: Setting, progress: Progress | None = None) -> SimulationReport:
    """Run it, or as much of it as is not interrupted. Raises ViolationError at the first step at which something does
    not hold.
    """
    report = SimulationReport(setting.seed)
    begun = time.perf_counter()
    hour = 0
    left = setting.hours * HOUR
    while left > 0:
        seconds = min(left, HOUR)
        with tempfile.TemporaryDirectory(prefix="pitboss-", dir=MEMORY if MEMORY.is_dir() else None) as directory:
            try:
                _hour(setting, hour, seconds, Path(directory), report, progress)
            except KeyboardInterrupt:
                report.interrupted, left = True, 0.0
        hour, left = hour + 1, left - seconds
        report.took_s = time.perf_counter() - begun
    return report


def _hour(
    setting: Setting, hour: int, seconds: float, directory: Path, report: SimulationReport, progress: Progress | None
) -> None:
    """One world, which knows nothing of the hours before it: so it can be shown again by itself."""
    world, tallies = _world(setting, setting.seed + hour, directory), Tallies()
    schedule = Schedule(world, setting.seed + hour, tallies, setting.gap_s)
    world.last_step = setting.until_step
    begun = world.clock.now()
    end = begun + round(seconds * SECOND)
    over = False
    try:
        while world.clock.now() < end and not over:
            try:
                world.step()
            except StepsOverError:
                over = True
            schedule.after_step()
            if world.violations:
                raise ViolationError(world.violations[0], setting.replay(hour, world.steps), tuple(world.trace))
            if progress is not None and world.steps % PROGRESS_STEPS == 0:
                done = hour * HOUR + (world.clock.now() - begun) / SECOND
                progress(done / (setting.hours * HOUR), tallies)
    finally:
        world.close()
        report.tallies.add(tallies)
        report.hours += (world.clock.now() - begun) / SECOND / HOUR
        report.steps += world.steps
        report.hands += world.hands_played
        report.presses += sum(press.made for press in world.presses)
        report.refused += sum(not press.made for press in world.presses)
        report.crashes += world.crashes
        report.digests.append(world.digest)


def _world(setting: Setting, seed: int, directory: Path) -> World:
    config = configuration(seed)
    table = config.table
    options = TableOptions(
        table.players,
        table.stack,
        table.small_blind,
        table.big_blind,
        round(table.turn_seconds * SECOND),
        FastHand if setting.rules == "fast" else Hand,
    )
    return World(directory, seed=seed, config=config, disk=setting.disk, options=options)
