"""The models of the configuration: every setting with its unit, its bounds and its default.

The bounds of a safety setting end where the design's own limit is: a file can make Pitboss more careful, never less.
"""

import hashlib
import json
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Hotkey = Annotated[str, StringConstraints(pattern=r"^((ctrl|alt|shift|super)\+)*[A-Za-z0-9_]+$")]


class Section(BaseModel):
    """What every section is: strict types, no unknown keys, unchangeable."""

    model_config = ConfigDict(
        strict=True, frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True
    )


class TableSection(Section):
    """The table that is played at."""

    client: Literal["practice"] = "practice"
    """Which client shows the table."""
    players: int = Field(4, ge=2, le=6)
    """Players at the table, the bot among them."""
    theme: Literal["felt", "slate"] = "felt"
    """Look of the practice table."""
    seed: int | None = Field(None, ge=0, le=2**63 - 1)
    """Seed of the deck and the opponents; null for a fresh one each time."""
    pace: float = Field(1.0, ge=0.0, le=10.0)
    """Factor on the table's pauses: 1 is comfortable to watch, 0 as fast as can be seen."""
    stack: int = Field(2000, ge=40, le=100_000_000)
    """Starting stack, in chips."""
    small_blind: int = Field(10, ge=1, le=1_000_000)
    """Small blind, in chips."""
    big_blind: int = Field(20, ge=2, le=1_000_000)
    """Big blind, in chips."""
    turn_seconds: float = Field(20.0, ge=5.0, le=600.0)
    """Time for one turn, in seconds, after which the table checks or folds for the player."""

    @model_validator(mode="after")
    def _blinds_fit(self) -> Self:
        if self.small_blind > self.big_blind:
            raise ValueError(f"small_blind {self.small_blind} is above big_blind {self.big_blind}")
        if self.stack < 2 * self.big_blind:
            raise ValueError(f"stack {self.stack} is below two big blinds ({2 * self.big_blind})")
        return self


class VisionSection(Section):
    """The eyes."""

    layout: str = Field("auto", pattern=r"^(auto|[a-z0-9-]+/[a-z0-9-]+)$")
    """Layout pack that says where everything is, as client/theme; auto takes the table's."""
    calm_hz: int = Field(10, ge=10, le=60)
    """Looks a second while it is not our turn."""
    turn_hz: int = Field(30, ge=10, le=60)
    """Looks a second on our turn."""
    confidence_limit: float = Field(0.99, ge=0.99, le=1.0)
    """A frame below this confidence (0 to 1) is a bad frame."""
    bad_frames: int = Field(3, ge=1, le=3)
    """Bad frames in a row that stop the bot."""
    unsettled_limit_ms: int = Field(1500, ge=200, le=1500)
    """Milliseconds after which a picture that does not settle counts as bad."""
    stale_after_ms: int = Field(2000, ge=500, le=2000)
    """Milliseconds without any change after which the picture is stale."""
    hold_limit_s: float = Field(10.0, ge=1.0, le=10.0)
    """Seconds in HOLD after which the bot stops."""
    eyes_back_ms: int = Field(500, ge=500, le=10_000)
    """Milliseconds of confident sight that end HOLD."""


class DecisionSection(Section):
    """How a decision is made."""

    budget_ms: int = Field(2000, ge=50, le=4000)
    """Milliseconds for one decision, all stages together."""
    samples: int = Field(400, ge=50, le=2000)
    """Run-outs of one equity estimate; each is scored against every hand an opponent may hold."""
    threads: int = Field(2, ge=1, le=64)
    """Threads of the solver's kernels; they run below the priority of everything else."""
    alpha: float = Field(1.0, ge=0.0, le=1.0)
    """Weight of the solver against the advisers: 1 is the solver alone."""


