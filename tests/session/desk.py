"""A desk in virtual time: the table's own game, seen by perfect eyes and pressed by hands that can be told to fail."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from app.practice.amount_field import opened
from app.practice.dealer import Dealer, TableOptions, Waiting
from app.practice.presenter import action_of, content, facts, hero_legal, table_view
from app.practice.view import FieldView
from engine.clock import MILLISECOND, SECOND, Clock, VirtualClock
from engine.durable import replace_file
from engine.game.actions import Action, ActionKind
from engine.game.state import TableState
from engine.ports import Journal
from engine.risk.guard import RiskGuard
from engine.risk.limits import RiskLimits
from engine.safety.budget import TimeBudgetTracker
from engine.safety.latch import Latch
from engine.safety.supervisor import Conditions, Limits
from engine.safety.timings import Timings
from engine.session.deliberation import Deliberation, Policy
from engine.session.hand_loop import HandLoop
from engine.session.session import Parts, Session
from engine.session.turn import Settings
from engine.strategy.engine import StrategyEngine
from engine.strategy.selection import hand_seed
from engine.vision.tracker import Tracker
from engine.words import (
    ActionValue,
    Blindness,
    Box,
    Cause,
    ControlReading,
    Counters,
    GestureKind,
    Intent,
    Look,
    Mode,
    Opinion,
    PressReport,
    ReceiptStatus,
    RiskVerdict,
    Solution,
    Stage,
    WindowInfo,
)
from tests.evaluation.table_session import PLACES, observation

TICK = 33 * MILLISECOND
PAUSE_TICKS = 8
"""Ticks that the table shows one picture before it goes on by itself."""

SHARES = dict(zip(Stage, (0.10, 0.45, 0.20, 0.05, 0.20), strict=True))
PLAIN, USUAL = Policy(), Limits()
Told = tuple[str, Any]


class MemoryJournal:
    """ports.Journal in memory; ``commits`` says whether the disk takes what must be there in time."""

    def __init__(self, told: list[Told]) -> None:
        self.told = told
        self.rows: list[tuple[str, Mapping[str, Any]]] = []
        self.commits = True
        self.problem = ""
        self.broken = ""

    def record(self, kind: str, data: Mapping[str, Any]) -> None:
        if kind == self.broken:
            raise OSError("the disk is gone")
        self.rows.append((kind, data))
        self.told.append((f"record {kind}", data))

    def commit(self, kind: str, data: Mapping[str, Any], timeout_ns: int) -> bool:
        if self.commits:
            self.rows.append((kind, data))
            self.told.append((f"commit {kind}", data))
        return self.commits

    def of(self, kind: str) -> list[Mapping[str, Any]]:
        return [data for name, data in self.rows if name == kind]


class EvenSolver:
    """ports.Solver: every action that is legal, the passive ones more often; or what ``play`` is set to.

    An answer takes ``takes`` ns of the desk's time, or what is left when it is hurried and ``obeys``; ``None`` never
    comes. ``error`` is raised once a question was asked, ``refuses`` when it is asked, and ``kept`` is what is stored.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.play: Action | None = None
        self.error: Exception | None = None
        self.refuses: Exception | None = None
        self.takes: int | None = 0
        self.obeys = True
        self.kept: Solution | None = None
        self.streamed: Solution | None = None
        self.asked: list[tuple[TableState, int]] = []
        self.hurried = self.abandoned = 0
        self._question: TableState | None = None
        self._due: int | None = None

    def begin(self, state: TableState, budget_ns: int, seed: int) -> None:
        self.asked.append((state, budget_ns))
        if self.refuses is not None:
            raise self.refuses
        self._question = state
        self._due = None if self.takes is None else self.clock.now() + self.takes

    def answer(self) -> Solution | None:
        if self.error is not None:
            self._question = None
            raise self.error
        if self._question is None or self._due is None or self.clock.now() < self._due:
            return None
        state, self._question = self._question, None
        return self.solve(state)

    def hurry(self) -> None:
        self.hurried += 1
        if self.obeys:
            self._due = self.clock.now()

    def so_far(self) -> Solution | None:
        return self.streamed

    def abandon(self) -> None:
        self.abandoned += 1
        self._question = None

    def stored(self, state: TableState) -> Solution | None:
        return self.kept

    def solve(self, state: TableState) -> Solution:
        assert state.legal is not None
        legal = state.legal
        passive = Action(ActionKind.CHECK) if legal.can_check else Action(ActionKind.CALL, legal.call_amount)
        shares = {passive: 0.6} if legal.can_check else {passive: 0.5, Action(ActionKind.FOLD): 0.1}
        if legal.can_raise:
            kind = ActionKind.BET if legal.opening else ActionKind.RAISE
            low, high = Action(kind, legal.min_to), Action(kind, legal.max_to)
            shares[low] = 0.3
            shares[high] = shares.get(high, 0.0) + 0.1
        chosen = shares if self.play is None else {self.play: 1.0}
        total = sum(chosen.values())
        values = tuple(ActionValue(action, share / total, 0.0) for action, share in chosen.items())
        return Solution("baseline", values, 0.5, None, "even", 0)


