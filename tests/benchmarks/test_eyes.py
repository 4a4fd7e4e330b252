"""How long the eyes take on the real table: grab, gate, looks at what did and did not change, first registration."""

import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from app.desk.practice_process import PracticeTable
from app.desk.virtual_screen import environment, virtual_screen
from engine.clock import SystemClock
from engine.config import load
from engine.config.places import root
from engine.vision.capture import Grabber
from engine.vision.eyes import Rules, ScreenEyes
from engine.vision.pack import LayoutPack
from engine.vision.pack import load as load_pack
from engine.vision.registration import Registrar
from engine.vision.windows import X11Windows, open_windows
from engine.words import Look, Observation, WindowInfo
from tests.benchmarks.figures import Figure, ratio, show

pytestmark = [pytest.mark.bench, pytest.mark.xvfb]

PLACE = (20, 60, 940, 588)
WATCHED_S = 20.0
FRAME_S = 0.033


def test_eyes(tmp_path: Path) -> None:
    pack = load_pack(root() / "resources" / "layouts" / "practice" / "felt")
    with virtual_screen(), environment({"QT_QPA_PLATFORM": "xcb"}):
        table = _table(tmp_path)
        windows = open_windows()
        try:
            _measure(pack, windows)
        finally:
            windows.close()
            table.close()


def _table(directory: Path) -> PracticeTable:
    config = load(None, "dev")
    changed = {"pace": 0.2, "seed": 4, "players": 6, "theme": "felt", "turn_seconds": 1.0}
    table = config.table.model_copy(update=changed)
    return PracticeTable(config.model_copy(update={"table": table}), directory / "truth.jsonl", None, PLACE)


def _measure(pack: LayoutPack, windows: X11Windows) -> None:
    window = windows.find(pack.window_title, pack.window_class)
    assert window is not None
    grabbing, gate = _grabs(window, windows)
    registering = _registrations(pack, window)
    unchanged, kinds = _looks(pack, windows)
    show("Eyes (940 x 588 pixels, six players)", grabbing, gate, *registering, unchanged, *kinds.values())
    ratio("changed look to unchanged look", kinds["look: an action"], unchanged)
    ratio("first registration to the next", registering[0], registering[2])


def _grabs(window: WindowInfo, windows: X11Windows) -> tuple[Figure, Figure]:
    grabbing, gate = Figure("grab and digest (change gate)"), Figure("window found, nothing over it")
    grabber = Grabber()
    for _ in range(200):
        grabbing.timed(lambda: grabber.grab(window.box))
        gate.timed(lambda: (windows.locate(window.handle), windows.blindness(window)))
    grabber.close()
    return grabbing, gate


def _registrations(pack: LayoutPack, window: WindowInfo) -> tuple[Figure, Figure, Figure]:
    first, elsewhere, again = (Figure(f"registration, {when}") for when in ("first", "table not in its place", "again"))
    grabber, registrar = Grabber(), Registrar(pack.dictionary, pack.markers, pack.design)
    pixels, _ = grabber.grab(window.box)
    grabber.close()
    shifted = np.pad(pixels, ((0, 0), (30, 0), (0, 0)), mode="edge")
    for _ in range(20):
        placement = registrar.register(pixels)
        first.timed(lambda: registrar.register(pixels))
        elsewhere.timed(lambda: registrar.register(shifted))
        again.timed(partial(registrar.register, pixels, placement))
    return first, elsewhere, again


def _looks(pack: LayoutPack, windows: X11Windows) -> tuple[Figure, dict[str, Figure]]:
    """Looks at frame rate for a while, told apart by what they brought."""
    eyes = ScreenEyes(pack, windows, SystemClock(), Rules())
    unchanged = Figure("look: same pixels")
    names = ("first of all", "clocks alone", "an action", "new cards", "a new hand", "not certain")
    kinds = {f"look: {name}": Figure(f"look: {name}") for name in names}
    end, before = time.monotonic() + WATCHED_S, None
    while time.monotonic() < end:
        wall, cpu = time.perf_counter_ns(), time.thread_time_ns()
        look = eyes.look()
        figure = unchanged if look.recognise_ns == 0 else kinds[f"look: {_kind(look, before)}"]
        figure.add((time.perf_counter_ns() - wall) / 1e6, (time.thread_time_ns() - cpu) / 1e6)
        before = look.observation or before
        time.sleep(FRAME_S)
    eyes.close()
    return unchanged, kinds


def _kind(look: Look, before: Observation | None) -> str:
    seen = look.observation
    if before is None:
        return "first of all"
    if seen is None or seen.confidence < Rules().confidence:
        return "not certain"
    if seen.view_id == before.view_id:
        return "clocks alone"
    if seen.hand_number.value != before.hand_number.value:
        return "a new hand"
    cards = [[card.value for card in one.board + one.hole] for one in (seen, before)]
    return "an action" if cards[0] == cards[1] else "new cards"