class BudgetSection(Section):
    """How the time of a decision is split: each stage's share of decision.budget_ms; together they are all of it."""

    perception: float = Field(0.10, gt=0.0, lt=1.0)
    """From our turn on the screen to a state that can be decided on."""
    solver: float = Field(0.45, gt=0.0, lt=1.0)
    """The solver."""
    advisers: float = Field(0.20, gt=0.0, lt=1.0)
    """How much longer than the solver the advisers may take; they start beside it."""
    synthesis: float = Field(0.05, gt=0.0, lt=1.0)
    """Blending, choosing and the risk check."""
    execution: float = Field(0.20, gt=0.0, lt=1.0)
    """From the decision to the first press."""

    @model_validator(mode="after")
    def _shares_add_up(self) -> Self:
        total = self.perception + self.solver + self.advisers + self.synthesis + self.execution
        if abs(total - 1) > 1e-6:
            raise ValueError(f"the shares add up to {total:.3f}; they have to add up to 1")
        return self


class RestartSection(Section):
    """How often a component may be started again: more than that stops the bot."""

    restarts: int = Field(3, ge=0, le=10)
    """Restarts allowed..."""
    within_s: float = Field(120.0, ge=5.0, le=3600.0)
    """...within so many seconds."""


class HealthSection(Section):
    """When a component counts as unwell, and as well again."""

    snapshot_s: float = Field(5.0, ge=1.0, le=60.0)
    """Seconds between two health snapshots in the journal."""
    down_after_ms: int = Field(500, ge=50, le=5000)
    """Milliseconds of not being ready after which a component counts as lost."""
    up_after_ms: int = Field(2000, ge=500, le=60_000)
    """Milliseconds of being ready after which it counts as healthy again."""
    stalled_after_ms: int = Field(1500, ge=200, le=2000)
    """Milliseconds without progress, while there is work, after which it is ended and started again; shorter than the
    3 s after which the watchdog stops the bot."""
    start_limit_ms: int = Field(30_000, ge=1000, le=120_000)
    """Milliseconds that a start may take."""
    pressure_limit: float = Field(0.8, gt=0.0, le=1.0)
    """Share of late engine steps or of used memory (0 to 1) above which resources count as short."""
    eyes: RestartSection = RestartSection()
    """The eyes."""
    solver: RestartSection = RestartSection()
    """The solver process."""
    advisers: RestartSection = RestartSection()
    """The advisers' transport."""

    @model_validator(mode="after")
    def _starts_that_hang_are_counted(self) -> Self:
        """A start that is given up after its limit has to be remembered until the last one allowed has failed too."""
        for name in ("eyes", "solver", "advisers"):
            budget: RestartSection = getattr(self, name)
            hanging = budget.restarts * self.start_limit_ms / 1000
            if budget.within_s <= hanging:
                raise ValueError(
                    f"{budget.restarts} starts of {name} that hang take {hanging:g} s and would never exceed the "
                    f"budget: make {name}.within_s longer than that, or start_limit_ms shorter"
                )
        return self


class DegradationSection(Section):
    """What is played while something is missing."""

    solver_lost: Literal["cache-only", "safe"] = "cache-only"
    """Without the solver: stored answers where there are any, else check or fold; or check and fold alone."""
    safe_mode: Literal["check-fold", "gto-only", "cache-only"] = "check-fold"
    """What safe mode plays to the end of the hand."""


class CalendarSection(Section):
    """Events during which no hand may begin."""

    enabled: bool = False
    """Whether the calendar is asked; the prod profile requires it."""
    primary: str = ""
    """The calendar: an address (https) or a CSV file; empty for the fallback alone."""
    fallback: str = ""
    """A CSV file that is used when the primary source cannot be read or is stale."""
    stale_after_h: float = Field(24.0, gt=0.0, le=24.0)
    """Hours after which a source that was not renewed can no longer be trusted."""
    refresh_min: float = Field(15.0, ge=1.0, le=360.0)
    """Minutes between two readings of the sources."""

    @model_validator(mode="after")
    def _has_a_source(self) -> Self:
        if self.enabled and not (self.primary or self.fallback):
            raise ValueError("calendar.enabled is true and there is no source: name calendar.primary or .fallback")
        if self.primary.startswith("http://"):
            raise ValueError("calendar.primary is not encrypted: give an https address or a file")
        return self


