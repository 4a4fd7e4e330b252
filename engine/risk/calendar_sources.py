"""Where the event calendar comes from: a file, or an address that is fetched over a verified, encrypted line."""

import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage, HTTPResponse
from pathlib import Path
from typing import IO, Protocol
from urllib.parse import urlsplit

from engine.clock import SECOND, Clock, SystemClock
from engine.risk.calendar_csv import AHEAD_S, CalendarError, CalendarFile, parse, utc_text

LARGEST = 1_000_000
TIMEOUT_S = 10.0
PIECE = 65_536

OpenUrl = Callable[[urllib.request.Request, float], HTTPResponse]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A calendar with the time at which its source stood behind it (UTC seconds)."""

    calendar: CalendarFile
    confirmed_at: float


class Source(Protocol):
    """One source of the calendar."""

    @property
    def name(self) -> str:
        """What it is called in messages."""
        ...

    def read(self, now: float) -> Loaded:
        """Read it now (UTC seconds). Raises CalendarError that says what to do; may take ``TIMEOUT_S``."""
        ...


@dataclass(frozen=True, slots=True)
class FileSource:
    """A CSV file. Copying a file makes it look new, so the time of change alone is never believed: its line
    ``# as of`` is required, and the older of the two counts.
    """

    path: Path

    @property
    def name(self) -> str:
        return str(self.path)

    def read(self, now: float) -> Loaded:
        """The file. Raises CalendarError."""
        try:
            with self.path.open("rb") as file:
                content = file.read(LARGEST + 1)
            changed_at = self.path.stat().st_mtime
        except OSError as problem:
            raise CalendarError(f"it cannot be read ({problem.strerror or problem})") from problem
        calendar = parse(_text(content), now)
        if calendar.as_of is None:
            raise CalendarError("it does not say when it was confirmed: add the line # as of: 2026-03-01T14:30:00Z")
        if changed_at > now + AHEAD_S:
            raise CalendarError(f"it was changed in the future ({utc_text(changed_at)}): correct the clock")
        return Loaded(calendar, min(calendar.as_of, changed_at))


class UrlSource:
    """An https address. It is confirmed by being fetched, or earlier when it says so itself (``# as of``)."""

    def __init__(self, address: str, open_url: OpenUrl | None = None, clock: Clock | None = None) -> None:
        """``open_url`` opens a request within seconds given; without it, over TLS with the certificate verified."""
        self._address = address
        self._open = open_url or encrypted()
        self._clock = clock or SystemClock()

    @property
    def name(self) -> str:
        """The address without what may be secret in it: user, password and query."""
        parts = urlsplit(self._address)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

    def read(self, now: float) -> Loaded:
        """Fetch it. Raises CalendarError."""
        calendar = parse(_text(self._fetched()), now)
        return Loaded(calendar, now if calendar.as_of is None else min(calendar.as_of, now))

    def _fetched(self) -> bytes:
        request = urllib.request.Request(self._address, headers={"User-Agent": "pitboss", "Accept": "text/csv"})
        deadline = self._clock.now() + round(TIMEOUT_S * SECOND)
        try:
            with self._open(request, TIMEOUT_S) as answer:
                if answer.status != 200:
                    raise CalendarError(f"it answered {answer.status}")
                return self._body(answer, deadline)
        except urllib.error.HTTPError as problem:
            problem.close()
            raise CalendarError(f"it answered {problem.code}") from problem
        except (OSError, HTTPException, ValueError) as problem:
            if isinstance(problem, CalendarError):
                raise
            reason = getattr(problem, "reason", None) or problem
            raise CalendarError(f"it cannot be fetched ({reason})") from problem

    def _body(self, answer: HTTPResponse, deadline: int) -> bytes:
        announced = answer.headers.get("Content-Length")
        if announced is None and not answer.chunked:
            raise CalendarError("it does not say how long it is, so it may be cut off")
        body = bytearray()
        while len(body) <= LARGEST and (piece := answer.read1(PIECE)):
            body += piece
            if self._clock.now() > deadline:
                raise CalendarError(f"it took longer than {TIMEOUT_S:.0f} s")
        if announced is not None and len(body) <= LARGEST and len(body) != int(announced):
            raise CalendarError(f"{len(body)} of {announced} bytes came: it was cut off")
        return bytes(body)


class _StayEncrypted(urllib.request.HTTPRedirectHandler):
    """Follows a redirect only to another https address."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if urlsplit(newurl).scheme != "https":
            raise CalendarError("it redirects to an address that is not encrypted")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def encrypted(context: ssl.SSLContext | None = None, *more: urllib.request.BaseHandler) -> OpenUrl:
    """Opens https addresses and nothing else: no plain http, no file, no other scheme, by whatever redirect.

    ``context`` is for a certificate authority of one's own; ``more`` adds handlers.
    """
    director = urllib.request.OpenerDirector()
    handlers = [
        urllib.request.ProxyHandler(),
        urllib.request.HTTPSHandler(context=context or ssl.create_default_context()),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _StayEncrypted(),
        urllib.request.UnknownHandler(),
        *more,
    ]
    for handler in handlers:
        director.add_handler(handler)

    def open_url(request: urllib.request.Request, timeout: float) -> HTTPResponse:
        answer = director.open(request, timeout=timeout)
        assert isinstance(answer, HTTPResponse)
        return answer

    return open_url


def source(where: str, base: Path, open_url: OpenUrl | None = None) -> Source:
    """The source that the configuration names: an https address, or a file relative to ``base``.

    Raises CalendarError for any other address.
    """
    if where.startswith("https://"):
        return UrlSource(where, open_url)
    if "://" in where:
        raise CalendarError(f"{where.partition('://')[0]} addresses are not read: give an https address or a file")
    return FileSource(base / Path(where).expanduser())


def _text(content: bytes) -> str:
    if len(content) > LARGEST:
        raise CalendarError(f"it is larger than {LARGEST} bytes: leave out what is past")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise CalendarError("it is not UTF-8 text") from problem
