"""The independent reference itself: the hand evaluator, the linear programme and the best replies."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

from engine.game.cards import DECK
from engine.game.evaluate import strength
from tests.solver.reference.game import Game, Place, Table
from tests.solver.reference.games import GAMES, RAKED
from tests.solver.reference.hand import best
from tests.solver.reference.program import game_value
from tests.solver.reference.response import Strategy, best_replies, exploitability, values


def evenly(game: Game) -> Strategy:
    def strategy(place: Place) -> Table:
        lock, actor = game.lock_at(place), game.actor(place)
        assert actor is not None
        count = len(game.children(place))
        return np.full((count, len(game.names(actor))), 1 / count) if lock is None else lock

    return strategy


def rising(hands: Sequence[str]) -> bool:
    strengths = [best(frozenset(hand[at : at + 2] for at in range(0, len(hand), 2))) for hand in hands]
    return all(one < two for one, two in pairwise(strengths))


def test_kinds_of_hand_are_ranked_as_in_the_rules() -> None:
    assert rising(
        [
            "AsKdQh9c7s5d3h",
            "2s2dKhQc9s7d5h",
            "2s2d3h3cAsQdTh",
            "4s4d4hAcQs9d7h",
            "As2d3h4c5s9dJh",
            "2s3d4h5c6s6d6h",
            "2s3s4s5s7sAdAh",
            "2s2d2h3c3s3dAh",
            "2s2d2h2cAsKdQh",
            "AsQs2s3s4s5sKd",
        ]
    )


def test_both_evaluators_order_random_hands_alike() -> None:
    generator = np.random.default_rng(4)
    hands = np.array([generator.permutation(52)[:7] for _ in range(400)])
    mine = [best(frozenset(DECK[card] for card in hand)) for hand in hands]
    places = {value: place for place, value in enumerate(sorted(set(mine)))}
    theirs = {value: place for place, value in enumerate(sorted(set(strength(hands).tolist())))}
    assert [places[value] for value in mine] == [theirs[value] for value in strength(hands).tolist()]


def test_the_polarised_game_has_its_textbook_value() -> None:
    """A pot-sized bet with one hand that always wins and three that never do: half as many bluffs as value bets are
    worth the pot, the rest nothing (Chen and Ankenman, The Mathematics of Poker, ch. 11)."""
    assert game_value(GAMES[0]) == pytest.approx(100 * 1.5 / 4, abs=1e-6)


@pytest.mark.parametrize("game", [*GAMES, *RAKED], ids=lambda game: game.name)
def test_no_strategy_is_worth_more_than_the_best_reply_and_chips_add_up(game: Game) -> None:
    strategy = evenly(game)
    worth, replies = values(game, strategy), best_replies(game, strategy)
    assert replies[0] > worth[0] - 1e-9
    assert replies[1] > worth[1] - 1e-9
    least = game.pot - game.rake[1]
    assert least - 1e-9 <= sum(worth) <= game.pot + 1e-9
    assert exploitability(game, strategy) > 1


@pytest.mark.parametrize("game", GAMES[:7], ids=lambda game: game.name)
def test_the_value_lies_between_what_best_replies_leave(game: Game) -> None:
    """Player 1's best reply to any strategy leaves 0 at most the value, and 0's own best reply gets at least it."""
    mine, theirs = best_replies(game, evenly(game))
    value = game_value(game)
    assert sum(values(game, evenly(game))) - theirs - 1e-9 <= value <= mine + 1e-9


def test_a_game_with_rake_on_the_pot_is_refused_by_the_programme() -> None:
    with pytest.raises(AssertionError, match="constant-sum"):
        game_value(RAKED[0])
