"""The eyes' thread renews and withdraws the leave to press, and one that hangs is replaced and can give none."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.clock import SystemClock
from engine.permit import page as permit
from engine.permit.page import PermitPage
from engine.runtime.eyes_thread import EyesThread
from engine.words import Blindness, Box, Frame, Look, Observation, Reading, WindowInfo

LIMIT_S = 5.0
WINDOW = WindowInfo(1, "table", "table", Box(0, 0, 10, 10))


class ShownEyes:
    """ports.Eyes that see what they are told, until they are told to hang or to fail."""

    def __init__(self) -> None:
        self.confidence = 1.0
        self.hang: threading.Event | None = None
        self.hung = threading.Event()
        self.error: Exception | None = None
        self.closed = threading.Event()
        self.frame: Frame | None = None

    def look(self) -> Look:
        now = SystemClock().now()
        if self.hang is not None:
            self.hung.set()
            assert self.hang.wait(LIMIT_S)
        if self.error is not None:
            raise self.error
        return Look(now, _observation(now, self.confidence), None, "", True, True, True, 1, 1)

    def close(self) -> None:
        self.closed.set()


def _observation(at: int, confidence: float) -> Observation:
    number = Reading(1, confidence, WINDOW.box)
    return Observation(1, at, WINDOW, 1.0, number, (), (), number, (), number, number, (), confidence, "pot", 77)


@pytest.fixture
def page(tmp_path: Path) -> PermitPage:
    return permit.create(tmp_path / "permit", permit.new_epoch())


class Watching:
    """An eyes' thread under test with the eyes it opens, one after another."""

    def __init__(self, page: PermitPage) -> None:
        self.opened: list[ShownEyes] = []
        self.looks: list[Look] = []
        self.changed = threading.Condition()
        self.thread = EyesThread(self._open, SystemClock(), 0.99, page.vision, self._seen)

    def _open(self) -> ShownEyes:
        self.opened.append(ShownEyes())
        return self.opened[-1]

    def _seen(self, look: Look) -> None:
        with self.changed:
            self.looks.append(look)
            self.changed.notify_all()

    def until(self, condition: Callable[[], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(condition, LIMIT_S)

    def more(self, count: int = 2) -> None:
        target = len(self.looks) + count
        self.until(lambda: len(self.looks) >= target)


@pytest.fixture
def watching(page: PermitPage) -> Iterator[Watching]:
    watching = Watching(page)
    watching.thread.start()
    watching.more()
    yield watching
    watching.thread.close()


def test_a_confident_look_gives_leave_and_a_doubtful_one_withdraws_it(watching: Watching, page: PermitPage) -> None:
    assert page.read().view_id == 77
    assert page.read().captured_at == watching.looks[-1].at or page.read().captured_at > watching.looks[-2].at
    watching.opened[0].confidence = 0.98
    watching.more()
    assert page.read().captured_at == 0
    report = watching.thread.report()
    assert (report.started, report.ready, report.alive) == (True, True, True)
    assert report.progress >= 4


def test_eyes_that_fail_are_blind_and_look_on(watching: Watching, page: PermitPage) -> None:
    watching.opened[0].error = RuntimeError("the grabber broke")
    watching.more()
    assert watching.looks[-1].blindness is Blindness.CAPTURE_FAILED
    assert "the grabber broke" in watching.looks[-1].detail
    assert page.read().captured_at == 0


def test_eyes_that_hang_are_replaced_and_can_give_no_leave_when_they_come_back(
    watching: Watching, page: PermitPage
) -> None:
    hung = watching.opened[0]
    release = threading.Event()
    hung.hang = release
    assert hung.hung.wait(LIMIT_S)
    stood = watching.thread.report().progress
    watching.thread.restart()
    assert watching.looks[-1].blindness is Blindness.RESTARTING or len(watching.opened) == 2
    watching.more(3)
    assert len(watching.opened) == 2
    assert watching.thread.report().progress > stood
    watching.opened[1].confidence = 0.5
    watching.more()
    release.set()
    assert hung.closed.wait(LIMIT_S)
    assert page.read().captured_at == 0, "the eyes that came back renewed the leave"
    assert all(look.observation is None or look.observation.confidence < 0.99 for look in watching.looks[-2:])


def test_a_restart_shuts_the_eyes_until_the_new_ones_look(watching: Watching) -> None:
    count = len(watching.looks)
    watching.thread.restart()
    watching.more(3)
    shut = [look for look in watching.looks[count:] if look.blindness is Blindness.RESTARTING]
    assert len(shut) == 1
    assert watching.opened[0].closed.wait(LIMIT_S)


def test_eyes_that_cannot_be_opened_say_why(page: PermitPage) -> None:
    failed = threading.Event()

    def refuse() -> ShownEyes:
        failed.set()
        raise RuntimeError("no screen")

    thread = EyesThread(refuse, SystemClock(), 0.99, page.vision, lambda look: None)
    thread.start()
    assert failed.wait(LIMIT_S)
    thread.close()
    report = thread.report()
    assert (report.started, report.ready, report.alive) == (False, False, False)
    assert "no screen" in report.detail


def test_another_page_takes_over_and_the_old_one_keeps_no_leave(
    watching: Watching, page: PermitPage, tmp_path: Path
) -> None:
    other = permit.create(tmp_path / "other", permit.new_epoch())
    watching.thread.bind(other.vision)
    watching.more()
    assert page.read().captured_at == 0
    assert other.read().captured_at > 0


def test_after_the_end_there_is_no_leave(page: PermitPage) -> None:
    watching = Watching(page)
    watching.thread.start()
    watching.more()
    watching.thread.close()
    assert page.read().captured_at == 0
    watching.thread.restart()
    assert len(watching.opened) == 1
