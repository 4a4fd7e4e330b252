"""The window as a whole: it changes nothing by being made, rests when hidden, survives its parts, ends in order."""

import importlib
import inspect
import pkgutil
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

import app.console
import app.panels
from app.console.arrangement import ARRANGEMENTS, Page, Pages, Split
from app.console.window import ConsoleWindow
from app.models.console_model import ConsoleModel
from app.panels.charts import ChartPanel
from app.panels.panel import Panel
from engine.clock import VirtualClock
from engine.words import Counters, Mode, Snapshot
from tests.ui.scene import a_snapshot, a_troubled_snapshot
from tests.ui.standin import StandInEngine

# Bases that are never made by themselves.
ABSTRACT = {Panel, ChartPanel}


def widget_classes() -> set[type[QWidget]]:
    """Every widget class that the console's packages define."""
    found: set[type] = set()
    for package in (app.console, app.panels):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            members = vars(importlib.import_module(module.name)).values()
            found |= {each for each in members if inspect.isclass(each) and each.__module__ == module.name}
    return {each for each in found if issubclass(each, QWidget)} - ABSTRACT


class WatchedEngine(StandInEngine):
    """Keeps every access, reading included."""

    def __getattribute__(self, name: str) -> object:
        if name in {
            "snapshot",
            "events",
            "check",
            "arm",
            "shadow",
            "disarm",
            "finish",
            "stop",
            "reset",
            "acknowledge",
            "shelve",
            "unshelve",
            "close",
        }:
            object.__getattribute__(self, "touched").append(name)
        return super().__getattribute__(name)

    def __init__(self) -> None:
        self.touched: list[str] = []
        super().__init__()


def panels_of(node: str | Split | Pages) -> list[str]:
    if isinstance(node, str):
        return [node]
    if isinstance(node, Pages):
        return [name for page in node.pages for name in panels_of(page.split if isinstance(page, Page) else page)]
    return [name for _, part in node.parts for name in panels_of(part)]


def test_making_every_widget_of_the_console_calls_nothing(dressed: QApplication) -> None:
    engine = StandInEngine()
    window = ConsoleWindow(engine, clock=VirtualClock())
    for name in ARRANGEMENTS:
        window.area.arrange(name)
    window.readiness.show_checks(a_snapshot().checks, may_arm=True)
    made = {type(each) for each in (window, *window.findChildren(QWidget))}
    assert widget_classes() - made == set()
    assert engine.calls == engine.stops == []
    assert not window.model.running
    window.deleteLater()


def test_every_arrangement_holds_every_panel(window: ConsoleWindow) -> None:
    for node in ARRANGEMENTS.values():
        assert sorted(panels_of(node)) == sorted(window.panels)


@pytest.mark.parametrize(
    ("size", "name"),
    [
        ((590, 744), "narrow"),
        ((664, 876), "narrow"),
        ((800, 876), "narrow"),
        ((900, 640), "low"),
        ((940, 1000), "tall"),
        ((1280, 1416), "tall"),
        ((1400, 900), "wide"),
    ],
)
def test_the_panels_fit_the_shape_of_the_window(window: ConsoleWindow, size: tuple[int, int], name: str) -> None:
    window.resize(*size)
    assert window.area.arrangement == name
    assert window.size().toTuple() == size
    for panel in ("table", "hand", "decision"):
        assert window.panels[panel].isVisible()


@pytest.mark.parametrize("size", [(564, 550), (580, 576), (590, 744), (664, 876), (800, 876), (958, 1056)])
@pytest.mark.parametrize(
    "scene",
    [a_snapshot(Mode.LIVE), a_snapshot(Mode.STOPPED), a_troubled_snapshot()],
    ids=["live", "stopped", "troubled"],
)
def test_nothing_needs_more_room_than_there_is(
    window: ConsoleWindow, engine: StandInEngine, size: tuple[int, int], scene: Snapshot
) -> None:
    window.resize(*size)
    for name in window.panels:
        engine.now = replace(scene, at=engine.now.at + 1)
        window.area.reveal(name)
        window.model.tick()
    QApplication.processEvents()
    assert window.size().toTuple() == size
    parts = [window.strip, window.conditions, window.banner, window.area, window.status]
    needed = sum(part.minimumSizeHint().height() for part in parts if part.isVisible())
    if window.banner.isVisible():
        needed += window.banner.heightForWidth(size[0]) - window.banner.minimumSizeHint().height()
    assert needed <= size[1]
    # A layout's column is squeezed below this only when the window is narrower than it.
    assert max(part.minimumSizeHint().width() for part in parts if part.isVisible()) <= size[0]
    assert window.panels["table"].isVisible()


def test_in_a_small_window_every_panel_is_one_tab_away(window: ConsoleWindow) -> None:
    window.resize(564, 550)
    assert window.area.arrangement == "small"
    pages = window.area.findChild(QTabWidget)
    assert isinstance(pages, QTabWidget)
    names = [pages.tabText(page) for page in range(pages.count())]
    assert names == ["Hand", "Decision", "Risk", "Alarms", "Health", "Drills", "Events", "Charts", "Solver"]
    assert pages.tabBar().sizeHint().width() <= pages.width()


