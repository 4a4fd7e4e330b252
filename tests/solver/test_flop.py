"""Streets of limited depth: the tree ends where it should, and the game is the one that it says it is."""

from dataclasses import replace

import numpy as np
import pytest

from engine.clock import SECOND, SystemClock, VirtualClock
from engine.solver.flop import FlopGame, solve_flop
from engine.solver.flop.tree import tree_to
from engine.solver.spot import Limits, Rake, Spot, SpotError, TooBigError
from engine.solver.subgame import Subgame
from engine.solver.tree.build import build
from engine.solver.tree.nodes import BettingTree, NodeKind
from engine.solver.tree.settings import StreetSizes, TreeSettings
from tests.solver.subgames import sizes, spot

FEW = ("AA, KQs, 98s, 76s:0.5", "QQ, JJ:0.25, AKs, T9s")
CLOCK = SystemClock()


def without(of: Spot, *streets: str) -> Spot:
    """The spot with nothing bet on some streets."""
    nothing = (StreetSizes(), StreetSizes())
    settings = of.settings
    turn = nothing if "turn" in streets else settings.turn
    river = nothing if "river" in streets else settings.river
    return replace(of, settings=replace(settings, turn=turn, river=river))


def same_tree(first: BettingTree, second: BettingTree) -> bool:
    names = ("kind", "move", "street", "to", "paid", "parent", "first_child", "children", "end", "folded")
    return all(np.array_equal(getattr(first, name), getattr(second, name)) for name in names)


@pytest.mark.parametrize("board", ["Td9d6h", "Td9d6hQc"])
def test_a_tree_up_to_the_river_is_the_whole_tree(board: str) -> None:
    whole = spot(board, *FEW, settings=sizes("50%"))
    assert same_tree(tree_to(whole, 5), build(whole))


def test_a_tree_ends_with_its_last_street() -> None:
    flop = spot("Td9d6h", *FEW)
    tree = tree_to(flop, 4)
    ends = tree.kind > NodeKind.CHANCE
    assert tree.street.max() == 4
    assert set(tree.kind[(tree.street == 4) & (tree.children == 0)]) == {NodeKind.FOLD, NodeKind.SHOWDOWN}
    assert (tree.children[ends] == 0).all()


def test_what_was_made_is_in_the_tree() -> None:
    made = replace(spot("Td9d6h", *FEW), made=(0, 37, 120))
    assert same_tree(tree_to(made, 5), build(made))
    assert 37 in tree_to(made, 3).to


@pytest.mark.parametrize("rake", [Rake(), Rake(0.05, 8.0)])
def test_a_turn_is_the_subgame_whose_river_is_checked(rake: Rake) -> None:
    turn = replace(without(spot("Td9d6hQc", *FEW), "river"), rake=rake)
    whole, limited = Subgame(turn, build(turn)), FlopGame(turn, 4)
    whole.advance(20)
    limited.advance(20)
    assert limited.strategy(0) == pytest.approx(whole.strategy(0), abs=2e-4)
    assert limited.evs() == pytest.approx(whole.evs(), abs=1e-3)
    assert limited.exploitability() == pytest.approx(whole.exploitability(), abs=1e-3)
    assert limited.equity() == pytest.approx(whole.equity(), abs=1e-6)
    for node in np.flatnonzero(limited.tree.kind <= 1):
        player = int(limited.tree.kind[node])
        theirs = whole_node(limited.tree, whole.tree, int(node))
        assert limited.action_values(int(node)) == pytest.approx(whole.action_values(theirs), abs=0.02)
        assert limited.reach(int(node), player) == pytest.approx(whole.reach(theirs, player), abs=1e-3)


def whole_node(tree: BettingTree, other: BettingTree, node: int) -> int:
    """The node of another tree that the same actions lead to."""
    if node == 0:
        return 0
    above = whole_node(tree, other, int(tree.parent[node]))
    return other.children_of(above)[tree.children_of(int(tree.parent[node])).index(node)]


