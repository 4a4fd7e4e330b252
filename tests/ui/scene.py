"""A hand at a six-seat table as the engine would show it: pixels, observation, state, decision and snapshot."""

from dataclasses import replace
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.clock import MILLISECOND, SECOND
from engine.game.actions import Action, ActionKind, LegalActions
from engine.game.state import ActionRecord, SeatState, Street, TableState
from engine.safety.alarm_rows import BY_KEY
from engine.words import (
    ActionValue,
    AlarmState,
    AlarmView,
    Box,
    CalendarStatus,
    Cause,
    CertificateStatus,
    CheckResult,
    Component,
    ComponentHealth,
    ControlReading,
    Counters,
    Decision,
    Degradation,
    Event,
    EventWindow,
    Frame,
    HealthState,
    Look,
    Mode,
    Observation,
    PanicStopEvent,
    Reading,
    Receipt,
    RiskStatus,
    SeatReading,
    Snapshot,
    Solution,
    Stage,
    StageBudget,
    StageTiming,
    WindowInfo,
)

T = TypeVar("T")
WIDTH, HEIGHT = 960, 640
START = 1000 * SECOND
UTC_S = 1_795_442_551.0
"""The scene's time in seconds since 1970."""
WINDOW = WindowInfo(42, "Pitboss Practice Table", "pitboss-table", Box(0, 0, WIDTH, HEIGHT))
SEAT_AT = ((480, 500), (170, 420), (170, 190), (480, 110), (790, 190), (790, 420))
POT_BOX = Box(430, 210, 100, 26)
STACK_BOXES = tuple(Box(x - 40, y + 16, 80, 22) for x, y in SEAT_AT)
HOLE = ("Ah", "Kh")
BOARD = ("Qh", "7c", "2h")
PANIC = PanicStopEvent(
    at=START,
    utc="2026-11-23T14:02:31.204Z",
    cause=Cause.CONFIDENCE,
    measured="0.9312 (seat 3 stack), 3 frames in a row",
    limit="0.99 for 3 frames in a row",
    advice="Look at the table for what hides or distorts it. When the picture is clean, reset; then arm again.",
)


def pixels() -> NDArray[np.uint8]:
    """A plain table, (HEIGHT, WIDTH, 4) uint8 BGRA."""
    image = np.full((HEIGHT, WIDTH, 3), (52, 46, 40), np.uint8)
    cv2.ellipse(image, (480, 310), (380, 220), 0, 0, 360, (78, 92, 62), -1)
    cv2.ellipse(image, (480, 310), (380, 220), 0, 0, 360, (110, 124, 96), 6)
    for seat, (x, y) in enumerate(SEAT_AT):
        cv2.rectangle(image, (x - 60, y - 30), (x + 60, y + 40), (38, 34, 30), -1)
        _write(image, "You" if seat == 0 else f"Seat {seat}", x - 50, y - 8)
        _write(image, str(380 + 17 * seat), x - 36, y + 33)
    for place, card in enumerate(BOARD):
        _card(image, card, 350 + 54 * place, 250)
    for place, card in enumerate(HOLE):
        _card(image, card, 570 + 54 * place, 480)
    _write(image, "Pot 45", 440, 230)
    for place, text in enumerate(("Fold", "Call 12", "Raise 36")):
        cv2.rectangle(image, (560 + 130 * place, 580), (680 + 130 * place, 625), (90, 84, 78), -1)
        _write(image, text, 576 + 130 * place, 609)
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2BGRA), np.uint8)


