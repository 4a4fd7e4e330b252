"""A web server on this machine that answers as calendars do on good and on bad days."""

import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from engine.risk.calendar_sources import LARGEST
from tests.risk.calendars import HOUR, NOON, text

GOOD = text(("maintenance", NOON + HOUR, NOON + 2 * HOUR), as_of=None).encode()
LARGE = b"#" * (LARGEST - len(GOOD) - 1) + b"\n" + GOOD
"""A calendar of as many bytes as are allowed."""
DATED = text(("maintenance", NOON + HOUR, NOON + 2 * HOUR), as_of=NOON - HOUR).encode()


class Answers(BaseHTTPRequestHandler):
    """One path, one kind of day."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/to/"):
            self._send(302, b"", {"Location": path.removeprefix("/to/")})
        elif path == "/chunked":
            self._head(200, {"Transfer-Encoding": "chunked"})
            self.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(GOOD), GOOD))
        elif path == "/large-chunk":
            self._head(200, {"Transfer-Encoding": "chunked"})
            self.wfile.write(b"%x\r\n%s\r\n1\r\n#\r\n0\r\n\r\n" % (len(LARGE), LARGE))
        elif path == "/cut-chunk":
            self._head(200, {"Transfer-Encoding": "chunked", "Connection": "close"})
            self.wfile.write(b"%x\r\n%s" % (len(GOOD) + 9, GOOD))
            self.close_connection = True
        elif path == "/unending":
            self._head(200, {"Connection": "close"})
            self.wfile.write(GOOD)
            self.close_connection = True
        elif path in ("/cut", "/cut-large"):
            body = GOOD if path == "/cut" else LARGE
            self._head(200, {"Content-Length": str(len(body) + 9), "Connection": "close"})
            self.wfile.write(body)
            self.close_connection = True
        else:
            self._file(path)

    def _file(self, path: str) -> None:
        bodies = {
            "/good": GOOD,
            "/dated": DATED,
            "/page": b"<html>down for maintenance</html>",
            "/binary": b"\xff\xfe",
            "/large": LARGE,
            "/too-large": LARGE + b"#",
        }
        self._send(200 if path in bodies else 404, bodies.get(path, b"nothing here"))

    def _send(self, status: int, body: bytes, more: dict[str, str] | None = None) -> None:
        self._head(status, {"Content-Length": str(len(body))} | (more or {}))
        self.wfile.write(body)

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on standard error."""


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that turns away is no news here."""


@contextmanager
def serving(certificate: Path | None = None) -> Iterator[str]:
    """The server's address, over TLS with a certificate (its key beside it, ``.key``)."""
    server = _Server(("127.0.0.1", 0), Answers)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, certificate.with_suffix(".key"))
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http{'s' if certificate else ''}://localhost:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def self_signed(directory: Path) -> Path:
    """A certificate for localhost that nobody vouches for. Raises OSError or CalledProcessError without openssl."""
    certificate = directory / "localhost.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(certificate.with_suffix(".key")), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    return certificate
