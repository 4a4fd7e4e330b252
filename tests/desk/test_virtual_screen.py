"""The virtual screen: real Xvfb and openbox, closed to strangers, gone afterwards however the program ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from app.desk.virtual_screen import VirtualScreenError, screen_is_missing, virtual_screen

pytestmark = [
    pytest.mark.xvfb,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Xvfb is for Linux"),
]


def screen_size(**changes: str) -> str:
    """What a client of the display in the environment sees, or "" when it may not connect."""
    code = "from Xlib.display import Display as D; s = D().screen(); print(s.width_in_pixels, s.height_in_pixels)"
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, **changes}, check=False
    )
    return told.stdout.strip() if told.returncode == 0 else ""


def window_manager_name() -> str:
    """The name the window manager left on the root window's check window."""
    from Xlib.display import Display

    display = Display()
    try:
        check = display.screen().root.get_full_property(display.intern_atom("_NET_SUPPORTING_WM_CHECK"), 0).value[0]
        window = display.create_resource_object("window", check)
        return bytes(window.get_full_property(display.intern_atom("_NET_WM_NAME"), 0).value).decode()
    finally:
        display.close()


def programs_of(process: psutil.Process) -> set[str]:
    return {child.name() for child in process.children(recursive=True)}


def test_a_screen_of_the_asked_size_with_a_window_manager_and_nothing_left_of_it() -> None:
    before = {name: os.environ.get(name) for name in ("DISPLAY", "XAUTHORITY")}
    with virtual_screen(width=1000, height=700) as display:
        assert os.environ["DISPLAY"] == display
        assert not screen_is_missing()
        assert screen_size() == "1000 700"
        assert window_manager_name() == "Openbox"
        assert {"Xvfb", "openbox"} <= programs_of(psutil.Process())
    assert {name: os.environ.get(name) for name in before} == before
    assert not {"Xvfb", "openbox"} & programs_of(psutil.Process())


def test_who_has_no_cookie_cannot_connect(tmp_path: Path) -> None:
    stranger = tmp_path / "stranger"
    stranger.touch()
    with virtual_screen(width=640, height=480):
        assert screen_size(XAUTHORITY=str(stranger)) == ""
        assert screen_size() == "640 480"


def test_missing_programs_are_named_with_their_packages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(VirtualScreenError, match="apt-get install --no-install-recommends xvfb openbox"):
        virtual_screen().__enter__()


def test_a_server_that_cannot_start_is_told_with_its_own_words() -> None:
    with pytest.raises(VirtualScreenError, match=r"ended with exit code .*It said: "):
        virtual_screen(width=0, height=0).__enter__()
    assert "Xvfb" not in programs_of(psutil.Process())


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_it_ends_with_the_program_even_when_that_is_killed(end: signal.Signals, tmp_path: Path) -> None:
    code = (  # a shell that starts the tests in the background has them ignore ctrl+c, which children inherit
        "import signal, sys\n"
        "from app.desk.virtual_screen import virtual_screen\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "with virtual_screen(width=640, height=480):\n"
        "    print('up', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "TMPDIR": str(tmp_path)},
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == b"up\n"
        programs = psutil.Process(program.pid).children(recursive=True)
        program.send_signal(end)
        program.wait(10)
    _, alive = psutil.wait_procs(programs, timeout=10)
    assert not alive
