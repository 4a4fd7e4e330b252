"""What is left below each limit, at its borders."""

import pytest

from engine.safety.headroom import Headroom, headrooms
from engine.words import RiskStatus


def left_of(status: RiskStatus) -> dict[str, Headroom]:
    return {each.key: each for each in headrooms(status)}


def status(session_result: int = 0, bankroll: int = 900, floor: int = 300) -> RiskStatus:
    return RiskStatus(session_result, 400, 5, 20, 30, 200, bankroll, floor, 20)


def test_a_loss_uses_the_sessions_limit_up_and_a_win_uses_nothing() -> None:
    session = {result: left_of(status(result))["risk-session"] for result in (-100, 0, 100)}
    assert [session[result].used for result in (-100, 0, 100)] == [100, 0, 0]
    assert [session[result].left for result in (-100, 0, 100)] == [300, 400, 400]


def test_the_bankroll_is_counted_from_its_floor() -> None:
    assert left_of(status(bankroll=900, floor=300))["risk-bankroll"].left == 600
    assert left_of(status(bankroll=250, floor=300))["risk-bankroll"].share_left == 0


@pytest.mark.parametrize(
    ("left", "whole", "share"), [(3, 4, 0.75), (9, 4, 1.0), (-1, 4, 0.0), (1, 1, 1.0), (5, 0, 0.0)]
)
def test_the_share_left_is_between_nothing_and_all(left: int, whole: int, share: float) -> None:
    assert Headroom("risk-hand", 1, whole, left, whole, "chips").share_left == share
