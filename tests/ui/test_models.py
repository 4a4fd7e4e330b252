"""The view model's parts that need no window: histories, positions and words."""

from dataclasses import replace

import numpy as np
import pytest

from app.models.elements import Grade, elements
from app.models.history import History, highest, latest, lowest
from app.models.positions import position_names
from app.models.wording import (
    action_text,
    clock_part,
    history_lines,
    milliseconds,
    picture_notice,
    readiness,
    reason_text,
    signed_chips,
    utc_text,
)
from app.panels.charts import nines
from app.panels.risk import axis_chips, result_height
from engine.clock import SECOND
from engine.game.actions import Action, ActionKind
from engine.words import CheckResult, Mode
from tests.ui.scene import a_look, a_snapshot, a_state, an_observation


def test_a_history_is_bounded_and_keeps_the_newest() -> None:
    history = History(1, latest, bucket=1, capacity=100)
    for at in range(1000):
        history.append(at, (float(at),))
    kept, values = history.since(0)
    assert len(history) == len(kept) == 100
    assert kept.tolist() == values[:, 0].tolist() == list(range(900, 1000))
    assert history.since(990)[0].tolist() == list(range(990, 1000))


def test_a_bucket_keeps_dips_peaks_or_the_last() -> None:
    for fold, wanted in ((lowest, 1.0), (highest, 9.0), (latest, 4.0)):
        history = History(1, fold, bucket=10)
        for at, value in ((0, 5.0), (3, 1.0), (6, 9.0), (9, 4.0), (10, 7.0)):
            history.append(at, (value,))
        assert history.since(0)[1][:, 0].tolist() == [wanted, 7.0]


def test_a_gap_does_not_hide_the_value_beside_it() -> None:
    history = History(1, lowest, bucket=10)
    history.append(0, (float("nan"),))
    history.append(5, (0.5,))
    assert history.since(0)[1].tolist() == [[0.5]]


def test_confidence_is_drawn_as_nines() -> None:
    assert nines(np.array([0.0, 0.9, 0.99, 0.999, 1.0])) == pytest.approx([0, 1, 2, 3, 4])


@pytest.mark.parametrize(
    ("furthest", "limit", "height"),
    [(0, 20_000, 100), (62, 400, 100), (140, 20_000, 200), (201, 400, 500), (480, 900, 1000), (21_000, 20_000, 50_000)],
)
def test_the_chart_of_results_is_as_high_as_they_ask_for(furthest: float, limit: int, height: int) -> None:
    assert result_height(furthest, limit) == height


@pytest.mark.parametrize(
    ("players", "names"),
    [
        (2, ["BTN", "BB"]),
        (3, ["BTN", "SB", "BB"]),
        (4, ["BTN", "SB", "BB", "CO"]),
        (6, ["BTN", "SB", "BB", "UTG", "HJ", "CO"]),
        (9, ["BTN", "SB", "BB", "UTG", "UTG+1", "UTG+2", "LJ", "HJ", "CO"]),
    ],
)
def test_positions_go_round_from_the_button(players: int, names: list[str]) -> None:
    state = a_state()
    seats = tuple(replace(state.seats[0], seat=seat) for seat in range(players))
    button = players - 1
    got = position_names(replace(state, seats=seats, button=button))
    assert [got[(button + place) % players] for place in range(players)] == names


def test_elements_are_graded_and_the_least_sure_of_a_box_is_kept() -> None:
    graded = {element.name: element.grade for element in elements(an_observation(pot=0.9, stack=None))}
    assert graded["pot"] is Grade.DOUBTFUL
    assert graded["seat 3 stack"] is Grade.UNKNOWN
    assert graded["seat 2 stack"] is Grade.GOOD


@pytest.mark.parametrize(
    ("mode", "changes", "word", "reason"),
    [
        (Mode.STANDBY, {}, "Ready", "2 checks pass"),
        (Mode.STANDBY, {"checks": ()}, "Not ready", "not checked yet"),
        (Mode.STANDBY, {"checks": (CheckResult("Overlap", False, "covered"),)}, "Not ready", "Overlap"),
        (Mode.STOPPED, {}, "Not ready", "stopped; reset first"),
        (Mode.LIVE, {}, "Armed", ""),
        (Mode.LIVE, {"actuator_alive": False}, "Armed", "the actuator is not connected"),
        (Mode.LIVE, {"watchdog_alive": False}, "Armed", "the watchdog is not running"),
    ],
)
def test_readiness_in_words(mode: Mode, changes: dict[str, object], word: str, reason: str) -> None:
    ready = readiness(replace(a_snapshot(mode), **changes))  # type: ignore[arg-type]
    assert (ready.word, ready.reason) == (word, reason)


def test_a_silent_engine_outweighs_all_other_notices() -> None:
    notice = picture_notice(replace(a_snapshot(Mode.HOLD), look=a_look()), 3 * SECOND)
    assert notice is not None
    assert notice.title == "Engine silent"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("arm: operator", "armed by the operator"),
        ("blind: covered: a terminal", "covered: a terminal"),
        ("eyes-back: confident for 0.50 s", "the eyes are back"),
        ("risk-limit: 412 chips", "risk-limit: 412 chips"),
        ("", ""),
    ],
)
def test_why_a_mode_was_entered_in_the_operators_words(reason: str, words: str) -> None:
    assert reason_text(reason) == words


def test_words_for_actions_times_and_chips() -> None:
    assert action_text(Action(ActionKind.RAISE, 1200)) == "Raise to 1\N{NARROW NO-BREAK SPACE}200"
    assert action_text(Action(ActionKind.CHECK)) == "Check"
    assert signed_chips(-4.25, 1) == "\N{MINUS SIGN}4.2"
    assert axis_chips(-20_000) == "\N{MINUS SIGN}20k"
    assert axis_chips(5000) == "+5\N{NARROW NO-BREAK SPACE}000"
    assert milliseconds(38_000_000) == "38.0\N{NO-BREAK SPACE}ms"
    assert milliseconds(12 * SECOND) == "12.0\N{NO-BREAK SPACE}s"
    assert utc_text("2026-11-23T14:02:31+00:00") == "2026-11-23 14:02:31 UTC"
    assert clock_part("2026-11-23T14:02:31.204Z") == "14:02:31.204"
    assert clock_part("14:02:31") == "14:02:31"
    assert history_lines(a_state())[1] == ("Flop", "Seat 5 check, Seat 4 bet 12")
