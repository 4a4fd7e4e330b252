"""Commands for the engine thread from any other: handed in, carried out in the engine's next round, answered.

Whoever asks knows what became of it: a command that was given up as late is never carried out afterwards.
"""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TypeVar, cast

from engine.safety.supervisor import InvalidTransitionError

T = TypeVar("T")
ANSWER_LIMIT_S = 5.0
"""How long a command may wait for the engine to take it up."""
FINISH_LIMIT_S = 30.0
"""How long one that was taken up may last: a disk that hangs, guards that have to be killed."""
Await = Callable[["Future[object]", float], bool]
"""Waits for an answer at most so many seconds; whether it has come."""


def await_answer(future: "Future[object]", limit_s: float) -> bool:
    """Wait as a thread does that has nothing else to do."""
    return bool(wait([future], limit_s).done)


class CommandQueue:
    """``wake`` tells the engine thread that something waits."""

    def __init__(
        self,
        wake: Callable[[], None],
        answer_limit_s: float = ANSWER_LIMIT_S,
        finish_limit_s: float = FINISH_LIMIT_S,
        awaiting: Await = await_answer,
    ) -> None:
        self._wake, self._await = wake, awaiting
        self._answer_limit_s, self._finish_limit_s = answer_limit_s, finish_limit_s
        self._waiting: deque[tuple[Callable[[], object], Future[object]]] = deque()
        self._lock = threading.Lock()
        self._ended = False

    def ask(self, act: Callable[[], T]) -> T:
        """Have ``act`` run in the engine thread, and give or raise what comes of it.

        TimeoutError when it was not begun in time, and then it never will be; or when it was begun and hangs, and then
        the message says so. InvalidTransitionError when the engine has ended.
        """
        future: Future[object] = Future()
        with self._lock:
            if self._ended:
                raise _ended()
            self._waiting.append((act, future))
        self._wake()
        return cast(T, self._answer(future))

    def carry_out(self) -> None:
        """Run what waits; for the engine thread."""
        while self._waiting:
            act, future = self._waiting.popleft()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(act())
            except Exception as error:  # handed to whoever asked
                future.set_exception(error)

    def refuse(self) -> None:
        """The engine has ended: InvalidTransitionError for whoever waits, and for whoever asks from now on."""
        with self._lock:
            self._ended = True
        while self._waiting:
            _, future = self._waiting.popleft()
            if future.set_running_or_notify_cancel():
                future.set_exception(_ended())

    def _answer(self, future: "Future[object]") -> object:
        if not self._await(future, self._answer_limit_s) and future.cancel():
            late = f"the engine did not take the command up within {self._answer_limit_s:g} s"
            raise TimeoutError(f"{late}, and it will not be carried out any more")
        if not self._await(future, self._finish_limit_s):
            hangs = f"the engine has been at the command for more than {self._finish_limit_s:g} s"
            raise TimeoutError(f"{hangs}: look at the mode; the stop works all the same")
        return future.result()


def _ended() -> InvalidTransitionError:
    return InvalidTransitionError("the engine has ended")
