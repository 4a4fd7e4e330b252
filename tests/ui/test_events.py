"""The event log keeps a thousand rows, follows the newest, and is copied as text."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication

from app.console.window import ConsoleWindow
from app.models.event_rows import CAPACITY, EventRows
from app.panels.events import EventsPanel
from engine.words import Event
from tests.ui.scene import some_events
from tests.ui.standin import StandInEngine


def events(window: ConsoleWindow) -> EventsPanel:
    window.area.reveal("events")
    panel = window.panels["events"]
    assert isinstance(panel, EventsPanel)
    return panel


def receive(window: ConsoleWindow, engine: StandInEngine, count: int) -> None:
    engine.pending = some_events(count)
    window.model.tick()
    QApplication.processEvents()
    window.model.tick()


def test_the_model_keeps_the_newest_rows(qapp: QApplication) -> None:
    rows = EventRows()
    tester = QAbstractItemModelTester(rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for count in (3, 0, 990, 40, 2500, 1):
        rows.add(some_events(count))
    assert tester.model() is rows
    assert rows.rowCount() == CAPACITY
    assert rows.event_at(CAPACITY - 1).text == "event 0"
    assert rows.event_at(0).text == "event 1501"


def test_a_flood_costs_one_step_a_tick_and_asks_for_few_cells(
    window: ConsoleWindow, engine: StandInEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    inserted: list[int] = []
    asked: list[Event] = []
    plain = EventRows.fields

    def counted(event: Event) -> tuple[str, str, str]:
        asked.append(event)
        return plain(event)

    monkeypatch.setattr(EventRows, "fields", staticmethod(counted))
    window.model.events.rowsInserted.connect(lambda _, first, last: inserted.append(last - first + 1))
    receive(window, engine, 10_000)
    assert inserted == [CAPACITY]
    assert window.model.events.rowCount() == CAPACITY
    # Only what can be seen is asked for: some ten rows of three columns, drawn a few times.
    assert len(asked) < 500


def test_the_newest_row_is_in_view_unless_the_operator_scrolled_away(
    window: ConsoleWindow, engine: StandInEngine
) -> None:
    panel = events(window)
    bar = panel.table.verticalScrollBar()
    receive(window, engine, 200)
    assert bar.value() == bar.maximum() > 0
    bar.setValue(10)
    receive(window, engine, 5)
    assert bar.value() == 10
    assert panel.newest.isVisible()
    assert "5 new" in panel.newest.text()
    panel.newest.click()
    window.model.tick()
    assert bar.value() == bar.maximum()
    assert panel.newest.isHidden()


def test_the_newest_row_stays_in_view_when_the_panel_is_squeezed_or_moved(
    window: ConsoleWindow, engine: StandInEngine
) -> None:
    bar = events(window).table.verticalScrollBar()
    receive(window, engine, 40)
    for size in ((940, 700), (590, 744), (940, 1000)):
        window.resize(*size)
        QApplication.processEvents()
        receive(window, engine, 3)
        assert bar.value() == bar.maximum()
    assert events(window).newest.isHidden()


def test_selected_rows_or_all_are_copied(window: ConsoleWindow, engine: StandInEngine) -> None:
    panel = events(window)
    receive(window, engine, 3)
    panel.copy_button.click()
    assert QApplication.clipboard().text().count("\n") == 2
    panel.table.selectRow(1)
    panel.table.setFocus()
    QTest.keyClick(panel.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "info\t14:02:31.204\tevent 1"
