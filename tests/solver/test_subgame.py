"""Subgames: right answers, what must hold of every one, and what is refused."""

import numpy as np
import pytest

from engine.game.cards import card_index
from engine.game.ranges import COMBOS, combo_index
from engine.solver.spot import Lock, Rake, SpotError, TooBigError
from engine.solver.subgame import Subgame, predicted_bytes
from engine.solver.tree.build import build
from engine.solver.tree.nodes import NodeKind
from tests.solver.subgames import OOP, pairs, random_weights, sizes, spot, subgame, value

RIVER, TURN = "Td9d6hQc2s", "Td9d6hQc"
CHECKS = sizes("", "")
BET_THE_POT = sizes("100%", "")


def test_a_bettor_who_holds_the_nuts_or_nothing_bluffs_half_as_often_and_is_called_half_the_time() -> None:
    """The clairvoyance game (Chen and Ankenman 2006, chapter 11) with a bet of the pot."""
    polar = spot("KsKd8c5h2d", "KhKc, 4s3s", "QsQh", pot=100, stack=100, settings=BET_THE_POT)
    solved = subgame(polar, 3000)
    bet, nuts, nothing = 1, combo_index("Kh", "Kc"), combo_index("4s", "3s")
    strategy = solved.strategy(0)
    assert strategy[bet, nuts] == pytest.approx(1.0, abs=1e-3)
    assert strategy[bet, nothing] == pytest.approx(0.5, abs=5e-3)
    assert solved.evs() == pytest.approx((75.0, 25.0), abs=0.05)
    assert solved.values(0, 0)[nuts] == pytest.approx(150.0, abs=0.5)
    facing_the_bet = solved.tree.children_of(0)[bet]
    assert solved.strategy(facing_the_bet)[1, combo_index("Qs", "Qh")] == pytest.approx(0.5, abs=5e-3)


@pytest.mark.parametrize("board", [RIVER, TURN, "KsKd8c5h2d", "Td9d6d2d"])
@pytest.mark.parametrize("rake", [Rake(), Rake(0.05, 7.0)])
def test_the_passes_agree_with_values_reckoned_hand_against_hand(board: str, rake: Rake) -> None:
    """Ties, blockers, weights and run-outs after an all-in: matrices over all pairs of hands say the same."""
    weighted = spot(board, random_weights(1, 0.1), random_weights(2, 0.15), rake=rake)
    solved = subgame(weighted, 7)
    evs = solved.evs()
    for player in (0, 1):
        assert value(solved, player) == pytest.approx(evs[player], abs=1e-4)


def test_a_flop_is_solved_by_the_same_passes() -> None:
    solved = subgame(spot("Td9d6h", "QsQh, JsTs, 7h7c", "AcKc, TcTh, 8s7s", stack=60, settings=sizes("a", "")), 5)
    assert value(solved, 0) == pytest.approx(solved.evs()[0], abs=1e-4)
    turn = next(node for node in range(solved.tree.size) if solved.tree.street[node] == 4)
    dealt = [card for card in range(52) if card not in solved.spot.board]
    after = sum(solved.counterfactual_values(turn, 0, (card,)) for card in dealt) / 45
    assert after == pytest.approx(solved.counterfactual_values(int(solved.tree.parent[turn]), 0), abs=1e-4)


@pytest.mark.parametrize("board", [RIVER, TURN])
def test_expected_chips_add_up_to_the_pot_less_the_rake(board: str) -> None:
    plain, raked = subgame(spot(board), 20), subgame(spot(board, rake=Rake(0.05, 100.0), settings=CHECKS), 1)
    assert sum(plain.evs()) == pytest.approx(100.0, abs=1e-4)
    assert sum(value(plain, player) for player in (0, 1)) == pytest.approx(100.0, abs=1e-3)
    assert sum(raked.evs()) == pytest.approx(95.0, abs=1e-4)
    capped = subgame(spot(board, rake=Rake(0.05, 2.0), settings=CHECKS), 1)
    assert sum(capped.evs()) == pytest.approx(98.0, abs=1e-4)


def test_when_nobody_can_bet_the_chips_are_the_equity() -> None:
    for board in (RIVER, TURN):
        solved = subgame(spot(board, settings=CHECKS), 1)
        assert np.array(solved.evs()) == pytest.approx(100 * np.array(solved.equity()), abs=1e-3)
        assert sum(solved.equity()) == pytest.approx(1.0)


def test_the_names_of_suits_change_nothing() -> None:
    first = subgame(spot("Td9d6hQc", "AdKd, AhKh, QsQh, 8d7d", "TsTh, KcQd, JdJs"), 400)
    renamed = subgame(spot("Th9h6sQd", "AhKh, AsKs, QcQs, 8h7h", "TcTs, KdQh, JhJc"), 400)
    assert first.exploitability() < 0.1
    assert renamed.evs() == pytest.approx(first.evs(), abs=0.05)