def test_the_status_line_keeps_its_figures_whole_when_narrow(window: ConsoleWindow, engine: StandInEngine) -> None:
    engine.show(counters=Counters(hands=1234, fallbacks=56, inconsistent=78, decisions=4321))
    window.resize(564, 550)
    window.model.tick()
    QApplication.processEvents()
    shown = [each for each in window.status.findChildren(QLabel) if each.isVisible()]
    assert all(each.width() >= each.sizeHint().width() for each in shown)
    assert window.status.theme_button.geometry().right() < window.width()


def test_refused_states_are_amber_only_when_there_are_some(window: ConsoleWindow, engine: StandInEngine) -> None:
    figure = next(each for each in window.status.findChildren(QLabel) if each.text() == "refused states 0")
    assert not figure.property("abnormal")
    assert "nothing is decided on it" in figure.toolTip()
    engine.show(counters=Counters(inconsistent=2))
    window.model.tick()
    assert (figure.text(), figure.property("abnormal")) == ("refused states 2", True)


def test_dragged_sizes_come_back_with_their_arrangement(window: ConsoleWindow) -> None:
    splitter = window.area.splitters["tall"]
    splitter.setSizes([280, 440, 150])
    wanted = splitter.sizes()
    window.resize(1400, 900)
    window.resize(940, 1000)
    assert window.area.splitters["tall"].sizes() == pytest.approx(wanted, abs=3)


def test_charts_behind_a_tab_share_the_page_once_they_are_seen(window: ConsoleWindow) -> None:
    window.resize(588, 744)
    name = next(name for name in window.area.splitters if ".page" in name)
    assert name not in window.area.remember()
    window.area.reveal("timings")
    QApplication.processEvents()
    left, right = window.area.splitters[name].sizes()
    assert left / (left + right) == pytest.approx(0.45, abs=0.03)
    window.area.splitters[name].setSizes([300, 250])
    wanted = window.area.splitters[name].sizes()
    assert window.area.remember()[name] == wanted


def test_a_hidden_window_does_no_work(qtbot: QtBot, window: ConsoleWindow) -> None:
    window.model.start()
    window.hide()
    before = window.model.ticks
    assert not window.model.running
    QApplication.processEvents()
    assert window.model.ticks == before
    window.show()
    qtbot.waitUntil(lambda: window.model.ticks > before)


def test_a_panel_behind_a_tab_is_not_drawn(window: ConsoleWindow, engine: StandInEngine) -> None:
    window.resize(900, 640)
    hidden = window.panels["timings"]
    assert isinstance(hidden, ChartPanel)
    before = hidden.drawn
    for _ in range(12):
        engine.show()
        window.model.tick()
    assert hidden.drawn == before


def test_charts_are_drawn_at_a_third_of_the_ticks(window: ConsoleWindow, engine: StandInEngine) -> None:
    window.area.reveal("confidence")
    chart = window.panels["confidence"]
    assert isinstance(chart, ChartPanel)
    before = chart.drawn
    for _ in range(30):
        engine.show()
        window.model.tick()
    assert chart.drawn - before == 10


def test_a_failing_panel_is_logged_once_and_costs_only_itself(
    window: ConsoleWindow, engine: StandInEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(model: ConsoleModel) -> None:
        raise ZeroDivisionError("bad figure")

    monkeypatch.setattr(window.panels["table"], "refresh", fail)
    for _ in range(5):
        engine.show_mode(Mode.SAFE)
        window.model.tick()
    texts = [window.model.events.event_at(row).text for row in range(window.model.events.rowCount())]
    assert [text for text in texts if "bad figure" in text] == ["Display fault in Table: ZeroDivisionError: bad figure"]
    assert window.strip.badge.mode is Mode.SAFE


def test_an_engine_that_cannot_be_read_leaves_the_stop(
    window: ConsoleWindow, engine: StandInEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OSError("gone")

    monkeypatch.setattr(engine, "snapshot", fail)
    for _ in range(3):
        window.model.tick()
    assert window.model.events.rowCount() == 1
    window.stop_now()
    assert len(engine.stops) == 1


def test_closing_ends_the_engine_first_and_hides_after(
    qtbot: QtBot, window: ConsoleWindow, engine: StandInEngine
) -> None:
    engine.gate.clear()
    engine.show_mode(Mode.LIVE)
    window.model.tick()
    window.close()
    window.close()
    qtbot.waitUntil(lambda: engine.calls == ["close"])
    assert window.isVisible()
    assert "Disarming" in window.notice.text()
    assert QApplication.activeModalWidget() is None
    assert not window.strip.finish.isEnabled()
    window.stop_now()
    assert len(engine.stops) == 1
    with qtbot.waitSignal(window.closed):
        engine.gate.set()
    assert window.isHidden()
    assert engine.calls == ["close"]
    assert not window.model.running
