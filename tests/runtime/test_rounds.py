"""The engine's thread: a fault in any part of a round stops, and the end is bounded and orderly."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.clock import SystemClock
from engine.execution.processes import StopReport
from engine.permit import page as permit
from engine.permit.page import PermitMode, PermitPage
from engine.permit.watchdog import STALL_LIMIT
from engine.runtime.arming import Arming
from engine.runtime.rounds import EngineThread, Round
from engine.safety.supervisor import Conditions, InvalidTransitionError
from engine.session.watch import Findings
from engine.words import Cause, Mode
from tests.session.desk import TICK, Desk, Fingers

LIMIT_S = 10.0
SOON_S = 0.1


@pytest.fixture
def page(tmp_path: Path) -> PermitPage:
    return permit.create(tmp_path / "permit", permit.new_epoch())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.until(lambda: desk.session.state is not None)
    return desk


class Guards:
    """Two guards that run."""

    warnings: tuple[str, ...] = ()

    def __init__(self, hands: Fingers) -> None:
        self.actuator = self.watchdog = hands

    def stops(self) -> Sequence[StopReport]:
        return ()

    def close(self) -> None: ...


class Engine:
    """An engine's thread over a desk's session, and how many rounds it has made."""

    def __init__(self, desk: Desk, page: PermitPage, *parts: Callable[[], None]) -> None:
        self.made = threading.Semaphore(0)
        self.closed = threading.Event()
        self.thread = EngineThread(
            SystemClock(),
            desk.session,
            lambda: page,
            first=lambda: None,
            parts=(*parts, self.made.release),
            last=self.closed.set,
        )

    def rounds(self, count: int = 2) -> None:
        for _ in range(count):
            assert self.made.acquire(timeout=LIMIT_S)


@pytest.fixture
def ended() -> Iterator[list[Engine]]:
    begun: list[Engine] = []
    yield begun
    for engine in begun:
        engine.thread.end()


def broken() -> None:
    raise ZeroDivisionError("a part of the round broke")


def test_a_fault_in_any_part_stops_and_the_rounds_go_on(desk: Desk, page: PermitPage, ended: list[Engine]) -> None:
    desk.arm()
    engine = Engine(desk, page, broken)
    ended.append(engine)
    engine.thread.start()
    engine.rounds(3)
    assert desk.mode is Mode.STOPPED
    assert desk.session.panic is not None
    assert desk.session.panic.cause is Cause.ENGINE_FAULT
    assert "a part of the round broke" in desk.session.panic.measured
    assert engine.thread.commands.ask(lambda: "still there") == "still there"


def test_where_not_even_the_stop_goes_as_it_should_the_page_is_stopped(
    desk: Desk, page: PermitPage, ended: list[Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.arm()
    monkeypatch.setattr(desk.session, "step", lambda *_: broken())
    engine = Engine(desk, page, broken)
    ended.append(engine)
    engine.thread.start()
    engine.rounds()
    assert page.stopped()


def test_the_end_disarms_and_refuses_what_comes_later(desk: Desk, page: PermitPage) -> None:
    desk.arm()
    engine = Engine(desk, page)
    engine.thread.start()
    engine.rounds()
    assert engine.thread.end()
    assert desk.mode is Mode.STANDBY
    assert page.read().mode == PermitMode.STANDBY
    assert engine.closed.is_set()
    with pytest.raises(InvalidTransitionError, match="has ended"):
        engine.thread.commands.ask(lambda: None)


def test_the_end_of_a_stopped_engine_stays_stopped(desk: Desk, page: PermitPage, tmp_path: Path) -> None:
    desk.arm()
    engine = Engine(desk, page, broken)
    engine.thread.start()
    engine.rounds()
    assert engine.thread.end()
    assert desk.mode is Mode.STOPPED
    assert Desk(tmp_path).mode is Mode.STOPPED


def test_an_engine_that_hangs_is_left_behind_with_the_page_stopped(desk: Desk, page: PermitPage) -> None:
    desk.arm()
    stuck, back = threading.Event(), threading.Event()

    def hang() -> None:
        stuck.set()
        assert back.wait(LIMIT_S)

    engine = Engine(desk, page, hang)
    engine.thread.start()
    assert stuck.wait(LIMIT_S)
    assert not engine.thread.end(SOON_S)
    assert page.stopped()
    back.set()
    assert engine.thread.end()


def test_one_that_never_began_ends(desk: Desk, page: PermitPage) -> None:
    assert Engine(desk, page).thread.end()


def test_bad_frames_from_while_the_engine_stood_still_stop_it_when_it_goes_on(desk: Desk, page: PermitPage) -> None:
    def unused(*_: object) -> Any:
        raise AssertionError("nothing is armed anew here")

    arming = Arming[Any](desk.session, desk.memory, lambda: page, unused, unused)
    desk.arm()
    arming.guards = Guards(desk.fingers)
    turn = Round(desk.session, arming, lambda: Findings(Conditions(), ()), lambda: page)
    for number in range(STALL_LIMIT // TICK):
        desk.clock.sleep(TICK)
        desk.confidence = 0.5 if number in (1, 4, 7) else 1.0
        turn.looks.append(replace(desk.look(), evaluate=number % 3 == 1))
    for part in turn.parts:
        part()
    assert desk.mode is Mode.STOPPED
    assert desk.session.panic is not None
    assert desk.session.panic.cause is Cause.CONFIDENCE
