"""The table guard against real processes with real windows and sockets."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.execution.table_guard import LocalTableGuard
from engine.words import Box, RiskVerdict, WindowInfo

pytestmark = pytest.mark.xvfb

CLIENT = """
import json, os, socket, sys
from tests.x11 import Window
kept = []
{extra}
window = Window({title!r}, window_class={window_class!r})
print(json.dumps([window.handle, os.getpid()]), flush=True)
sys.stdin.read()
"""

Client = tuple[WindowInfo, int]


@contextmanager
def client(extra: str = "", window_class: str = "Pitboss", program: str = sys.executable) -> Iterator[Client]:
    """A process with a window; ``extra`` is run in it first. Its window and number."""
    code = CLIENT.format(extra=extra, title="Table", window_class=window_class)
    with subprocess.Popen([program, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        handle, pid = json.loads(process.stdout.readline())
        yield WindowInfo(handle, "Table", "Pitboss", Box(300, 200, 400, 300)), pid
        process.communicate()


@pytest.fixture
def guard(display: str) -> Iterator[LocalTableGuard]:
    made = LocalTableGuard(["Pitboss", "PokerTH"])
    yield made
    made.close()


def verdict(guard: LocalTableGuard, extra: str = "", window_class: str = "Pitboss") -> RiskVerdict:
    with client(extra, window_class) as (window, _):
        return guard.check(window)


def test_a_process_without_a_network_is_local(guard: LocalTableGuard) -> None:
    with client() as (window, pid):
        found = guard.check(window)
    assert found.allowed, found.reason
    assert found.reason.startswith(f"process {pid} (python")
    assert "all local" in found.reason


LOCAL = {
    "loopback listener": "s = socket.create_server(('127.0.0.1', 0)); kept.append(s)",
    "loopback connection": (
        "s = socket.create_server(('127.0.0.1', 0)); c = socket.create_connection(s.getsockname()); kept += [s, c]"
    ),
    "unix pair": "kept += socket.socketpair()",
    "loopback datagrams": "s = socket.socket(type=socket.SOCK_DGRAM); s.bind(('127.0.0.1', 0)); kept.append(s)",
}

BEYOND = {
    "listener for everybody": ("s = socket.create_server(('0.0.0.0', 0)); kept.append(s)", "tcp 0.0.0.0:"),
    "datagrams for everybody": (
        "s = socket.socket(type=socket.SOCK_DGRAM); s.bind(('', 0)); kept.append(s)",
        "udp 0.0.0.0:",
    ),
    "datagrams to another machine": (
        "s = socket.socket(type=socket.SOCK_DGRAM); s.connect(('192.0.2.1', 9)); kept.append(s)",
        "to 192.0.2.1:9",
    ),
    "connection over the network's address": (
        "u = socket.socket(type=socket.SOCK_DGRAM); u.connect(('192.0.2.1', 9)); own = u.getsockname()[0]; u.close()\n"
        "s = socket.create_server((own, 0)); c = socket.create_connection(s.getsockname())\n"
        "kept += [c, s.accept()[0]]; s.close()",
        "has a network connection: tcp",
    ),
    "socket of no use yet": ("kept.append(socket.socket())", "unknown kind"),
    "raw packets": ("kept.append(socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 768))", "unknown kind"),
}


@pytest.mark.parametrize("name", LOCAL)
def test_sockets_that_stay_on_the_machine_are_allowed(guard: LocalTableGuard, name: str) -> None:
    found = verdict(guard, LOCAL[name])
    assert found.allowed, found.reason


@pytest.mark.parametrize("name", BEYOND)
def test_a_socket_that_may_leave_the_machine_is_refused(guard: LocalTableGuard, name: str) -> None:
    extra, what = BEYOND[name]
    if name in NEEDS_A_ROUTE and not has_route():
        pytest.skip("this machine has no route to try")
    found = verdict(guard, extra)
    assert not found.allowed
    assert what in found.reason


NEEDS_A_ROUTE = frozenset({"datagrams to another machine", "connection over the network's address"})


def has_route() -> bool:
    return len(Path("/proc/net/route").read_text().splitlines()) > 1


def test_a_child_of_the_process_counts_too(guard: LocalTableGuard) -> None:
    grandchild = "import socket,sys; s = socket.create_server(('0.0.0.0', 0)); print(flush=True); sys.stdin.read()"
    child = (
        "import subprocess; p = subprocess.Popen([sys.executable, '-c', "
        f'"{grandchild}"'
        "], stdin=subprocess.PIPE, stdout=subprocess.PIPE); p.stdout.readline(); kept.append(p)"
    )
    found = verdict(guard, child + "\nimport atexit; atexit.register(p.kill)")
    assert not found.allowed
    assert "tcp 0.0.0.0:" in found.reason


def test_a_browser_is_refused_by_its_name(guard: LocalTableGuard) -> None:
    rename = "open('/proc/self/comm', 'w').write('firefox-esr')"
    found = verdict(guard, rename)
    assert not found.allowed
    assert "is a browser (firefox-esr)" in found.reason


def test_another_kind_of_window_is_refused(guard: LocalTableGuard) -> None:
    found = verdict(guard, window_class="Casino")
    assert not found.allowed
    assert "window class 'Casino' is none of the allowed ones (Pitboss, PokerTH)" in found.reason


def test_a_window_that_is_gone_is_refused(guard: LocalTableGuard) -> None:
    with client() as (window, _):
        assert guard.check(window).allowed
    assert not guard.check(window).allowed


def test_what_the_window_says_of_its_process_does_not_count(guard: LocalTableGuard) -> None:
    """The property names process 1, the server knows better."""
    with client() as (window, pid):
        command = ["xprop", "-id", str(window.handle), "-f", "_NET_WM_PID", "32c", "-set", "_NET_WM_PID", "1"]
        if shutil.which("xprop") is None:
            pytest.skip("needs xprop")
        subprocess.run(command, check=True)
        assert f"process {pid} " in guard.check(window).reason


def test_a_namespace_with_nothing_but_loopback_is_the_strongest_proof(guard: LocalTableGuard) -> None:
    """Even a listener for everybody has nobody to talk to in there."""
    if subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode:
        pytest.skip("may not make network namespaces here")
    isolate = (
        "import ctypes; assert ctypes.CDLL(None).unshare(0x40000000) == 0\n"
        "kept.append(socket.create_server(('0.0.0.0', 0)))"
    )
    found = verdict(guard, isolate)
    assert found.allowed, found.reason
    assert "nothing but loopback" in found.reason


def test_a_connection_made_before_it_moved_into_a_namespace_is_found(guard: LocalTableGuard) -> None:
    if subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode:
        pytest.skip("may not make network namespaces here")
    isolate = (
        "kept.append(socket.create_server(('0.0.0.0', 0)))\n"
        "import ctypes; assert ctypes.CDLL(None).unshare(0x40000000) == 0"
    )
    found = verdict(guard, isolate)
    assert not found.allowed
    assert "unknown kind" in found.reason
