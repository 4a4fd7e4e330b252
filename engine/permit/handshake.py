"""How a guard process and the console agree on the page and on the time before anything may be pressed."""

from pathlib import Path
from typing import Any

from engine.permit import page
from engine.permit.clock import MILLISECOND, SECOND, Clock
from engine.permit.page import PermitPage
from engine.permit.pipe import LineReader, LineWriter, PipeError, parse

CLOCK_LIMIT = 50 * MILLISECOND
HELLO_TIMEOUT = 10 * SECOND
HELLO_ATTEMPTS = 5


class HandshakeError(RuntimeError):
    """The console and this process do not agree; the message says on what."""


def agree(reader: LineReader, writer: LineWriter, clock: Clock, pid: int) -> PermitPage:
    """Say ready, take the console's hello, compare the clocks and map the page.

    A hello that arrives more than 50 ms old is asked for again, since a busy machine delays lines; one from the
    future means two different clocks. Raises ``HandshakeError`` or ``PermitError``.
    """
    writer.send({"ready": True, "pid": pid, "now": clock.now()})
    for _ in range(HELLO_ATTEMPTS):
        hello = _hello(reader)
        age = clock.now() - hello["now"]
        if age < 0:
            raise HandshakeError(f"the console's clock is {-age / MILLISECOND:.1f} ms ahead: start both on one machine")
        if age <= CLOCK_LIMIT:
            return _page(hello)
        writer.send({"again": True, "age": age})
    raise HandshakeError(f"every hello was over {CLOCK_LIMIT // MILLISECOND} ms old: free the processor and arm again")


def _hello(reader: LineReader) -> dict[str, Any]:
    line = reader.next(HELLO_TIMEOUT)
    if line is None:
        raise HandshakeError("no hello came from the console: this program is started by it, not by hand")
    try:
        hello = parse(line)
    except PipeError as error:
        raise HandshakeError(f"the first line was no hello: {error}") from error
    wanted = {"hello": bool, "page": str, "epoch": int, "now": int}
    if any(not isinstance(hello.get(key), kind) for key, kind in wanted.items()):
        raise HandshakeError(f"the first line must hold {', '.join(wanted)}: got {sorted(hello)}")
    return hello


def _page(hello: dict[str, Any]) -> PermitPage:
    permit = page.open(Path(hello["page"]))
    if permit.epoch != hello["epoch"]:
        permit.close()
        raise HandshakeError("the permit page is of another epoch than the console's: arm again")
    return permit
