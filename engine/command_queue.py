"""Commands for the engine thread from any other: handed in, carried out in the engine's next round, answered."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar, cast

from engine.safety.supervisor import InvalidTransitionError

T = TypeVar("T")
ANSWER_LIMIT_S = 5.0


class CommandQueue:
    """``wake`` tells the engine thread that something waits."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._waiting: deque[tuple[Callable[[], object], Future[object]]] = deque()

    def ask(self, act: Callable[[], T]) -> T:
        """Have ``act`` run in the engine thread, and give or raise what comes of it. TimeoutError after 5 s."""
        future: Future[object] = Future()
        self._waiting.append((act, future))
        self._wake()
        return cast(T, future.result(ANSWER_LIMIT_S))

    def carry_out(self) -> None:
        """Run what waits; for the engine thread."""
        while self._waiting:
            act, future = self._waiting.popleft()
            try:
                future.set_result(act())
            except Exception as error:  # handed to whoever asked
                future.set_exception(error)

    def refuse(self) -> None:
        """The engine has ended: InvalidTransitionError for whoever waits."""
        while self._waiting:
            _, future = self._waiting.popleft()
            future.set_exception(InvalidTransitionError("the engine has ended"))
