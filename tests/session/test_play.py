"""The session in play: hands to the end, every press with its intent, and what it does when a press goes wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.practice.dealer import Waiting
from engine.game.actions import Action, ActionKind
from engine.records.journal import SqliteJournal
from engine.records.journal_reading import read, verify
from engine.safety.latch import LatchState
from engine.words import Blindness, Cause, Mode, RiskVerdict
from tests.session.desk import SOLVER_TICKS, VERIFY_TICKS, Desk

PASSIVE = ("check", "fold")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def presses(desk: Desk) -> list[str]:
    return [f"{intent.purpose}{' ' + intent.text if intent.text else ''}" for intent in desk.fingers.pressed]


def armed_at_our_turn(desk: Desk) -> Desk:
    """LIVE, the table at the hero's first turn and standing still when it is not his."""
    desk.until(lambda: desk.session.state is not None)
    desk.arm()
    desk.until_our_turn()
    return desk


def panic(desk: Desk) -> tuple[Mode, Cause | None]:
    return desk.mode, None if desk.session.panic is None else desk.session.panic.cause


def test_50_hands_are_played_to_the_end(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path, "fifty")
    desk = Desk(tmp_path, hands=50, journal=journal)
    desk.until(lambda: desk.dealer.hand is not None)
    desk.arm()
    desk.until(lambda: desk.dealer.waiting is Waiting.DONE or desk.mode is Mode.STOPPED, 30_000)
    desk.tick(4)
    assert panic(desk) == (Mode.LIVE, None)
    tally = desk.tally
    assert (tally.hands, tally.inconsistent, tally.retries, tally.fallbacks) == (50, 0, 0, 0)
    assert tally.presses == tally.intents == len(desk.fingers.pressed) > 50
    assert journal.close()
    assert verify(journal.path) == []
    assert len(list(read(journal.path, "hand"))) == 50
    assert len(list(read(journal.path, "receipt"))) == tally.presses


def test_every_press_has_its_intent_on_the_disk_before_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path, hands=10, seed=8)
    desk.arm()
    desk.until(lambda: desk.dealer.waiting is Waiting.DONE, 20_000)
    committed = set()
    for kind, data in desk.told:
        if kind == "commit intent":
            committed.add(data["intent"].intent_id)
        elif kind == "press":
            assert data.intent_id in committed
    assert len(committed) == desk.tally.intents > 10


def test_a_bet_is_two_gestures_with_its_amount_read_back_between(desk: Desk) -> None:
    armed_at_our_turn(desk)
    desk.solver.play = Action(ActionKind.RAISE, 77)
    desk.until(lambda: len(desk.fingers.pressed) == 2)
    assert presses(desk) == ["amount 77", "raise"]
    desk.until(lambda: desk.tally.presses == 2)
    desk.tick(3)
    assert [row["receipt"].detail for row in desk.memory.of("receipt")] == [
        "the amount field reads 77",
        "the table shows raise 77",
    ]


def test_a_press_that_changes_nothing_is_tried_once_more(desk: Desk) -> None:
    armed_at_our_turn(desk)
    desk.solver.play = call_of(desk)
    desk.fingers.plan.extend(["ignore"])
    desk.until(lambda: desk.tally.presses == 2)
    desk.tick(5)
    assert presses(desk) == ["call", "call"]
    assert (desk.tally.retries, desk.tally.fallbacks) == (1, 0)
    assert panic(desk) == (Mode.LIVE, None)


def test_then_the_safe_action_is_taken(desk: Desk) -> None:
    armed_at_our_turn(desk)
    desk.solver.play = call_of(desk)
    desk.fingers.plan.extend(["ignore", "ignore"])
    desk.until(lambda: desk.tally.presses == 3)
    desk.tick(5)
    assert presses(desk) == ["call", "call", "fold"]
    assert (desk.tally.retries, desk.tally.fallbacks) == (1, 1)
    assert panic(desk) == (Mode.LIVE, None)


def test_then_it_is_a_misfire(desk: Desk) -> None:
    armed_at_our_turn(desk)
    desk.solver.play = call_of(desk)
    desk.fingers.plan.extend(["ignore"] * 4)
    desk.until(lambda: desk.mode is Mode.STOPPED)
    assert presses(desk) == ["call", "call", "fold", "fold"]
    assert panic(desk) == (Mode.STOPPED, Cause.MISFIRE)
    desk.tick(VERIFY_TICKS)
    assert len(desk.fingers.pressed) == 4


def call_of(desk: Desk) -> Action:
    assert desk.dealer.hand is not None
    legal = desk.dealer.hand.legal
    assert legal is not None
    assert legal.call_amount > 0
    return Action(ActionKind.CALL, legal.call_amount)


def test_another_action_on_the_table_is_a_misfire(desk: Desk) -> None:
    armed_at_our_turn(desk)
    desk.solver.play = call_of(desk)
    desk.fingers.plan.extend(["act otherwise"])
    desk.until(lambda: desk.mode is Mode.STOPPED)
    assert panic(desk) == (Mode.STOPPED, Cause.MISFIRE)
    assert desk.session.panic is not None
    assert (desk.session.panic.measured, desk.session.panic.limit) == ("the table shows raise 41", "call 20")


