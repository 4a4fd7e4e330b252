"""The panic banner says what, when, how far over the limit and what to do, and only a reset removes it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from app.console.window import ConsoleWindow
from app.models.wording import CAUSES
from engine.words import Cause, Mode
from tests.ui.scene import PANIC
from tests.ui.standin import StandInEngine


def banner_text(window: ConsoleWindow) -> str:
    return " ".join(label.text() for label in window.banner.findChildren(QLabel) if label.isVisible())


def test_no_banner_while_nothing_is_wrong(window: ConsoleWindow) -> None:
    assert window.banner.isHidden()


def test_a_stop_shows_what_when_how_much_and_what_to_do(window: ConsoleWindow, engine: StandInEngine) -> None:
    engine.panic(PANIC)
    window.model.tick()
    text = banner_text(window)
    assert window.banner.isVisible()
    for part in ("lost confidence", "2026-11-23 14:02:31.204 UTC", PANIC.measured, PANIC.limit, PANIC.advice):
        assert part in text
    assert window.banner.y() == window.strip.height()


def test_a_person_who_stopped_it_is_not_held_against_a_limit(window: ConsoleWindow, engine: StandInEngine) -> None:
    engine.panic(replace(PANIC, cause=Cause.OPERATOR_COMMAND, measured="command: COMMAND", limit="no stop word"))
    window.model.tick()
    assert "The operator called" in banner_text(window)
    assert "limit" not in banner_text(window)
    assert PANIC.advice in banner_text(window)


@pytest.mark.parametrize("width", [564, 588, 798, 958])
def test_the_longest_words_are_whole_at_every_width(window: ConsoleWindow, engine: StandInEngine, width: int) -> None:
    window.resize(width, 744)
    engine.panic(replace(PANIC, cause=Cause.JOURNAL))
    window.model.tick()
    QApplication.processEvents()
    for label in window.banner.findChildren(QLabel):
        assert label.height() >= label.heightForWidth(label.width())
        assert label.visibleRegion().boundingRect() == label.rect()


def test_nothing_in_or_on_the_banner_closes_it(window: ConsoleWindow, engine: StandInEngine) -> None:
    engine.panic(PANIC)
    window.model.tick()
    assert window.banner.findChildren(QAbstractButton) == []
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Delete):
        QTest.keyClick(window.banner, key)
    QTest.mouseClick(window.banner, Qt.MouseButton.LeftButton)
    window.banner.hide()
    window.model.tick()
    assert window.banner.isVisible()


def test_a_reset_removes_it(window: ConsoleWindow, engine: StandInEngine) -> None:
    engine.panic(PANIC)
    window.model.tick()
    engine.show(mode=Mode.STANDBY, panic=None)
    window.model.tick()
    assert window.banner.isHidden()


def test_a_stop_without_its_record_is_shown_all_the_same(window: ConsoleWindow, engine: StandInEngine) -> None:
    engine.show(mode=Mode.STOPPED, panic=None, mode_reason="the stop record cannot be read")
    window.model.tick()
    assert "The stop record cannot be read" in banner_text(window)


def test_every_cause_that_latches_has_words() -> None:
    causes = list(Cause)
    latching = causes[: causes.index(Cause.BLIND)]
    assert set(CAUSES) == set(latching)
