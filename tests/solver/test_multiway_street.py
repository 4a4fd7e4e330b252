"""The multiway betting tree keeps to the rules of the hand, and its leaves pay what the cards say."""

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from engine.game.actions import Action, ActionKind
from engine.game.betting import Betting, deal
from engine.game.cards import DECK, parse_cards
from engine.game.ranges import COMBO_COUNT, COMBOS, Weights, combo_index, top_fraction
from engine.game.state import Street, TableState
from engine.solver.multiway.buckets import STATES, best_of, into_buckets
from engine.solver.multiway.field import MOST_PLAYERS, gathered
from engine.solver.multiway.form import Floats
from engine.solver.multiway.game import Leaf, street_game
from engine.solver.multiway.leaves import StreetLeaves, WholeLeaves
from engine.solver.multiway.round import Round
from engine.solver.multiway.runouts import boards_to_come
from engine.solver.multiway.showdown import strengths_on
from engine.solver.multiway.street import RUNGS, StreetError, street_so_far
from tests.solver.reference.hand import best
from tests.solver.spots import CHECK, FOLD, any_action, bet, call, raise_to, seen, spot, states_met


def limped(players: int) -> list[Action]:
    return [call(20)] * (players - 2) + [call(10), CHECK] if players > 2 else [call(10), CHECK]


@pytest.mark.parametrize("players", [2, 3, 6])
def test_the_plain_round_goes_the_way_of_the_betting_rules(players: int) -> None:
    """Random legal hands with unequal stacks, both written side by side to the end of every street."""
    for seed in range(150):
        generator = random.Random(1000 * players + seed)
        hand = deal({seat: generator.choice((35, 150, 600, 2000)) for seat in range(players)}, seed % players, 10, 20)
        while not hand.over:
            hand = hand.next_street() if hand.to_act is None else street_side_by_side(hand, generator)


def street_side_by_side(hand: Betting, generator: random.Random) -> Betting:
    round_ = Round.of(hand)
    while (place := round_.to_act) is not None:
        assert round_.seats[place] == hand.to_act
        assert round_.legal(place) == hand.legal()
        assert round_.pot == hand.pot
        action = any_action(seen(hand, "AsKs", ""), generator)
        hand, round_ = hand.after(action), round_.after(action)
        if round_.to_act is not None and generator.random() < 0.5:
            round_ = Round.of(hand)  # as when the hero comes to act in the middle of a street
    assert hand.to_act is None
    settled = hand.collected()
    assert round_.contributed() == [settled.seat(seat).contributed for seat in round_.seats]
    assert sum(chips for chips, _ in round_.pots()) == settled.pot
    return hand


def test_side_pots_go_to_those_who_are_in_for_them() -> None:
    """50 and 120 all-in against one who has more; another folds after he has put in 120."""
    hand = deal({0: 50, 1: 120, 2: 400, 3: 400, 4: 400}, 4, 10, 20)
    for action in (call(20), FOLD, raise_to(120), call(40), call(100), raise_to(400), FOLD):
        hand = hand.after(action)
    round_ = Round.of(hand)
    assert round_.pots() == hand_pots(hand)


def hand_pots(hand: Betting) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Counted chip by chip: for each live player's level, what all have put in up to it."""
    settled = hand.collected()
    live = [seat.contributed for seat in settled.live]
    pots, below = [], 0
    for level in sorted(set(live)):
        chips = sum(1 for seat in settled.seats for chip in range(seat.contributed) if below <= chip < level)
        pots.append((chips, tuple(place for place, own in enumerate(live) if own >= level)))
        below = level
    return tuple(pots)


@pytest.mark.parametrize(("players", "stack"), [(2, 2000), (3, 400), (4, 100), (4, 2000)])
def test_all_actions_of_the_tree_are_legal_and_chips_add_up(players: int, stack: int) -> None:
    hand = street_so_far(spot("AhKh", "Td9d6h", limped(players), [], players=players, stack=stack))
    game = street_game(hand, STATES)
    legal = hand.legal()
    assert legal is not None
    for action in game.actions:
        legal.check(action)
    assert game.sizes in RUNGS
    for leaf in game.leaves:
        assert sum(chips for chips, _ in leaf.pots) == hand.pot + sum(leaf.cost)
        assert all(0 <= cost <= stack for cost in leaf.cost)
    assert len({leaf.sequence for leaf in game.leaves}) == len(game.leaves)


