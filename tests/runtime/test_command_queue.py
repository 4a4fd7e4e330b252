"""Whoever gives a command knows what became of it: none is carried out after it was given up."""

import threading
from collections.abc import Callable

import pytest

from engine.runtime.command_queue import CommandQueue
from engine.safety.supervisor import InvalidTransitionError

SOON_S = 0.05
LIMIT_S = 5.0


def beside(work: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    """Run ``work`` in another thread; what it gave or raised is the list's only element."""
    came: list[object] = []

    def run() -> None:
        try:
            came.append(work())
        except Exception as error:
            came.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, came


def test_a_command_is_carried_out_and_answered() -> None:
    asked = threading.Event()
    queue = CommandQueue(asked.set)
    thread, came = beside(lambda: queue.ask(lambda: 7))
    assert asked.wait(LIMIT_S)
    queue.carry_out()
    thread.join(LIMIT_S)
    assert came == [7]


def test_what_a_command_raises_reaches_whoever_asked_even_a_timeout_of_its_own() -> None:
    asked = threading.Event()
    queue = CommandQueue(asked.set)

    def slow_disk() -> None:
        raise TimeoutError("the disk")

    thread, came = beside(lambda: queue.ask(slow_disk))
    assert asked.wait(LIMIT_S)
    queue.carry_out()
    thread.join(LIMIT_S)
    assert str(came[0]) == "the disk"


def test_a_command_that_was_given_up_is_never_carried_out() -> None:
    done: list[str] = []
    queue = CommandQueue(lambda: None, SOON_S)
    with pytest.raises(TimeoutError, match=r"not take the command up within 0\.05 s, and it will not be carried out"):
        queue.ask(lambda: done.append("armed"))
    queue.carry_out()
    assert done == []


def test_a_command_under_way_is_waited_for() -> None:
    asked, begun, release = threading.Event(), threading.Event(), threading.Event()
    queue = CommandQueue(asked.set, SOON_S)

    def act() -> str:
        begun.set()
        assert release.wait(LIMIT_S)
        return "done"

    thread, came = beside(lambda: queue.ask(act))
    assert asked.wait(LIMIT_S)
    engine, _ = beside(queue.carry_out)
    assert begun.wait(LIMIT_S)
    thread.join(4 * SOON_S)
    assert came == []
    release.set()
    thread.join(LIMIT_S)
    engine.join(LIMIT_S)
    assert came == ["done"]


def test_a_command_that_hangs_is_said_to_hang() -> None:
    asked, release = threading.Event(), threading.Event()
    queue = CommandQueue(asked.set, SOON_S, SOON_S)
    thread, came = beside(lambda: queue.ask(lambda: release.wait(LIMIT_S)))
    assert asked.wait(LIMIT_S)
    engine, _ = beside(queue.carry_out)
    thread.join(LIMIT_S)
    release.set()
    engine.join(LIMIT_S)
    assert isinstance(came[0], TimeoutError)
    assert "has been at the command" in str(came[0])


def test_an_engine_that_has_ended_refuses_who_waits_and_who_comes_later() -> None:
    asked = threading.Event()
    queue = CommandQueue(asked.set)
    thread, came = beside(lambda: queue.ask(lambda: None))
    assert asked.wait(LIMIT_S)
    queue.refuse()
    thread.join(LIMIT_S)
    assert isinstance(came[0], InvalidTransitionError)
    with pytest.raises(InvalidTransitionError, match="has ended"):
        queue.ask(lambda: None)


def test_one_that_was_given_up_does_not_break_the_end() -> None:
    queue = CommandQueue(lambda: None, SOON_S)
    with pytest.raises(TimeoutError):
        queue.ask(lambda: None)
    queue.refuse()
