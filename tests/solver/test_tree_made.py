"""What was made is in the tree, whatever the sizes ask for; elsewhere the tree is as it would be without it."""

from dataclasses import replace

from engine.solver.tree.build import build
from tests.solver.test_tree import HALF, at, spot


def test_an_odd_bet_stands_among_the_sizes_and_a_close_one_takes_a_sizes_place() -> None:
    assert at(build(replace(spot(), made=(0, 17))), "Check") == ("Check", "Bet(17)", "Bet(50)")
    assert at(build(replace(spot(merge=0.1), made=(0, 53))), "Check") == ("Check", "Bet(53)")
    assert at(build(replace(spot(), made=(0, 50))), "Check") == ("Check", "Bet(50)")


def test_only_the_line_that_was_played_holds_it() -> None:
    tree = build(replace(spot(raises=HALF), made=(17, 300)))
    assert at(tree) == ("Check", "Bet(17)", "Bet(50)")
    assert at(tree, "Bet(17)") == ("Fold", "Call", "Raise(84)", "Raise(300)")
    assert at(tree, "Bet(50)") == ("Fold", "Call", "Raise(150)")
    assert at(tree, "Check") == ("Check", "Bet(50)")


def test_all_in_stays_a_choice_beside_a_bet_close_to_it() -> None:
    assert at(build(replace(spot(add_all_in=9.0, merge=0.1), made=(490,)))) == (
        "Check",
        "Bet(50)",
        "Bet(490)",
        "AllIn(500)",
    )


def test_a_line_over_a_call_goes_no_further_than_its_street() -> None:
    tree = build(replace(spot(cards=4), made=(20, 20)))
    assert "Call" in at(tree, "Bet(20)")