def test_the_street_is_read_from_the_history_or_refused() -> None:
    for state in states_met(40, 4, seed=5):
        if state.street is Street.PREFLOP:
            with pytest.raises(StreetError, match="after the flop"):
                street_so_far(state)
        else:
            hand = street_so_far(state)
            assert (hand.seats, hand.to_act, hand.pot, hand.legal()) == (
                state.seats,
                state.hero,
                state.pot,
                state.legal,
            )


def only(*hands: str) -> Weights:
    weights = np.zeros(COMBO_COUNT)
    for number, hand in enumerate(hands):
        weights[combo_index(*parse_cards(hand))] = 1 - 0.1 * number
    return weights


RANGES = (
    only("AhQd", "KhJh", "9s8s", "5c4c", "JsTs"),
    only("AcQh", "TcTh", "8c7c", "KcKs"),
    only("KdJd", "Ac3c", "QsTs", "AhQd", "2d2h"),
)


@pytest.mark.parametrize(
    ("board", "stacks"),
    [("Td9d6hQc2s", (2000, 2000, 2000)), ("Td9d6hQc2s", (150, 400, 90)), ("5d5h6h2c7s", (400, 400, 400))],
)
def test_leaves_pay_what_a_count_of_all_hands_pays(board: str, stacks: tuple[int, int, int]) -> None:
    """Every pair its own bucket: opponents' hands that share no card with the player's, independent of each other."""
    hand = deal(dict(enumerate(stacks)), 0, 10, 20)
    for action in limped(3):
        hand = hand.after(action)
    for _ in range(2):
        hand = hand.next_street()
        for _ in range(3):
            hand = hand.after(CHECK)
    state = seen(hand.next_street(), "AhQd", board)
    game = street_game(street_so_far(state), STATES, most=100)
    boards = boards_to_come(state.board, state.hole, np.random.default_rng(1))
    on = strengths_on(boards[0])
    ranges = [RANGES[(seat - state.hero) % 3] for seat in game.players]
    buckets = into_buckets(ranges, np.maximum(on.values[0], 0) * 1.0, game.hero, combo_index("Ah", "Qd"))
    leaves = StreetLeaves(game, buckets, boards)
    generator = np.random.default_rng(3)
    reach = tuple(generator.random((form.sequences, STATES)) for form in game.forms)
    for player in range(3):
        found = leaves.gradient(player, reach)
        counted = count(game.leaves, ranges, buckets.place, reach, player, state.board)
        for pair, row in counted.items():
            assert found[:, buckets.place[player][pair]] == pytest.approx(row, rel=1e-4, abs=1e-3 * np.abs(row).max())


def count(
    leaves: Sequence[Leaf],
    ranges: Sequence[Weights],
    place: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
    reach: tuple[Floats, ...],
    player: int,
    board: tuple[str, ...],
) -> dict[int, Floats]:
    """What each pair of a player gets at each of his sequences, hand by hand with the brute-force evaluator."""
    others = [other for other in range(3) if other != player]
    rows = {int(pair): np.zeros(len(reach[player])) for pair in np.flatnonzero(ranges[player])}
    for pair, leaf in product(rows, leaves):
        for held in product(*(np.flatnonzero(ranges[other]) for other in others)):
            if any(set(COMBOS[pair]) & set(COMBOS[his]) for his in held):
                continue
            chance = 1.0
            for other, his in zip(others, held, strict=True):
                weight = ranges[other][his] / ranges[other].sum()
                chance *= weight * reach[other][leaf.sequence[other], place[other][his]]
            pairs = {player: pair} | {other: int(his) for other, his in zip(others, held, strict=True)}
            rows[pair][leaf.sequence[player]] += chance * payoff(leaf, player, pairs, board)
    return rows


def payoff(leaf: Leaf, player: int, pairs: dict[int, int], board: tuple[str, ...]) -> float:
    won = -float(leaf.cost[player])
    for chips, inside in leaf.pots:
        if player in inside:
            shown = {who: best(frozenset((*board, *(DECK[card] for card in COMBOS[pairs[who]])))) for who in inside}
            winners = [who for who in inside if shown[who] == max(shown.values())]
            won += chips / len(winners) if player in winners else 0.0
    return won