@pytest.mark.parametrize("threads", [1, 2])
def test_a_flop_with_its_turn_is_the_subgame_whose_river_is_checked(threads: int) -> None:
    narrow = spot("Td9d6d", "AA, 87s", "KK, QJs", settings=sizes("50%"))
    flop = without(narrow, "river")
    whole, limited = Subgame(flop, build(flop)), FlopGame(flop, 4, threads)
    whole.advance(6)
    limited.advance(6)
    assert limited.streets[1].hands.deals.count < 49  # suits that no hand tells apart are dealt once
    assert limited.strategy(0) == pytest.approx(whole.strategy(0), abs=2e-4)
    assert limited.evs() == pytest.approx(whole.evs(), abs=1e-3)
    assert limited.equity() == pytest.approx(whole.equity(), abs=1e-6)
    assert limited.action_values(0) == pytest.approx(whole.action_values(0), abs=0.02)
    after = limited.tree.children_of(limited.tree.children_of(0)[0])[0]
    deal = int(limited.tree.first_child[after]) if limited.tree.kind[after] == NodeKind.CHANCE else after
    theirs = whole_node(limited.tree, whole.tree, deal)
    for card in (0, 3, 51):
        assert limited.strategy(deal, (card,)) == pytest.approx(whole.strategy(theirs, (card,)), abs=2e-3)
    whole.close()
    limited.close()


def test_a_flop_alone_is_the_subgame_that_is_checked_down() -> None:
    flop = without(spot("Td9d6h", "AA, 87s", "KK, QJs"), "turn", "river")
    whole, limited = Subgame(flop, build(flop)), FlopGame(flop, 3)
    whole.advance(4)
    limited.advance(4)
    assert limited.strategy(0) == pytest.approx(whole.strategy(0), abs=2e-4)
    assert limited.evs() == pytest.approx(whole.evs(), abs=1e-3)
    assert limited.action_values(0) == pytest.approx(whole.action_values(0), abs=0.02)


def test_any_target_is_reached_and_the_values_fit_the_strategy() -> None:
    flop = spot("Td9d6h")
    solved, game = solve_flop(flop, Limits(target=0.05, iterations=3000), clock=CLOCK)
    assert solved.exploitability is not None
    assert solved.exploitability <= 0.05
    assert solved.ev is not None
    assert sum(solved.ev) == pytest.approx(flop.pot)
    assert game.limit == "flop and turn betting with equity from the river on"
    chosen = (game.strategy(0) * game.action_values(0)).sum(axis=0)
    assert chosen == pytest.approx(game.values(0, 0), abs=1e-2)
    game.close()


def test_the_time_decides_how_deep_the_game_is() -> None:
    flop = spot("Td9d6h", settings=sizes("33%, 75%, a"))
    clock = VirtualClock()
    now = clock.now()
    deep = [solve_flop(flop, Limits(deadline=now + left, iterations=1), clock=clock)[1] for left in (0, 60 * SECOND)]
    assert [game.last for game in deep] == [3, 4]
    assert deep[0].limit == "flop betting with equity from the turn on"


def test_too_much_for_the_memory_is_refused_before_it_is_taken() -> None:
    both = (StreetSizes(sizes("20%, 33%, 75%, 125%, 200%").flop[0].bets, sizes().flop[0].raises),) * 2
    wide = spot("Td9d6h", np.ones(1326), np.ones(1326), stack=2000, settings=TreeSettings(both, both, both))
    with pytest.raises(TooBigError, match="up to the turn needs"):
        FlopGame(wide, 4)


def test_a_cancelled_solve_holds_whole_iterations() -> None:
    asked = 0

    def cancel() -> bool:
        nonlocal asked
        asked += 1
        return asked > 40

    solved, game = solve_flop(spot("Td9d6h"), Limits(), clock=CLOCK, cancel=cancel)
    again = FlopGame(game.spot, game.last)
    again.advance(solved.iteration)
    assert solved.cut
    assert np.array_equal(again.strategy(0), solved.root)


def test_what_cannot_be_solved_so_is_refused() -> None:
    with pytest.raises(SpotError, match="nothing beyond"):
        solve_flop(spot("Td9d6hQc2s"), Limits(iterations=1), clock=CLOCK)
    with pytest.raises(SpotError, match="up to street"):
        FlopGame(spot("Td9d6hQc"), 3)
    with pytest.raises(ValueError, match="never end"):
        solve_flop(spot("Td9d6h"), Limits(), clock=CLOCK)
