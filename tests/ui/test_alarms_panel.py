"""The alarm list: the most urgent first, acknowledged by button and key, with what to do and its page beside it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QColor
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QTabWidget
from pytestqt.qtbot import QtBot

from app.console.window import ConsoleWindow
from app.models.alarm_rows import AlarmRows
from app.models.pages import page_section, section
from app.panels.alarms import AlarmsPanel
from app.theme.colours import STOP_RED
from engine.clock import SECOND, VirtualClock
from engine.safety.alarm_rows import ALARMS
from engine.words import AlarmState, AlarmView, Mode
from tests.ui.scene import PANIC, an_alarm, some_alarms
from tests.ui.standin import StandInEngine
from tests.ui.test_panels import count

NEW, SEEN = AlarmState.UNACKNOWLEDGED, AlarmState.ACKNOWLEDGED


@pytest.fixture
def panel(window: ConsoleWindow) -> AlarmsPanel:
    window.area.reveal("alarms")
    panel = window.panels["alarms"]
    assert isinstance(panel, AlarmsPanel)
    return panel


def show(window: ConsoleWindow, engine: StandInEngine, *alarms: AlarmView) -> None:
    engine.show(alarms=alarms)
    window.model.tick()


def tab_of(window: ConsoleWindow, panel: AlarmsPanel) -> str:
    pages = next(each for each in window.area.findChildren(QTabWidget) if each.indexOf(panel) >= 0)
    return pages.tabText(pages.indexOf(panel))


def test_without_alarms_it_says_so(window: ConsoleWindow, panel: AlarmsPanel) -> None:
    assert panel.empty.isVisible()
    assert "No alarms" in panel.empty.text()
    assert panel.table.isHidden()
    assert not panel.seen.isEnabled()
    assert not panel.read.isEnabled()
    assert tab_of(window, panel) == "Alarms"


def test_a_silent_engine_is_not_taken_for_all_is_well(
    window: ConsoleWindow, clock: VirtualClock, panel: AlarmsPanel
) -> None:
    assert panel.stale.isHidden()
    clock.sleep(2 * SECOND)
    window.model.tick()
    assert panel.stale.isVisible()


def test_every_state_is_listed_with_priority_time_and_response(
    window: ConsoleWindow, engine: StandInEngine, panel: AlarmsPanel
) -> None:
    show(window, engine, *some_alarms())
    cells = [[panel.rows.index(row, column).data() for column in range(4)] for row in range(4)]
    assert cells[0] == ["high", "14:02:31", "The eyes do not work", "new"]
    assert [row[3] for row in cells] == ["new", "seen", "over, new", "seen"]
    assert panel.word.text() == "2 to acknowledge"
    assert tab_of(window, panel) == "Alarms 2"
    # The most urgent is chosen, so that what to do stands there without a click.
    assert panel.headline.text() == "The eyes do not work"
    assert "take over the hand" in panel.response.text()
    assert "2 times" in panel.raised.text()


def test_red_is_for_what_is_urgent_and_not_acknowledged(
    window: ConsoleWindow, engine: StandInEngine, panel: AlarmsPanel
) -> None:
    red = QColor(STOP_RED)
    show(window, engine, an_alarm())
    assert count(panel.table.grab().toImage(), red) > 200
    show(window, engine, an_alarm(state=SEEN))
    assert count(panel.table.grab().toImage(), red) == 0
    show(window, engine, an_alarm("risk-hands"))
    assert count(panel.table.grab().toImage(), red) == 0


def test_the_button_acknowledges_the_chosen_one(
    qtbot: QtBot, window: ConsoleWindow, engine: StandInEngine, panel: AlarmsPanel
) -> None:
    show(window, engine, *some_alarms())
    panel.choose("risk-session")
    panel.seen.click()
    qtbot.waitUntil(lambda: engine.calls == ["acknowledge risk-session"])
    qtbot.waitUntil(lambda: not window.commands.running("acknowledge risk-session"))
    window.model.tick()
    # It was over: with that it leaves the list.
    assert [alarm.key for alarm in panel.rows.alarms] == ["eyes", "solver", "event-soon"]


def test_the_key_acknowledges_one_after_the_other_from_anywhere(
    qtbot: QtBot, window: ConsoleWindow, engine: StandInEngine, panel: AlarmsPanel
) -> None:
    show(window, engine, an_alarm("misfire"), an_alarm("confidence"), an_alarm("solver", SEEN))
    window.panels["table"].setFocus()
    for number, key in enumerate(("misfire", "confidence"), 1):
        QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda number=number: len(engine.calls) == number)  # type: ignore[misc]
        assert engine.calls[-1] == f"acknowledge {key}"
        qtbot.waitUntil(lambda key=key: not window.commands.running(f"acknowledge {key}"))  # type: ignore[misc]
        window.model.tick()
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert len(engine.calls) == 2
    assert panel.word.text() == "all acknowledged"


def test_the_key_acknowledges_nothing_that_is_out_of_sight(
    qtbot: QtBot, window: ConsoleWindow, engine: StandInEngine, panel: AlarmsPanel
) -> None:
    show(window, engine, an_alarm("misfire"))
    window.area.reveal("events")
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert panel.isVisible()
    assert engine.calls == []
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: engine.calls == ["acknowledge misfire"])


def test_the_button_shelves_the_chosen_one_and_brings_it_back(
    qtbot: QtBot, window: ConsoleWindow, engine: StandInEngine, panel: AlarmsPanel
) -> None:
    show(window, engine, *some_alarms())
    panel.choose("solver")
    panel.later.click()
    qtbot.waitUntil(lambda: not window.commands.running("shelve solver") and engine.calls == ["shelve solver"])
    window.model.tick()
    row = panel.rows.row_of("solver")
    assert panel.rows.index(row, 3).data() == "shelved"
    assert "comes back by itself within 15 min" in panel.raised.text()
    assert panel.word.text() == "2 to acknowledge"
    assert panel.later.text() == "Bring back"
    panel.later.click()
    qtbot.waitUntil(lambda: not window.commands.running("unshelve solver") and len(engine.calls) == 2)
    window.model.tick()
    assert engine.calls[-1] == "unshelve solver"
    assert panel.rows.index(panel.rows.row_of("solver"), 3).data() == "new"
    assert panel.later.text() == "Shelve"


def test_the_alarm_of_a_stop_cannot_be_shelved(
    window: ConsoleWindow, engine: StandInEngine, panel: AlarmsPanel
) -> None:
    show(window, engine, an_alarm("confidence"))
    assert not panel.later.isEnabled()
    assert "stop cannot be shelved" in panel.later.toolTip()
    panel.shelve()
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert engine.calls == []


def test_the_key_shelves_the_chosen_one_and_nothing_that_is_out_of_sight(
    qtbot: QtBot, window: ConsoleWindow, engine: StandInEngine, panel: AlarmsPanel
) -> None:
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    show(window, engine, an_alarm("solver"))
    window.area.reveal("events")
    QTest.keyClick(window, Qt.Key.Key_K, both)
    assert panel.isVisible()
    assert engine.calls == []
    QTest.keyClick(window, Qt.Key.Key_K, both)
    qtbot.waitUntil(lambda: engine.calls == ["shelve solver"])


def test_the_whole_list_is_used_by_keys_alone(
    qtbot: QtBot, window: ConsoleWindow, engine: StandInEngine, panel: AlarmsPanel
) -> None:
    show(window, engine, an_alarm("eyes"), an_alarm("solver"))
    panel.table.setFocus()
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    assert panel.chosen is not None
    assert panel.chosen.key == "solver"
    for button in (panel.later, panel.seen, panel.read):
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    panel.later.setFocus()
    QTest.keyClick(panel.later, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: engine.calls == ["shelve solver"])


def test_a_shelved_alarm_is_not_counted(window: ConsoleWindow, engine: StandInEngine, panel: AlarmsPanel) -> None:
    show(window, engine, an_alarm("eyes", AlarmState.SHELVED, shelved_min=7))
    assert panel.word.text() == "all acknowledged"
    assert tab_of(window, panel) == "Alarms"
    assert window.conditions.isHidden()
    assert count(panel.table.grab().toImage(), QColor(STOP_RED)) == 0


def test_the_choice_stays_with_its_alarm_when_others_come(
    window: ConsoleWindow, engine: StandInEngine, panel: AlarmsPanel
) -> None:
    show(window, engine, *some_alarms())
    panel.choose("event-soon")
    show(window, engine, an_alarm("misfire"), *some_alarms())
    assert panel.chosen is not None
    assert panel.chosen.key == "event-soon"
    assert panel.table.currentIndex().row() == 4
    show(window, engine, an_alarm("misfire"))
    assert panel.chosen is not None
    assert panel.chosen.key == "misfire"
    show(window, engine)
    assert panel.chosen is None


def test_the_page_of_an_alarm_is_read_in_the_panel_and_links_are_followed(
    window: ConsoleWindow, engine: StandInEngine, panel: AlarmsPanel
) -> None:
    show(window, engine, an_alarm("solver"))
    panel.read.click()
    assert panel.page.isVisible()
    assert "What it stands for" in panel.page.text.toPlainText()
    panel.page.text.anchorClicked.emit(QUrl("#restart-budget"))
    assert panel.page.page == "docs/alarms.md#restart-budget"
    assert "restart budget" in panel.page.text.toPlainText()
    panel.page.text.anchorClicked.emit(QUrl("https://example.org/x"))
    assert panel.page.page == "docs/alarms.md#restart-budget"
    panel.page.back.click()
    assert panel.table.isVisible()


@pytest.mark.parametrize("alarm", ALARMS, ids=lambda alarm: alarm.key)
def test_every_page_is_there(alarm: object) -> None:
    text = page_section(alarm.page)  # type: ignore[attr-defined]
    assert alarm.response in text  # type: ignore[attr-defined]


def test_a_section_ends_where_the_next_of_its_level_begins() -> None:
    text = "# A\nintro\n## One, two\nfirst\n### deeper\nstill\n## Three\nlast\n"
    assert section(text, "one-two") == "first\n### deeper\nstill"
    assert section(text, "three") == "last"
    assert section(text, "missing") == ""
    assert page_section("docs/no-such-page.md#x") == "The page docs/no-such-page.md is not there."


def test_the_banner_leads_to_the_page_of_its_stop(
    window: ConsoleWindow, engine: StandInEngine, panel: AlarmsPanel
) -> None:
    window.area.reveal("health")
    engine.panic(PANIC)
    window.model.tick()
    assert 'href="docs/alarms.md#confidence"' in window.banner.advice.text()
    window.banner.advice.linkActivated.emit("docs/alarms.md#confidence")
    assert panel.isVisible()
    assert panel.page.isVisible()
    assert "Frames in a row" in panel.page.text.toPlainText()


def test_an_acknowledgement_that_fails_is_a_line_of_the_log(
    qtbot: QtBot, window: ConsoleWindow, engine: StandInEngine, panel: AlarmsPanel
) -> None:
    engine.failure = OSError("the engine is gone")
    show(window, engine, an_alarm())
    before = window.model.events.rowCount()
    panel.seen.click()
    qtbot.waitUntil(lambda: window.model.events.rowCount() == before + 1)
    assert "the engine is gone" in window.model.events.event_at(before).text
    assert window.notice.isHidden()


def test_the_model_keeps_its_promises_to_the_view() -> None:
    rows = AlarmRows()
    tester = QAbstractItemModelTester(rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
    first = some_alarms()
    for alarms in (first, first[:2], tuple(replace(each, state=SEEN) for each in first[:2]), (), first):
        rows.show_alarms(alarms)
    assert tester.model() is rows
    assert rows.rowCount() == 4


def test_the_stops_own_alarm_is_the_banners_to_tell(window: ConsoleWindow, engine: StandInEngine) -> None:
    engine.show_mode(Mode.STOPPED, alarms=(an_alarm("confidence"),))
    window.model.tick()
    assert window.conditions.isHidden()
    engine.show_mode(Mode.STOPPED, alarms=(an_alarm("confidence"), an_alarm("journal-writer")))
    window.model.tick()
    assert [chip.text() for chip in window.conditions.chips] == ["1 ALARM"]
