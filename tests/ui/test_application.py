"""Running the console: it ends in order by a tick or a signal, keeps picture and layout, forgives a bad file."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.console.application import run_console
from app.console.layout_store import LayoutStore
from app.theme.colours import THEMES, colours_of
from tests.ui.standin import StandInEngine


def after(ticks: int, act: Callable[[], bool]) -> Callable[[], bool]:
    """An on_tick that acts at its ``ticks``-th call."""
    left = [ticks]

    def tick() -> bool:
        left[0] -= 1
        return left[0] == 0 and act()

    return tick


def send(number: signal.Signals) -> bool:
    os.kill(os.getpid(), number)
    return False


def test_a_tick_closes_it_and_the_picture_is_kept(qapp: QApplication, tmp_path: Path) -> None:
    engine = StandInEngine()
    picture = tmp_path / "console.png"
    code = run_console(
        engine,
        profile="dev",
        layout_file=tmp_path / "layout.ini",
        screenshot=picture,
        position=(0, 0, 940, 1000),
        on_tick=after(2, lambda: True),
    )
    assert code == 0
    assert engine.calls == ["close"]
    kept = QImage(str(picture))
    # The position is the frame's: the picture is smaller by the frame alone.
    assert 920 <= kept.width() <= 940
    assert 960 <= kept.height() <= 1000
    assert LayoutStore(tmp_path / "layout.ini").splitters()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes_it_in_order_and_is_given_back(
    qapp: QApplication, tmp_path: Path, number: signal.Signals
) -> None:
    engine = StandInEngine()
    before = signal.getsignal(number)
    code = run_console(
        engine, profile="dev", layout_file=tmp_path / "layout.ini", on_tick=after(1, lambda: send(number))
    )
    assert code == 0
    assert engine.calls == ["close"]
    assert signal.getsignal(number) is before


def test_a_picture_that_cannot_be_written_is_told_by_the_exit_code(qapp: QApplication, tmp_path: Path) -> None:
    code = run_console(
        StandInEngine(),
        profile="dev",
        layout_file=tmp_path / "layout.ini",
        screenshot=tmp_path / "missing" / "console.png",
        on_tick=lambda: True,
    )
    assert code == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        bytes(range(256)) * 8,
        b"[splitters]\ntall=1 2 x\nwide=-4 5\nlow=@Invalid()\n[window]\nsize=99999999 1\ntheme=loud\n",
        b"[splitters]\ntall=1\nunknown=1 2 3\n[window\nsize=900",
    ],
)
def test_a_bad_layout_file_gives_a_fresh_layout(qapp: QApplication, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "layout.ini"
    file.write_bytes(content)
    assert run_console(StandInEngine(), profile="dev", layout_file=file, on_tick=lambda: True) == 0
    assert LayoutStore(file).theme() in THEMES


def test_the_theme_is_kept(qapp: QApplication, tmp_path: Path) -> None:
    file = tmp_path / "layout.ini"
    file.write_text("[window]\ntheme=dark\n")
    run_console(StandInEngine(), profile="dev", layout_file=file, on_tick=lambda: True)
    assert LayoutStore(file).theme() == "dark"
    assert colours_of(qapp.palette()) is THEMES["dark"]


@pytest.mark.parametrize("configured", ["light", "dark"])
def test_the_configured_theme_holds_where_none_was_chosen(qapp: QApplication, tmp_path: Path, configured: str) -> None:
    file = tmp_path / "layout.ini"
    run_console(StandInEngine(), profile="dev", layout_file=file, on_tick=lambda: True, theme=configured)
    assert colours_of(qapp.palette()) is THEMES[configured]


def test_the_theme_chosen_by_the_operator_outweighs_the_configured_one(qapp: QApplication, tmp_path: Path) -> None:
    file = tmp_path / "layout.ini"
    file.write_text("[window]\ntheme=dark\n")
    run_console(StandInEngine(), profile="dev", layout_file=file, on_tick=lambda: True, theme="light")
    assert colours_of(qapp.palette()) is THEMES["dark"]
