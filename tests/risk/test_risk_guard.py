"""The RiskGuard holds each limit exactly at its border, counts on disk before it answers, and fails closed."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.game.actions import Action, ActionKind
from engine.risk.guard import RiskGuard, chips_added
from engine.risk.limits import RiskLimits
from engine.risk.state import OpenHand, RiskStateError, Stop
from engine.risk.store import Storage, load
from tests.risk.spots import CHECK, FOLD, UTC, call, guard, limits, raise_to, state


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "profile" / "risk.json"


# limits


def test_the_hand_limit_counts_what_is_in_and_what_the_action_adds(path: Path) -> None:
    risk = guard(path)
    assert risk.check(state(100, 40), call(500)).allowed
    refused = risk.check(state(100, 40), call(501))
    assert not refused.allowed
    assert (refused.measured, refused.limit) == ("601 chips in the hand", "600 chips a hand")
    assert risk.check(state(100, 40), raise_to(540)).allowed
    assert not risk.check(state(100, 40), raise_to(541)).allowed


def test_the_hand_limit_in_big_blinds_counts_when_it_is_the_stricter(path: Path) -> None:
    risk = guard(path, limits(hand=600, hand_bb=25.5))
    assert risk.check(state(100, 40), call(410)).allowed
    refused = risk.check(state(100, 40), call(411))
    assert (refused.allowed, refused.limit) == (False, "510 chips a hand")
    assert risk.status(state()).hand_commitment_limit == 510


def test_the_session_limit_counts_losses_and_the_hand_as_if_it_were_lost(path: Path) -> None:
    risk = guard(path)
    assert risk.hand_over("h1", -700).allowed
    assert risk.check(state(100, 40), call(200)).allowed
    refused = risk.check(state(100, 40), call(201))
    assert not refused.allowed
    assert refused.measured == "700 chips lost and 301 in the hand"
    assert refused.limit == "1000 chips a session"


def test_the_session_limit_in_big_blinds_counts_when_it_is_the_stricter(path: Path) -> None:
    risk = guard(path, limits(loss=1000, loss_bb=40))
    risk.hand_over("h1", -500)
    assert risk.check(state(100, 40), call(200)).allowed
    assert risk.check(state(100, 40), call(201)).limit == "800 chips a session"
    assert risk.status(state()).session_loss_limit == 800


def test_a_smaller_big_blind_at_the_table_makes_the_limits_smaller_and_a_larger_one_nothing(path: Path) -> None:
    risk = guard(path, limits(hand_bb=25, big_blind=20))
    assert risk.status(state(big_blind=10)).hand_commitment_limit == 250
    assert risk.status(state(big_blind=40)).hand_commitment_limit == 500
    assert risk.check(state(100, 40, big_blind=10), call(151)).limit == "250 chips a hand"


def test_winnings_do_not_raise_the_loss_limit(path: Path) -> None:
    risk = guard(path, limits(hand=5000))
    risk.hand_over("h2", 3000)
    assert risk.check(state(100, 40), call(900)).allowed
    assert not risk.check(state(100, 40), call(901)).allowed


def test_the_bankroll_may_fall_to_its_floor_and_not_below(path: Path) -> None:
    risk = guard(path, limits(bankroll=2000, floor=1500))
    risk.hand_over("h1", -100)
    assert risk.check(state(100, 40), call(300)).allowed
    refused = risk.check(state(100, 40), call(301))
    assert refused.reason == "the bankroll would fall below its floor"
    assert refused.measured == "1900 chips of bankroll and 401 in the hand"
    assert refused.limit == "1500 chips have to remain"


def test_the_bankroll_goes_on_over_sessions_and_the_session_begins_anew(path: Path) -> None:
    risk = guard(path, limits(bankroll=2000, floor=500))
    for session in range(3):
        risk.begin_session(f"s{session}")
        risk.hand_over(f"s{session}-1", -400)
    status = guard(path, limits(bankroll=2000, floor=500)).status(None)
    assert (status.session_result, status.hands, status.bankroll, status.bankroll_floor) == (-400, 1, 800, 500)
    risk.begin_session("s3")
    assert risk.check(state(100, 40), call(200)).allowed
    assert not risk.check(state(100, 40), call(201)).allowed


def test_the_same_session_goes_on_when_it_is_begun_again(path: Path) -> None:
    risk = guard(path)
    risk.begin_session("s")
    risk.hand_over("s-1", -400)
    risk.begin_session("s")
    assert (risk.status(None).session_result, risk.status(None).hands) == (-400, 1)


def test_check_and_fold_are_always_allowed(path: Path) -> None:
    risk = guard(path, limits(hands=1))
    risk.hand_over("h3", -5000)
    for action in (FOLD, CHECK):
        assert risk.check(state(), action).allowed
    assert not risk.check(state(), call(1)).allowed


def test_another_hand_may_begin_while_its_big_blind_fits(path: Path) -> None:
    risk = guard(path)
    assert risk.hand_over("h4", -980).allowed
    lost = risk.hand_over("h5", -1)
    assert not lost.allowed
    assert (lost.measured, lost.limit) == ("981 chips lost and 20 for the next big blind", "1000 chips a session")
    assert not risk.hand_may_begin().allowed


def test_no_hand_begins_when_its_big_blind_breaks_the_bankroll(path: Path) -> None:
    risk = guard(path, limits(bankroll=1000, floor=500))
    assert risk.hand_over("h4", -480).allowed
    assert risk.hand_over("h5", -1).reason == "the bankroll would fall below its floor"


def test_the_number_of_hands_is_a_limit(path: Path) -> None:
    risk = guard(path, limits(hands=2))
    assert risk.hand_over("h6", 5).allowed
    assert risk.check(state(), call(1)).allowed
    played = risk.hand_over("h7", 5)
    assert (played.allowed, played.measured, played.limit) == (False, "2 hands", "2 hands")
    assert not risk.check(state(), call(1)).allowed


@pytest.mark.parametrize(
    "wrong",
    [
        {"session_loss_limit": 0},
        {"hand_commitment_limit": 0},
        {"hands_limit": 0},
        {"bankroll": 0},
        {"big_blind": 0},
        {"bankroll_floor": -1},
        {"session_loss_limit_bb": 0.0},
        {"hand_commitment_limit_bb": float("nan")},
        {"hand_commitment_limit_bb": float("inf")},
    ],
)
def test_limits_of_nothing_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="limit"):
        replace(limits(), **wrong)


def test_limits_in_big_blinds_are_taken_as_they_are_written() -> None:
    """0.29 times 100 is 28.999999999999996 in binary."""
    assert limits(hand_bb=0.29, big_blind=100).at(100).hand_commitment == 29


ACTIONS = st.one_of(st.builds(call, st.integers(1, 1500)), st.builds(raise_to, st.integers(41, 1500)))


@given(
    st.lists(st.tuples(st.integers(20, 400), st.lists(ACTIONS, max_size=3), st.booleans()), max_size=25),
    st.builds(
        limits,
        loss=st.integers(1, 3000),
        loss_bb=st.floats(1, 100),
        hand=st.integers(20, 800),
        hand_bb=st.floats(1, 40),
        hands=st.integers(1, 20),
        bankroll=st.integers(500, 4000),
        floor=st.integers(0, 400),
    ),
)
@settings(max_examples=150, deadline=None)
def test_chips_and_exposure_add_up(
    tmp_path_factory: pytest.TempPathFactory, hands: list[tuple[int, list[Action], bool]], limit: RiskLimits
) -> None:
    """Whoever obeys the guard never loses more than a limit allows, whatever the hands bring."""
    storage = Storage(write=lambda path, content: (path.write_bytes(content), None)[1])
    risk = RiskGuard(tmp_path_factory.mktemp("risk") / "risk.json", limit, storage=storage)
    total = 0
    for number, (_, wishes, won) in enumerate(hands, 1):
        if not risk.hand_may_begin().allowed:
            break
        committed = limit.big_blind
        for wish in wishes:
            now = state(committed, 0, hand_id=f"h{number}")
            if risk.check(now, wish).allowed:
                committed += chips_added(now, wish)
        result = committed // 2 if won else -committed
        total += result
        risk.hand_over(f"h{number}", result)
        status = risk.status(None)
        assert status.session_result == total
        assert status.bankroll == limit.bankroll + total
        assert status.hands == number <= limit.hands_limit
        assert committed <= max(status.hand_commitment_limit, limit.big_blind)
        assert -status.session_result <= status.session_loss_limit
        assert status.bankroll >= limit.bankroll_floor


# the count


def test_the_count_goes_on_after_a_restart(path: Path) -> None:
    first = guard(path)
    first.hand_over("h8", -300)
    first.hand_over("h9", 120)
    again = guard(path)
    assert again.status(None) == first.status(None)
    assert (again.status(None).session_result, again.status(None).hands) == (-180, 2)


def test_the_figures_shown(path: Path) -> None:
    status = guard(path).status(state(contributed=140))
    assert (status.hand_commitment, status.hand_commitment_limit) == (140, 600)
    assert (status.session_loss_limit, status.hands_limit, status.big_blind) == (1000, 100, 20)
    assert guard(path).status(None).hand_commitment == 0


@given(st.lists(st.integers(-5000, 5000), max_size=6))
@settings(max_examples=20, deadline=None)  # each booking waits for the disk
def test_what_is_booked_is_on_the_disk(tmp_path_factory: pytest.TempPathFactory, results: list[int]) -> None:
    path = tmp_path_factory.mktemp("risk") / "risk.json"
    risk = guard(path)
    for played, result in enumerate(results, 1):
        risk.hand_over(f"h{played}", result)
        figures = json.loads(path.read_text(encoding="utf-8"))["figures"]
        assert (figures["session_result"], figures["hands"]) == (sum(results[:played]), played)


def test_a_hand_is_booked_once(path: Path) -> None:
    risk = guard(path)
    for _ in range(3):
        risk.hand_over("h1", -300)
        risk = guard(path)
    assert (risk.status(None).session_result, risk.status(None).hands) == (-300, 1)


def test_a_known_name_with_another_result_is_another_hand_whose_winnings_do_not_count(path: Path) -> None:
    """A table that is opened anew numbers its hands from 1 again."""
    risk = guard(path)
    risk.hand_over("h1", -300)
    risk.hand_over("h1", -200)
    risk.hand_over("h1", 5000)
    assert (risk.status(None).session_result, risk.status(None).hands) == (-500, 3)


def test_a_stop_keeps_the_open_hand_its_time_and_its_reason(path: Path) -> None:
    risk = guard(path)
    risk.hand_over("h1", -50)
    assert risk.check(state(100, 40, hand_id="h2"), call(200)).allowed
    assert not risk.check(state(100, 40, hand_id="h2"), call(2000)).allowed
    risk.stopped("confidence: 0.5")
    kept = load(path)
    assert kept is not None
    assert kept.open_hand == OpenHand("h2", 300)
    assert kept.stop == Stop(UTC, "confidence: 0.5")


def test_a_hand_left_open_is_lost_when_the_next_session_begins(path: Path) -> None:
    risk = guard(path)
    risk.begin_session("s1")
    risk.check(state(100, 40, hand_id="s1-2"), call(200))
    risk.stopped("")
    later = guard(path)
    later.begin_session("s2")
    assert (later.status(None).session_result, later.state.total_result) == (0, -300)


def test_a_hand_that_ends_after_a_stop_is_booked_with_its_result(path: Path) -> None:
    risk = guard(path)
    risk.check(state(100, 40, hand_id="h2"), call(200))
    risk.stopped("")
    risk.hand_over("h2", 450)
    assert (risk.state.session_result, risk.state.open_hand) == (450, None)


def test_a_hand_that_another_follows_without_an_end_is_lost_until_its_end_is_known(path: Path) -> None:
    risk = guard(path)
    risk.check(state(100, 40, hand_id="h2"), call(200))
    risk.check(state(40, 40, hand_id="h3"), FOLD)
    assert (risk.state.session_result, risk.state.hands) == (-300, 1)
    risk.hand_over("h2", -100)
    assert (risk.state.session_result, risk.state.hands) == (-100, 1)


def test_an_answer_that_nobody_acts_on_puts_nothing_at_risk(path: Path) -> None:
    risk = guard(path)
    assert risk.check(state(100, 40), call(200), acting=False).allowed
    assert not risk.check(state(100, 40), call(2000), acting=False).allowed
    assert risk.check(state(100, 40), FOLD, acting=False).allowed
    assert risk.state.open_hand is None


def test_what_was_presumed_is_final_once_another_session_has_begun(path: Path) -> None:
    risk = guard(path)
    risk.check(state(100, 40, hand_id="h2"), call(200))
    risk.begin_session("s2")
    risk.hand_over("h2", 800)
    assert (risk.state.session_result, risk.state.total_result) == (0, -300)


def test_a_question_that_comes_late_does_not_open_the_hand_again(path: Path) -> None:
    risk = guard(path)
    risk.hand_over("h2", -100)
    risk.check(state(100, 40, hand_id="h2"), call(200))
    assert risk.state.open_hand is None


# the disk


def test_a_write_that_fails_is_counted_kept_and_refuses_every_further_commitment(path: Path) -> None:
    risk = guard(path)
    obstacle = path.with_name(path.name + ".new")
    obstacle.mkdir()
    verdict = risk.hand_over("h12", -10)
    assert not verdict.allowed
    assert "free the disk" in verdict.measured
    assert risk.status(None).session_result == -10
    assert not risk.check(state(), call(1)).allowed
    assert risk.check(state(), FOLD).allowed
    risk.stopped("the disk is full")
    assert risk.problem
    obstacle.rmdir()
    risk.stopped("the disk is full")
    assert risk.problem == ""
    assert risk.check(state(), call(1)).allowed
    assert guard(path).status(None).session_result == -10


def test_a_session_does_not_begin_when_it_cannot_be_written(path: Path) -> None:
    risk = guard(path)
    path.with_name(path.name + ".new").mkdir()
    with pytest.raises(RiskStateError, match="free the disk"):
        risk.begin_session("s")


def test_a_directory_that_takes_no_file_stops_the_guard(tmp_path: Path) -> None:
    (tmp_path / "profile").write_text("a file where the directory should be", encoding="utf-8")
    with pytest.raises(RiskStateError, match="cannot be"):
        guard(tmp_path / "profile" / "risk.json")


def test_what_an_action_adds() -> None:
    assert [chips_added(state(100, 40), action) for action in (FOLD, CHECK, call(60), raise_to(240))] == [0, 0, 60, 200]
    assert chips_added(state(100, 0), Action(ActionKind.BET, 80)) == 80
