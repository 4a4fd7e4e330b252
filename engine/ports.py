"""The stages of the engine as Protocols, so that a simulator, a replay or a fault can stand in for each.

One direction: eyes -> tracker -> solver and advisers -> strategist -> risk guard -> journal -> hands.
Nothing downstream calls back up.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from engine.game.actions import Action
from engine.game.state import TableState
from engine.words import (
    Decision,
    Frame,
    Intent,
    Look,
    Opinion,
    PressReport,
    RiskStatus,
    RiskVerdict,
    Solution,
    WindowInfo,
)


class Eyes(Protocol):
    """Captures and recognises the table window."""

    def look(self) -> Look:
        """One look now; never raises for what the screen shows, only for a broken set-up."""
        ...

    @property
    def frame(self) -> Frame | None:
        """The last frame captured."""
        ...


class Solver(Protocol):
    """Solves a spot inside a budget."""

    def solve(self, state: TableState, budget_ns: int, seed: int) -> Solution:
        """Frequencies and values of the hero's actions. May return early, never later than the budget asks."""
        ...


class Advisers(Protocol):
    """Language-model agents: they return opinions and never act."""

    def advise(self, state: TableState, solution: Solution, budget_ns: int) -> Sequence[Opinion]:
        """Validated opinions that arrived in time; an empty sequence when there are none."""
        ...


class Strategist(Protocol):
    """Blends solution and opinions into one decision."""

    def decide(self, state: TableState, solution: Solution, opinions: Sequence[Opinion], seed: int) -> Decision:
        """A legal decision, the same for the same inputs bit for bit."""
        ...


class RiskGuard(Protocol):
    """Holds every intent against the limits."""

    def check(self, state: TableState, action: Action) -> RiskVerdict:
        """Whether the action may be made, with its projected commitment."""
        ...

    def hand_over(self, result: int) -> RiskVerdict:
        """Book a finished hand's result in chips (persisted), and say whether another hand may begin."""
        ...

    def status(self, state: TableState | None) -> RiskStatus:
        """The figures as shown."""
        ...


class Journal(Protocol):
    """The single writer of the session's record."""

    def record(self, kind: str, data: Mapping[str, Any]) -> None:
        """Append a row soon; never blocks."""
        ...

    def commit(self, kind: str, data: Mapping[str, Any], timeout_ns: int) -> bool:
        """Append a row and wait until it is on the disk; False when that did not happen in time."""
        ...


class Hands(Protocol):
    """The engine's side of the actuator process."""

    def press(self, intent: Intent) -> None:
        """Ask for one gesture; the answer comes through ``reports``."""
        ...

    def reports(self) -> Sequence[PressReport]:
        """What the actuator has said since the last call; never blocks."""
        ...

    @property
    def alive(self) -> bool:
        """Whether the actuator process runs and its pipe is open."""
        ...


class TableGuard(Protocol):
    """Proves that a window belongs to a local table."""

    def check(self, window: WindowInfo) -> RiskVerdict:
        """Allowed only when the window's process is proved local; anything unknown is refused with its reason."""
        ...


class Windows(Protocol):
    """The windows of the system: found, placed, and what covers them."""

    def find(self, title: str, window_class: str) -> WindowInfo | None:
        """The visible window whose title starts with ``title`` and whose class is ``window_class``."""
        ...

    def locate(self, handle: int) -> WindowInfo | None:
        """The same window now, or None when it is gone."""
        ...

    def blindness(self, window: WindowInfo) -> tuple[str, str] | None:
        """None when all of the window can be seen, else (Blindness name, detail)."""
        ...
