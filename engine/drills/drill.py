"""What a drill is: a guard put to the test, with its pass criteria and the sabotage under which it must fail."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from engine.config import Config

Report = Callable[[str, float], None]
"""Takes the step under way in words, and the share done (0 to 1)."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that must hold: ``key`` names it in code, ``text`` in words, ``limit`` what is measured against."""

    key: str
    text: str
    limit: str


@dataclass(frozen=True, slots=True)
class Sabotage:
    """The guard that is taken away, in words, and the keys of the criteria that must then be measured as failed."""

    text: str
    fails: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A criterion after the drill. ``measured`` says what was found."""

    text: str
    passed: bool
    measured: str
    limit: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value and its unit."""

    name: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class DrillReport:
    """What a run came to. ``utc`` is its begin, ``took_s`` how long it took on the wall.

    ``caught``: a sabotaged run in which every criterion that the taken guard stands for was measured as failed.
    """

    drill: str
    title: str
    passed: bool
    sabotaged: bool
    caught: bool
    utc: str
    took_s: float
    version: str
    machine: str
    config: str
    problem: str
    criteria: tuple[Judged, ...]
    figures: tuple[Figure, ...]

    @property
    def well(self) -> bool:
        """Whether the run came out as it must: passed, or failed as it must when sabotaged."""
        return not self.passed and self.caught if self.sabotaged else self.passed

    def to_json(self) -> dict[str, Any]:
        """The report as a JSON object."""
        return asdict(self) | {"well": self.well}


class Bench:
    """Where a drill runs: a state directory of its own, the configuration to run with, and what it finds.

    ``sabotaged`` tells the drill to take its guard away; ``long`` asks for the thorough form.
    """

    def __init__(
        self, directory: Path, config: Config, *, seed: int, sabotaged: bool, long: bool, report: Report
    ) -> None:
        self.directory, self.config, self.seed = directory, config, seed
        self.sabotaged, self.long = sabotaged, long
        self.figures: list[Figure] = []
        self.judgements: dict[str, list[tuple[bool, str]]] = {}
        self._report = report

    def step(self, text: str, done: float) -> None:
        """Say what is done now, and the share (0 to 1) that lies behind."""
        self._report(text, min(1.0, max(0.0, done)))

    def judge(self, key: str, passed: bool, measured: str) -> None:
        """Judge a criterion; one that is judged in several parts holds only when it holds in each."""
        self.judgements.setdefault(key, []).append((passed, measured))

    def figure(self, name: str, value: float, unit: str) -> None:
        """Keep a measured value."""
        self.figures.append(Figure(name, round(float(value), 4), unit))


@dataclass(frozen=True, slots=True)
class Drill:
    """One drill. ``run`` judges every criterion on the bench; what it raises fails those it has not judged."""

    name: str
    title: str
    purpose: str
    criteria: tuple[Criterion, ...]
    sabotage: Sabotage
    needs_screen: bool
    run: Callable[[Bench], None]

    def to_json(self) -> dict[str, Any]:
        """The drill as a list shows it."""
        return {
            "name": self.name,
            "title": self.title,
            "purpose": self.purpose,
            "needs_screen": self.needs_screen,
            "criteria": [criterion.text for criterion in self.criteria],
            "limits": [criterion.limit for criterion in self.criteria],
            "sabotage": self.sabotage.text,
        }
