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
    alpha: float = Field(1.0, ge=0.0, le=1.0)
    """Weight of the solver against the advisers: 1 is the solver alone."""


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
    execution: ExecutionSection = ExecutionSection()
    risk: RiskSection = RiskSection()
    practice: PracticeSection = PracticeSection()
    journal: JournalSection = JournalSection()
    console: ConsoleSection = ConsoleSection()

    @model_validator(mode="after")
    def _sections_agree(self) -> Self:
        if self.profile == "prod" and self.practice.auto_arm:
            raise ValueError("practice.auto_arm is true, and the prod profile never arms itself: set it to false")
        if self.decision.budget_ms + self.execution.verify_ms >= self.table.turn_seconds * 1000:
            raise ValueError("decision.budget_ms and execution.verify_ms together do not fit into table.turn_seconds")
        if self.risk.hand_commitment_limit < self.table.big_blind:
            raise ValueError("risk.hand_commitment_limit is below table.big_blind: no hand could be played")
        return self

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the configuration as canonical JSON: the same settings, the same digest."""
        canonical = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()
