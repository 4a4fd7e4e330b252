"""A virtual screen with a window manager, for machines without a display: Xvfb and openbox while a block runs.

Only holders of a random cookie can connect, so no other user of the machine can see the table or click on it.
"""

import os
import secrets
import select
import shlex
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

START_LIMIT_S = 15.0
END_LIMIT_S = 5.0
PACKAGES = {"Xvfb": "xvfb", "openbox": "openbox"}
FAMILY_LOCAL = 256  # X.h: a host name, for connections over the local socket
COOKIE_NAME = b"MIT-MAGIC-COOKIE-1"


class VirtualScreenError(RuntimeError):
    """No virtual screen could be started; the text says what to install or where to look."""


def screen_is_missing() -> bool:
    """Whether this machine names no display to show windows on (never so outside Linux)."""
    return sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@contextmanager
def virtual_screen(width: int = 1920, height: int = 1080) -> Iterator[str]:
    """Start a screen of ``width`` by ``height`` pixels at 96 dpi with openbox, and yield its name, such as ``:1``.

    Inside the block DISPLAY and XAUTHORITY of this process (and its children) name the screen; afterwards they are
    as before and both programs have ended. Raises VirtualScreenError.
    """
    require_programs()
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pitboss-screen-")))
        display = stack.enter_context(x_server(directory, width, height))
        stack.enter_context(environment({"DISPLAY": display, "XAUTHORITY": str(directory / "cookies")}))
        stack.enter_context(window_manager(directory))
        yield display


def require_programs() -> None:
    """Raise VirtualScreenError naming the packages of the programs that are not installed."""
    missing = [package for program, package in PACKAGES.items() if shutil.which(program) is None]
    if missing:
        raise VirtualScreenError(
            "There is no display, and a virtual one needs programs that are not installed. Install them and start"
            f" again: sudo apt-get install --no-install-recommends {' '.join(missing)}"
        )


@contextmanager
def x_server(directory: Path, width: int, height: int) -> Iterator[str]:
    """Run Xvfb on a display number it picks itself; yields the display's name."""
    cookies, cookie = directory / "cookies", secrets.token_bytes(16)
    write_cookie(cookies, cookie, display_number=0)
    read_end, write_end = os.pipe()
    screen = ["-screen", "0", f"{width}x{height}x24", "-dpi", "96"]
    command = ["Xvfb", "-displayfd", str(write_end), *screen, "-nolisten", "tcp", "-auth", str(cookies)]
    try:
        with running(command, directory / "xvfb.log", pass_fds=(write_end,)) as server:
            os.close(write_end)
            number = display_number(read_end, server, directory / "xvfb.log")
            write_cookie(cookies, cookie, number)
            yield f":{number}"
    finally:
        os.close(read_end)


def write_cookie(path: Path, cookie: bytes, display_number: int) -> None:
    """Write an Xauthority file with one entry (Xau(3): big-endian, each field after its 16-bit length)."""
    fields = (socket.gethostname().encode(), str(display_number).encode(), COOKIE_NAME, cookie)
    entry = b"".join(struct.pack(">H", len(field)) + field for field in fields)
    path.write_bytes(struct.pack(">H", FAMILY_LOCAL) + entry)
    path.chmod(0o600)


def display_number(read_end: int, server: subprocess.Popen[bytes], log: Path) -> int:
    """The number Xvfb writes once it takes connections."""
    ready, _, _ = select.select([read_end], [], [], START_LIMIT_S)
    answer = os.read(read_end, 16) if ready else b""
    if not answer.strip().isdigit():
        state = f"ended with exit code {server.wait()}" if ready else f"did not answer in {START_LIMIT_S:.0f} s"
        raise VirtualScreenError(f"The virtual screen's server Xvfb {state}. It said: {tail(log)}")
    return int(answer)


@contextmanager
def window_manager(directory: Path) -> Iterator[None]:
    """Run openbox on the display named in the environment, ready to manage windows once the block begins."""
    ready, log = directory / "ready", directory / "openbox.log"
    os.mkfifo(ready)
    read_end = os.open(ready, os.O_RDONLY | os.O_NONBLOCK)
    # openbox runs --startup when it manages the screen: what that writes is its word that it is ready.
    startup = shlex.join(["/bin/sh", "-c", f"echo ready > {shlex.quote(str(ready))}"])
    try:
        with running(["openbox", "--sm-disable", "--startup", startup], log):
            if not select.select([read_end], [], [], START_LIMIT_S)[0]:
                raise VirtualScreenError(f"The window manager openbox did not start. It said: {tail(log)}")
            yield
    finally:
        os.close(read_end)


@contextmanager
def running(command: list[str], log: Path, pass_fds: tuple[int, ...] = ()) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program while the block runs, its words in ``log``; it is ended, if need be killed, at the end.

    It has a session of its own, so that Ctrl-C reaches it only after this process has ended in order; when this
    process is killed outright, setpriv has the system end it.
    """
    guarded = ["setpriv", "--pdeathsig", "TERM", "--", *command] if shutil.which("setpriv") else command
    with log.open("wb") as said:
        program = subprocess.Popen(
            guarded, stdin=subprocess.DEVNULL, stdout=said, stderr=said, pass_fds=pass_fds, start_new_session=True
        )
    try:
        yield program
    finally:
        program.terminate()
        try:
            program.wait(END_LIMIT_S)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()


@contextmanager
def environment(values: dict[str, str]) -> Iterator[None]:
    """Set variables of this process while the block runs."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def tail(log: Path) -> str:
    """The last lines a program wrote."""
    return " / ".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:]) or "nothing"