def test_an_amount_that_reads_otherwise_is_never_confirmed(desk: Desk) -> None:
    armed_at_our_turn(desk)
    desk.solver.play = Action(ActionKind.RAISE, 77)
    desk.until(lambda: desk.loop.last_decision is not None)
    desk.misread_amount = True
    desk.until(lambda: desk.mode is Mode.STOPPED or desk.tally.presses > 2)
    assert all(purpose not in ("raise", "bet", "all-in") for purpose in presses(desk))


def test_an_intent_that_is_not_on_the_disk_is_not_pressed(desk: Desk) -> None:
    armed_at_our_turn(desk)
    desk.memory.commits, desk.memory.problem = False, "no space left on the disk"
    desk.until(lambda: desk.mode is Mode.STOPPED)
    assert panic(desk) == (Mode.STOPPED, Cause.JOURNAL)
    assert desk.session.panic is not None
    assert "no space left on the disk" in desk.session.panic.measured
    desk.tick(VERIFY_TICKS)
    assert presses(desk) == []


def test_a_table_not_proved_local_is_not_pressed(desk: Desk) -> None:
    armed_at_our_turn(desk)
    desk.guard.verdict = RiskVerdict(False, "its process has a connection to another machine")
    desk.until(lambda: desk.mode is Mode.STOPPED)
    assert panic(desk) == (Mode.STOPPED, Cause.TABLE_GUARD)
    desk.tick(VERIFY_TICKS)
    assert presses(desk) == []


def test_a_solver_that_raises_gives_the_safe_action(desk: Desk) -> None:
    armed_at_our_turn(desk)
    desk.solver.error = ZeroDivisionError("no combos left")
    desk.until(lambda: bool(desk.fingers.pressed))
    assert presses(desk)[0] in PASSIVE
    assert desk.loop.last_decision is not None
    assert desk.loop.last_decision.fallback
    why = "the safe action, because ZeroDivisionError while deciding: no combos left"
    assert desk.loop.last_decision.reasons == (why,)
    assert desk.tally.fallbacks == 1


def test_an_answer_too_late_gives_the_safe_action_and_is_never_looked_at(desk: Desk) -> None:
    armed_at_our_turn(desk)
    desk.solver.takes, desk.solver.obeys = None, False
    desk.tick(SOLVER_TICKS)
    assert presses(desk) == []
    desk.until(lambda: bool(desk.fingers.pressed), 12)
    assert presses(desk)[0] in PASSIVE
    assert desk.loop.last_decision is not None
    assert desk.loop.last_decision.reasons == ("the safe action, because the solver had no answer inside its time",)


@pytest.mark.parametrize("action", [Action(ActionKind.RAISE, 5), Action(ActionKind.CHECK), Action(ActionKind.BET, 50)])
def test_an_illegal_decision_is_played_safely(desk: Desk, action: Action) -> None:
    armed_at_our_turn(desk)
    desk.solver.play = action
    desk.until(lambda: bool(desk.fingers.pressed))
    assert presses(desk) == ["fold"]
    assert desk.mode is Mode.LIVE


def test_an_action_over_the_limits_stops_before_it_is_pressed(tmp_path: Path) -> None:
    desk = armed_at_our_turn(Desk(tmp_path, risk=(10**6, 500, 100)))
    desk.solver.play = Action(ActionKind.RAISE, 501)
    desk.until(lambda: desk.mode is Mode.STOPPED)
    assert panic(desk) == (Mode.STOPPED, Cause.RISK_LIMIT)
    assert presses(desk) == []


def test_the_limits_are_asked_before_every_intent(tmp_path: Path) -> None:
    """A bet is two gestures: what holds for the first is asked anew for the second."""
    desk = armed_at_our_turn(Desk(tmp_path))
    desk.solver.play = Action(ActionKind.RAISE, 77)
    desk.until(lambda: len(desk.fingers.pressed) == 1)
    desk.risk.refuses = "the figures are not on the disk"
    desk.until(lambda: desk.mode is Mode.STOPPED)
    assert panic(desk) == (Mode.STOPPED, Cause.RISK_LIMIT)
    desk.tick(VERIFY_TICKS)
    assert presses(desk) == ["amount 77"]


def test_the_number_of_hands_stops_between_hands(tmp_path: Path) -> None:
    desk = Desk(tmp_path, risk=(10**6, 10**6, 3))
    desk.arm()
    desk.until(lambda: desk.mode is Mode.STOPPED, 20_000)
    assert panic(desk) == (Mode.STOPPED, Cause.RISK_LIMIT)
    assert desk.tally.hands == 3


@pytest.mark.parametrize("told", ["refuse"])
def test_a_refusal_is_answered_by_a_fresh_frame_and_then_by_a_stop(desk: Desk, told: str) -> None:
    armed_at_our_turn(desk)
    desk.fingers.plan.extend([told] * 3)
    desk.until(lambda: bool(desk.fingers.pressed))
    assert desk.tally.intents >= 4
    desk.until_our_turn()
    desk.fingers.plan.extend([told] * 50)
    desk.until(lambda: desk.mode is Mode.STOPPED)
    assert panic(desk) == (Mode.STOPPED, Cause.MISFIRE)