def an_observation(sequence: int = 1, *, pot: float = 1.0, stack: float | None = 1.0) -> Observation:
    """What the eyes read; ``pot`` is the pot's confidence, and ``stack`` seat 3's (None: unknown)."""
    return Observation(
        sequence=sequence,
        captured_at=START,
        window=WINDOW,
        scale=1.0,
        hand_number=_sure(17, Box(16, 12, 90, 20)),
        hole=tuple(_sure(card, Box(570 + 54 * place, 480, 48, 66)) for place, card in enumerate(HOLE)),
        board=tuple(_sure(card, Box(350 + 54 * place, 250, 48, 66)) for place, card in enumerate((*BOARD, "", ""))),
        pot=Reading(45, pot, POT_BOX),
        seats=tuple(_seat(seat, stack if seat == 3 else 1.0) for seat in range(6)),
        button=_sure(4, Box(700, 240, 24, 24)),
        turn=_sure(0, Box(418, 468, 124, 74)),
        controls=(
            _control("fold", 560, 0),
            _control("call", 690, 12),
            _control("raise", 820, 36),
        ),
        confidence=min(pot, 0.41 if stack is None else stack),
        weakest="pot" if pot < 1.0 else "seat 3 stack",
        view_id=7,
    )


def a_look(observation: Observation | None = None) -> Look:
    return Look(
        at=START,
        observation=observation or an_observation(),
        blindness=None,
        detail="",
        changed=True,
        settled=True,
        evaluate=True,
        capture_ns=4 * MILLISECOND,
        recognise_ns=11 * MILLISECOND,
    )


def a_state(street: Street = Street.FLOP) -> TableState:
    """Our turn on the flop, facing a bet of 12."""
    stacks, bets = (388, 397, 402, 419, 448, 465), (0, 0, 0, 0, 12, 0)
    return TableState(
        hand_id="17",
        hero=0,
        button=4,
        small_blind=1,
        big_blind=2,
        seats=tuple(
            SeatState(seat, stacks[seat] + 12 + bets[seat], stacks[seat], bets[seat], seat in (1, 3))
            for seat in range(6)
        ),
        hole=HOLE,
        board=BOARD[: street.board_cards],
        street=street,
        pot=45,
        history=(
            ActionRecord(1, Street.PREFLOP, Action(ActionKind.FOLD)),
            ActionRecord(2, Street.PREFLOP, Action(ActionKind.CALL, 2)),
            ActionRecord(3, Street.PREFLOP, Action(ActionKind.FOLD)),
            ActionRecord(4, Street.PREFLOP, Action(ActionKind.RAISE, 8)),
            ActionRecord(5, Street.PREFLOP, Action(ActionKind.CALL, 7)),
            ActionRecord(0, Street.PREFLOP, Action(ActionKind.CALL, 6)),
            ActionRecord(2, Street.PREFLOP, Action(ActionKind.CALL, 6)),
            ActionRecord(5, Street.FLOP, Action(ActionKind.CHECK)),
            ActionRecord(4, Street.FLOP, Action(ActionKind.BET, 12)),
        ),
        to_act=0,
        legal=LegalActions(12, 24, 388),
    )


def a_decision(*, fallback: bool = False) -> Decision:
    return Decision(
        hand_id="17",
        action=Action(ActionKind.RAISE, 36),
        distribution=(
            ActionValue(Action(ActionKind.FOLD), 0.0, 0.0),
            ActionValue(Action(ActionKind.CALL, 12), 0.384, 14.2),
            ActionValue(Action(ActionKind.RAISE, 36), 0.541, 15.9),
            ActionValue(Action(ActionKind.RAISE, 388), 0.075, 9.4),
        ),
        reasons=(
            "nut flush draw and two overcards: 58.3% equity against the bettor's range",
            "pot odds ask for 21.1%; a raise folds out 34% of that range",
            "risk: 36 of 200 chips this hand",
        ),
        source="safe" if fallback else "baseline",
        alpha=1.0,
        seed=81_724,
        fallback=fallback,
        timings_ns={"solve": 38 * MILLISECOND, "blend": 300_000, "risk": 120_000},
    )