class SlowAdvisers:
    """ports.Advisers: ``advice`` comes after ``takes`` ns of the desk's time, never when that is None."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.takes: int | None = 0
        self.advice: tuple[Opinion, ...] = ()
        self.early: tuple[Opinion, ...] = ()
        self.error: Exception | None = None
        self.asked = self.hurried = self.abandoned = 0
        self._due: int | None = None

    def begin(self, state: TableState, budget_ns: int, seed: int) -> None:
        self.asked += 1
        self._due = None if self.takes is None else self.clock.now() + self.takes

    def opinions(self) -> Sequence[Opinion] | None:
        if self.error is not None:
            raise self.error
        return None if self._due is None or self.clock.now() < self._due else self.advice

    def hurry(self) -> Sequence[Opinion]:
        self.hurried += 1
        return self.early

    def abandon(self) -> None:
        self.abandoned += 1


class Refusing(RiskGuard):
    """The risk guard, which can be told to refuse whatever commits chips."""

    refuses = ""

    def check(self, state: TableState, action: Action, *, acting: bool = True) -> RiskVerdict:
        verdict = super().check(state, action, acting=acting)
        return RiskVerdict(False, self.refuses) if self.refuses and verdict.allowed else verdict


class Guard:
    """ports.TableGuard that says what it is told to."""

    verdict = RiskVerdict(True, "the practice table of this machine")

    def check(self, window: WindowInfo) -> RiskVerdict:
        return self.verdict


@dataclass(slots=True)
class Page:
    """The engine's words of the permit page."""

    told: list[Told]

    def set_mode(self, mode: Mode) -> None:
        self.told.append(("page", mode))


@dataclass(slots=True)
class Fingers:
    """ports.Hands over the desk: each press takes one tick. ``plan`` says how the next presses go."""

    desk: "Desk"
    plan: deque[str] = field(default_factory=deque)
    pressed: list[Intent] = field(default_factory=list)
    alive: bool = True
    _asked: list[Intent] = field(default_factory=list)
    _reports: list[PressReport] = field(default_factory=list)

    def press(self, intent: Intent) -> None:
        self.desk.told.append(("press", intent))
        self._asked.append(intent)

    def reports(self) -> Sequence[PressReport]:
        said, self._reports = self._reports, []
        return said

    def work(self) -> None:
        for intent in self._asked:
            how = self.plan.popleft() if self.plan else "press"
            if how == "say nothing":
                continue
            status = {"refuse": ReceiptStatus.REFUSED, "yield": ReceiptStatus.YIELDED, "lose": ReceiptStatus.LOST}
            now = self.desk.clock.now()
            self._reports.append(PressReport(intent.intent_id, status.get(how, ReceiptStatus.PRESSED), how, now, now))
            if how not in status:
                self.pressed.append(intent)
                self.desk.receive(intent, how)
        self._asked = []