def test_a_lost_answer_stops(desk: Desk) -> None:
    armed_at_our_turn(desk)
    desk.fingers.plan.append("lose")
    desk.until(lambda: desk.mode is Mode.STOPPED)
    assert panic(desk) == (Mode.STOPPED, Cause.ACTUATOR_LOST)


def test_an_actuator_that_says_nothing_stops(desk: Desk) -> None:
    armed_at_our_turn(desk)
    desk.fingers.plan.append("say nothing")
    desk.until(lambda: desk.mode is Mode.STOPPED, 400)
    assert panic(desk) == (Mode.STOPPED, Cause.ACTUATOR_LOST)


def test_a_person_at_the_pointer_is_waited_for(desk: Desk) -> None:
    armed_at_our_turn(desk)
    desk.fingers.plan.append("yield")
    desk.until(lambda: "a person has the pointer" in desk.loop.problem)
    asked = desk.tally.intents
    desk.tick(55)
    assert desk.tally.intents == asked == 1, "two seconds of rest"
    desk.until(lambda: bool(desk.fingers.pressed), 30)
    assert desk.mode is Mode.LIVE


# modes


def cover(desk: Desk) -> None:
    desk.blind = Blindness.COVERED


@pytest.mark.parametrize("ticks", range(1, 8))
def test_a_hold_in_the_middle_of_a_turn_voids_it(desk: Desk, ticks: int) -> None:
    armed_at_our_turn(desk)
    desk.solver.play = Action(ActionKind.RAISE, 77)
    desk.tick(ticks)
    cover(desk)
    desk.tick()
    asked, decided = desk.tally.intents, desk.tally.decisions
    assert desk.mode is Mode.HOLD
    desk.tick(60)
    assert desk.tally.intents == asked
    desk.blind = None
    desk.until(lambda: desk.mode is Mode.LIVE, 40)
    desk.until(lambda: desk.tally.intents > asked)
    assert desk.tally.decisions > decided, "what was decided before the hold is not carried out after it"
    assert panic(desk) == (Mode.LIVE, None)


def test_shadow_decides_and_never_presses(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.session.connect(desk.fingers)
    desk.session.command(Cause.SHADOW_ON)
    for _ in range(6):
        desk.until_our_turn()
        before = desk.tally.decisions
        desk.tick(40)
        assert desk.tally.decisions == before + 1, "once a turn"
        desk.table_moves(desk.dealer.step)
        desk.tick(10)
    assert desk.tally.intents == 0
    assert desk.mode is Mode.SHADOW


def test_in_shadow_nothing_counts_as_at_risk_and_in_live_every_decision_does(desk: Desk) -> None:
    desk.session.command(Cause.SHADOW_ON)
    desk.until_our_turn()
    desk.until(lambda: desk.tally.decisions > 0)
    assert desk.risk.state.open_hand is None
    desk.arm()
    desk.until(lambda: desk.tally.decisions > 1)
    assert desk.risk.state.open_hand is not None


def test_standby_does_nothing(desk: Desk) -> None:
    desk.session.connect(desk.fingers)
    desk.until_our_turn()
    desk.tick(60)
    assert (desk.tally.decisions, desk.tally.intents, desk.mode) == (0, 0, Mode.STANDBY)


@pytest.mark.parametrize("seed", range(6))
def test_finishing_checks_or_folds_to_the_end_of_the_hand(tmp_path: Path, seed: int) -> None:
    desk = armed_at_our_turn(Desk(tmp_path, seed=seed))
    desk.session.command(Cause.FINISH)
    hand = desk.dealer.hand_number
    desk.until(lambda: desk.mode is Mode.STANDBY, 3000)
    assert desk.dealer.hand_number == hand
    assert presses(desk)
    assert set(presses(desk)) <= set(PASSIVE)
    assert desk.latch.state is LatchState.CLEAR


@pytest.mark.parametrize("ready", [lambda desk: desk.loop.last_decision, lambda desk: desk.fingers.pressed])
def test_a_raise_under_way_is_not_made_once_the_hand_is_to_be_finished(
    desk: Desk, ready: Callable[[Desk], object]
) -> None:
    armed_at_our_turn(desk)
    desk.solver.play = Action(ActionKind.RAISE, 77)
    desk.until(lambda: bool(ready(desk)))
    desk.session.command(Cause.FINISH)
    desk.until(lambda: desk.mode is Mode.STANDBY, 3000)
    assert "raise" not in presses(desk)
    assert presses(desk)[-1] in PASSIVE


def test_low_confidence_stops_and_nothing_is_pressed_after(desk: Desk) -> None:
    armed_at_our_turn(desk)
    desk.confidence = 0.5
    desk.until(lambda: desk.mode is Mode.STOPPED, 12)
    assert panic(desk) == (Mode.STOPPED, Cause.CONFIDENCE)
    desk.confidence = 1.0
    desk.tick(100)
    assert presses(desk) == []
