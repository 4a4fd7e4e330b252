"""The RiskGuard holds each limit, counts on disk before it answers, and fails closed."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.game.actions import Action, ActionKind, LegalActions
from engine.game.state import SeatState, Street, TableState
from engine.risk.guard import RiskGuard
from engine.risk.state import RiskStateError

FOLD, CHECK = Action(ActionKind.FOLD), Action(ActionKind.CHECK)


def call(amount: int) -> Action:
    return Action(ActionKind.CALL, amount)


def raise_to(amount: int) -> Action:
    return Action(ActionKind.RAISE, amount)


def guard(path: Path, *, loss: int = 1000, hand: int = 600, hands: int = 100) -> RiskGuard:
    return RiskGuard(path, session_loss_limit=loss, hand_commitment_limit=hand, hands_limit=hands)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "profile" / "risk.json"


def state(contributed: int = 100, bet: int = 40) -> TableState:
    seats = (SeatState(0, 5000, 5000 - contributed, bet, False), SeatState(1, 5000, 4800, 140, False))
    legal = LegalActions(100, 240, 5000)
    return TableState("h", 0, 0, 10, 20, seats, ("As", "Kd"), ("2c", "7d", "9h"), Street.FLOP, 300, (), 0, legal)


def test_the_hand_limit_counts_what_is_in_and_what_the_action_adds(path: Path) -> None:
    risk = guard(path)
    assert risk.check(state(100, 40), call(500)).allowed
    refused = risk.check(state(100, 40), call(501))
    assert not refused.allowed
    assert (refused.measured, refused.limit) == ("601 chips in the hand", "600 chips a hand")
    assert risk.check(state(100, 40), raise_to(540)).allowed
    assert not risk.check(state(100, 40), raise_to(541)).allowed


def test_the_session_limit_counts_losses_and_the_hand_as_if_it_were_lost(path: Path) -> None:
    risk = guard(path)
    assert risk.hand_over("h1", -700).allowed
    assert risk.check(state(100, 40), call(200)).allowed
    refused = risk.check(state(100, 40), call(201))
    assert not refused.allowed
    assert "700 chips lost and 301 in the hand" in refused.measured
    assert refused.limit == "1000 chips a session"


def test_winnings_do_not_raise_the_loss_limit(path: Path) -> None:
    risk = guard(path, hand=5000)
    risk.hand_over("h2", 3000)
    assert not risk.check(state(100, 40), call(901)).allowed


def test_check_and_fold_are_always_allowed(path: Path) -> None:
    risk = guard(path, hands=1)
    risk.hand_over("h3", -5000)
    for action in (FOLD, CHECK):
        assert risk.check(state(), action).allowed
    assert not risk.check(state(), call(1)).allowed


def test_another_hand_may_begin_until_the_loss_or_the_number_is_reached(path: Path) -> None:
    risk = guard(path)
    assert risk.hand_over("h4", -999).allowed
    lost = risk.hand_over("h5", -1)
    assert (lost.allowed, lost.measured, lost.limit) == (False, "1000 lost", "1000 chips a session")
    risk.begin_session()
    short = guard(path, hands=2)
    assert short.hand_over("h6", 5).allowed
    played = short.hand_over("h7", 5)
    assert (played.allowed, played.measured, played.limit) == (False, "2 hands", "2 hands")
    assert not short.check(state(), call(1)).allowed


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
    assert (status.session_loss_limit, status.hands_limit) == (1000, 100)


@given(st.lists(st.integers(-5000, 5000), max_size=6))
@settings(max_examples=20, deadline=None)  # each booking waits for the disk
def test_what_is_booked_is_on_the_disk(tmp_path_factory: pytest.TempPathFactory, results: list[int]) -> None:
    path = tmp_path_factory.mktemp("risk") / "risk.json"
    risk = guard(path)
    for played, result in enumerate(results, 1):
        risk.hand_over(f"h{played}", result)
        figures = json.loads(path.read_text(encoding="utf-8"))["figures"]
        assert figures == {"session_result": sum(results[:played]), "hands": played}


def saved(path: Path) -> dict[str, object]:
    guard(path).hand_over("h11", -300)
    document: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return document


def test_a_changed_figure_is_refused(path: Path) -> None:
    document = saved(path)
    document["figures"] = {"session_result": 300, "hands": 1}
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(RiskStateError, match=r"checksum.*journal"):
        guard(path)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"{}", b'{"version": 2}', b"[" * 100_000])
def test_a_damaged_file_is_refused_and_left_as_it_is(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(RiskStateError, match="move the file away"):
        guard(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "figures", [{"session_result": 1}, {"session_result": 1.5, "hands": 1}, {"session_result": 0, "hands": -1}]
)
def test_figures_of_another_kind_are_refused(path: Path, figures: dict[str, float]) -> None:
    document = saved(path)
    document["figures"] = figures
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(RiskStateError, match="cannot be trusted"):
        guard(path)


def test_every_cut_or_changed_byte_is_refused_or_changes_nothing(path: Path) -> None:
    saved(path)
    whole = path.read_bytes()
    for place in range(len(whole)):
        for damaged in (whole[:place], whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]):
            path.write_bytes(damaged)
            try:
                assert guard(path).status(None).session_result == -300
            except RiskStateError:
                continue


def test_a_directory_that_takes_no_file_stops_the_guard(tmp_path: Path) -> None:
    (tmp_path / "profile").write_text("a file where the directory should be", encoding="utf-8")
    with pytest.raises(RiskStateError, match="cannot be"):
        guard(tmp_path / "profile" / "risk.json")


def test_a_hand_that_cannot_be_booked_is_not_counted(path: Path) -> None:
    risk = guard(path)
    path.with_name(path.name + ".new").mkdir()
    with pytest.raises(RiskStateError, match="free the disk"):
        risk.hand_over("h12", -10)
    assert risk.status(None).hands == 0


def test_limits_of_nothing_are_refused(path: Path) -> None:
    with pytest.raises(ValueError, match="limit"):
        guard(path, loss=0)
