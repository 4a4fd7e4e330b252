"""The stages of the engine as Protocols, so that a simulator, a replay or a fault can stand in for each.

One direction: eyes -> tracker -> solver and advisers -> strategist -> risk guard -> journal -> hands.
Nothing downstream calls back up.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from engine.game.actions import Action
from engine.game.state import TableState
from engine.words import (
    CalendarStatus,
    Component,
    Decision,
    Frame,
    HealthReport,
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


class SpotSolver(Protocol):
    """The kernel of a solver: works on one spot, in whatever thread or process it is put."""

    def solve(self, state: TableState, budget_ns: int, seed: int) -> Solution:
        """Frequencies and values of the hero's actions. May return early, never later than the budget asks."""
        ...


class Solver(Protocol):
    """A solver as the engine asks it: a request under way at a time, and no call ever blocks."""

    def begin(self, state: TableState, budget_ns: int, seed: int) -> None:
        """Start on a spot; a request under way is abandoned. SolverError when it cannot be asked now."""
        ...

    def answer(self) -> Solution | None:
        """The answer to the request under way, once; None until it is there. SolverError when none will come."""
        ...

    def hurry(self) -> None:
        """Ask for the best answer so far: it comes through ``answer`` as soon as it can."""
        ...

    def so_far(self) -> Solution | None:
        """The last answer that was streamed to the request under way; None while there is none."""
        ...

    def abandon(self) -> None:
        """Forget the request under way; its answer is dropped when it comes."""
        ...

    def stored(self, state: TableState) -> Solution | None:
        """An answer that was kept for exactly this spot, at once, with source "cache"; None when there is none."""
        ...


class Advisers(Protocol):
    """Language-model agents: they return opinions and never act. No call ever blocks."""

    def begin(self, state: TableState, budget_ns: int, seed: int) -> None:
        """Ask all of them about a spot; a request under way is abandoned."""
        ...

    def opinions(self) -> Sequence[Opinion] | None:
        """The validated opinions once everybody has answered or failed; None until then."""
        ...

    def hurry(self) -> Sequence[Opinion]:
        """The opinions that have come by now; whoever is late is abandoned."""
        ...

    def abandon(self) -> None:
        """Forget the request under way."""
        ...


class Strategist(Protocol):
    """Blends solution and opinions into one decision."""

    def decide(self, state: TableState, solution: Solution, opinions: Sequence[Opinion], seed: int) -> Decision:
        """A legal decision, the same for the same inputs bit for bit."""
        ...


class RiskGuard(Protocol):
    """Holds every intent against the limits."""

    def check(self, state: TableState, action: Action, *, acting: bool = True) -> RiskVerdict:
        """Whether the action may be made, with its projected commitment; ``acting`` False when nobody will make it."""
        ...

    def hand_over(self, hand_id: str, result: int) -> RiskVerdict:
        """Book a finished hand's result in chips (persisted, once a hand), and say whether another may begin."""
        ...

    def stopped(self, reason: str = "") -> None:
        """The session has stopped: what is known is on the disk when this returns, or the problem is kept."""
        ...

    def status(self, state: TableState | None) -> RiskStatus:
        """The figures as shown."""
        ...


class Journal(Protocol):
    """The single writer of the session's record."""

    @property
    def problem(self) -> str:
        """Why rows were lost, in words; "" while none were."""
        ...

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


class Calendar(Protocol):
    """The event calendar (the "news" guard): when no hand may begin."""

    def status(self) -> CalendarStatus:
        """What it says now; never blocks and never raises."""
        ...


class Watched(Protocol):
    """A component whose health is watched."""

    @property
    def component(self) -> Component:
        """Which one it is."""
        ...

    def report(self) -> HealthReport:
        """Its own word on start-up, readiness and progress; never blocks and never raises."""
        ...

    def restart(self) -> None:
        """Begin it anew and bind its clients to the new one; never blocks, readiness comes by report."""
        ...
