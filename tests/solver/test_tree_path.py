"""Nodes by the actions that lead to them."""

import pytest

from engine.solver.tree.build import build
from engine.solver.tree.path import PathError, find, path_of
from engine.solver.tree.text import action_names
from tests.solver import benchmark_spots

TREE = build(benchmark_spots.spot("b"))


@pytest.mark.parametrize("path", ["", "root", " root/ "])
def test_the_root_needs_no_actions(path: str) -> None:
    assert find(TREE, path) == 0


@pytest.mark.parametrize("path", ["x/b120/r300", "Check/Bet(120)/Raise(300)", "check / bet 120/ R", "root/x/b120/r"])
def test_long_and_short_names_mean_the_same(path: str) -> None:
    assert action_names(TREE, find(TREE, path)) == ("Fold", "Call", "AllIn(900)")


def test_a_deal_is_passed_through() -> None:
    assert action_names(TREE, find(TREE, "x/b120/c")) == ("Check", "Bet(220)")
    assert path_of(TREE, find(TREE, "x/b120/c/x")) == "Check/Bet(120)/Call/Check"


def test_every_decision_is_found_by_its_own_path() -> None:
    for node in range(TREE.size):
        if TREE.kind[node] <= 1:
            assert find(TREE, path_of(TREE, node)) == node


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("x/b130", r"'b130' is no action here: there are Check, Bet\(120\), Bet\(216\), AllIn\(900\)"),
        ("x//x/", None),
        ("x/fold", "'fold' is no action here"),
        ("x/12", "'12' is no action here"),
        ("b120/f", "after 'b120/f' nobody acts any more"),
        ("b120/f/x", "'x' is no action here: there are none"),
        ("a/c", "after 'a/c' nobody acts any more"),
    ],
)
def test_a_step_that_leads_nowhere_is_named(path: str, message: str | None) -> None:
    if message is None:
        assert find(TREE, path) == find(TREE, "x/x")
    else:
        with pytest.raises(PathError, match=message):
            find(TREE, path)
