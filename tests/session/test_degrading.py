"""A session that loses something: what it does without, what it plays meanwhile, and how it comes back."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.practice.dealer import Waiting
from engine.clock import MILLISECOND, SECOND
from engine.game.actions import Action, ActionKind
from engine.safety.latch import LatchState
from engine.safety.supervisor import Conditions, InvalidTransitionError, Limits
from engine.session.follower import Sight
from engine.words import Blindness, Cause, Degradation, Mode, Opinion, SolverError
from tests.session.desk import TICK, Desk
from tests.session.test_play import PASSIVE, armed_at_our_turn, panic, presses

LOST = Conditions(solver="the solver process has ended")
EVENT = Conditions(event="the final table")
STALE = Conditions(calendar="no source is up to date")
WELL = Conditions()
SAFE_WITHOUT_SOLVER = Limits(solver_lost_is_safe=True)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def moves(desk: Desk) -> list[str]:
    """The transitions that the journal has, in short."""
    made = [row["transition"] for row in desk.memory.of("mode")]
    return [
        f"+ {one.begun}" if one.begun else f"- {one.ended}" if one.ended else f"{one.source} {one.target}"
        for one in made
    ]


def between_hands(desk: Desk) -> None:
    """Until no action of ours can be asked for any more in this hand."""
    desk.until(lambda: not desk.session.hand_running)


# degradations


def test_a_lost_solver_is_done_without_to_the_end_of_the_hand(desk: Desk) -> None:
    armed_at_our_turn(desk)
    desk.conditions, desk.solver.refuses = LOST, SolverError("the solver process has ended")
    desk.until(lambda: bool(desk.fingers.pressed))
    assert desk.session.degraded == {Degradation.CACHE_ONLY}
    assert presses(desk)[0] in PASSIVE
    assert desk.mode is Mode.LIVE
    assert desk.memory.of("decision")[0]["degraded"] == (Degradation.CACHE_ONLY,)
    desk.conditions, desk.solver.refuses = WELL, None
    desk.until(lambda: not desk.session.degraded)
    asked = len(desk.solver.asked)
    desk.until(lambda: len(desk.solver.asked) > asked)
    assert moves(desk) == ["STANDBY LIVE", "+ cache-only", "- cache-only"]
    assert panic(desk) == (Mode.LIVE, None)


def test_a_degradation_is_announced_and_does_not_touch_mode_or_leave(desk: Desk) -> None:
    armed_at_our_turn(desk)
    before = [kind for kind, _ in desk.told if kind in ("page", "latch")]
    desk.conditions = Conditions(advisers="two of two agents are late", pressure="a third of the steps is late")
    desk.tick(3)
    desk.conditions = WELL
    desk.tick(3)
    said = [
        (event.level, event.text) for event in desk.session.events if " begins" in event.text or "ends" in event.text
    ]
    assert said == [
        ("warning", "GTO-only begins: advisers-lost (two of two agents are late)"),
        ("warning", "lean begins: resources (a third of the steps is late)"),
        ("info", "GTO-only ends: advisers-back (well again)"),
        ("info", "lean ends: resources-back (well again)"),
    ]
    assert [kind for kind, _ in desk.told if kind in ("page", "latch")] == before
    assert "arm" in desk.session.reason


def test_a_disk_that_is_full_delays_no_degradation(desk: Desk) -> None:
    desk.arm()
    desk.memory.commits, desk.disk_is_full = False, True
    desk.conditions = replace(LOST, advisers="gone")
    desk.tick(2)
    assert desk.session.degraded == {Degradation.CACHE_ONLY, Degradation.GTO_ONLY}
    assert desk.mode is Mode.LIVE


def test_without_the_advisers_their_advice_is_not_heard(tmp_path: Path) -> None:
    desk = armed_at_our_turn(Desk(tmp_path, alpha=0.0))
    assert desk.dealer.hand is not None
    assert desk.dealer.hand.legal is not None
    call = Action(ActionKind.CALL, desk.dealer.hand.legal.call_amount)
    desk.solver.play = call
    desk.advisers.advice = (Opinion("shark", ((Action(ActionKind.FOLD), 1.0),), 1.0, "", 0),)
    desk.conditions = Conditions(advisers="gone")
    desk.until(lambda: bool(desk.fingers.pressed))
    assert presses(desk) == ["call"]
    assert desk.loop.last_decision is not None
    assert (desk.loop.last_decision.alpha, desk.advisers.asked) == (1.0, 0)


def test_what_is_lost_and_found_in_a_hand_leaves_its_record_whole(tmp_path: Path) -> None:
    """Solver, advisers and eyes are bounced one after another in one hand after the other."""
    desk = Desk(tmp_path, hands=12, seed=3)
    desk.arm()
    for number in range(400):
        desk.conditions = [LOST, WELL, Conditions(advisers="restarting"), WELL][number // 7 % 4]
        desk.solver.refuses = SolverError("restarting") if desk.conditions is LOST else None
        desk.blind = Blindness.RESTARTING if number % 29 < 3 else None
        desk.tick()
    desk.blind, desk.conditions, desk.solver.refuses = None, WELL, None
    desk.until(lambda: desk.dealer.waiting is Waiting.DONE or desk.mode is Mode.STOPPED, 10_000)
    desk.tick(4)
    assert panic(desk) == (Mode.LIVE, None)
    assert [row["hand"].table_hand_number for row in desk.memory.of("hand")] == list(range(1, 13))
    assert {"+ cache-only", "- cache-only", "+ GTO-only", "LIVE HOLD", "HOLD LIVE"} <= set(moves(desk))
    assert desk.tally.presses == len(desk.memory.of("receipt"))


# safe mode


def test_a_lost_solver_may_mean_safe_mode_until_it_is_healthy_between_hands(tmp_path: Path) -> None:
    desk = armed_at_our_turn(Desk(tmp_path, limits=SAFE_WITHOUT_SOLVER, seed=3))
    desk.conditions = LOST
    desk.until(lambda: desk.tally.hands == 2)
    assert desk.mode is Mode.SAFE
    assert set(presses(desk)) <= set(PASSIVE)
    assert presses(desk)
    desk.conditions = WELL
    desk.until(lambda: desk.mode is Mode.LIVE, 3000)
    assert moves(desk) == ["STANDBY LIVE", "LIVE SAFE", "SAFE LIVE"]
    assert [kind for kind, data in desk.told if kind == "commit mode" and data["transition"].target is Mode.LIVE]


def test_leaving_safe_mode_is_on_the_disk_first(tmp_path: Path) -> None:
    desk = armed_at_our_turn(Desk(tmp_path, limits=SAFE_WITHOUT_SOLVER))
    desk.conditions = LOST
    desk.until(lambda: desk.mode is Mode.SAFE)
    desk.until(lambda: desk.dealer.waiting is not Waiting.HERO)
    between_hands(desk)
    desk.memory.commits = False
    desk.conditions = WELL
    desk.until(lambda: desk.mode is not Mode.SAFE, 3000)
    assert panic(desk) == (Mode.STOPPED, Cause.JOURNAL)
    assert [data for kind, data in desk.told if kind == "page"].count(Mode.LIVE) == 1, "when it was armed"


@pytest.mark.parametrize("conditions", [EVENT, STALE])
def test_an_event_ends_with_the_hand_in_standby(desk: Desk, conditions: Conditions) -> None:
    armed_at_our_turn(desk)
    desk.conditions = conditions
    desk.until(lambda: desk.mode is Mode.STANDBY, 3000)
    assert moves(desk) == ["STANDBY LIVE", "LIVE SAFE", "SAFE STANDBY"]
    assert presses(desk)
    assert set(presses(desk)) <= set(PASSIVE)
    assert desk.latch.state is LatchState.CLEAR
    with pytest.raises(InvalidTransitionError, match="arm is not possible"):
        desk.session.command(Cause.ARM)
    desk.conditions = WELL
    desk.tick()
    desk.session.command(Cause.ARM)
    assert desk.mode is Mode.LIVE


def test_between_hands_an_event_leads_straight_to_standby(desk: Desk) -> None:
    armed_at_our_turn(desk)
    desk.until(lambda: bool(desk.fingers.pressed))
    between_hands(desk)
    desk.conditions = EVENT
    desk.tick()
    assert moves(desk) == ["STANDBY LIVE", "LIVE STANDBY"]


def test_finishing_during_a_hold_is_remembered(desk: Desk) -> None:
    armed_at_our_turn(desk)
    desk.blind = Blindness.COVERED
    desk.tick(2)
    desk.session.command(Cause.FINISH)
    assert desk.mode is Mode.HOLD
    desk.blind = None
    desk.until(lambda: desk.mode is Mode.STANDBY, 3000)
    assert moves(desk) == ["STANDBY LIVE", "LIVE HOLD", "HOLD HOLD", "HOLD SAFE", "SAFE STANDBY"]
    assert set(presses(desk)) <= set(PASSIVE)
    assert [event.text for event in desk.session.events if "goes on" in event.text] == [
        "HOLD goes on: finish (operator)"
    ]


def test_a_press_that_misfires_in_safe_mode_is_safe_modes_failure(desk: Desk) -> None:
    armed_at_our_turn(desk)
    desk.session.command(Cause.FINISH)
    desk.fingers.plan.extend(["ignore"] * 9)
    desk.until(lambda: desk.mode is Mode.STOPPED, 400)
    assert panic(desk) == (Mode.STOPPED, Cause.SAFE_FAILED)
    assert set(presses(desk)) <= set(PASSIVE)


def test_a_turn_that_goes_unanswered_in_safe_mode_stops(desk: Desk) -> None:
    armed_at_our_turn(desk)
    desk.session.command(Cause.FINISH)
    desk.session.connect(None)
    desk.tick(10 * SECOND // TICK - 3)
    assert desk.mode is Mode.SAFE
    desk.tick(8)
    assert panic(desk) == (Mode.STOPPED, Cause.SAFE_FAILED)
    assert desk.session.panic is not None
    assert "our turn unanswered for 10" in desk.session.panic.measured


@pytest.mark.parametrize("mode", [Mode.LIVE, Mode.SAFE, Mode.HOLD])
def test_a_changed_desk_is_standby_at_once_and_nothing_is_pressed_after(desk: Desk, mode: Mode) -> None:
    armed_at_our_turn(desk)
    if mode is Mode.SAFE:
        desk.session.command(Cause.FINISH)
    if mode is Mode.HOLD:
        desk.blind = Blindness.COVERED
    desk.tick()
    assert desk.mode is mode
    desk.conditions = Conditions(desk="the machine slept for 40 s")
    desk.tick()
    assert desk.mode is Mode.STANDBY
    asked = desk.tally.intents
    desk.conditions, desk.blind = WELL, None
    desk.tick(60)
    assert (desk.mode, desk.tally.intents) == (Mode.STANDBY, asked)
    assert desk.latch.state is LatchState.CLEAR


def test_a_turn_in_which_nothing_may_be_done_for_certain_stops(desk: Desk) -> None:
    armed_at_our_turn(desk)
    desk.until(lambda: desk.session.state is not None and desk.session.state.hero_to_act)
    state = desk.session.state
    assert state is not None
    sight = Sight(desk.look().observation, state)
    assert desk.loop.step(sight, Mode.SAFE) is None
    desk.loop.void()
    fault = desk.loop.step(replace(sight, state=replace(state, legal=None)), Mode.SAFE)
    assert fault is not None
    assert fault.cause is Cause.SAFE_FAILED


# time


def test_a_decision_counts_from_the_picture_that_first_showed_our_turn(desk: Desk) -> None:
    armed_at_our_turn(desk)
    desk.until(lambda: desk.loop.last_decision is not None)
    assert desk.loop.last_decision is not None
    assert desk.loop.last_decision.timings_ns["perception"] == TICK
    desk.until(lambda: desk.tally.presses > 0)
    stages = {str(one.stage): one for one in desk.budget.summary()}
    assert {name: one.count for name, one in stages.items()} == {
        "perception": 1,
        "solver": 1,
        "advisers": 1,
        "synthesis": 1,
        "execution": 1,
    }
    assert stages["execution"].last_ms == 2 * TICK / MILLISECOND


def test_time_spent_in_a_hold_is_no_time_of_the_decision(desk: Desk) -> None:
    armed_at_our_turn(desk)
    desk.solver.takes = 300 * MILLISECOND
    desk.tick(3)
    desk.blind = Blindness.COVERED
    desk.tick(150)
    desk.blind = None
    desk.until(lambda: desk.loop.last_decision is not None, 100)
    assert desk.loop.last_decision is not None
    assert not desk.loop.last_decision.fallback
    assert desk.loop.last_decision.timings_ns["perception"] < 100 * MILLISECOND


def test_an_answer_to_a_turn_that_has_passed_is_never_played(desk: Desk) -> None:
    armed_at_our_turn(desk)
    desk.solver.takes = 500 * MILLISECOND
    desk.tick(5)
    assert len(desk.solver.asked) == 1
    desk.table_moves(lambda: desk.dealer.act(Action(ActionKind.FOLD)))
    desk.tick(30)
    assert desk.tally.intents == 0
    assert desk.tally.decisions == 0
    assert desk.solver.abandoned == 1
