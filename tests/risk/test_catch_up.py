"""At the start the guard books what the last session's journal knows and the state does not, once and no more."""

from pathlib import Path

import pytest

from engine.risk.reconstruct import HandResult
from engine.risk.state import Booking, OpenHand
from tests.risk.spots import FOLD, call, guard, state


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "profile" / "risk.json"


def test_the_start_catches_up_with_what_only_the_journal_knows(path: Path) -> None:
    guard(path).hand_over("h1", -10)
    later = guard(path)
    hands = [HandResult("h1", -10), HandResult("h2", -20), HandResult("h3", 50)]
    assert later.catch_up(hands, OpenHand("h4", 300)) == 3
    assert (later.status(None).session_result, later.status(None).hands) == (20 - 300, 4)
    assert guard(path).state.booked[-1] == Booking("h4", -300, presumed=True)
    assert later.catch_up(hands, OpenHand("h4", 300)) == 0
    assert later.status(None).session_result == 20 - 300


def test_the_start_does_not_book_again_what_the_state_knew_first(path: Path) -> None:
    risk = guard(path)
    for number in range(1, 30):
        risk.hand_over(f"h{number}", -1)
    assert guard(path).catch_up([HandResult(f"h{number}", -1) for number in range(1, 29)], None) == 0


def test_the_start_catches_up_from_the_first_hand_when_the_state_knows_none(path: Path) -> None:
    risk = guard(path)
    assert risk.catch_up([HandResult("h1", -10), HandResult("h2", -20), HandResult("h3", 50)], None) == 3
    assert (risk.state.session_result, risk.state.hands) == (20, 3)


def test_a_name_that_came_again_does_not_make_the_start_book_the_hands_between(path: Path) -> None:
    """A table that was opened anew; the first hand of that name is not remembered any more, the second is."""
    hands = [HandResult(f"h{number}", -1) for number in (*range(1, 21), 1)]
    risk = guard(path)
    for hand in hands:
        risk.hand_over(hand.hand_id, hand.result)
    assert guard(path).catch_up(hands, None) == 0
    assert guard(path).catch_up([*hands, HandResult("h2", -1)], None) == 1


def test_a_presumed_loss_that_the_journal_confirms_is_final(path: Path) -> None:
    """Else the winnings of a later hand of that name, at a table opened anew, would bring the loss back."""
    risk = guard(path)
    risk.check(state(100, 40, hand_id="h2"), call(200))
    risk.check(state(0, 0, hand_id="h3"), FOLD)
    risk.stopped("confidence")
    assert risk.state.booked == (Booking("h2", -300, presumed=True),)
    later = guard(path)
    assert later.catch_up([HandResult("h2", -300)], None) == 0
    assert later.state.booked == (Booking("h2", -300),)
    later.hand_over("h2", 500)
    assert later.state.session_result == -300
