"""The actuator: answers requests to press, one at a time, and obeys any stop word within milliseconds.

Started by the console with pipes on stdin and stdout (JSON lines). End-of-file means that the console is gone: what is
held is released and the process ends. From the first stop word or fault on, everything is refused until it ends.
"""

import os
from dataclasses import asdict

from engine.permit.clock import MILLISECOND, Clock
from engine.permit.device import CornerError, Device
from engine.permit.gesture import Gesture
from engine.permit.handshake import HandshakeError, agree
from engine.permit.page import PermitError, PermitPage, StopCode
from engine.permit.person import PersonWatch
from engine.permit.pipe import LineReader, LineWriter, PipeError, parse
from engine.permit.request import REFUSED, Report, Request, RequestError, read_request

IDLE_POLL = 5 * MILLISECOND
PERSON_POLL = 20 * MILLISECOND
EXIT_ENDED = 0
EXIT_REFUSED = 1


class Actuator:
    """The loop over requests. Everything it touches is given: device, page, pipes and clock."""

    def __init__(
        self, device: Device, permit: PermitPage, reader: LineReader, writer: LineWriter, clock: Clock
    ) -> None:
        self._device = device
        self._permit = permit
        self._reader = reader
        self._writer = writer
        self._clock = clock
        self._person = PersonWatch()
        self._seen_at = 0
        self._obeyed = False

    def run(self) -> None:
        """Serve until end-of-file; whatever happens, nothing stays pressed."""
        try:
            while not self._reader.ended:
                self._step()
        except Exception as fault:
            self._fail(fault)
            raise
        finally:
            self._device.release()

    def _step(self) -> None:
        line = self._reader.next(IDLE_POLL)
        self._permit.actuator.progress()
        self._obey()
        if line is not None:
            self._answer(line)
            self._obey()
        elif not self._obeyed:
            self._watch_person()

    def _obey(self) -> None:
        """Answer a stop word with our own, once."""
        stops = () if self._obeyed else self._permit.stops()
        if stops:
            self._obeyed = True
            self._permit.actuator.stop(StopCode.OBEYED)
            self._writer.send({"stopped": [str(stop) for stop in stops], "at": self._clock.now()})

    def _watch_person(self) -> None:
        now = self._clock.now()
        if now - self._seen_at >= PERSON_POLL:
            self._seen_at = now
            self._person.see(self._device.pointer(), now)

    def _answer(self, line: bytes) -> None:
        try:
            request = read_request(parse(line))
        except (RequestError, PipeError) as error:
            self._send(Report(getattr(error, "intent_id", -1), REFUSED, str(error), 0, self._clock.now()))
            return
        self._send(self._press(request))

    def _press(self, request: Request) -> Report:
        """Every intent number is used once a page, whatever comes of it; noted before anything is done."""
        last_intent = self._permit.actuator.last_intent
        self._permit.actuator.use(request.claim.intent_id)
        gesture = Gesture(self._device, self._permit, self._clock, self._person, request, last_intent)
        try:
            return gesture.make()
        except Exception as fault:
            self._fail(fault)
            return gesture.report(REFUSED, f"the actuator stopped: {fault}")

    def _fail(self, fault: Exception) -> None:
        """Set our own stop word first; releasing comes after and may fail too."""
        corner = isinstance(fault, CornerError)
        self._permit.actuator.stop(StopCode.CORNER if corner else StopCode.ACTUATOR_FAULT)
        self._device.release()

    def _send(self, report: Report) -> None:
        self._writer.send({"report": asdict(report)})


def serve(device: Device, reader: LineReader, writer: LineWriter, clock: Clock) -> int:
    """Agree with the console, then serve; the exit code of the process. The reason of a refusal is its last line."""
    try:
        permit = agree(reader, writer, clock, os.getpid())
    except (HandshakeError, PermitError, PipeError) as error:
        writer.send({"error": str(error)})
        return EXIT_REFUSED
    writer.send({"started": True})
    Actuator(device, permit, reader, writer, clock).run()
    return EXIT_ENDED
