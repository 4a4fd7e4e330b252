"""The pre-flop chart knows what the hero faces, from where, and how deep, and raises to sensible amounts."""

import pytest

from engine.game.actions import Action
from engine.solver.preflop import Facing, my_raise_share, raise_target, spot_of
from tests.solver.spots import FOLD, call, raise_to, spot


def test_what_the_hero_faces() -> None:
    spots = {
        Facing.UNOPENED: spot("AsKs", "", [], players=6),
        Facing.LIMPED: spot("AsKs", "", [call(20)], players=6),
        Facing.RAISED: spot("AsKs", "", [raise_to(50)], players=6),
        Facing.RERAISED: spot("AsKs", "", [raise_to(50), raise_to(160)], players=6),
    }
    for facing, state in spots.items():
        assert spot_of(state).facing is facing


def test_the_chart_raises_more_hands_in_later_position() -> None:
    folds: list[list[Action]] = [[FOLD] * count for count in range(4)]
    shares = [my_raise_share(spot_of(spot("AsKs", "", before, players=6))) for before in folds]
    assert shares == sorted(shares)
    assert my_raise_share(spot_of(spot("AsKs", "", []))) > shares[-1]


def test_depth_is_what_can_go_in() -> None:
    assert spot_of(spot("AsKs", "", [], stack=200)).depth == 10
    assert spot_of(spot("AsKs", "", [], stack=2000)).depth == 100


@pytest.mark.parametrize(
    ("before", "target"),
    [([], 50), ([call(20)], 70), ([raise_to(50)], 160), ([raise_to(50), raise_to(160)], 368)],
)
def test_raises_grow_with_what_was_bet_and_called(before: list[Action], target: int) -> None:
    state = spot("AsKs", "", before, players=6)
    assert raise_target(state, spot_of(state)) == target


def test_a_raise_that_takes_much_of_the_stack_is_all_in() -> None:
    shallow = spot("AsKs", "", [raise_to(50)], players=6, stack=400)
    assert raise_target(shallow, spot_of(shallow)) == 400