class Desk:
    """A session at a table. ``tick`` is one look and one step; the table moves on by itself every few ticks."""

    def __init__(
        self,
        directory: Path,
        *,
        hands: int = 0,
        players: int = 4,
        seed: int = 2,
        journal: Journal | None = None,
        risk: tuple[int, int, int] = (10**6, 10**6, 10**4),
        policy: Policy = PLAIN,
        alpha: float = 1.0,
        limits: Limits = USUAL,
    ) -> None:
        self.told: list[Told] = []
        self.alpha = alpha
        self.conditions = Conditions()
        self.clock = VirtualClock(10**12)
        self.dealer = Dealer(TableOptions(players=players, seed=seed, hands=hands), lambda kind, data: None)
        self.memory = MemoryJournal(self.told)
        self.solver, self.advisers = EvenSolver(self.clock), SlowAdvisers(self.clock)
        self.budget = TimeBudgetTracker(self.clock, 2 * SECOND, SHARES)
        self.guard, self.tally = Guard(), Counters()
        self.fingers = Fingers(self)
        self.disk_is_full = False
        self.latch = Latch.open(directory / "latch", self.clock, write=self._write)
        loss, hand, count = risk
        self.risk = guard = Refusing(directory / "risk.json", RiskLimits(loss, 10**6, hand, 10**6, count, 10**9, 0, 20))
        self.loop = self._loop(journal or self.memory, guard, policy)
        tracker = Tracker(10, 20, "s")
        self.session = Session(
            Parts(
                self.clock,
                lambda: "2026-01-01T00:00:00.000+00:00",
                limits,
                tracker,
                self.loop,
                guard,
                journal or self.memory,
                self.latch,
                self.tally,
            ),
            Page(self.told),
            self.latch.event,
        )
        self.field = FieldView()
        self.misread_amount = False
        self.confidence = 1.0
        self.blind: Blindness | None = None
        self._ticks = 0
        self._still_for = 0
        self._last_view = 0

    def _loop(self, journal: Journal, risk: RiskGuard, policy: Policy) -> HandLoop:
        deliberation = Deliberation(
            clock=self.clock,
            solver=self.solver,
            advisers=self.advisers,
            strategist=StrategyEngine(self.alpha),
            budget=self.budget,
            policy=policy,
        )
        return HandLoop(
            clock=self.clock,
            settings=Settings(),
            deliberation=deliberation,
            risk=risk,
            guard=self.guard,
            journal=journal,
            timings=Timings(),
            tally=self.tally,
            seed_of=lambda state: hand_seed(state.hand_id, "s"),
        )

    def _write(self, path: Path, content: bytes) -> None:
        if self.disk_is_full:
            raise OSError("no space left on the disk")
        self.told.append(("latch", content))
        replace_file(path, content)

    @property
    def mode(self) -> Mode:
        return self.session.mode

    def arm(self) -> None:
        self.session.connect(self.fingers)
        self.session.command(Cause.ARM)

    def tick(self, times: int = 1) -> None:
        for _ in range(times):
            self.clock.sleep(TICK)
            self._ticks += 1
            self._still_for += 1
            self.fingers.work()
            if self._still_for >= PAUSE_TICKS and self.dealer.waiting is not Waiting.HERO:
                self.table_moves(self.dealer.step)
            self.session.step(self.look(), (), self.conditions)

    def until(self, condition: Callable[[], bool], limit: int = 4000) -> None:
        """Ticks until the condition holds; an AssertionError when it does not within ``limit`` ticks."""
        for _ in range(limit):
            if condition():
                return
            self.tick()
        raise AssertionError(f"never happened: mode {self.mode} ({self.session.reason}), {self.loop.problem}")

    def until_our_turn(self) -> None:
        """Stops at the picture that first shows the hero to act, before the session has seen it."""
        self.until(lambda: self.dealer.waiting is Waiting.HERO)

    def look(self) -> Look:
        now = self.clock.now()
        if self.blind is not None:
            self._last_view = 0
            return Look(now, None, self.blind, "", True, False, False, 0, 0)
        line = content(table_view(self.dealer, self.field)) | facts(self.dealer)
        seen = observation(line, self._ticks, now)
        view = hash(repr(line)) or 1
        seen = replace(seen, view_id=view, confidence=self.confidence)
        if self.misread_amount:
            seen = replace(seen, controls=tuple(map(_misread, seen.controls)))
        settled, self._last_view = view == self._last_view, view
        good = self.confidence >= 0.99
        evaluated = self._ticks % 3 == 0
        return Look(now, seen, None, "" if good else "pot is not certain", not settled, settled, evaluated, 1, 1)

    def receive(self, intent: Intent, how: str) -> None:
        """What the table makes of a press."""
        legal = hero_legal(self.dealer)
        if legal is None or how == "ignore":
            return
        if how == "act otherwise":
            self.table_moves(lambda: self.dealer.act(_another(self.dealer)))
        elif intent.kind is GestureKind.ENTER_AMOUNT:
            self.field = FieldView(intent.text, enabled=True, focused=True)
        else:
            shown = table_view(self.dealer, self.field).controls
            control = next(control for control in shown if control.kind == intent.purpose and control.enabled)
            assert _box(control.kind).contains(intent.x - intent.window.box.x, intent.y - intent.window.box.y)
            self.table_moves(lambda: self.dealer.act(action_of(control, legal)))

    def table_moves(self, move: Callable[[], None]) -> None:
        """Let the table move on by ``move``; the new picture then stands for a while."""
        move()
        self._still_for = 0
        legal = hero_legal(self.dealer)
        self.field = FieldView() if legal is None else opened(legal.min_to)


def _misread(control: ControlReading) -> ControlReading:
    """The amount field one chip too high; every other control as it is."""
    if control.kind != "amount" or not control.amount.value:
        return control
    return replace(control, amount=replace(control.amount, value=control.amount.value + 1))


def _box(kind: str) -> Box:
    return Box(100 * PLACES[kind], 500, 90, 40)


def _another(dealer: Dealer) -> Action:
    """An action that nobody decided on: a raise by one chip more than the smallest, or the passive one."""
    legal = hero_legal(dealer)
    assert legal is not None
    if legal.can_raise and legal.max_to > legal.min_to:
        return Action(ActionKind.BET if legal.opening else ActionKind.RAISE, legal.min_to + 1)
    return Action(ActionKind.CHECK) if legal.can_check else Action(ActionKind.CALL, legal.call_amount)


VERIFY_TICKS = 1500 * MILLISECOND // TICK + 6
SOLVER_TICKS = 1100 * MILLISECOND // TICK