def a_snapshot(mode: Mode = Mode.STANDBY) -> Snapshot:
    """Everything in order, in a mode; armed in those that act."""
    armed = mode in (Mode.LIVE, Mode.SAFE, Mode.HOLD)
    return Snapshot(
        at=START + 40 * MILLISECOND,
        mode=mode,
        mode_reason="armed by the operator" if armed else "",
        panic=PANIC if mode is Mode.STOPPED else None,
        actuator_alive=armed,
        watchdog_alive=armed,
        armed=armed,
        look=a_look(),
        frame=Frame(1, START, WINDOW, pixels()),
        state=a_state(),
        state_problem="",
        decision=a_decision(),
        solution=Solution("baseline", a_decision().distribution, 0.583, None, "", 38 * MILLISECOND),
        last_receipt=Receipt(31, True, "", 184 * MILLISECOND),
        confidence=0.9992,
        permit_age_ms=19.0 if armed else None,
        timings=(
            StageTiming("capture", 4.2, 4.0, 6.1, 900),
            StageTiming("recognise", 11.4, 10.9, 17.2, 900),
            StageTiming("decide", 38.4, 41.0, 76.0, 31),
            StageTiming("act", 184.0, 176.0, 240.0, 31),
        ),
        risk=RiskStatus(-62, 400, 17, 200, 20, 200, 938, 0, 20),
        counters=Counters(hands=17, frames=900, frames_read=897, decisions=31, intents=31, presses=31),
        checks=(CheckResult("Table window", True, "found"), CheckResult("Actuator", True, "answers")),
        degraded=frozenset(),
        health=some_health(armed),
        budget=a_budget(),
        calendar=a_calendar(),
        alarms=(),
        certificates=some_certificates(),
    )


def some_health(armed: bool = True) -> tuple[ComponentHealth, ...]:
    """Every component well; the guards are off while nothing is armed."""
    guards = HealthState.READY if armed else HealthState.OFF
    return (
        ComponentHealth(Component.EYES, HealthState.READY, START - 724 * SECOND, 7214, 0, 3, ""),
        ComponentHealth(Component.SOLVER, HealthState.READY, START - 61 * SECOND, 318, 1, 2, ""),
        ComponentHealth(Component.ADVISERS, HealthState.OFF, START - 724 * SECOND, 0, 0, 3, ""),
        ComponentHealth(Component.JOURNAL, HealthState.READY, START - 724 * SECOND, 18_204, 0, 0, ""),
        ComponentHealth(Component.ACTUATOR, guards, START - 300 * SECOND, 31 if armed else 0, 0, 0, ""),
        ComponentHealth(Component.WATCHDOG, guards, START - 300 * SECOND, 4127 if armed else 0, 0, 0, ""),
    )


def a_budget() -> tuple[StageBudget, ...]:
    """Every stage inside its time."""
    return (
        StageBudget(Stage.PERCEPTION, 200.0, 200.0, 48.2, 44.0, 71.4, 96.0, 0, 31),
        StageBudget(Stage.SOLVER, 900.0, 900.0, 402.0, 388.0, 610.0, 744.0, 0, 31),
        StageBudget(Stage.ADVISERS, 400.0, 400.0, None, None, None, None, 0, 0),
        StageBudget(Stage.SYNTHESIS, 100.0, 100.0, 1.4, 1.2, 2.8, 4.1, 0, 31),
        StageBudget(Stage.EXECUTION, 400.0, 400.0, 184.0, 176.0, 240.0, 261.0, 0, 31),
    )


def a_calendar() -> CalendarStatus:
    """Confirmed a while ago; the next window opens in a bit more than two hours."""
    window = EventWindow("software release", UTC_S + 7620, UTC_S + 9420)
    return CalendarStatus(True, "config/event-calendar.csv", 4000.0, "", "", None, window)


def some_certificates() -> tuple[CertificateStatus, ...]:
    """Two current, one due."""
    return (
        CertificateStatus("panic-stop", "Panic stop", True, "passed on 2026-11-22 09:12 UTC"),
        CertificateStatus("recovery", "Recovery run", True, "passed on 2026-11-22 09:20 UTC"),
        CertificateStatus("kill-9", "Kill of each process", False, "the configuration has changed since it passed"),
    )


