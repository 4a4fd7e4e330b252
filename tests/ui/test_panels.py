"""The panels draw what the engine knows, and never pass off the old for the new."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from app.console.window import ConsoleWindow
from app.models.elements import Element, elements
from app.panels.decision import DecisionPanel
from app.panels.hand import HandPanel
from app.panels.picture import DOUBT, UNKNOWN
from app.panels.table import TablePanel
from engine.clock import SECOND
from engine.game.state import Street
from engine.words import Blindness, Decision, Mode, Receipt
from tests.ui.scene import a_decision, a_look, a_state, an_observation
from tests.ui.standin import StandInEngine


def table(window: ConsoleWindow) -> TablePanel:
    panel = window.panels["table"]
    assert isinstance(panel, TablePanel)
    return panel


def hand(window: ConsoleWindow) -> HandPanel:
    panel = window.panels["hand"]
    assert isinstance(panel, HandPanel)
    return panel


def decision(window: ConsoleWindow) -> DecisionPanel:
    panel = window.panels["decision"]
    assert isinstance(panel, DecisionPanel)
    return panel


def picture(window: ConsoleWindow) -> QImage:
    return table(window).picture.grab().toImage()


def count(image: QImage, colour: QColor) -> int:
    """How many pixels have exactly this colour."""
    rows = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(rows.constBits(), np.uint32)
    return int(np.count_nonzero(pixels == colour.rgb()))


def test_a_sure_picture_has_neither_amber_nor_magenta(window: ConsoleWindow) -> None:
    image = picture(window)
    assert table(window).picture.notice is None
    assert count(image, DOUBT) == count(image, UNKNOWN) == 0


def test_doubtful_and_unknown_elements_are_drawn_apart(window: ConsoleWindow, engine: StandInEngine) -> None:
    engine.show(look=a_look(an_observation(pot=0.94)))
    window.model.tick()
    doubtful = picture(window)
    engine.show(look=a_look(an_observation(stack=None)))
    window.model.tick()
    unknown = picture(window)
    assert count(doubtful, DOUBT) > 100
    assert count(doubtful, UNKNOWN) == 0
    assert count(unknown, UNKNOWN) > 100
    assert count(unknown, DOUBT) == 0


def test_hovering_an_element_names_it_with_its_confidence(window: ConsoleWindow) -> None:
    shown = table(window).picture
    found: set[str] = set()
    for x in range(0, shown.width(), 8):
        for y in range(0, shown.height(), 8):
            element = shown.element_at(QPointF(x, y))
            if isinstance(element, Element):
                found.add(element.summary)
    assert "pot: 45, confidence 1.0000" in found
    assert any(summary.startswith("seat 3 stack: 431") for summary in found)


@pytest.mark.parametrize("blindness", Blindness)
def test_hold_is_written_over_the_picture_with_its_reason(
    window: ConsoleWindow, engine: StandInEngine, blindness: Blindness
) -> None:
    before = picture(window)
    look = replace(a_look(), observation=None, blindness=blindness, detail="a terminal")
    engine.show(mode=Mode.HOLD, armed=True, look=look)
    window.model.tick()
    notice = table(window).picture.notice
    assert notice is not None
    assert notice.title == "HOLD"
    assert blindness.value.lower() in notice.text.lower()
    assert "a terminal" in notice.text
    assert "ago" in notice.text
    assert picture(window) != before
    assert "Not current" in hand(window).problem.text()


def test_a_frame_that_grows_old_is_called_stale(window: ConsoleWindow, engine: StandInEngine) -> None:
    engine.show(at=engine.now.at + 3 * SECOND)
    window.model.tick()
    notice = table(window).picture.notice
    assert notice is not None
    assert notice.title == "Stale picture"
    assert "3.0 s ago" in notice.text


def test_no_frame_is_said_and_nothing_old_is_left(window: ConsoleWindow, engine: StandInEngine) -> None:
    engine.show(frame=None, look=None, state=None, decision=None)
    window.model.tick()
    notice = table(window).picture.notice
    assert notice is not None
    assert notice.title == "No picture"
    assert hand(window).hole.cards == hand(window).board.cards == ()
    assert hand(window).seats.rows == ()
    assert decision(window).action.text() == "No decision yet"


def test_the_hand_is_written_out(window: ConsoleWindow, engine: StandInEngine) -> None:
    rows = hand(window).seats.rows
    assert [row.position for row in rows] == ["BB", "UTG", "HJ", "CO", "BTN", "SB"]
    assert [row.status for row in rows] == ["to act", "folded", "in", "folded", "in", "in"]
    assert hand(window).board.cards == ("Qh", "7c", "2h")
    engine.show(state=a_state(Street.PREFLOP))
    window.model.tick()
    assert hand(window).board.cards == ()


def test_a_refused_state_is_said(window: ConsoleWindow, engine: StandInEngine) -> None:
    engine.show(state=None, state_problem="the pot does not equal the bets")
    window.model.tick()
    assert hand(window).problem.isVisible()
    assert "the pot does not equal the bets" in hand(window).problem.text()


def test_the_decision_shows_action_distribution_and_reasons(window: ConsoleWindow) -> None:
    panel = decision(window)
    assert panel.action.text() == "Raise to 36"
    assert "Raise to 36 54% EV +15.90" in panel.distribution.accessibleDescription()
    assert "pot odds" in panel.reasons.text().lower()
    assert "equity 58.3%" in panel.facts.text().lower()
    assert panel.fallback.isHidden()


def test_a_fallback_is_said_plainly(window: ConsoleWindow, engine: StandInEngine) -> None:
    engine.show(decision=a_decision(fallback=True), last_receipt=Receipt(3, False, "nothing changed", 0))
    window.model.tick()
    assert decision(window).fallback.isVisible()
    assert "safe action" in decision(window).fallback.text()


def test_a_decision_of_an_earlier_hand_is_called_so(window: ConsoleWindow, engine: StandInEngine) -> None:
    old: Decision = replace(a_decision(), hand_id="16")
    engine.show(decision=old)
    window.model.tick()
    assert decision(window).hand.text() == "earlier hand 16"


def test_a_hand_has_its_number_and_its_whole_name_as_tooltip(window: ConsoleWindow, engine: StandInEngine) -> None:
    name = "20261123T133051-df33e5-12"
    engine.show(state=replace(a_state(), hand_id=name), decision=replace(a_decision(), hand_id=name))
    window.model.tick()
    for label in (hand(window).street, decision(window).hand):
        assert label.text().endswith("hand 12")
        assert label.toolTip() == name


def test_a_place_that_is_surely_empty_has_no_box_until_all_values_are_asked_for(
    window: ConsoleWindow, engine: StandInEngine
) -> None:
    seen = an_observation()
    without = replace(seen, hole=tuple(replace(card, value="") for card in seen.hole))
    engine.show(look=a_look(without))
    window.model.tick()
    shown = table(window)
    folded = shown.picture.grab().toImage()
    hole = next(each for each in elements(seen) if each.name == "hole card 1")
    assert not hole.empty
    shown.all_values.setChecked(True)
    assert shown.picture.grab().toImage() != folded
    assert all(each.empty for each in elements(without) if each.name.startswith("hole"))


@pytest.mark.parametrize("width", [564, 800, 940])
def test_the_cards_are_whole_at_every_width(window: ConsoleWindow, width: int) -> None:
    window.resize(width, 744)
    QApplication.processEvents()
    panel = hand(window)
    for row in (panel.hole, panel.board):
        assert row.size() == row.sizeHint()
        assert row.mapTo(panel, row.rect().topRight()).x() < panel.width() - 10
    assert panel.hole.height() == panel.board.height()


def test_an_unchanged_snapshot_draws_no_panel_anew(window: ConsoleWindow, engine: StandInEngine) -> None:
    shown = table(window).picture
    engine.show()
    window.model.tick()
    drawn = shown.drawn
    for _ in range(5):
        engine.show()
        window.model.tick()
        QApplication.processEvents()
    assert shown.drawn == drawn