@pytest.mark.parametrize(("board", "target"), [(RIVER, 0.01), (TURN, 0.1)])
def test_exploitability_falls_to_any_target(board: str, target: float) -> None:
    solved = subgame(spot(board))
    for _ in range(60):
        solved.advance(50)
        if solved.exploitability() <= target:
            break
    assert 0 <= solved.exploitability() <= target


def test_bets_before_the_root_are_counted() -> None:
    """Facing a bet of the pot, a hand that cannot win folds, and loses nothing that lies in the middle already."""
    facing = spot("KsKd8c5h2d", "AsAh", "4s3s, KhKc", pot=100, stack=300, bets=(100, 0), to_act=1)
    solved = subgame(facing, 400)
    values = solved.values(0, 1)
    assert values[combo_index("4s", "3s")] == pytest.approx(0.0, abs=1.0)
    assert values[combo_index("Kh", "Kc")] >= 200.0 - 0.2
    assert sum(solved.evs()) == pytest.approx(100.0, abs=1e-3)


def test_a_locked_node_stays_locked_and_is_played_against() -> None:
    for board in (RIVER, TURN):
        played = spot(board)
        tree = build(played)
        node = tree.children_of(0)[0]
        always_check = np.zeros((int(tree.children[node]), 1326), dtype=np.float32)
        always_check[0] = 1.0
        locked = Subgame(played, tree, locks=(Lock(node, always_check),))
        locked.advance(60)
        frequencies = locked.strategy(node)
        held = frequencies.sum(axis=0) > 0
        assert held.sum() == len(locked.hands[1])
        assert np.array_equal(frequencies[:, held], always_check[:, held])
        assert locked.exploitability() < 2.0
        assert locked.evs()[1] < subgame(played, 60).evs()[1] + 0.5


def test_a_locked_river_is_locked_for_every_card() -> None:
    played = spot(TURN)
    tree = build(played)
    node = int(np.flatnonzero((tree.street == 5) & (tree.kind == NodeKind.OOP_ACTS))[0])
    mix = np.zeros((int(tree.children[node]), 1326), dtype=np.float32)
    mix[0], mix[1] = 0.25, 0.75
    locked = Subgame(played, tree, locks=(Lock(node, mix),))
    locked.advance(5)
    for card in (0, 7, 51):
        frequencies = locked.strategy(node, (card,))
        held = frequencies.sum(axis=0) > 0
        assert held.any()
        assert np.allclose(frequencies[:, held], mix[:, held], atol=1e-6)


@pytest.mark.parametrize("question", [1, 2, 3, 4])
def test_an_iteration_that_is_cancelled_leaves_no_trace(question: int) -> None:
    wide = spot(TURN, random_weights(5, 0.4), random_weights(6, 0.4))
    cancelled, straight = subgame(wide, 3), subgame(wide, 4)
    before = cancelled.strategy(0)
    asked: list[None] = []

    def then() -> bool:
        asked.append(None)
        return len(asked) == question

    assert not cancelled.step(then)
    assert cancelled.iterations == 3
    assert np.array_equal(cancelled.strategy(0), before)
    assert cancelled.step(lambda: False)
    assert cancelled.iterations == 4
    for level in (0, 1):
        for player in (0, 1):
            assert np.array_equal(cancelled.average[level][player], straight.average[level][player])


def test_every_number_of_threads_gives_the_same_bits() -> None:
    one, two, three = (subgame(spot(TURN), 6, threads) for threads in (1, 2, 3))
    assert (one.threads, two.threads, three.threads) == (1, 2, 3)
    for other in (two, three):
        for level in (0, 1):
            for player in (0, 1):
                assert np.array_equal(one.average[level][player], other.average[level][player])
        other.close()


def test_reach_and_strategies_belong_together() -> None:
    solved = subgame(spot(TURN), 10)
    bet = solved.tree.children_of(0)[1]
    assert np.allclose(solved.reach(bet, 0), solved.reach(0, 0) * solved.strategy(0)[1])
    assert np.array_equal(solved.reach(bet, 1), solved.reach(0, 1))
    river = next(node for node in range(solved.tree.size) if solved.tree.street[node] == 5)
    blocked = (COMBOS == 51).any(axis=1)
    assert not solved.reach(river, 0, (51,))[blocked].any()
    actions, chosen = solved.action_values(0), solved.strategy(0)
    assert np.allclose((actions * chosen).sum(axis=0), solved.values(0, 0), atol=1e-3)


