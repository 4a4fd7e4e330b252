"""The eyes' thread: looks again and again, renews or withdraws the leave to press, and can be begun anew.

A thread that hangs in a call of the system cannot be ended. A restart therefore starts another and takes everything
from the old one: it may come back years later and finds that nobody listens, and that it may not renew a permit.
"""

import threading
from collections.abc import Callable
from typing import Protocol

from engine.clock import MILLISECOND, SECOND, Clock
from engine.execution.passive import passive_places
from engine.permit.page import VisionPart
from engine.ports import Eyes
from engine.words import Blindness, Component, Frame, HealthReport, Look

FRAME_PERIOD = 33 * MILLISECOND
END_LIMIT_S = 5.0


class OpenEyes(Eyes, Protocol):
    """Eyes with their own connection to the screen."""

    def close(self) -> None:
        """Give the screen back."""
        ...


class EyesThread:
    """Implements ``engine.ports.Watched``. ``open_eyes`` is called in the thread that will look.

    ``seen`` takes every look, also one that says that the eyes are restarting; it is called with a lock held and has
    to be short. A frame below ``confidence_limit`` withdraws the leave to press at once.
    """

    component = Component.EYES

    def __init__(
        self,
        open_eyes: Callable[[], OpenEyes],
        clock: Clock,
        confidence_limit: float,
        vision: VisionPart,
        seen: Callable[[Look], None],
    ) -> None:
        self._open_eyes = open_eyes
        self._clock = clock
        self._confidence_limit = confidence_limit
        self._vision = vision
        self._seen = seen
        self._lock = threading.Lock()
        self._generation = 0
        self._thread: threading.Thread | None = None
        self._ending = threading.Event()
        self._frame: Frame | None = None
        self._looks = 0
        self._opened = False
        self._ready = False
        self._problem = ""

    @property
    def frame(self) -> Frame | None:
        """The last frame captured."""
        return self._frame

    def start(self) -> None:
        """Begin to look."""
        with self._lock:
            self._begin()

    def restart(self) -> None:
        """Begin anew with another connection to the screen; the leave to press is withdrawn and the eyes are shut."""
        with self._lock:
            if self._ending.is_set():
                return
            self._vision.void()
            shut = Look(self._clock.now(), None, Blindness.RESTARTING, self._problem, True, False, False, 0, 0)
            self._seen(shut)
            self._begin()

    def bind(self, vision: VisionPart) -> None:
        """Write into another page from now on."""
        with self._lock:
            self._vision.void()
            self._vision = vision

    def report(self) -> HealthReport:
        """The eyes' own word: ready once they have looked, busy always."""
        thread = self._thread
        alive = thread is not None and thread.is_alive()
        return HealthReport(Component.EYES, self._opened, self._ready, alive, alive, self._looks, self._problem)

    def close(self) -> None:
        """End the thread; one that hangs is left behind after some seconds, without leave to do anything."""
        self._ending.set()
        thread = self._thread
        if thread is not None:
            thread.join(END_LIMIT_S)
        with self._lock:
            self._generation += 1
            self._vision.void()

    def _begin(self) -> None:
        """Start a thread of a new generation; the lock is held."""
        self._generation += 1
        self._opened = self._ready = False
        self._problem = ""
        self._thread = threading.Thread(target=self._run, args=(self._generation,), name="eyes", daemon=True)
        self._thread.start()

    def _run(self, generation: int) -> None:
        try:
            eyes = self._open_eyes()
        except Exception as error:  # said by the report; the health monitor decides what becomes of it
            self._note(generation, f"{type(error).__name__}: {error}")
            return
        try:
            self._note(generation, "", opened=True)
            self._watch(eyes, generation)
        finally:
            eyes.close()

    def _watch(self, eyes: OpenEyes, generation: int) -> None:
        while not self._ending.is_set():
            began = self._clock.now()
            look = self._look(eyes)
            if not self._publish(generation, look, eyes.frame):
                return
            self._ending.wait(max(0, FRAME_PERIOD - (self._clock.now() - began)) / SECOND)

    def _look(self, eyes: OpenEyes) -> Look:
        try:
            return eyes.look()
        except Exception as error:  # shut for a reason we do not know: that is blindness, not a crash
            detail = f"{type(error).__name__}: {error}"
            return Look(self._clock.now(), None, Blindness.CAPTURE_FAILED, detail, True, False, False, 0, 0)

    def _publish(self, generation: int, look: Look, frame: Frame | None) -> bool:
        """Renew or withdraw the leave and hand the look on; False for a thread that has been replaced."""
        seen = look.observation
        with self._lock:
            if generation != self._generation:
                return False
            if seen is not None and look.blindness is None and seen.confidence >= self._confidence_limit:
                self._vision.show(seen.captured_at, seen.view_id, passive_places(seen))
            else:
                self._vision.void(look.at)
            self._vision.progress()
            self._looks += 1
            self._ready = True
            self._frame = frame
            self._seen(look)
            return True

    def _note(self, generation: int, problem: str, *, opened: bool = False) -> None:
        with self._lock:
            if generation == self._generation:
                self._problem, self._opened = problem, opened
