"""Betting trees: those of the five measured spots line for line, and the rules of single decisions."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.solver.spot import Rake, Spot, SpotError, TooBigError
from engine.solver.tree.build import MOST_NODES, build
from engine.solver.tree.nodes import BettingTree, Move, NodeKind
from engine.solver.tree.settings import Size, StreetSizes, TreeSettings
from engine.solver.tree.sizes import parse_sizes
from engine.solver.tree.text import action_names, listing
from tests.solver import benchmark_spots
from tests.solver.benchmark_spots import EVERYTHING

TREES = Path(__file__).parents[1] / "data" / "trees"
BOARD = (32, 29, 18, 40, 3)  # Td 9d 6h Qc 2s
HALF = parse_sizes("50%")


def spot(
    bets: tuple[Size, ...] = HALF,
    raises: tuple[Size, ...] = (),
    *,
    pot: int = 100,
    stack: int = 500,
    cards: int = 5,
    put_in: tuple[int, int] = (0, 0),
    to_act: int = 0,
    donk: tuple[Size, ...] = (),
    **thresholds: float,
) -> Spot:
    """A spot whose players have the same sizes on every street, and no thresholds unless given."""
    both = (StreetSizes(bets, raises, donk), StreetSizes(bets, raises))
    bounds = {"add_all_in": 0.0, "force_all_in": 0.0, "merge": 0.0} | thresholds
    settings = TreeSettings(both, both, both, **bounds)  # type: ignore[arg-type]
    raised = sum(amount > 0 for amount in put_in)
    return Spot(BOARD[:cards], (EVERYTHING, EVERYTHING), pot, stack, settings, Rake(), put_in, to_act, raised)


def at(tree: BettingTree, *line: str) -> tuple[str, ...]:
    """The actions at the node that a line of actions leads to."""
    node = 0
    for action in line:
        node = tree.children_of(node)[action_names(tree, node).index(action)]
    return action_names(tree, node)


@pytest.mark.parametrize("name", benchmark_spots.NAMES)
def test_the_measured_spots_have_their_trees_line_for_line(name: str) -> None:
    expected = (TREES / f"{name}.txt").read_text(encoding="utf-8")

    assert listing(build(benchmark_spots.spot(name))) == expected


@pytest.mark.parametrize(("name", "nodes"), [("a", 27), ("b", 7_347), ("dr", 75), ("dt", 20_955)])
def test_the_measured_spots_have_as_many_nodes_as_other_solvers_count(name: str, nodes: int) -> None:
    """They count each of 48 rivers, also those that are only run out."""
    tree = build(benchmark_spots.spot(name))
    rivers = np.where((tree.street == 5) & (tree.street[0] == 4), 48, 1)
    run_out = (tree.kind == NodeKind.SHOWDOWN) & (tree.street == 4)

    assert rivers.sum() + 48 * run_out.sum() == nodes


def test_a_raise_by_a_share_of_the_pot_is_reckoned_after_the_call() -> None:
    tree = build(spot(parse_sizes("50%"), parse_sizes("100%", raises=True)))

    assert at(tree, "Bet(50)") == ("Fold", "Call", "Raise(250)")


def test_a_raise_adds_at_least_what_the_bet_before_it_added() -> None:
    tree = build(spot(parse_sizes("50%"), parse_sizes("1.1x", raises=True), stack=10_000))

    assert at(tree, "Bet(50)") == ("Fold", "Call", "Raise(100)")
    assert at(tree, "Bet(50)", "Raise(100)") == ("Fold", "Call", "Raise(150)")


def test_no_bet_is_below_the_least_bet() -> None:
    assert at(build(spot(parse_sizes("1%"), least_bet=20))) == ("Check", "Bet(20)")
    assert at(build(spot(parse_sizes("1%"), stack=15, least_bet=20))) == ("Check", "AllIn(15)")


def test_half_chips_are_rounded_up() -> None:
    assert at(build(spot(parse_sizes("50%"), pot=101))) == ("Check", "Bet(51)")


def test_geometric_bets_and_calls_put_everything_in_with_the_last_street() -> None:
    tree = build(spot(parse_sizes("e"), pot=200, stack=2600, cards=3))

    assert at(tree) == ("Check", "Bet(200)")
    assert at(tree, "Bet(200)", "Call", "[chance]") == ("Check", "Bet(600)")
    assert at(tree, "Bet(200)", "Call", "[chance]", "Bet(600)", "Call", "[chance]") == ("Check", "AllIn(1800)")


def test_a_geometric_size_may_name_its_streets() -> None:
    assert at(build(spot(parse_sizes("2e"), pot=200, stack=800, cards=5))) == ("Check", "Bet(200)")


def test_a_geometric_raise_has_one_street_less_for_each_raise_before_it() -> None:
    """A call of the bet makes a pot of 200 with 800 behind: on two streets that is once the pot each."""
    tree = build(spot(HALF, parse_sizes("2e", raises=True), stack=850))

    assert at(tree, "Bet(50)") == ("Fold", "Call", "Raise(250)")
    assert at(tree, "Bet(50)", "Raise(250)") == ("Fold", "Call", "AllIn(850)")


def test_all_in_is_added_up_to_its_share_of_the_pot() -> None:
    assert at(build(spot(stack=150, add_all_in=1.5))) == ("Check", "Bet(50)", "AllIn(150)")
    assert at(build(spot(stack=151, add_all_in=1.5))) == ("Check", "Bet(50)")


def test_a_bet_that_leaves_next_to_nothing_is_all_in() -> None:
    assert at(build(spot(stack=80, force_all_in=0.15))) == ("Check", "AllIn(80)")
    assert at(build(spot(stack=81, force_all_in=0.15))) == ("Check", "Bet(50)")


def test_of_sizes_that_are_close_the_larger_stays() -> None:
    assert at(build(spot(parse_sizes("45%, 60%, 65%"), merge=0.1))) == ("Check", "Bet(45)", "Bet(65)")


def test_a_size_larger_than_the_stack_is_all_in_once() -> None:
    assert at(build(spot(parse_sizes("600%, 900%, a")))) == ("Check", "AllIn(500)")


def test_raises_end_at_their_bound() -> None:
    tree = build(spot(raises=parse_sizes("2x", raises=True), most_raises=2))

    assert at(tree, "Bet(50)") == ("Fold", "Call", "Raise(100)")
    assert at(tree, "Bet(50)", "Raise(100)") == ("Fold", "Call")


def test_a_donk_bet_is_for_who_called_out_of_position() -> None:
    tree = build(spot(parse_sizes("50%"), donk=parse_sizes("20%"), cards=4))

    assert at(tree) == ("Check", "Bet(50)")
    assert at(tree, "Check", "Bet(50)", "Call", "[chance]") == ("Check", "Bet(40)")
    assert at(tree, "Bet(50)", "Call", "[chance]") == ("Check", "Bet(100)")
    assert at(tree, "Check", "Check", "[chance]") == ("Check", "Bet(50)")


def test_a_donk_bet_is_for_nobody_in_position() -> None:
    sizes = StreetSizes(HALF, donk=parse_sizes("20%"))
    base = spot(cards=4)
    tree = build(replace(base, settings=replace(base.settings, river=(sizes, sizes))))

    assert at(tree, "Check", "Bet(50)", "Call", "[chance]", "Check") == ("Check", "Bet(100)")


def test_a_call_of_everything_is_a_showdown_on_any_street() -> None:
    tree = build(spot(parse_sizes("a"), cards=3))
    called = np.flatnonzero(tree.move == Move.CALL)

    assert set(tree.kind[called]) == {NodeKind.SHOWDOWN}
    assert set(tree.street[called]) == {3, 4, 5}


def test_the_root_may_face_a_bet() -> None:
    tree = build(spot(raises=parse_sizes("3x", raises=True), put_in=(75, 0), to_act=1))

    assert at(tree) == ("Fold", "Call", "Raise(225)")
    assert list(tree.paid[0]) == [75, 0]
    assert list(tree.paid[tree.children_of(0)[2]]) == [75, 225]


def test_the_root_may_face_a_raise_and_the_next_raise_adds_as_much() -> None:
    assert at(build(spot(raises=parse_sizes("1.1x", raises=True), put_in=(50, 170)))) == ("Fold", "Call", "Raise(290)")


def test_a_player_who_checked_before_the_root_ends_the_street() -> None:
    tree = build(spot(to_act=1, cards=4))

    assert tree.kind[tree.children_of(0)[0]] == NodeKind.CHANCE


def test_who_faces_everything_can_only_fold_or_call() -> None:
    assert at(build(spot(raises=parse_sizes("a"), put_in=(500, 0), to_act=1))) == ("Fold", "Call")


def test_a_tree_that_grows_too_large_is_refused_with_the_memory_it_would_need() -> None:
    sizes = parse_sizes("5%,10%,20%,40%,80%")

    with pytest.raises(TooBigError, match=rf"more than {MOST_NODES:,} nodes; .* more than [\d.]+ (GB|TB) of memory"):
        build(spot(sizes, sizes, stack=100_000, cards=3))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"pot": 0}, "pot 0 and stack 500"),
        ({"stack": -1}, "stack -1"),
        ({"put_in": (600, 0), "to_act": 1}, "more than the stack of 500"),
        ({"put_in": (50, 0)}, "player 0 has nothing to answer"),
        ({"put_in": (50, 50)}, "player 0 has nothing to answer"),
        ({"cards": 2}, "the board has 2 cards"),
        ({"merge": -0.1}, "merge is -0.1"),
        ({"least_bet": 0}, "least bet is 0"),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        spot(**change)  # type: ignore[arg-type]


def test_an_empty_range_is_refused() -> None:
    with pytest.raises(SpotError, match="range of IP is empty on this board"):
        Spot(BOARD, (EVERYTHING, np.zeros(1326)), 100, 500, TreeSettings())