def test_memory_is_told_beforehand() -> None:
    for board in (RIVER, TURN):
        played = spot(board)
        tree = build(played)
        held = Subgame(played, tree)
        held.step(lambda: False)
        assert 0.3 * predicted_bytes(played, tree) < held.memory_bytes <= predicted_bytes(played, tree)
        with pytest.raises(TooBigError, match="MB of memory"):
            Subgame(played, tree, memory_limit=held.memory_bytes // 2)


def test_the_weight_of_the_pairs_is_counted_right() -> None:
    weighted = subgame(spot(RIVER, random_weights(3, 0.1), OOP))
    assert weighted._weight == pytest.approx(pairs(weighted))


def test_what_cannot_be_solved_is_refused() -> None:
    river = spot(RIVER)
    tree = build(river)
    with pytest.raises(SpotError, match="cannot be held at the same time"):
        Subgame(spot(RIVER, "AsAh", "AsAh"), tree)
    with pytest.raises(SpotError, match="the tree begins with 5"):
        Subgame(spot(TURN), tree)
    with pytest.raises(SpotError, match="nobody acts"):
        Subgame(river, tree, locks=(Lock(tree.size - 1, np.zeros((2, 1326), np.float32)),))
    with pytest.raises(SpotError, match=r"give \([23], 1326\)"):
        Subgame(river, tree, locks=(Lock(0, np.zeros((9, 1326), np.float32)),))
    with pytest.raises(SpotError, match="reached after 0 more cards"):
        Subgame(river, tree).strategy(0, (3,))


def test_a_solve_goes_on_bit_for_bit_from_what_was_kept() -> None:
    first, second = subgame(spot(TURN), 5), subgame(spot(TURN))
    second.restore({name: array.copy() for name, array in first.kept().items()}, first.iterations)
    first.advance(3)
    second.advance(3)
    assert second.iterations == 8
    assert all(np.array_equal(array, second.kept()[name]) for name, array in first.kept().items())
    with pytest.raises(SpotError, match="another spot or tree"):
        subgame(spot(RIVER)).restore(first.kept(), 8)


def test_an_opponent_who_may_stop_gets_no_more_in_the_subgame_than_he_had() -> None:
    """The answer to a bet is solved again: what each pair of the bettor was worth there binds."""
    whole = spot(RIVER, random_weights(7, 0.1), random_weights(8, 0.1))
    solved = subgame(whole, 600)
    bet = solved.tree.children_of(0)[1]
    had = solved.counterfactual_values(bet, 0)
    ranges = [solved.reach(bet, player) for player in (0, 1)]
    facing = spot(RIVER, ranges[0], ranges[1], bets=(50, 0), to_act=1)
    again = Subgame(facing, build(facing), constraint=had)
    again.advance(600)
    assert again.exploitability() < 0.2
    scale = float(np.abs(had).max())
    assert (again.best_response_values(0) - had)[ranges[0] > 0].max() < 0.02 * scale
    loose = Subgame(facing, build(facing), constraint=had + scale)
    loose.advance(100)
    assert loose.exploitability() < 0.2
    with pytest.raises(SpotError, match="counterfactual values"):
        Subgame(facing, build(facing), constraint=had[:5])


def test_rivers_that_differ_in_suits_alone_are_played_once() -> None:
    """On a turn with two suits the other two are alike; a lock that changes nothing keeps every card apart."""
    played = spot("Td9d6h2h", "QQ+, AKs, JTs, 98s, 55", "JJ-88, AQs, KQs, T9s, 65s", settings=sizes("100%", ""))
    tree = build(played)
    merged = Subgame(played, tree)
    spared = Subgame(played, tree, constraint=np.full(1326, -1e6))
    assert merged.streets[1].hands.deals.count < spared.streets[1].hands.deals.count == 48
    merged.advance(150)
    river = next(node for node in range(tree.size) if tree.street[node] == 5 and tree.kind[node] == 0)
    club, spade = card_index("Kc"), card_index("Ks")
    of_clubs, of_spades = merged.strategy(river, (club,)), merged.strategy(river, (spade,))
    assert np.array_equal(of_clubs[:, combo_index("Jc", "Tc")], of_spades[:, combo_index("Js", "Ts")])
    assert not of_clubs[:, combo_index("Kc", "Kd")].any()
    assert value(merged, 0) == pytest.approx(merged.evs()[0], abs=1e-3)
    apart = Subgame(played, tree, locks=(Lock(tree.children_of(0)[0], merged.strategy(tree.children_of(0)[0])),))
    apart.advance(150)
    assert apart.streets[1].hands.deals.count == 48
    assert apart.evs() == pytest.approx(merged.evs(), abs=0.1)
    for node in range(tree.size):
        if tree.kind[node] <= NodeKind.IP_ACTS:
            put_every_river(apart, merged, node)
    assert apart.evs() == pytest.approx(merged.evs(), abs=1e-3)
    assert apart.exploitability() == pytest.approx(merged.exploitability(), abs=0.05)


def put_every_river(to: Subgame, source: Subgame, node: int) -> None:
    """Copy the average strategy of one decision, on the river card by card."""
    level, player = to.place_of(node)
    stored, actions = int(to.layout.stored[node]), int(to.tree.children[node])
    hands = to.streets[level].hands
    for deal, board in enumerate(hands.deals.boards):
        chosen = source.strategy(node, tuple(int(card) for card in board[4:]))
        held = hands.combos[player][deal]
        rows = to.stored_rows(to.average, level, player)[deal, stored : stored + actions]
        rows[:, held >= 0] = chosen[:, held[held >= 0]]