def an_alarm(key: str = "confidence", state: AlarmState = AlarmState.UNACKNOWLEDGED, **changes: object) -> AlarmView:
    """An alarm of the table as the engine's list would give it."""
    row = BY_KEY[key]
    view = AlarmView(
        key=key,
        title=row.title,
        priority=row.priority,
        state=state,
        raised_at=START,
        raised_utc=PANIC.utc,
        detail="0.9312 (seat 3 stack), 3 frames in a row",
        response=row.response,
        page=row.page,
        times=1,
        may_shelve=not row.latched and state is not AlarmState.SHELVED,
    )
    return replace(view, **changes)  # type: ignore[arg-type]


def some_alarms() -> tuple[AlarmView, ...]:
    """One of every state, the most urgent first."""
    gone = "gone: it ended with signal 11 and is started again"
    return (
        an_alarm("eyes", detail="stalled: no frame for 3.2 s", times=2),
        an_alarm("solver", AlarmState.ACKNOWLEDGED, detail=gone, raised_utc="2026-11-23T13:58:02.771Z"),
        an_alarm("risk-session", AlarmState.RETURNED_UNACKNOWLEDGED, detail="328 of 400 chips used, 72 left"),
        an_alarm("event-soon", AlarmState.ACKNOWLEDGED, detail="software release in 12 min"),
    )


def a_troubled_snapshot(mode: Mode = Mode.SAFE) -> Snapshot:
    """Much at once: the solver is gone, the advisers are out, time is short, little risk is left."""
    well = a_snapshot(mode)
    eyes, solver, advisers, *rest = well.health
    perception, solving, *others = well.budget
    slow = replace(solving, allowed_ms=610.0, last_ms=702.0, p50_ms=540.0, p95_ms=688.0, p99_ms=731.0, overruns=7)
    lost = replace(
        solver, state=HealthState.GONE, restarts=3, restarts_left=0, detail="it ended with signal 11 and starts again"
    )
    out = replace(advisers, state=HealthState.NOT_READY, detail="no answer from https://advisers.example for 12 s")
    return replace(
        well,
        mode_reason="solver-lost: it ended with signal 11" if mode is Mode.SAFE else well.mode_reason,
        degraded=frozenset(Degradation),
        health=(eyes, lost, out, *rest),
        budget=(perception, slow, *others),
        risk=RiskStatus(-328, 400, 171, 200, 172, 200, 938, 0, 20),
        calendar=replace(well.calendar, next=EventWindow("software release", UTC_S + 700, UTC_S + 2500)),
        alarms=some_alarms(),
    )


def some_events(count: int, level: str = "info") -> list[Event]:
    return [Event(at, "2026-11-23T14:02:31.204Z", level, f"event {at}") for at in range(count)]


def _sure(value: T, box: Box) -> Reading[T]:
    return Reading(value, 0.9994, box)


def _seat(seat: int, stack: float | None) -> SeatReading:
    x, y = SEAT_AT[seat]
    known = Reading(380 + 17 * seat, stack or 0.0, STACK_BOXES[seat])
    return SeatReading(
        seat=seat,
        status=_sure("folded" if seat in (1, 3) else "in", Box(x - 54, y - 24, 108, 22)),
        stack=Reading(None, 0.41, STACK_BOXES[seat]) if stack is None else known,
        bet=_sure(0, Box(x - 20, y + 46, 40, 18)),
    )


def _control(kind: str, x: int, amount: int) -> ControlReading:
    box = Box(x, 580, 120, 45)
    return ControlReading(kind, _sure(True, box), _sure(amount, Box(x + 60, 590, 50, 24)), box)


def _write(image: NDArray[np.uint8], text: str, x: int, y: int) -> None:
    cv2.putText(image, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (225, 225, 225), 1, cv2.LINE_AA)


def _card(image: NDArray[np.uint8], card: str, x: int, y: int) -> None:
    cv2.rectangle(image, (x, y), (x + 48, y + 66), (245, 245, 245), -1)
    cv2.putText(image, card, (x + 5, y + 40), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (30, 30, 30), 2, cv2.LINE_AA)
