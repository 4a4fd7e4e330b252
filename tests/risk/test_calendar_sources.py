"""An address is fetched over a verified line, whole, in time, and in bounds, or not at all."""

import os
import shutil
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import nullcontext
from http.client import HTTPResponse
from pathlib import Path

import pytest

from engine.clock import SECOND, VirtualClock
from engine.risk.calendar import COPY_NAME, EventCalendar
from engine.risk.calendar_csv import CalendarError
from engine.risk.calendar_sources import FileSource, OpenUrl, UrlSource, encrypted, source
from tests.risk.calendar_server import LARGE, self_signed, serving
from tests.risk.calendars import HOUR, NOON, WallClock, put


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate of this test and is not installed")
    return self_signed(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def secure_server(certificate: Path) -> Iterator[str]:
    with serving(certificate) as address:
        yield address


def plain() -> OpenUrl:
    """What the product never does: http without encryption, to the server of this test."""
    return encrypted(None, urllib.request.HTTPHandler())


def fetched(server: str, path: str) -> UrlSource:
    return UrlSource(server + path, plain())


@pytest.mark.parametrize("path", ["/good", "/good?token=secret", "/chunked", "/large"])
def test_a_fetched_calendar_is_confirmed_by_being_fetched(server: str, path: str) -> None:
    loaded = fetched(server, path).read(NOON)
    assert [window.name for window in loaded.calendar.windows] == ["maintenance"]
    assert loaded.confirmed_at == NOON


def test_a_calendar_that_says_itself_how_old_it_is_is_believed(server: str) -> None:
    assert fetched(server, "/dated").read(NOON).confirmed_at == NOON - HOUR


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/missing", "it answered 404"),
        ("/page", "line 1: the columns"),
        ("/binary", "not UTF-8"),
        ("/too-large", "larger than 1000000 bytes"),
        ("/large-chunk", "larger than 1000000 bytes"),
        ("/cut", "of .* bytes came: it was cut off"),
        ("/cut-large", "1000000 of 1000009 bytes came: it was cut off"),
        ("/cut-chunk", r"it cannot be fetched \(IncompleteRead"),
        ("/unending", "does not say how long it is"),
        ("/to/http://localhost/good", "redirects to an address that is not encrypted"),
        ("/to/file:///etc/passwd", "it answered 302"),
        ("/to//good", "redirects to an address that is not encrypted"),
    ],
)
def test_a_bad_answer_is_refused(server: str, path: str, why: str) -> None:
    with pytest.raises(CalendarError, match=why):
        fetched(server, path).read(NOON)


def test_a_refusal_leaves_no_line_open(server: str) -> None:
    answers: list[urllib.error.HTTPError] = []

    def watched(request: urllib.request.Request, timeout: float) -> HTTPResponse:
        try:
            return plain()(request, timeout)
        except urllib.error.HTTPError as answer:
            answers.append(answer)
            raise

    with pytest.raises(CalendarError, match="it answered 404"):
        UrlSource(server + "/missing", watched).read(NOON)
    assert [answer.closed for answer in answers] == [True]


def test_nobody_there() -> None:
    with serving() as gone:
        pass
    with pytest.raises(CalendarError, match=r"it cannot be fetched \(\[Errno \d+\] Connection refused\)"):
        fetched(gone, "/good").read(NOON)


class Hurrying(VirtualClock):
    """A clock on which every look takes six seconds."""

    def now(self) -> int:
        self.sleep(6 * SECOND)
        return super().now()


def test_an_answer_that_drips_is_given_up(server: str) -> None:
    with pytest.raises(CalendarError, match="longer than 10 s"):
        UrlSource(server + "/large", plain(), Hurrying()).read(NOON)


@pytest.mark.parametrize(("took", "in_time"), [(10 * SECOND, True), (10 * SECOND + 1, False)])
def test_an_answer_may_take_ten_seconds(server: str, took: int, in_time: bool) -> None:
    clock = VirtualClock()

    def slow(request: urllib.request.Request, timeout: float) -> HTTPResponse:
        assert timeout == 10.0
        clock.sleep(took)
        return plain()(request, timeout)

    with nullcontext() if in_time else pytest.raises(CalendarError, match="longer than 10 s"):
        UrlSource(server + "/good", slow, clock).read(NOON)


