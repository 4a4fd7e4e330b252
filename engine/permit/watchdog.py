"""The watchdog: stops without the console. It sees hotkey, corners and stalls, kills the actuator, releases the keys.

Started by the console with pipes on stdin and stdout (JSON lines). It gives no leave; its beat is a condition of
every press, so its death stops as well. After a stop it beats no more and waits for its end-of-file.
"""

import os
from typing import Any

from engine.permit.clock import MILLISECOND, SECOND, Clock
from engine.permit.device import Desk
from engine.permit.handshake import HandshakeError, agree
from engine.permit.page import PermitError, PermitPage
from engine.permit.pipe import LineReader, LineWriter, PipeError, parse
from engine.permit.process_identity import ProcessIdentity
from engine.permit.words import ARMED, StopCode, Words

POLL = 5 * MILLISECOND
STALL_LIMIT = 3 * SECOND
"""The permit covers presses; this one ends a session whose engine, eyes or actuator do not come back."""

STEP_LIMIT = 250 * MILLISECOND
"""The most that one poll adds to a stall: after a suspend all counters stand, and nobody is to blame."""

CORNER_PIXELS = 2
CORNER_POLLS = 2
ACTUATOR_ANSWER = 100 * MILLISECOND
RELEASE_FOR = 50 * MILLISECOND
"""The X server may still read a press that the killed process had written, so releasing goes on for a while."""

EXIT_ENDED = 0
EXIT_REFUSED = 1


class Stall:
    """A progress counter that stands still while it should move."""

    def __init__(self) -> None:
        self._value = -1
        self._seen_at = 0
        self._stood = 0

    def stalled(self, value: int, now: int, expected: bool) -> bool:
        """Whether the counter has stood for 3 s during which progress was expected and the watchdog itself ran."""
        step = min(now - self._seen_at, STEP_LIMIT)
        stands = expected and value == self._value
        self._stood = self._stood + step if stands else 0
        self._value, self._seen_at = value, now
        return self._stood >= STALL_LIMIT


class Watchdog:
    """The loop over desk, page and pipe, all given."""

    def __init__(self, desk: Desk, permit: PermitPage, reader: LineReader, writer: LineWriter, clock: Clock) -> None:
        self._desk = desk
        self._permit = permit
        self._reader = reader
        self._writer = writer
        self._clock = clock
        self._actuator: ProcessIdentity | None = None
        self._engine_stall = Stall()
        self._vision_stall = Stall()
        self._actuator_stall = Stall()
        self._corner_polls = 0
        self._dismissed = False

    def run(self) -> None:
        """Watch until stopped or dismissed, enforce a stop, and wait for end-of-file."""
        try:
            self._watch()
        except Exception:
            self._permit.watchdog.stop(StopCode.WATCHDOG_FAULT)
            self._enforce()
            raise
        if not self._dismissed or self._permit.stopped():  # a stop just before the dismissal is still enforced
            self._enforce()
        else:
            self._desk.release()  # the actuator has ended by now; one that had to be killed may have held something
        while not self._reader.ended:
            self._reader.next(SECOND)

    def _watch(self) -> None:
        while not self._dismissed and not self._permit.stopped():
            line = self._reader.next(POLL)
            if line is not None:
                self._listen(parse(line))
            code = self._cause(self._permit.read())
            if code is not None:
                self._permit.watchdog.stop(code)
            elif self._actuator is not None:  # before that it would not know whom to kill: no leave
                self._permit.watchdog.beat(self._clock.now())

    def _listen(self, message: dict[str, Any]) -> None:
        """``{"actuator": pid, "started": ticks}`` names the process to guard, ``{"dismiss": true}`` ends the watch."""
        if message.get("dismiss") is True:
            self._dismissed = True
        elif isinstance(message.get("actuator"), int) and isinstance(message.get("started"), int):
            self._actuator = ProcessIdentity(message["actuator"], message["started"])
        else:
            raise PipeError(f"message {sorted(message)} is not known: the console is of another version")

    def _cause(self, words: Words) -> StopCode | None:
        if self._dismissed:
            return None
        if self._reader.ended:
            return StopCode.ENGINE_GONE
        if self._desk.hotkey():
            return StopCode.HOTKEY
        return self._armed_cause(words)

    def _armed_cause(self, words: Words) -> StopCode | None:
        """What stops only while something may be pressed; every condition is looked at, since each counts on."""
        now, armed = self._clock.now(), words.mode in ARMED
        guarding = armed and self._actuator is not None
        found = (
            (StopCode.CORNER, armed and self._in_corner()),
            (StopCode.ENGINE_PROGRESS, self._engine_stall.stalled(words.engine_progress, now, armed)),
            (StopCode.VISION_PROGRESS, self._vision_stall.stalled(words.vision_progress, now, armed)),
            (StopCode.ACTUATOR_PROGRESS, self._actuator_stall.stalled(words.actuator_progress, now, guarding)),
            (StopCode.ACTUATOR_GONE, armed and self._actuator is not None and not self._actuator.alive),
        )
        return next((code for code, holds in found if holds), None)

    def _in_corner(self) -> bool:
        (x, y), (width, height) = self._desk.pointer(), self._desk.size()
        beside = x < CORNER_PIXELS or x >= width - CORNER_PIXELS
        corner = beside and (y < CORNER_PIXELS or y >= height - CORNER_PIXELS)
        self._corner_polls = self._corner_polls + 1 if corner else 0
        return self._corner_polls >= CORNER_POLLS

    def _enforce(self) -> None:
        """Wait for the actuator's word, kill it, release what it held, and say so."""
        seen_at = self._clock.now()
        answered = self._await_answer(seen_at)
        killed = self._kill()
        released = release_for_a_while(self._desk, self._clock)
        self._writer.send(
            {
                "stopped": [str(stop) for stop in self._permit.stops()],
                "seen_at": seen_at,
                "answered": answered,
                "killed": killed,
                "released": released,
                "ended_at": self._clock.now(),
            }
        )

    def _await_answer(self, since: int) -> bool:
        while self._actuator is not None and self._actuator.alive:
            if any(stop.owner == "actuator" for stop in self._permit.stops()):
                return True
            if self._clock.now() - since >= ACTUATOR_ANSWER:
                return False
            self._clock.sleep(MILLISECOND)
        return False

    def _kill(self) -> bool:
        if self._actuator is None or not self._actuator.kill():
            return False
        end = self._clock.now() + ACTUATOR_ANSWER
        while self._actuator.alive and self._clock.now() < end:
            self._clock.sleep(MILLISECOND)
        return True


def release_for_a_while(desk: Desk, clock: Clock) -> list[str]:
    """Release what is down, again and again for a moment, and name it."""
    released: set[str] = set()
    end = clock.now() + RELEASE_FOR
    while clock.now() < end:
        released.update(desk.release())
        clock.sleep(POLL)
    return sorted(released)


def serve(desk: Desk, reader: LineReader, writer: LineWriter, clock: Clock) -> int:
    """Agree with the console, then watch; the exit code of the process. The reason of a refusal is its last line."""
    try:
        permit = agree(reader, writer, clock, os.getpid())
    except (HandshakeError, PermitError, PipeError) as error:
        writer.send({"error": str(error)})
        return EXIT_REFUSED
    writer.send({"started": True})
    Watchdog(desk, permit, reader, writer, clock).run()
    return EXIT_ENDED