def test_before_the_river_every_board_counts() -> None:
    """Two players on the turn: the share of the pot is that of all rivers that neither hand blocks."""
    state = spot("JsTs", "Td9d6hQc", limped(2), [CHECK, CHECK], [], stack=60)
    game = street_game(street_so_far(state), STATES)
    batches = boards_to_come(state.board, state.hole, np.random.default_rng(1))
    ranges = [only("JsTs", "AhKh"), only("AhQd")] if game.hero == 0 else [only("AhQd"), only("JsTs", "AhKh")]
    buckets = into_buckets(ranges, np.arange(COMBO_COUNT) / COMBO_COUNT, game.hero, combo_index("Js", "Ts"))
    leaves = StreetLeaves(game, buckets, batches)
    leaves.begin(1)
    assert leaves.batches == len(batches) == 2
    known = {*state.board, *state.hole, "Ah", "Qd"}
    rivers = [(*state.board, card) for card in DECK if card not in known]
    mine, theirs = ([best(frozenset((*river, *pair))) for river in rivers] for pair in (state.hole, ("Ah", "Qd")))
    shares = [(one > two) + 0.5 * (one == two) for one, two in zip(mine, theirs, strict=True)]
    assert len(rivers) == 44
    assert leaves.equity(game.hero)[STATES - 1] == pytest.approx(np.mean(shares), abs=1e-6)
    reach = tuple(np.ones((form.sequences, STATES)) for form in game.forms)
    assert np.isfinite(WholeLeaves(leaves).gradient(game.hero, reach)).all()


def test_buckets_share_a_range_evenly_and_the_own_pair_stands_alone() -> None:
    own = combo_index("5c", "4c")
    weights = top_fraction(0.4)
    buckets = into_buckets([weights, weights], np.arange(COMBO_COUNT) / COMBO_COUNT, 0, own)
    assert buckets.chances.sum(axis=1) == pytest.approx([1, 1])
    assert buckets.chances[1, :-1] == pytest.approx(np.full(STATES - 1, 1 / (STATES - 1)), abs=0.01)
    assert buckets.place[0, own] == STATES - 1
    assert np.flatnonzero(buckets.place[0] == STATES - 1).tolist() == [own]
    assert not (buckets.place[1] == STATES - 1).any()


def test_the_best_of_two_hands_is_stronger_than_either() -> None:
    standings = np.arange(COMBO_COUNT) / COMBO_COUNT
    single = top_fraction(1.0)
    merged = best_of([single, single], standings)
    assert (single @ standings) / single.sum() == pytest.approx(1 / 2, abs=0.01)
    assert (merged @ standings) / merged.sum() == pytest.approx(2 / 3, abs=0.01)


def test_many_players_are_gathered_and_the_bettor_stands_alone() -> None:
    quiet = spot("AhKh", "Td9d6h", limped(9), [], players=9)
    led = spot("AhKh", "Td9d6h", limped(9), [CHECK, bet(60), call(60), call(60)], players=9)
    for state in (quiet, led):
        ranges = {seat.seat: top_fraction(0.5) for seat in state.seats}
        field = gathered(street_so_far(state), ranges, np.arange(COMBO_COUNT) / COMBO_COUNT)
        live = {seat.seat for seat in field.hand.live}
        assert len(live) == MOST_PLAYERS
        assert state.hero in live
        assert field.hand.pot == state.pot
        assert sum(map(len, field.groups)) == 9 - MOST_PLAYERS + len(field.groups)
    bettor = next(record.seat for record in led.history if record.action.kind is ActionKind.BET)
    assert bettor in live
    assert not any(bettor in group for group in field.groups)


def test_boards_to_come_show_every_card_about_equally_often() -> None:
    hole = parse_cards("AhKh")
    flop = boards_to_come(parse_cards("Td9d6h"), hole, np.random.default_rng(1))
    seen_cards = np.bincount(flop[..., 3:].ravel(), minlength=52)
    assert seen_cards[seen_cards > 0].min() >= len(flop) - 2
    assert np.count_nonzero(seen_cards) == 47
    turn = boards_to_come(parse_cards("Td9d6hQc"), hole, np.random.default_rng(1))
    assert sorted(turn[..., 4].ravel()) == sorted(
        set(range(52)) - {DECK.index(card) for card in (*hole, *parse_cards("Td9d6hQc"))}
    )
    assert boards_to_come(parse_cards("Td9d6hQc2s"), hole, np.random.default_rng(1)).shape == (1, 1, 5)


def test_a_state_of_another_table_is_refused() -> None:
    state: TableState = spot("AhKh", "Td9d6h", limped(3), [bet(40)], players=3)
    richer = replace(state.seats[0], stack=state.seats[0].stack + 1, start_stack=state.seats[0].start_stack + 1)
    poorer = replace(state.seats[0], bet=20)
    assert street_so_far(replace(state, seats=(richer, *state.seats[1:]))).to_act == state.hero
    with pytest.raises(StreetError, match="another table"):
        street_so_far(replace(state, seats=(poorer, *state.seats[1:])))
    with pytest.raises(StreetError, match="does not fit"):
        street_so_far(replace(state, history=(*state.history[:-1], replace(state.history[-1], seat=state.hero))))