def test_a_file_may_be_as_large_as_an_answer(tmp_path: Path) -> None:
    file = FileSource(put(tmp_path / "large.csv", ""))
    dated = b"# as of: 2026-03-01T12:00:00Z\n"
    file.path.write_bytes(dated + LARGE[len(dated) :])
    os.utime(file.path, (NOON, NOON))
    assert [window.name for window in file.read(NOON).calendar.windows] == ["maintenance"]
    file.path.write_bytes(dated + LARGE[len(dated) :] + b"\n")
    with pytest.raises(CalendarError, match="larger than 1000000 bytes"):
        file.read(NOON)


def test_what_is_secret_in_an_address_is_not_shown() -> None:
    assert UrlSource("https://me:password@example.org/a.csv?token=x#y").name == "https://example.org/a.csv"


# the line


@pytest.mark.parametrize("address", ["http://localhost:1/good", "file:///etc/passwd", "ftp://localhost/x"])
def test_only_encrypted_addresses_are_opened(address: str) -> None:
    with pytest.raises(CalendarError, match=r"it cannot be fetched .*unknown url type"):
        UrlSource(address).read(NOON)


def test_a_certificate_that_nobody_vouches_for_is_refused(secure_server: str) -> None:
    with pytest.raises(CalendarError, match="CERTIFICATE_VERIFY_FAILED"):
        UrlSource(secure_server + "/good").read(NOON)


def test_a_certificate_of_another_host_is_refused(secure_server: str, certificate: Path) -> None:
    trusting = encrypted(ssl.create_default_context(cafile=str(certificate)))
    with pytest.raises(CalendarError, match="CERTIFICATE_VERIFY_FAILED"):
        UrlSource(secure_server.replace("localhost", "127.0.0.1") + "/good", trusting).read(NOON)


def test_a_certificate_of_a_trusted_authority_is_accepted(secure_server: str, certificate: Path) -> None:
    trusting = encrypted(ssl.create_default_context(cafile=str(certificate)))
    assert UrlSource(secure_server + "/good", trusting).read(NOON).calendar.windows
    assert UrlSource(f"{secure_server}/to/{secure_server}/good", trusting).read(NOON).calendar.windows


def test_a_redirect_from_an_encrypted_address_to_a_plain_one_is_refused(
    server: str, secure_server: str, certificate: Path
) -> None:
    trusting = encrypted(ssl.create_default_context(cafile=str(certificate)))
    with pytest.raises(CalendarError, match="not encrypted"):
        UrlSource(f"{secure_server}/to/{server}/good", trusting).read(NOON)


# together


def test_a_server_that_goes_leaves_its_copy(tmp_path: Path) -> None:
    utc = WallClock()
    with serving() as address:
        events = EventCalendar(UrlSource(address + "/good?token=secret", plain()), None, tmp_path / COPY_NAME, utc)
        events.refresh()
        assert events.status().source == f"{address}/good"
    utc.now = NOON + HOUR
    again = EventCalendar(UrlSource(address + "/good?token=secret", plain()), None, tmp_path / COPY_NAME, utc)
    again.refresh()
    assert again.status().blocked.startswith("maintenance")
    assert again.status().source.startswith(f"copy of {address}/good (it cannot be fetched")
    assert "secret" not in (tmp_path / COPY_NAME).read_text(encoding="utf-8")


def test_which_source_a_setting_names(tmp_path: Path) -> None:
    named = source("https://example.org/a.csv", tmp_path)
    assert isinstance(named, UrlSource)
    assert source("a.csv", tmp_path) == FileSource(tmp_path / "a.csv")
    assert source(str(tmp_path / "b.csv"), Path("elsewhere")) == FileSource(tmp_path / "b.csv")
