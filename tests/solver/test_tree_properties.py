"""What holds in every betting tree, whatever sizes, stacks and thresholds it is made of."""

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.solver.spot import Rake, Spot, TooBigError
from engine.solver.tree.build import build
from engine.solver.tree.nodes import BettingTree, Move, NodeKind
from engine.solver.tree.settings import Size, SizeKind, StreetSizes, TreeSettings
from engine.solver.tree.text import listing
from tests.solver.benchmark_spots import EVERYTHING

BOARD = (32, 29, 18, 40, 3)
AGGRESSIVE = (Move.BET, Move.RAISE, Move.ALL_IN)
DECIDES = (NodeKind.OOP_ACTS, NodeKind.IP_ACTS)

shares = st.floats(0.01, 5).map(lambda share: Size(SizeKind.POT, share))
plain = st.sampled_from([Size(SizeKind.GEOMETRIC), Size(SizeKind.GEOMETRIC, 2), Size(SizeKind.ALL_IN)])
multiples = st.floats(1.01, 6).map(lambda times: Size(SizeKind.TIMES, times))
bets = st.lists(shares | plain, max_size=3).map(tuple)
raises = st.lists(shares | plain | multiples, max_size=2).map(tuple)
street = st.tuples(*[st.builds(StreetSizes, bets, raises, bets)] * 2)
thresholds = st.floats(0, 2)
tree_settings = st.builds(
    TreeSettings, street, street, street, thresholds, thresholds, thresholds, st.integers(0, 3), st.integers(1, 30)
)


@st.composite
def spots(draw: st.DrawFn) -> Spot:
    """A spot at the start of a street, after a check, or in the face of a bet or a raise."""
    stack = draw(st.integers(1, 3000))
    before = draw(st.sampled_from(["start", "checked", "bet", "raised"]))
    put_in, to_act, count = (0, 0), 0, 0
    if before == "checked":
        to_act = 1
    if before in ("bet", "raised"):
        count = 1 if before == "bet" else 2
        to_act = draw(st.integers(0, 1))
        low = 0 if before == "bet" else draw(st.integers(0, stack - 1))
        high = draw(st.integers(low + 1, stack))
        put_in = (low, high) if to_act == 0 else (high, low)
    cards = draw(st.sampled_from([3, 4, 5]))
    pot = draw(st.integers(1, 1000))
    chosen = draw(tree_settings)
    return Spot(BOARD[:cards], (EVERYTHING, EVERYTHING), pot, stack, chosen, Rake(), put_in, to_act, count)


def grown(spot: Spot) -> BettingTree:
    """The spot's tree; a spot whose tree is refused is passed over."""
    try:
        tree = build(spot)
    except TooBigError:
        assume(False)
    assume(tree.size < 3000)
    return tree


every_tree = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@every_tree
@given(spots())
def test_chips_add_up_and_nobody_bets_more_than_he_has(spot: Spot) -> None:
    tree = grown(spot)
    for node in range(1, tree.size):
        above = int(tree.parent[node])
        added = tree.paid[node] - tree.paid[above]
        assert (tree.paid[node] >= 0).all()
        assert (tree.paid[node] <= spot.stack).all()
        if tree.move[node] in (Move.FOLD, Move.CHECK, Move.DEAL):
            assert not added.any()
        else:
            mover = int(tree.kind[above])
            assert added[mover] > 0
            assert added[1 - mover] == 0
            on_street = tree.paid[node][mover] - paid_before_street(tree, above)
            assert on_street == tree.to[node]
        if tree.move[node] in (Move.CALL, Move.DEAL):
            assert tree.paid[node][0] == tree.paid[node][1]


def paid_before_street(tree: BettingTree, node: int) -> int:
    while node and tree.move[node] != Move.DEAL:
        node = int(tree.parent[node])
    return int(tree.paid[node].min()) if tree.move[node] == Move.DEAL else 0


@every_tree
@given(spots())
def test_every_leaf_is_a_fold_or_a_showdown_and_every_other_node_goes_on(spot: Spot) -> None:
    tree = grown(spot)
    leaf = tree.children == 0

    assert set(tree.kind[leaf]) <= {NodeKind.FOLD, NodeKind.SHOWDOWN}
    assert set(tree.kind[~leaf]) <= {*DECIDES, NodeKind.CHANCE}
    assert (tree.children[tree.kind == NodeKind.CHANCE] == 1).all()
    assert ((tree.folded >= 0) == (tree.kind == NodeKind.FOLD)).all()
    level = tree.paid[:, 0] == tree.paid[:, 1]
    assert level[tree.kind == NodeKind.SHOWDOWN].all()
    early = (tree.kind == NodeKind.SHOWDOWN) & (tree.street < 5)
    assert (tree.paid[early] == spot.stack).all()


@every_tree
@given(spots())
def test_actions_go_from_passive_to_all_in_and_each_amount_stands_once(spot: Spot) -> None:
    tree = grown(spot)
    for node in np.flatnonzero(np.isin(tree.kind, DECIDES)):
        children = list(tree.children_of(int(node)))
        moves = [Move(tree.move[child]) for child in children]
        faces_a_bet = tree.paid[node][0] != tree.paid[node][1]
        assert moves[: 1 + faces_a_bet] == ([Move.FOLD, Move.CALL] if faces_a_bet else [Move.CHECK])
        amounts = [int(tree.to[child]) for child in children[1 + faces_a_bet :]]
        assert set(moves[1 + faces_a_bet :]) <= set(AGGRESSIVE)
        assert amounts == sorted(set(amounts))
        if Move.ALL_IN in moves:
            assert moves.index(Move.ALL_IN) == len(moves) - 1
            assert max(tree.paid[children[-1]]) == spot.stack


@every_tree
@given(spots())
def test_a_bet_is_at_least_the_least_and_a_raise_adds_at_least_what_was_added_before(spot: Spot) -> None:
    tree = grown(spot)
    for node in np.flatnonzero(np.isin(tree.move, (Move.BET, Move.RAISE))):
        before = tree.paid[tree.parent[node]]
        added_before = int(before.max() - before.min())
        added = int(tree.paid[node].max() - before.max())
        assert added >= (added_before or spot.settings.least_bet)
        assert tree.paid[node].max() < spot.stack


@every_tree
@given(spots())
def test_nodes_are_in_depth_first_order_and_the_listing_has_one_line_an_action(spot: Spot) -> None:
    tree = grown(spot)
    seen = []

    def visit(node: int) -> None:
        seen.append(node)
        for child in tree.children_of(node):
            assert tree.parent[child] == node
            visit(child)
        assert tree.end[node] == len(seen)

    visit(0)
    assert seen == list(range(tree.size))
    assert listing(tree).count("\n") == tree.size - 1