class DrillsSection(Section):
    """Drill certificates."""

    mandatory: tuple[str, ...] = (
        "panic-stop",
        "solver-partition",
        "agent-failure",
        "component-restart",
        "actuator-misfire",
        "recovery",
        "resource-exhaustion",
        "data-failure",
        "kill-9",
    )
    """Drills that must have passed on this machine, version and configuration before the prod profile arms."""
    valid_days: float = Field(7.0, gt=0.0, le=31.0)
    """Days for which a passed drill counts."""


class ExecutionSection(Section):
    """The hands."""

    retries: int = Field(1, ge=0, le=1)
    """Times a press that changed nothing is tried again."""
    verify_ms: int = Field(1500, ge=200, le=3000)
    """Milliseconds within which the screen must show the effect of a press."""
    hotkeys: tuple[Hotkey, ...] = Field(("Pause", "ctrl+alt+space"), min_length=1, max_length=8)
    """Keys that stop the bot from anywhere, as X key names with modifiers (ctrl+alt+space)."""


class RiskSection(Section):
    """Limits that stop the bot."""

    session_loss_limit: int = Field(20_000, ge=1, le=1_000_000_000)
    """Chips that a session may lose."""
    hand_commitment_limit: int = Field(12_000, ge=1, le=1_000_000_000)
    """Chips that may be put into one hand."""
    hands_limit: int = Field(1000, ge=1, le=1_000_000)
    """Hands of a session."""
    session_loss_limit_bb: float = Field(1000.0, gt=0.0, le=1_000_000.0)
    """Big blinds that a session may lose; the stricter of the two counts."""
    hand_commitment_limit_bb: float = Field(600.0, gt=0.0, le=1_000_000.0)
    """Big blinds that may be put into one hand; the stricter of the two counts."""
    bankroll: int = Field(100_000, ge=1, le=1_000_000_000_000)
    """Chips that the bot is given, over all its sessions."""
    bankroll_floor: int = Field(0, ge=0, le=1_000_000_000_000)
    """Chips below which the bankroll may not fall."""


class PracticeSection(Section):
    """What `./run` alone does."""

    auto_arm: bool = False
    """Whether the practice table arms itself once the checks pass; never in prod, never over a latch."""
    hands: int = Field(20, ge=1, le=1_000_000)
    """Hands to play without a display."""


class JournalSection(Section):
    """The record."""

    commit_timeout_ms: int = Field(250, ge=20, le=250)
    """Milliseconds within which an intent must be on the disk; else the bot stops."""


class ConsoleSection(Section):
    """The console's window."""

    theme: Literal["dark", "light"] = "dark"
    """Colours of the console."""


class Config(Section):
    """The whole configuration of one profile."""

    profile: str = Field("dev", pattern=r"^[a-z0-9-]+$")
    """The profile this is for: given when it is loaded, never written in a file."""
    table: TableSection = TableSection()
    vision: VisionSection = VisionSection()
    decision: DecisionSection = DecisionSection()
    budget: BudgetSection = BudgetSection()
    health: HealthSection = HealthSection()
    degradation: DegradationSection = DegradationSection()
    execution: ExecutionSection = ExecutionSection()
    risk: RiskSection = RiskSection()
    calendar: CalendarSection = CalendarSection()
    drills: DrillsSection = DrillsSection()
    practice: PracticeSection = PracticeSection()
    journal: JournalSection = JournalSection()
    console: ConsoleSection = ConsoleSection()

    @model_validator(mode="after")
    def _sections_agree(self) -> Self:
        if self.profile == "prod" and self.practice.auto_arm:
            raise ValueError("practice.auto_arm is true, and the prod profile never arms itself: set it to false")
        if self.decision.budget_ms + self.execution.verify_ms >= self.table.turn_seconds * 1000:
            raise ValueError("decision.budget_ms and execution.verify_ms together do not fit into table.turn_seconds")
        if self.profile == "prod" and not self.calendar.enabled:
            raise ValueError("calendar.enabled is false, and the prod profile requires a calendar: name its source")
        if self.risk.hand_commitment_limit < self.table.big_blind:
            raise ValueError("risk.hand_commitment_limit is below table.big_blind: no hand could be played")
        return self

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the configuration as canonical JSON: the same settings, the same digest."""
        canonical = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()
